"""What a render is asked with, and what it tells while it goes on."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, Protocol

from ..engines.audio.speech import Spoken
from ..errors import Interrupted
from ..models.job import RenderJob
from ..models.media_refs import MediaRef
from ..models.model_files import ModelFile
from ..models.progress import Setback
from ..models.words import Utterance
from ..plan.music import Piece
from ..plan.voices import Speaker
from ..settings import Settings
from ..stopping import Stop
from .cache import Cache

#: How much too long a film may be that is estimated to be so.
_ESTIMATE_SLACK = 1.25


class Fetched(NamedTuple):
    """A medium that lies on this machine now, verified."""

    file: Path
    sha256: str
    received_bytes: int = 0
    """What came over the network for it."""
    attribution: str = ""
    """Who has to be named, if its licence asks for that."""
    asset: str = ""
    """Its id in the asset manifest, if it is named there."""


HeldUp = Callable[[Setback], None]
"""Is told what has failed and is tried again."""


class Fetcher(Protocol):
    """Brings media that a job names by URL or by an id; safe to use from several threads."""

    def knows(self, src: str) -> bool:
        """Tell whether a `src` is not a path of this machine."""
        ...

    def music(self) -> Sequence[Piece]:
        """List the pieces that jobs may ask for by their tags."""
        ...

    def fetch(
        self,
        ref: MediaRef,
        folder: Path,
        told: Callable[[int, int], None],
        stop: threading.Event,
        held_up: HeldUp,
    ) -> Fetched:
        """Bring a medium.

        Args:
            ref: what the job names.
            folder: where to put it; it may stay elsewhere if nobody changes it there.
            told: is told the bytes that have come in and those of the whole, 0 if that is not known; what it
                raises ends the fetching.
            stop: set when nobody wants it any more.
            held_up: is told of each failure after which it is tried again, before that.

        Raises:
            RejectedJob: it cannot be had.
            Transient: it could not be had for a long time.
            Interrupted: `stop` was set.
        """
        ...


class RemoteVoices(Protocol):
    """Has texts spoken by services over HTTP; safe to use from several threads."""

    def synthesize(self, utterance: Utterance, speaker: Speaker, stop: Stop) -> Spoken:
        """Have a text spoken by a voice and a model that are named.

        Raises:
            SpeechFailed: there is no usable sound; the error tells whether there may be some later.
            Interrupted: `stop` was set.
        """
        ...


class Request(NamedTuple):
    """One film to be made on this machine."""

    job: RenderJob
    base_dir: Path | None
    """Folder that relative paths of the job are below, and leave to name files by absolute paths; None for a
    job that came from elsewhere, which may name files below `settings.asset_roots` only."""
    work_dir: Path
    """Empty folder for this render alone, with a name of its own; the caller removes it."""
    film_path: Path
    """Where the film goes; poster and sidecars go beside it."""
    settings: Settings
    cache: Cache
    """Finished parts of earlier films."""
    fetcher: Fetcher | None = None
    """Brings media from elsewhere; without one, jobs may name files only."""
    remote_voices: RemoteVoices | None = None
    """Speaks by services; without any, jobs have the embedded voices only."""
    models: Mapping[str, ModelFile] = {}
    """Those that the job names, as soon as they are found; by the `src` that names them."""
    estimates_speech: bool = False
    """Whether services are asked nothing; how long they speak is estimated where they have not spoken yet."""

    def longest_seconds(self, *, is_estimated: bool = False) -> float:
        """Tell how long the film may be; if it is estimated a little longer, for that may be wrong."""
        return self.settings.max_film_seconds * (_ESTIMATE_SLACK if is_estimated else 1)


class Progress(NamedTuple):
    """How far a stage is."""

    stage: str
    """fetching, speaking, planning, rendering, mixing, joining or checking."""
    done: int
    total: int
    """Frames while rendering, bytes while fetching, else small counts."""
    setback: Setback | None = None
    """What holds the stage up and is tried again."""


Report = Callable[[Progress], None]


class Halt:
    """Ends all parts of a render when one of them fails, or when its caller wishes it."""

    def __init__(self, stop: Stop) -> None:
        self._stop = stop
        self._failure: BaseException | None = None

    def is_set(self) -> bool:
        """Whether the work should end now."""
        return self._failure is not None or self._stop.is_set()

    def end(self, failure: BaseException) -> None:
        """Have all parts end for a failure elsewhere."""
        self._failure = self._failure or failure

    @contextmanager
    def on_failure(self) -> Iterator[None]:
        """Have the other parts end when this one fails; one that ended for that tells the failure instead."""
        try:
            yield
        except Interrupted as error:
            if self._failure is None:
                self._failure = error
            raise self._failure from error
        except BaseException as error:
            self._failure = error
            raise
