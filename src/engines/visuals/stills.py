"""Picture files on screen: stills under a moving camera, and animations."""

import math
from fractions import Fraction
from pathlib import Path

from ...media.picture import PictureReader
from ...media.planes import Yuv
from ...media.timebase import ms_of_frames
from ...models.timeline import PPM, ImageSource, Shot
from .camera import CLOSER, WHOLE, always_seen, moves, view_at
from .canvases import Canvases
from .fit import fit_picture
from .resample import MARGIN_PX, draw_view, with_margin

#: How many canvas pixels an output pixel takes at the least. Near 1.0 no whole pixel to start from gives a
#: sub-pixel offset (see `resample`), and a slow zoom would tremble; from here on the error is below 0.03 px.
OVERSAMPLING = 1.06
#: Ratio of zoom that one canvas serves; a deeper zoom takes a smaller canvas as it opens up, because at
#: 1.5 canvas pixels an output pixel the offsets are coarse again.
LEVEL_RATIO = 1.22


class StillSource:
    """A picture on canvases of just the pixels that the views of the shot show."""

    def __init__(self, shot: Shot, file: Path, size: tuple[int, int], canvases: Canvases) -> None:
        assert isinstance(shot.source, ImageSource)
        self._shot = shot
        self._sha256 = shot.source.sha256
        self._file = file
        self._size = size
        self._canvases = canvases
        # Canvases that fill the frame are the same under all cameras.
        self._seen = always_seen(shot.camera_start, shot.camera_end) if shot.fit == "blur" else WHOLE
        self._closest = max(shot.camera_start.zoom_ppm, shot.camera_end.zoom_ppm) / PPM
        self._moves = moves(shot.camera_start, shot.camera_end)

    def draw(self, frame: int, out: Yuv) -> None:
        """Draw the camera's view at a frame of the shot."""
        shot = self._shot
        if not self._moves:
            _inside(self._canvas(self._size)).copy_to(out)
            return
        view = view_at(shot.camera_start, shot.camera_end, frame, shot.frames)
        level = int(math.log(self._closest * view.width * (1 + 1e-9)) / math.log(LEVEL_RATIO))
        zoom = self._closest / LEVEL_RATIO**level * OVERSAMPLING
        width, height = round(self._size[0] * zoom / 2) * 2, round(self._size[1] * zoom / 2) * 2
        scale = view.width * width / self._size[0], view.height * height / self._size[1]
        canvas = self._canvas((width, height))
        draw_view(canvas, view.left * width, view.top * height, scale, out)

    def _canvas(self, size: tuple[int, int]) -> Yuv:
        focus = self._shot.focus_x_ppm / PPM, self._shot.focus_y_ppm / PPM
        key = (self._sha256, self._shot.fit, focus, size, self._size, self._seen)
        return self._canvases.get(key, lambda: with_margin(self._prepared(size, focus)))

    def _prepared(self, size: tuple[int, int], focus: tuple[float, float]) -> Yuv:
        with PictureReader(self._file) as reader:
            picture = reader.opaque(at_least=size)
            return fit_picture(picture, self._shot.fit, size, focus, self._size, self._seen)

    def close(self) -> None:
        """Nothing is held open."""


class AnimationSource:
    """An animated GIF, PNG or WebP, played in a loop; fitted again only when its frame changes."""

    def __init__(self, shot: Shot, reader: PictureReader, size: tuple[int, int], fps: Fraction) -> None:
        """Take over an open animation; closing the source closes it."""
        self._shot = shot
        self._reader = reader
        self._fps = fps
        self._size = size
        self._seen = always_seen(shot.camera_start, shot.camera_end, CLOSER)
        self._shown = -1
        self._fitted = Yuv.filled(2, 2)

    def draw(self, frame: int, out: Yuv) -> None:
        """Draw the animation's picture at a frame of the shot; it waits for the shot's own time."""
        own = max(0, frame - self._shot.lead_frames)
        wanted = self._reader.frame_at(ms_of_frames(own, self._fps))
        if wanted != self._shown:
            focus = self._shot.focus_x_ppm / PPM, self._shot.focus_y_ppm / PPM
            picture = self._reader.opaque(wanted)
            self._fitted = fit_picture(picture, self._shot.fit, self._size, focus, seen=self._seen)
            self._shown = wanted
        self._fitted.copy_to(out)

    def close(self) -> None:
        """Close the file."""
        self._reader.close()


def _inside(padded: Yuv) -> Yuv:
    m = MARGIN_PX
    return Yuv(*(plane[m:-m, m:-m] for plane in padded))
