"""Whether, and when, a service that did not answer as it should is asked again."""

from typing import NamedTuple

#: Attempts at one text.
MOST_ATTEMPTS = 4
#: Share of the whole time that one attempt may take: one that hangs leaves room for another.
ATTEMPT_SHARE = 0.4
_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 0.5, 8.0


class Away(Exception):
    """A service that may answer later."""

    def __init__(self, reason: str, asked_seconds: float = 0.0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.asked_seconds = asked_seconds
        """How long it asks to be left alone."""


class Again(NamedTuple):
    """Another attempt."""

    pause_seconds: float


class GiveUp(NamedTuple):
    """No other attempt."""

    because: str
    """What is told beside the reason; may be empty."""


def after_failure(attempt: int, away: Away, left_seconds: float) -> Again | GiveUp:
    """Decide after an attempt, counted from 1, with so many seconds left for all."""
    if attempt >= MOST_ATTEMPTS:
        return GiveUp("")
    pause = max(away.asked_seconds, min(_FIRST_PAUSE_SECONDS * 2 ** (attempt - 1), _LONGEST_PAUSE_SECONDS))
    if pause >= left_seconds:
        longer = f"it asks for {away.asked_seconds:.0f} s of rest, more than there is"
        return GiveUp(longer if away.asked_seconds >= left_seconds else "")
    return Again(pause)
