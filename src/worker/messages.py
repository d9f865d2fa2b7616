"""What a worker and the process that renders for it tell each other, one JSON object a line."""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, TypeAdapter

from ..cloud.signing import Signed, Verb
from ..errors import Problem
from ..models.outlook import Outlook
from ..models.progress import Setback
from ..models.status import JobError, RenderResult
from ..settings import Settings
from ..speech.calls import SpeechOrder


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_bytes="base64", val_json_bytes="base64")


#: Bytes of one frame: a larger one is no small picture.
_MOST_FRAME_BYTES = 512 * 1024


class Order(_Line):
    """One film to be made, or a job to be checked: the first line on stdin, which then stays open."""

    id: str
    body: bytes
    """The job as it was handed in."""
    folder: Path
    """Where the film goes, with what belongs beside it."""
    settings: Settings
    parent_pid: int
    """Process with which this one ends."""
    task: Literal["render", "check"] = "render"
    """A check does everything short of rendering, and puts nothing into the folder."""
    shows_frames: bool = False
    """Whether somebody may want to see the film come along."""


def without_passwords(settings: Settings) -> Settings:
    """Leave out what has no business in a process that opens other people's media."""
    secrets = [name for name, value in settings if isinstance(value, SecretStr)]
    return settings.model_copy(
        update={
            **dict.fromkeys(secrets, SecretStr("")),
            "database_url": "",
            "s3_access_key_id": "",
            "google_credentials_file": None,
        }
    )


class Step(_Line):
    """How far a stage of the render is."""

    kind: Literal["step"] = "step"
    stage: str
    done: int
    total: int
    setback: Setback | None = None
    """What holds it up and is tried again."""


class Shown(_Line):
    """A frame of the film, small."""

    kind: Literal["shown"] = "shown"
    jpeg: Annotated[bytes, Field(max_length=_MOST_FRAME_BYTES)]


class Event(_Line):
    """An event for the log."""

    kind: Literal["event"] = "event"
    logger: str
    level: int
    event: str
    fields: dict[str, Any]


class Ask(_Line):
    """A wish for a URL that lets this process read or write an object for a while."""

    kind: Literal["ask"] = "ask"
    number: int
    """The answer carries it, too."""
    verb: Verb
    uri: str


class Answer(_Line):
    """What a worker writes to stdin for an `Ask`."""

    kind: Literal["answer"] = "answer"
    number: int
    signed: Signed | None = None
    error: JobError | None = None
    """Why there is no URL."""


class Say(_Line):
    """A text that a service is to speak."""

    kind: Literal["say"] = "say"
    number: int
    """The answer carries it, too."""
    order: SpeechOrder


class Voiced(_Line):
    """What a worker writes to stdin for a `Say`: pieces of what the service sent, and how that ended."""

    kind: Literal["voiced"] = "voiced"
    number: int
    piece: bytes = b""
    media_type: str = ""
    is_whole: bool = False
    """This was the last piece."""
    error: JobError | None = None
    """Why there is no more of it."""


class Finished(_Line):
    """The film is in place: the last line, but for events."""

    kind: Literal["finished"] = "finished"
    result: RenderResult


class Checked(_Line):
    """The job can be rendered: the last line of a check."""

    kind: Literal["checked"] = "checked"
    outlook: Outlook


class Failed(_Line):
    """There is no film: the last line."""

    kind: Literal["failed"] = "failed"
    error: JobError
    problems: tuple[Problem, ...] = ()
    """Everything that is wrong with a job that cannot be rendered as written."""


Last = Finished | Checked | Failed
Message = Step | Shown | Event | Ask | Say | Last

MESSAGES: TypeAdapter[Message] = TypeAdapter(Annotated[Message, Field(discriminator="kind")])
REPLIES: TypeAdapter[Answer | Voiced] = TypeAdapter(Annotated[Answer | Voiced, Field(discriminator="kind")])
