"""How many streams of events are open: each asks the database twice a second for as long as its job lasts."""

import contextlib
from collections.abc import Iterator

from ..errors import Busy

#: Streams of one process; beyond them, handing jobs in would become slow.
MOST_STREAMS = 200


class Followers:
    """Counts streams; for one event loop."""

    def __init__(self, most: int = MOST_STREAMS) -> None:
        self._most, self._open = most, 0

    def refuse_more(self) -> None:
        """Make sure that there is room for one more.

        Raises:
            Busy: as many as may be are open.
        """
        if self._open >= self._most:
            raise Busy(f"{self._open} streams of events are open")

    @contextlib.contextmanager
    def one_more(self) -> Iterator[None]:
        """Count a stream until the block ends."""
        self._open += 1
        try:
            yield
        finally:
            self._open -= 1
