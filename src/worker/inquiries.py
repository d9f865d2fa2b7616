"""What the process that renders asks its worker for while it works."""

import itertools
import queue
import threading
import time
from collections.abc import Iterable

from ..cloud.signing import Signed, Verb
from ..engines.audio.speech import SpeechUnavailable
from ..errors import CallFailed, RejectedJob, SpeechFailed
from ..models.status import JobError
from ..speech.calls import Reply, SpeechOrder
from ..stopping import Stop, raise_if_stopped
from .messages import REPLIES, Answer, Ask, Say, Voiced
from .telling import Teller

#: Seconds that an answer may take: the worker may have to ask for the role of its machine.
_ANSWER_SECONDS = 60.0
#: Seconds that speech may take beyond the time that the worker gives a service.
_SPARE_SECONDS = 30.0
#: Seconds between two looks whether anybody still wants the speech.
_LOOK_SECONDS = 0.1


class _Slip:
    """An answer that is waited for."""

    def __init__(self) -> None:
        self.came = threading.Event()
        self.answer: Answer | None = None


class Inquiries:
    """Has the worker sign, and ask services to speak: the credentials stay with it.

    Safe to use from several threads.
    """

    def __init__(self, teller: Teller, speech_seconds: float) -> None:
        self._teller = teller
        self._speech_seconds = speech_seconds + _SPARE_SECONDS
        self._numbers = itertools.count(1)
        self._slips: dict[int, _Slip] = {}
        self._speeches: dict[int, queue.SimpleQueue[Voiced]] = {}

    def signed(self, verb: Verb, uri: str) -> Signed:
        """Ask for a URL, see `cloud.signing.Signer`."""
        number, slip = next(self._numbers), _Slip()
        self._slips[number] = slip
        self._teller.pass_on(Ask(number=number, verb=verb, uri=uri))
        slip.came.wait(_ANSWER_SECONDS)
        del self._slips[number]
        if slip.answer and slip.answer.signed:
            return slip.answer.signed
        raise _refusal(slip.answer.error if slip.answer else None)

    def reply(self, order: SpeechOrder, stop: Stop) -> Reply:
        """Ask for speech, see `speech.calls.Calls`."""
        number = next(self._numbers)
        pieces = self._speeches[number] = queue.SimpleQueue()
        self._teller.pass_on(Say(number=number, order=order))
        body = bytearray()
        try:
            while True:
                voiced = _next_of(pieces, self._speech_seconds, stop)
                if voiced.error:
                    raise _failure(voiced.error)
                body += voiced.piece
                if voiced.is_whole:
                    return Reply(voiced.media_type, bytes(body))
        finally:
            del self._speeches[number]

    def hear(self, lines: Iterable[bytes]) -> None:
        """Take in answers for as long as there are any."""
        for line in lines:
            answer = REPLIES.validate_json(line)
            if isinstance(answer, Voiced):
                pieces = self._speeches.get(answer.number)
                if pieces:
                    pieces.put(answer)
                continue
            slip = self._slips.get(answer.number)
            if slip:
                slip.answer = answer
                slip.came.set()


def _refusal(told: JobError | None) -> RejectedJob | CallFailed:
    if told is None:
        return CallFailed(f"the worker has signed no URL within {_ANSWER_SECONDS:g} s: see its log")
    error = CallFailed(told.message) if told.retryable else RejectedJob(told.message)
    error.code = told.code
    return error


def _next_of(pieces: "queue.SimpleQueue[Voiced]", seconds: float, stop: Stop) -> Voiced:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            return pieces.get(timeout=_LOOK_SECONDS)
        except queue.Empty:
            raise_if_stopped(stop)
    raise SpeechUnavailable(f"the worker has told no speech within {seconds:g} s: see its log")


def _failure(told: JobError) -> SpeechFailed:
    error = SpeechFailed(told.message, path=told.path)
    error.code, error.retryable = told.code, told.retryable
    return error
