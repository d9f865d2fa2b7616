"""What comes out: frame size, quality, poster, sidecars, destinations."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, HttpUrl, StringConstraints
from pydantic_core import PydanticCustomError

from .base import Seconds, WireModel
from .object_key import wrong_name_template, wrong_template
from .quality import Quality

Preset = Literal["shorts", "square", "landscape", "4x5"]
SidecarKind = Literal["srt", "vtt", "ass", "words"]

#: Media type of each kind of file, by its suffix.
MEDIA_TYPES = {
    ".mp4": "video/mp4",
    ".mov": "video/quicktime",
    ".webm": "video/webm",
    ".jpg": "image/jpeg",
    ".srt": "application/x-subrip; charset=utf-8",
    ".vtt": "text/vtt; charset=utf-8",
    ".ass": "text/x-ssa; charset=utf-8",
    ".json": "application/json",
}
#: What a file of any other kind is.
UNKNOWN_TYPE = "application/octet-stream"

#: Width and height in pixels of each preset.
PRESET_SIZES: dict[Preset, tuple[int, int]] = {
    "shorts": (1080, 1920),
    "square": (1080, 1080),
    "landscape": (1920, 1080),
    "4x5": (1080, 1350),
}


class LocalDestination(WireModel):
    """Leave the film on the machine that rendered it."""

    type: Literal["local"] = "local"


def _key_template(given: str) -> str:
    if wrong := wrong_template(given):
        raise PydanticCustomError("wrong_key", "{wrong}", {"wrong": wrong})
    return given


def _name_template(given: str) -> str:
    if wrong := wrong_name_template(given):
        raise PydanticCustomError("wrong_name", "{wrong}", {"wrong": wrong})
    return given


class S3Destination(WireModel):
    """Upload to S3 or a server that speaks it."""

    type: Literal["s3"]
    bucket: Annotated[str, StringConstraints(pattern=r"^([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])?$")] = ""
    """Bucket that exists already and that the operator allows; empty for the operator's own."""
    key: Annotated[str, StringConstraints(min_length=1, max_length=1024), AfterValidator(_key_template)] = (
        "{id}.{format}"
    )
    """Object key of the film; what goes with it differs in its suffix. Filled in: `{id}` our id of the job,
    `{job_id}` the caller's or else ours, `{owner}`, `{date}` the day of the submission, `{format}`."""
    overwrite: bool = False
    """Whether another object may be replaced; an equal one is left alone in any case."""
    cache_control: Annotated[str, StringConstraints(pattern=r"^[ -~]{0,200}$")] = "max-age=86400"
    """How long those who fetch the film may keep it: the header `Cache-Control`."""
    public_base_url: HttpUrl | None = None
    """Base of the link when a CDN serves the bucket; without it the link is presigned."""
    expires_in: Annotated[int, Field(ge=60, le=604_800)] = 604_800
    """Seconds that a presigned link is valid."""


class GoogleDriveDestination(WireModel):
    """Upload to a Google Drive folder."""

    type: Literal["gdrive"]
    folder_id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{0,200}$")] = ""
    """Folder that exists already and that the operator allows; empty for the operator's own."""
    name: Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_name_template)] = (
        "{job_id}.{format}"
    )
    """Name of the film, filled in as the key of a bucket is; what goes with it differs in its suffix."""
    overwrite: bool = False
    """Whether what the same job brought there before may be replaced; its link stays the same."""
    share: Literal["anyone", "private"] = "anyone"
    """Who may open the link."""


Destination = Annotated[
    LocalDestination | S3Destination | GoogleDriveDestination, Field(discriminator="type")
]


class Poster(WireModel):
    """The still picture that stands for the film."""

    at: Seconds = 1.0
    """Second of the film that the poster shows; past the end means the last frame."""


SHORTEST_SIDE, LONGEST_SIDE = 64, 4320
#: Pixels along one side of the film: even, because 4:2:0 halves the chroma planes.
Side = Annotated[int, Field(ge=SHORTEST_SIDE, le=LONGEST_SIDE, multiple_of=2)]


def _side(pixels: float) -> int:
    """Take the nearest length that a side may have."""
    return min(max(2 * round(pixels / 2), SHORTEST_SIDE), LONGEST_SIDE)


class Output(WireModel):
    """Size, rate, quality and what is handed over."""

    preset: Preset = "shorts"
    """Frame size by name: shorts 1080x1920, square 1080x1080, landscape 1920x1080, 4x5 1080x1350."""
    width: Side | None = None
    """Width in pixels instead of the preset's; even. Without `height`, the shape stays the preset's."""
    height: Side | None = None
    """Height in pixels instead of the preset's; even. Without `width`, the shape stays the preset's."""
    fps: Annotated[float, Field(ge=1, le=120, examples=[30, 23.976])] = 30.0
    """Frames a second; 23.976, 29.97 and 59.94 mean the exact NTSC rates."""
    quality: Quality = "standard"
    """draft: half the size and the fastest encoder; standard; high: a slower, denser encode."""
    format: Literal["mp4", "mov"] = "mp4"
    """Container of the film."""
    codec: Literal["h264"] = "h264"
    """Video codec of the film."""
    destinations: Annotated[tuple[Destination, ...], Field(min_length=1, max_length=8)] = (
        LocalDestination(),
    )
    """Where the film goes."""
    poster: Poster | None = Poster()
    """The poster JPEG; null for none."""
    sidecars: Annotated[tuple[SidecarKind, ...], Field(max_length=4)] = ()
    """Caption files written beside the film."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels before the quality tier scales them."""
        width, height = PRESET_SIZES[self.preset]
        if self.width and self.height:
            return self.width, self.height
        if self.width:
            return self.width, _side(self.width * height / width)
        return (_side(self.height * width / height), self.height) if self.height else (width, height)
