"""Texts of a process that renders, spoken by services: the keys stay with the worker.

What comes back is handed on in pieces, unopened: the worker decodes nothing that comes from elsewhere.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextvars import copy_context

from ..engines.audio.speech import SpeechRefused
from ..errors import Interrupted, NeuroShortsError, RenderFailed
from ..models.status import JobError
from ..speech.calls import Calls
from ..stopping import Stop
from .messages import Say, Voiced

_log = logging.getLogger(__name__)

#: Texts that are spoken at the same time for one process.
_AT_ONCE = 4
#: Texts of one film: a process that wants more of them is not one of ours.
_MOST_TEXTS = 1000
#: Bytes of one piece: its line is one that the process reads whole.
_PIECE_BYTES = 192 * 1024


class Speakers:
    """Has texts spoken for one process; each in a thread of its own, for a service may hang."""

    def __init__(self, calls: Calls, hand_on: Callable[[Voiced], None], ended: Stop) -> None:
        self._calls, self._hand_on, self._ended = calls, hand_on, ended
        self._places = threading.BoundedSemaphore(_AT_ONCE)
        self._texts = 0

    def take(self, say: Say) -> None:
        """Have a text spoken; returns at once. Only one thread may call."""
        self._texts += 1
        work = self._refuse if self._texts > _MOST_TEXTS else self._speak
        thread = threading.Thread(target=copy_context().run, args=(work, say), name="speech", daemon=True)
        thread.start()

    def _refuse(self, say: Say) -> None:
        told = f"one film may have {_MOST_TEXTS} texts spoken: make it shorter"
        self._hand_on(Voiced(number=say.number, error=JobError.of(SpeechRefused(told))))

    def _speak(self, say: Say) -> None:
        with self._places:
            if self._ended.is_set():
                return
            for voiced in self._answers(say):
                if self._ended.is_set():
                    return
                self._hand_on(voiced)

    def _answers(self, say: Say) -> Iterator[Voiced]:
        """Ask, and cut the answer into pieces; whatever happens, the process learns of it."""
        try:
            reply = self._calls.reply(say.order, self._ended)
        except Interrupted:
            return
        except NeuroShortsError as error:
            yield Voiced(number=say.number, error=JobError.of(error))
            return
        except Exception as error:
            _log.exception("speech_broke")
            broken = RenderFailed(f"unexpected {type(error).__name__} while {say.order.provider} was asked")
            yield Voiced(number=say.number, error=JobError.of(broken))
            return
        for start in range(0, len(reply.body), _PIECE_BYTES):
            yield Voiced(number=say.number, piece=reply.body[start : start + _PIECE_BYTES])
        yield Voiced(number=say.number, media_type=reply.media_type, is_whole=True)
