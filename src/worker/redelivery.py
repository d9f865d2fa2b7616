"""What follows from the answer to a webhook: decided from what is known of it, and nothing else.

Where n8n's words are told apart, they are those that a waiting execution answers with (n8n 2.41).
"""

from datetime import UTC, datetime
from typing import NamedTuple

from ..errors import ForbiddenHost, NeuroShortsError, UncallableUrl
from ..network.calls import Answer
from ..network.retry_after import retry_after_seconds

#: Seconds until the next call, after the first, the second, ... that failed; the last one repeats.
SCHEDULE_SECONDS = (1, 3, 10, 30, 60, 300, 900, 3600, 3 * 3600, 6 * 3600, 12 * 3600)
#: Seconds after which a job that could not be told is not told any more; the last call is made then.
MOST_SECONDS = 24 * 3600.0
#: Seconds for which an address may be missing: n8n misses all of its own while it starts again.
MISSING_SECONDS = 3600.0
#: Longest pause while an address is missing, or an execution of n8n is still on its way to its Wait node.
_SOON_SECONDS = 30.0
#: Bounds of what a receiver may ask for in `Retry-After`.
_RETRY_AFTER_SECONDS = (1.0, 6 * 3600.0)
#: Share by which pauses are longer or shorter, so that what failed together is not repeated together.
_JITTER = 0.2

#: What n8n says of an execution.
_RUNNING, _FINISHED, _BROKEN = "running already", "finished already", "finished with error"
#: What n8n says to every call, as if all were well, while it brings its database up to date.
_STARTING = "n8n is starting up. Please wait"


class Told(NamedTuple):
    """The receiver knows."""


class Again(NamedTuple):
    """The receiver is called again later."""

    seconds: float


class GivenUp(NamedTuple):
    """The receiver cannot be told."""

    reason: str


Decision = Told | Again | GivenUp


class Calls(NamedTuple):
    """The calls of one webhook so far."""

    attempt: int
    """Number of the latest one, from 1."""
    age_seconds: float
    """Since the job ended, or the call was ordered again."""
    same_seconds: float
    """Since the first of the latest calls that all came to the same."""
    roll: float
    """A random number from 0 to 1, for the jitter."""


def decide(came: Answer | NeuroShortsError, calls: Calls, now: datetime | None = None) -> Decision:
    """Decide whether a receiver is called again, and when."""
    if isinstance(came, ForbiddenHost | UncallableUrl):
        return GivenUp(came.message)
    if isinstance(came, NeuroShortsError):
        return _again(calls)
    match came.status:
        case 200 if came.text.strip() == _STARTING:
            return _again(calls, longest_seconds=_SOON_SECONDS)
        case status if 200 <= status < 300:
            return Told()
        case 409 if _FINISHED in came.text:
            return Told()
        case 409 if _BROKEN in came.text:
            return GivenUp("the execution of n8n that waited for this has ended with an error")
        case 409 if _RUNNING in came.text:
            return _again(calls, longest_seconds=_SOON_SECONDS)
        case 404 if calls.same_seconds >= MISSING_SECONDS:
            return GivenUp("nothing has been found at this address (404) for over an hour")
        case 404:
            return _again(calls, longest_seconds=_SOON_SECONDS)
        case 410:
            return GivenUp("the receiver says that this address is gone for good (410)")
    return _again(calls, asked_seconds=_retry_after(came, now or datetime.now(UTC)))


def _again(
    calls: Calls, *, longest_seconds: float = MOST_SECONDS, asked_seconds: float | None = None
) -> Decision:
    left_seconds = MOST_SECONDS - calls.age_seconds
    if left_seconds <= 0:
        return GivenUp("it could not be told for 24 hours")
    if asked_seconds is None:
        planned = SCHEDULE_SECONDS[min(calls.attempt, len(SCHEDULE_SECONDS)) - 1]
        asked_seconds = min(planned, longest_seconds) * (1 - _JITTER + 2 * _JITTER * calls.roll)
    # Never beyond the end, so that the last call is made at the end.
    return Again(min(asked_seconds, left_seconds))


def _retry_after(answer: Answer, now: datetime) -> float | None:
    asked_seconds = retry_after_seconds(answer.headers, now)
    least, most = _RETRY_AFTER_SECONDS
    return None if asked_seconds is None else max(least, min(asked_seconds, most))
