"""The render job: what a caller sends, version 1 of the wire schema."""

import json
from collections.abc import Iterable
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AliasChoices,
    Field,
    HttpUrl,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from ..errors import InvalidJob, Problem
from .base import WireModel
from .call_headers import CallHeaders
from .captions import Captions
from .json_text import read_json
from .output import Output
from .problems import json_path, problems_of
from .sound import Loudness, Music, Narration, SceneVoice, Voice
from .visual import Duration, Fit, Motion, Overlay, Transition, Visual

#: Bytes of JSON that are read before a job is refused unread.
MAX_JOB_BYTES = 4 * 1024 * 1024
#: Bytes of `metadata` as JSON: it is kept and sent with every status.
MAX_METADATA_BYTES = 64 * 1024


class Defaults(WireModel):
    """What scenes and visuals use when they do not say otherwise."""

    fit: Fit = "cover"
    """How pictures fill the frame."""
    motion: Motion | None = None
    """Camera move of pictures; without it zoom_in, a smaller one with fit blur, none with contain."""
    transition: Transition = Transition()
    """How scenes change over."""


class Scene(WireModel):
    """One part of the film: what is said, and what is seen meanwhile."""

    id: Annotated[str, StringConstraints(max_length=100)] = ""
    """Name of the scene in errors and results, which no other one has; empty means `scene-N`."""
    text: Annotated[str, StringConstraints(max_length=5000)] = ""
    """What is said and captioned."""
    voice: SceneVoice | None = None
    """Another voice than the job's."""
    audio: Narration | None = None
    """Own narration instead of the voice; the text beside it is captioned."""
    visuals: Annotated[tuple[Visual, ...], Field(max_length=50)] = ()
    """Pictures, one after the other; empty means a procedural background."""
    duration: Duration = "auto"
    """Seconds; auto is the narration and `pad_end`, or the sum of the visuals."""
    pad_end: Annotated[float, Field(ge=0, le=10)] | None = None
    """Seconds of rest after the narration; without it 0.2, and 0.7 at the end of the film."""
    transition: Transition | None = None
    """How this scene takes over from the one before; without it the job's default."""
    overlays: Annotated[tuple[Overlay, ...], Field(max_length=20)] = ()
    """Pictures and text over the visuals."""

    @model_validator(mode="after")
    def _knows_its_text_or_not(self) -> Self:
        if self.text.strip() and self.audio and self.audio.transcribe:
            told = "a narration with a text is not transcribed: leave out audio.transcribe, or the text"
            raise PydanticCustomError("two_sources", told)
        return self

    @model_validator(mode="after")
    def _has_content(self) -> Self:
        if not (self.text.strip() or self.audio or self.visuals or self.duration != "auto"):
            raise PydanticCustomError("empty_scene", "a scene needs text, audio, visuals or a duration")
        return self


class RenderJob(WireModel):
    """A film to be made."""

    schema_version: Literal[1] = 1
    """Version of this schema."""
    id: Annotated[str, StringConstraints(max_length=200, pattern=r"^[A-Za-z0-9_.:-]*$")] = ""
    """The caller's own id; the same id twice is the same job."""
    metadata: dict[str, Any] = {}
    """Anything of at most 64 KiB; handed back unchanged."""
    webhook_url: HttpUrl | None = Field(
        default=None,
        validation_alias=AliasChoices("webhook_url", "webhookUrl", "callback", "callback_url", "callbackUrl"),
    )
    """Told when the job has ended."""
    webhook_headers: CallHeaders = {}
    """At most 20 headers of 8 KiB, sent along to both addresses."""
    progress_url: HttpUrl | None = None
    """Told of states and progress on the way; an address of its own, since the first call of the webhook
    resumes a waiting workflow."""
    priority: Annotated[int, Field(ge=0, le=9)] = 5
    """Higher is sooner."""
    output: Output = Output()
    """Size, quality and destinations."""
    voice: Voice = Voice()
    """Who speaks."""
    music: Music | None = None
    """The bed below the voice."""
    loudness: Loudness = Loudness()
    """What the finished sound measures."""
    captions: Captions = Captions()
    """Words on the picture."""
    defaults: Defaults = Defaults()
    """What scenes use when they do not say otherwise."""
    scenes: Annotated[tuple[Scene, ...], Field(min_length=1, max_length=200)]
    """The film, in order."""

    @field_validator("metadata")
    @classmethod
    def _is_small(cls, metadata: dict[str, Any]) -> dict[str, Any]:
        if len(json.dumps(metadata)) > MAX_METADATA_BYTES:
            raise PydanticCustomError("metadata_too_large", "metadata may have 64 KiB")
        return metadata

    def film_name(self, otherwise: str) -> str:
        """Name the film's file, by the job's id or else as given, in letters that every system takes.

        A colon is allowed in ids, and forbidden in file names on Windows; a leading dot hides a file.
        """
        name = (self.id.lstrip(".") or otherwise).replace(":", "_").lstrip(".")
        return f"{name}.{self.output.format}"


def parse_job(data: bytes | str) -> RenderJob:
    """Read a job from JSON text.

    Raises:
        InvalidJob: naming every field that is wrong by its JSON path.
    """
    if len(data) > MAX_JOB_BYTES:
        raise InvalidJob([Problem("", "job_too_large", f"a job may have {MAX_JOB_BYTES} bytes")])
    raw = read_json(data)
    _refuse_nul(raw)
    try:
        return RenderJob.model_validate_json(data)
    except ValidationError as error:
        raise InvalidJob(problems_of(error, raw, RenderJob)) from error


def _refuse_nul(raw: Any) -> None:
    loc = _loc_of_nul(raw)
    if loc is not None:
        told = "holds the character U+0000, which no file, font or database takes: remove it"
        raise InvalidJob([Problem(json_path(loc, raw), "bad_text", told)])


def _loc_of_nul(raw: object) -> tuple[int | str, ...] | None:
    """Find the first text with NUL; for a key, the object that has it."""
    if isinstance(raw, str):
        return () if "\0" in raw else None
    items: Iterable[tuple[int | str, Any]] = ()
    if isinstance(raw, dict):
        if any("\0" in key for key in raw):
            return ()
        items = raw.items()
    elif isinstance(raw, list):
        items = enumerate(raw)
    for name, value in items:
        below = _loc_of_nul(value)
        if below is not None:
            return (name, *below)
    return None
