"""What a worker and the process that renders for it tell each other, one JSON object a line."""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from ..models.status import JobError, RenderResult
from ..settings import Settings


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_bytes="base64", val_json_bytes="base64")


class Order(_Line):
    """One film to be rendered: the first line on the process's stdin, which then stays open."""

    id: str
    body: bytes
    """The job as it was handed in."""
    folder: Path
    """Where the film goes, with what belongs beside it."""
    settings: Settings
    parent_pid: int
    """Process with which this one ends."""


class Step(_Line):
    """How far a stage of the render is."""

    kind: Literal["step"] = "step"
    stage: str
    done: int
    total: int


class Event(_Line):
    """An event for the log."""

    kind: Literal["event"] = "event"
    logger: str
    level: int
    event: str
    fields: dict[str, Any]


class Finished(_Line):
    """The film is in place: the last line."""

    kind: Literal["finished"] = "finished"
    result: RenderResult


class Failed(_Line):
    """There is no film: the last line."""

    kind: Literal["failed"] = "failed"
    error: JobError


Message = Step | Event | Finished | Failed

MESSAGES: TypeAdapter[Message] = TypeAdapter(Annotated[Message, Field(discriminator="kind")])
