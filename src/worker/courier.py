"""Tells callers what became of their jobs: makes the calls that are due, a few at the same time.

What is to be told is in the database, so that any courier can tell it, and a call that was under way when its
courier was killed is made again.
"""

import logging
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import NamedTuple

from .. import log
from ..errors import CallFailed, NeuroShortsError
from ..metrics import Metrics
from ..models.webhooks import CallOutcome
from ..network.calls import Answer
from ..network.letters import Letter, Letters
from ..store.links import ShareLinks
from ..store.webhooks import WebhookCall, Webhooks
from .reach import Reach
from .redelivery import Again, Calls, Decision, GivenUp, Told, decide

_log = logging.getLogger(__name__)

#: Calls that are made at the same time.
MOST_CALLS = 16
#: Calls that are made to one receiver at the same time: a slow one leaves room for others.
MOST_CALLS_OF_ONE = 4
#: Seconds between two looks for calls that are due.
LOOK_SECONDS = 1.0
#: What links begin with when nobody has said where callers reach the service.
DEFAULT_BASE_URL = "http://localhost:8000"
#: Characters of an answer that are kept.
_KEPT_CHARACTERS = 500


class Mail(NamedTuple):
    """What couriers work with."""

    webhooks: Webhooks
    letters: Letters
    links: ShareLinks
    public_url: str
    """What links begin with; empty for the address where each job was handed in."""
    metrics: Metrics


class Courier:
    """Makes calls in threads until it is stopped."""

    def __init__(self, mail: Mail, roll: Callable[[], float] = random.random) -> None:
        self._mail, self._roll = mail, roll
        self._bell = threading.Event()
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._under_way: Counter[str] = Counter()
        self._threads: set[threading.Thread] = set()

    @property
    def letters(self) -> Letters:
        """What it sends calls by."""
        return self._mail.letters

    def start(self, reach: Reach) -> None:
        """Begin to look for calls that are due."""
        self._begin("courier", lambda: self._look(reach))

    def wake(self) -> None:
        """Have it look now; any thread may call it."""
        self._bell.set()

    def stop(self, timeout_seconds: float) -> bool:
        """Make no more calls, and wait for those that are under way; tell whether all are over."""
        self._stopping.set()
        self._bell.set()
        until = time.monotonic() + timeout_seconds
        with self._lock:
            threads = tuple(self._threads)
        for thread in threads:
            thread.join(max(0.0, until - time.monotonic()))
        return not any(thread.is_alive() for thread in threads)

    def _look(self, reach: Reach) -> None:
        while not self._stopping.is_set():
            self._bell.clear()
            try:
                while call := self._next(reach):
                    self._begin(f"call-{call.id}", partial(self._make, call, reach))
            except Exception:
                _log.exception("courier_broke")
            self._bell.wait(max(LOOK_SECONDS, reach.pause_seconds))

    def _next(self, reach: Reach) -> WebhookCall | None:
        with self._lock:
            full = [origin for origin, calls in self._under_way.items() if calls >= MOST_CALLS_OF_ONE]
            if self._stopping.is_set() or self._under_way.total() >= MOST_CALLS:
                return None
        nothing: tuple[WebhookCall, ...] = ()
        taken = reach.once(lambda: self._mail.webhooks.take(1, full), nothing)
        if not taken:
            return None
        with self._lock:
            self._under_way[_origin(taken[0])] += 1
        return taken[0]

    def _make(self, call: WebhookCall, reach: Reach) -> None:
        try:
            with log.bound(job_id=call.status.id, webhook_id=call.id, attempt=call.attempt):
                self._conclude(call, self._called(call), reach)
        except Exception:
            # Made again when its lease is over.
            _log.exception("call_broke", extra={"webhook_id": call.id})
        finally:
            with self._lock:
                origin = _origin(call)
                self._under_way[origin] -= 1
                self._under_way += Counter()  # forgets origins without calls
            self._bell.set()

    def _called(self, call: WebhookCall) -> Answer | NeuroShortsError:
        try:
            return self._mail.letters.send(call.url, call.headers, _letter_of(call, self._mail))
        except NeuroShortsError as error:
            return error
        except Exception:
            # Counts as a call that failed, so that it ends some day.
            _log.exception("call_broke")
            return CallFailed("the call broke on this side: the log of the workers tells more")

    def _conclude(self, call: WebhookCall, came: Answer | NeuroShortsError, reach: Reach) -> None:
        at = datetime.now(UTC)
        since = _since(call, came, at)
        age_seconds = at.timestamp() - call.created_ms / 1000
        same_seconds = (at - since).total_seconds()
        decision = decide(came, Calls(call.attempt, age_seconds, same_seconds, self._roll()), at)
        outcome = _outcome(call, came, decision, at, since)
        webhooks, count = self._mail.webhooks, self._mail.metrics.webhook_attempted
        told = outcome.model_dump(mode="json", include={"status", "code"})
        match decision:
            case Told():
                _log.info("webhook_delivered", extra=told)
                count("delivered")
                reach.until_told(lambda: webhooks.delivered(call, outcome))
            case Again(seconds):
                pause = {"seconds": round(seconds, 1), "reason": outcome.text}
                _log.info("webhook_again", extra=told | pause)
                count("again")
                reach.until_told(lambda: webhooks.again(call, outcome, seconds))
            case GivenUp(reason):
                _log.warning("webhook_given_up", extra={**told, "reason": reason})
                count("given_up")
                reach.until_told(lambda: webhooks.given_up(call, outcome))

    def _begin(self, name: str, work: Callable[[], None]) -> None:
        def run() -> None:
            try:
                work()
            finally:
                with self._lock:
                    self._threads.discard(threading.current_thread())

        thread = threading.Thread(target=run, name=name, daemon=True)
        with self._lock:
            self._threads.add(thread)
        thread.start()


def _letter_of(call: WebhookCall, mail: Mail) -> Letter:
    """Write what is told: the same bytes in every attempt, since nothing in it depends on the time."""
    base_url = mail.public_url.rstrip("/") or call.base_url or DEFAULT_BASE_URL
    told = mail.links.told(call.status, base_url, call.created_ms / 1000)
    body = told.model_dump_json().encode()
    return Letter("ended", call.id, call.attempt, body, call.traceparent)


def _since(call: WebhookCall, came: Answer | NeuroShortsError, at: datetime) -> datetime:
    """Tell since when every call came to the same."""
    before = call.outcomes[-1] if call.outcomes else None
    return before.since if before and (before.status, before.code) == _kind(came) else at


def _kind(came: Answer | NeuroShortsError) -> tuple[int | None, str]:
    return (came.status, "") if isinstance(came, Answer) else (None, came.code)


def _outcome(
    call: WebhookCall, came: Answer | NeuroShortsError, decision: Decision, at: datetime, since: datetime
) -> CallOutcome:
    status, code = _kind(came)
    text = came.text if isinstance(came, Answer) else came.message
    match decision:
        case Told():
            follows = "delivered"
        case Again(seconds):
            follows = f"again in {seconds:.0f} s"
        case GivenUp(reason):
            follows = f"given up: {reason}"
    # PostgreSQL keeps no U+0000, and receivers may send anything.
    kept = text[:_KEPT_CHARACTERS].replace("\0", "\N{REPLACEMENT CHARACTER}")
    return CallOutcome(
        attempt=call.attempt, at=at, status=status, code=code, text=kept, since=since, decision=follows
    )


def _origin(call: WebhookCall) -> str:
    """Return a URL up to its path."""
    scheme, _, rest = call.url.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}"
