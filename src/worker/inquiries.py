"""What the process that renders asks its worker for while it works."""

import itertools
import threading
from collections.abc import Iterable

from ..cloud.signing import Signed, Verb
from ..errors import CallFailed, RejectedJob
from ..models.status import JobError
from .messages import Answer, Ask
from .telling import Teller

#: Seconds that an answer may take: the worker may have to ask for the role of its machine.
_ANSWER_SECONDS = 60.0


class _Slip:
    """An answer that is waited for."""

    def __init__(self) -> None:
        self.came = threading.Event()
        self.answer: Answer | None = None


class Inquiries:
    """Has the worker sign: the credentials stay with it. Safe to use from several threads."""

    def __init__(self, teller: Teller) -> None:
        self._teller = teller
        self._numbers = itertools.count(1)
        self._slips: dict[int, _Slip] = {}

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

    def hear(self, lines: Iterable[bytes]) -> None:
        """Take in answers for as long as there are any."""
        for line in lines:
            answer = Answer.model_validate_json(line)
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
