"""Title cards: large text that rises in over a moving background."""

from fractions import Fraction
from typing import NamedTuple

import cv2
import numpy as np

from ...media.planes import Plane, Sprite, Yuv, blend
from ...models.timeline import MediaFiles, TitleSource
from .frames import FrameSource
from .titleset import Piece, merge, set_title

#: Seconds that a line takes to come in.
_ENTRANCE_S = 0.55
#: Seconds between the starts of two lines.
_STAGGER_S = 0.10
#: How far below its place a line starts, as a share of the frame's height.
_RISE = 0.035
#: Of a short shot, the share within which everything has come in.
_LATEST = 0.5


class _Entrance(NamedTuple):
    start_s: float
    duration_s: float
    fades: bool

    def progress(self, seconds: float) -> float:
        """Return 0 before, 1 after, and between them a quick start that settles softly (cubic ease-out)."""
        left = 1 - min(max((seconds - self.start_s) / self.duration_s, 0.0), 1.0)
        return 1 - left**3


def entrances(pieces: int, shot_s: float, *, opens_film: bool = False) -> list[_Entrance]:
    """Plan when each line comes in; in a short shot all of it is quicker.

    What opens a film is read from its first frame: its lines rise together, and none is faint.
    """
    stagger_s = 0.0 if opens_film else _STAGGER_S
    whole = _ENTRANCE_S + stagger_s * (pieces - 1)
    pace = min(1.0, _LATEST * shot_s / whole)
    return [
        _Entrance(stagger_s * pace * index, _ENTRANCE_S * pace, fades=not opens_film)
        for index in range(pieces)
    ]


class _TitleCard:
    """Draws the background, then shadows, then text, so that no shadow falls on a neighbouring line."""

    def __init__(
        self,
        background: FrameSource,
        pieces: list[Piece],
        coming: list[_Entrance],
        height: int,
        fps: Fraction,
    ) -> None:
        self._background = background
        self._pieces = pieces
        self._entrances = coming
        self._settled_s = max(entrance.start_s + entrance.duration_s for entrance in self._entrances)
        self._settled = merge([*(piece.shadow for piece in pieces), *(piece.text for piece in pieces)])
        self._rise_px = _RISE * height
        self._fps = fps

    def draw(self, frame: int, out: Yuv) -> None:
        """Draw frame `frame` of the card over all of `out`."""
        self._background.draw(frame, out)
        seconds = float(frame / self._fps)
        if seconds >= self._settled_s:
            blend(self._settled, out)
            return
        for layer in ("shadow", "text"):
            for piece, entrance in zip(self._pieces, self._entrances, strict=True):
                progress = entrance.progress(seconds)
                opacity = progress if entrance.fades else 1.0
                if opacity > 0:
                    down_px = 2 * round((1 - progress) * self._rise_px / 2)
                    blend(_faded(getattr(piece, layer), opacity, down_px), out)

    def close(self) -> None:
        """Close the background."""
        self._background.close()


def _faded(sprite: Sprite, opacity: float, down_px: int) -> Sprite:
    """Return the sprite as it looks on its way in: lower, and fainter."""
    if opacity >= 1:
        return sprite._replace(y=sprite.y + down_px)
    color = Yuv(*(_scaled(plane, opacity) for plane in sprite.color))
    luma_keep, chroma_keep = (255 - _scaled(255 - keep, opacity) for keep in sprite.keep)
    return Sprite(sprite.x, sprite.y + down_px, color, (luma_keep, chroma_keep))


def _scaled(plane: Plane, share: float) -> Plane:
    return np.asarray(cv2.convertScaleAbs(plane, alpha=share), np.uint8)


def open_title(
    source: TitleSource,
    background: FrameSource,
    size: tuple[int, int],
    fps: Fraction,
    frames: int,
    files: MediaFiles,
) -> FrameSource:
    """Open a title card of `frames` frames at the size of the film's frame; its text is drawn once."""
    pieces = set_title(source, *size, files)
    coming = entrances(len(pieces), float(frames / fps), opens_film=source.opens_film)
    return _TitleCard(background, pieces, coming, size[1], fps)
