"""What parts of a plan have in common."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Rgb = tuple[int, int, int]
Rgba = tuple[int, int, int, int]


class Planned(BaseModel):
    """A part of the Timeline: frozen and strict."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
