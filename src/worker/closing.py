"""When work is to end."""

import threading

#: Seconds that running jobs get to be finished when the worker is to end: below the 30 s after which
#: Kubernetes kills.
GRACE_SECONDS = 25.0


class Closing:
    """No new jobs once it is asked; nothing goes on once it is over."""

    def __init__(self, grace_seconds: float) -> None:
        self.asked = threading.Event()
        self.over = threading.Event()
        self._timer = threading.Timer(grace_seconds, self.over.set)
        self._timer.daemon = True

    def ask(self) -> None:
        """Give running work its grace from now on; may be asked again."""
        if not self.asked.is_set():
            self.asked.set()
            self._timer.start()

    def end(self) -> None:
        """End everything at once."""
        self.asked.set()
        self.over.set()
        self._timer.cancel()
