"""Services asked over HTTP: in time, as often as it makes sense, and left when nobody wants to hear them."""

import logging
import ssl
import threading
import time
from datetime import UTC, datetime
from itertools import count
from typing import NoReturn

import httpcore

from .. import __version__
from ..engines.audio.speech import SpeechBroken, SpeechNotSetUp, SpeechRefused, SpeechUnavailable
from ..errors import CallFailed, UncallableUrl
from ..network.deadline import Deadline
from ..network.destination import Destination
from ..network.exchange import Asked, Exchange, headers_of
from ..network.guard import Guard
from ..network.retry_after import retry_after_seconds
from ..settings import PREFIX, Settings
from ..stopping import LOOK_SECONDS, Stop, apart, raise_if_stopped
from .answers import without_key, words_of_answer
from .calls import Reply, SpeechOrder
from .patience import ATTEMPT_SHARE, Away, GiveUp, after_failure
from .provider import Call, Provider
from .providers import PROVIDERS

_log = logging.getLogger(__name__)

#: Bytes of one answer: ten minutes of uncompressed speech.
MOST_BYTES = 64 * 1024**2
#: Bytes that are read of an answer that tells why there is no speech.
_REASON_BYTES = 16 * 1024
#: Statuses that may be another one soon.
_PASSING = frozenset({408, 409, 425, 429})
#: Characters of a media type that are told on.
_MEDIA_TYPE_CHARACTERS = 60


class DirectCalls:
    """`Calls` that are made here, with the operator's keys."""

    def __init__(self, settings: Settings, trusted: ssl.SSLContext | None = None) -> None:
        self._settings, self._trusted = settings, trusted

    def reply(self, order: SpeechOrder, stop: Stop) -> Reply:
        """Ask for a text; see `Calls`."""
        provider = PROVIDERS[order.provider](self._settings)
        _refuse_unusable(order, provider)
        call, started = provider.call(order), time.monotonic()
        whole = Deadline(self._settings.speech_max_seconds)
        for attempt in count(1):
            seconds = min(whole.left(), whole.seconds * ATTEMPT_SHARE)
            try:
                reply = self._attempt(order, call, provider, seconds, stop)
            except Away as away:
                verdict = after_failure(attempt, away, whole.left())
                told = {"provider": order.provider, "attempt": attempt, "reason": away.reason}
                if isinstance(verdict, GiveUp):
                    _log.warning("speech_given_up", extra=told)
                    _raise_unavailable(order, away, verdict, attempt, time.monotonic() - started)
                _log.info("speech_tried_again", extra=told)
                _rest(verdict.pause_seconds, stop)
            else:
                seconds = round(time.monotonic() - started, 3)
                told = {"provider": order.provider, "attempt": attempt, "characters": len(order.text)}
                _log.info("speech_answered", extra={**told, "seconds": seconds, "bytes": len(reply.body)})
                return reply
        raise AssertionError

    def _attempt(
        self, order: SpeechOrder, call: Call, provider: Provider, seconds: float, stop: Stop
    ) -> Reply:
        """Ask once, in a thread of its own: looking up a name and greeting a server cannot be broken off."""
        left = threading.Event()

        def ask() -> Reply:
            try:
                return self._asked(order, call, provider, _Watched(seconds, left))
            except CallFailed as error:
                raise Away(without_key(error.message, provider.key)) from error
            except UncallableUrl as error:
                told = f"{order.provider}: {error.message}: mend {provider.base_setting}"
                raise SpeechNotSetUp(told) from error

        try:
            return apart(ask, stop, name="speech")
        finally:
            left.set()

    def _asked(self, order: SpeechOrder, call: Call, provider: Provider, deadline: Deadline) -> Reply:
        guard, to = Guard().trusting(call.url), Destination.of(call.url)
        own = {"Content-Type": "application/json", "User-Agent": f"NeuroShorts/{__version__}"}
        asked = Asked("POST", to, {**call.headers, **own, "Accept-Encoding": "identity"}, call.body)
        with Exchange(guard, self._trusted).open(asked, deadline) as response:
            headers = headers_of(response)
            media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
            most = MOST_BYTES if response.status == 200 else _REASON_BYTES
            body = _read(response, most)
            reply = Reply(_printable(media_type), body)
        if response.status != 200:
            _raise_refusal(order, reply, provider, response.status, headers.get("retry-after", ""))
        if len(body) > MOST_BYTES:
            raise SpeechBroken(f"{order.provider} sent more than {MOST_BYTES // 1024**2} MiB for one text")
        return _keyless(reply, provider.key)


