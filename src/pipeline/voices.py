"""Scenes spoken by the first of their voices that can, and the others told why they did not."""

import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

from ..engines.audio.alignment.timer import WordTimer
from ..errors import NeuroShortsError, NotSupported, SpeechFailed, UnknownName
from ..plan.facts import SpokenFact
from ..plan.services import services
from ..plan.voices import Speaker, speakers
from .recitals import Recitals, Said
from .request import Halt, Request

#: Scenes for which services are asked at the same time.
_AT_ONCE = 4
#: Characters of a reason that are told beside others: some list all voices there are.
_REASON_CHARACTERS = 300
#: What ends the attempt of one voice, and lets the next one try.
_FAILURES = (SpeechFailed, UnknownName, NotSupported)


class Voices:
    """Speaks the scenes of one job; as a context manager it leaves no process behind."""

    def __init__(self, request: Request, stop: threading.Event) -> None:
        self._request, self._halt = request, Halt(stop)
        self._recitals = Recitals(request, self._halt)
        self._pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="speech")
        self._asked: dict[int, Future[Said]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error:
            self._halt.end(error)
        self._pool.shutdown(cancel_futures=True)
        self._recitals.close()

    @property
    def timer(self) -> WordTimer:
        """What finds words in narration that the job brings, for as long as the voices are open."""
        return self._recitals.timer

    def begin(self, scenes: Sequence[int]) -> None:
        """Have services asked for these scenes while others are spoken: most of their time is waiting."""
        known = services(self._request.settings)
        for index in scenes:
            if speakers(self._request.job, index)[0].provider in known:
                self._asked[index] = self._pool.submit(self._spoken_beside, index)

    def spoken(self, index: int) -> Said:
        """Have the text of a scene spoken by the first of its voices that can.

        Raises:
            RejectedJob: the voice or language does not exist, or cannot speak this text.
            SpeechFailed: the voice gave no usable sound.
            Interrupted: nobody wants it any more.
        """
        asked = self._asked.pop(index, None)
        return asked.result() if asked else self._spoken(index)

    def _spoken_beside(self, index: int) -> Said:
        with self._halt.on_failure():
            return self._spoken(index)

    def _spoken(self, index: int) -> Said:
        scene = self._request.job.scenes[index]
        chain = speakers(self._request.job, index)
        failures: list[NeuroShortsError] = []
        for speaker in chain:
            try:
                said = self._recitals.said(scene.text, speaker)
            except _FAILURES as error:
                error.scene_id = scene.id or f"scene-{index + 1}"
                error.path = _placed(error.path, speaker)
                failures.append(error)
                continue
            here = f"scenes[{index}]"
            warnings = [*_announced(chain, failures), *said.fact.warnings]
            return Said(_warned(said.fact, [f"{here}: {warning}" for warning in warnings]), said.file)
        raise failures[0] if len(failures) == 1 else _none_left(chain, failures)


def _warned(fact: SpokenFact, warnings: Sequence[str]) -> SpokenFact:
    return fact._replace(warnings=tuple(warnings))


def _announced(chain: Sequence[Speaker], failures: Sequence[NeuroShortsError]) -> Sequence[str]:
    """Tell who should have spoken a scene, why not, and who did."""
    if not failures:
        return ()
    spoke = chain[len(failures)]
    return [
        f"{meant} did not speak ({_reason(error)}); {spoke} spoke instead"
        for meant, error in zip(chain, failures, strict=False)
    ]


def _none_left(chain: Sequence[Speaker], failures: Sequence[NeuroShortsError]) -> NeuroShortsError:
    """Tell the failure of the voice that was meant, and those of all that should have stepped in."""
    first = failures[0]
    others = zip(chain[1:], failures[1:], strict=True)
    first.message = "; ".join([first.message, *(f"{speaker}: {_reason(error)}" for speaker, error in others)])
    return first


def _reason(error: NeuroShortsError) -> str:
    told = error.message
    return told if len(told) <= _REASON_CHARACTERS else f"{told[:_REASON_CHARACTERS]}..."


def _placed(path: str, speaker: Speaker) -> str:
    """Name the field of this voice that a provider means by `voice.` and its name."""
    return speaker.paths.get(path.removeprefix("voice."), path)
