"""What a trial measured, told when it is over."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Record:
    """Facts and times in the order in which they came."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def note(self, what: str, value: object) -> None:
        """Keep a fact."""
        self.lines.append(f"{what}: {value}")

    @contextmanager
    def timed(self, what: str) -> Iterator[None]:
        """Keep how long something took, if it came to its end."""
        begin = time.monotonic()
        yield
        self.note(what, f"{time.monotonic() - begin:.1f} s")
