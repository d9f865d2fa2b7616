"""Words with the times at which they are spoken."""

from typing import NamedTuple


class TimedWord(NamedTuple):
    """A word as it is written, and the samples between which it is heard."""

    text: str
    start_sample: int
    end_sample: int
    """First sample after it."""
