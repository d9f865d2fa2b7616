"""Every kind of source by name, and the camera that moves over those that do not move it themselves.

Adding a kind: write its source, add it to `_OPENERS`, and its model to `Source` of the Timeline.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import NamedTuple

from ...media.colour import yuv_of_rgb
from ...media.picture import PictureReader
from ...media.planes import Yuv
from ...models.timeline import (
    ColorSource,
    GradientSource,
    ImageSource,
    MediaFiles,
    MoviePySource,
    ProceduralSource,
    Shot,
    TitleSource,
    VideoSource,
)
from .camera import CLOSER, moves, view_at
from .canvases import Canvases
from .clips import ClipSource
from .effects import TreatedSource
from .frames import FrameSource
from .gradient import open_gradient
from .moviepy_clip import open_moviepy
from .procedural import open_procedural
from .readers import Readers
from .resample import draw_view, with_margin
from .stills import AnimationSource, StillSource
from .title import open_title


class Materials(NamedTuple):
    """What sources draw from."""

    files: MediaFiles
    canvases: Canvases
    readers: Readers


class Stage(NamedTuple):
    """What sources need besides their shot."""

    width: int
    height: int
    fps: Fraction
    materials: Materials


class FlatSource:
    """One colour."""

    def __init__(self, source: ColorSource) -> None:
        self._color = yuv_of_rgb(source.color)

    def draw(self, frame: int, out: Yuv) -> None:
        """Fill the frame."""
        for plane, value in zip(out, self._color, strict=True):
            plane.fill(value)

    def close(self) -> None:
        """Nothing is held open."""


class MovedSource:
    """A camera move over a source that draws whole frames."""

    def __init__(self, shot: Shot, source: FrameSource, stage: Stage) -> None:
        self._shot = shot
        self._source = source
        self._canvas = Yuv.empty(stage.width, stage.height)

    def draw(self, frame: int, out: Yuv) -> None:
        """Draw the source, then the camera's view of it."""
        self._source.draw(frame, self._canvas)
        view = view_at(self._shot.camera_start, self._shot.camera_end, frame, self._shot.frames)
        width, height = out.size
        share = view.width / CLOSER
        left, top = view.left + (view.width - share) / 2, view.top + (view.height - share) / 2
        draw_view(with_margin(self._canvas), left * width, top * height, (share, share), out)

    def close(self) -> None:
        """Close the source."""
        self._source.close()


def open_source(shot: Shot, stage: Stage) -> FrameSource:
    """Open the source of a shot under its camera and its effects; the text of a title has none of these."""
    source = _open_under_camera(shot, stage)
    return source if isinstance(shot.source, TitleSource) else _treated(source, shot, stage)


def _treated(source: FrameSource, shot: Shot, stage: Stage) -> FrameSource:
    """Put the effects of a shot over what is drawn for it."""
    return TreatedSource(source, shot.effects, (stage.width, stage.height)) if shot.effects else source


def _open_under_camera(shot: Shot, stage: Stage) -> FrameSource:
    source = _OPENERS[shot.source.kind](shot, stage)
    if moves(shot.camera_start, shot.camera_end) and not isinstance(source, StillSource):
        return MovedSource(shot, source, stage)
    return source


def _open_image(shot: Shot, stage: Stage) -> FrameSource:
    assert isinstance(shot.source, ImageSource)
    file = stage.materials.files[shot.source.sha256]
    reader = PictureReader(file)
    if reader.animated:
        return AnimationSource(shot, reader, (stage.width, stage.height), stage.fps)
    reader.close()
    return StillSource(shot, file, (stage.width, stage.height), stage.materials.canvases)


def _open_video(shot: Shot, stage: Stage) -> FrameSource:
    assert isinstance(shot.source, VideoSource)
    materials = stage.materials
    file = materials.files[shot.source.sha256]
    return ClipSource(shot, shot.source, file, stage.fps, materials.readers)


def _open_color(shot: Shot, stage: Stage) -> FrameSource:
    assert isinstance(shot.source, ColorSource)
    return FlatSource(shot.source)


def _open_gradient(shot: Shot, stage: Stage) -> FrameSource:
    assert isinstance(shot.source, GradientSource)
    return open_gradient(shot.source, stage.width, stage.height, stage.fps)


def _open_procedural(shot: Shot, stage: Stage) -> FrameSource:
    assert isinstance(shot.source, ProceduralSource)
    return open_procedural(shot.source, stage.width, stage.height, stage.fps)


def _open_title(shot: Shot, stage: Stage) -> FrameSource:
    assert isinstance(shot.source, TitleSource)
    size, files = (stage.width, stage.height), stage.materials.files
    background = _treated(open_procedural(shot.source.background, *size, stage.fps), shot, stage)
    return open_title(shot.source, background, size, stage.fps, shot.frames, files)


def _open_moviepy(shot: Shot, stage: Stage) -> FrameSource:
    assert isinstance(shot.source, MoviePySource)
    return open_moviepy(shot, shot.source, (stage.width, stage.height), stage.fps)


_OPENERS: Mapping[str, Callable[[Shot, Stage], FrameSource]] = {
    "image": _open_image,
    "video": _open_video,
    "color": _open_color,
    "gradient": _open_gradient,
    "procedural": _open_procedural,
    "title": _open_title,
    "moviepy": _open_moviepy,
}
