"""When a call has to be over."""

import time


class Deadline:
    """A time that is set once, however many steps there are until then."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._over_at = time.monotonic() + seconds

    def left(self) -> float:
        """Tell the seconds that are left; none are less than zero."""
        return max(0.0, self._over_at - time.monotonic())