class _Watched(Deadline):
    """A deadline that is over at once for a call that was left."""

    def __init__(self, seconds: float, is_left: threading.Event) -> None:
        super().__init__(seconds)
        self._is_left = is_left

    def left(self) -> float:
        return 0.0 if self._is_left.is_set() else super().left()


def _read(response: httpcore.Response, most_bytes: int) -> bytes:
    """Read a body up to a little more than it may have."""
    read = bytearray()
    for part in response.iter_stream():
        read += part
        if len(read) > most_bytes:
            break
    return bytes(read)


def _printable(media_type: str) -> str:
    return "".join(filter(str.isprintable, media_type))[:_MEDIA_TYPE_CHARACTERS]


def _keyless(reply: Reply, key: str) -> Reply:
    """Take the key out of text that came instead of sound: it is going to be told on."""
    if not key or reply.media_type.startswith("audio/"):
        return reply
    return reply._replace(body=reply.body.replace(key.encode(), b"***"))


def _rest(seconds: float, stop: Stop) -> None:
    until, never = time.monotonic() + seconds, threading.Event()
    while (left := until - time.monotonic()) > 0:
        raise_if_stopped(stop)
        never.wait(min(left, LOOK_SECONDS))


def _refuse_unusable(order: SpeechOrder, provider: Provider) -> None:
    if not provider.is_set_up:
        told = f"{order.provider} is not set up: the operator sets {provider.key_setting}"
        raise SpeechNotSetUp(f"{told}, or choose another voice.provider", path="voice.provider")
    if not provider.key.isascii() or any(c.isspace() or not c.isprintable() for c in provider.key):
        told = f"{provider.key_setting} holds letters that no key has"
        raise SpeechNotSetUp(f"{told}: copy it again", path="voice.provider")


def _raise_refusal(
    order: SpeechOrder, reply: Reply, provider: Provider, status: int, retry_after: str
) -> NoReturn:
    reason = f"HTTP {status}: {words_of_answer(reply, provider.key)}"
    if status >= 500 or status in _PASSING:
        asked = retry_after_seconds({"retry-after": retry_after}, datetime.now(UTC))
        raise Away(reason, asked or 0.0)
    match status:
        case 401 | 402 | 403:
            advice = f"see whether {provider.key_setting} is right and its account may do that"
        case 404 | 405 | 410:
            advice = (
                f"check the voice {order.voice!r}, the model {order.model!r}, and {provider.base_setting}"
            )
        case _ if status < 400:
            advice = f"redirections are not followed: set {provider.base_setting} to where they lead"
        case _:
            advice = f"check the voice {order.voice!r}, the model {order.model!r} and the text"
    raise SpeechRefused(f"{order.provider} refuses to speak ({reason}): {advice}")


def _raise_unavailable(
    order: SpeechOrder, away: Away, verdict: GiveUp, attempts: int, seconds: float
) -> NoReturn:
    tries = "1 attempt" if attempts == 1 else f"{attempts} attempts"
    more = f"; {verdict.because}" if verdict.because else ""
    told = f"{order.provider} gave no speech in {tries} and {seconds:.0f} s ({away.reason}{more})"
    advice = f"try again later, or name voice.fallbacks ({PREFIX}SPEECH_MAX_SECONDS bounds the waiting)"
    raise SpeechUnavailable(f"{told}: {advice}") from away
