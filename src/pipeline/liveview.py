"""A small picture of what is being painted, shown now and then while the film is made."""

import threading
import time
from collections.abc import Callable

from ..engines.encode.poster import draw_preview
from ..media.planes import Yuv

#: Seconds between two pictures: drawing one costs as much as a tenth of a frame of the film.
PERIOD_SECONDS = 2.0
#: Pixels of the picture's shorter side: a quarter of a film of 1080.
_SHORTER_PX = 270


class LiveView:
    """Shows pictures of one film; safe to use from any thread."""

    def __init__(self, show: Callable[[bytes], None], period_seconds: float = PERIOD_SECONDS) -> None:
        """Have pictures shown as JPEG, at most one in a period."""
        self._show, self._period_seconds = show, period_seconds
        self._lock = threading.Lock()
        self._due = time.monotonic()

    def offer(self, frame: Yuv) -> None:
        """Show a finished frame, if it is time for one; the frame is only read."""
        if time.monotonic() < self._due or not self._lock.acquire(blocking=False):
            return
        try:
            self._show(draw_preview(frame, _SHORTER_PX))
            self._due = time.monotonic() + self._period_seconds
        finally:
            self._lock.release()
