"""What a renderer notes of its own frames, so that the finished film can be held against it cheaply."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ...media.planes import Plane

#: Luma samples kept along each side of a frame.
_SIDE = 16
#: Highest luma that still counts as black; video black is 16.
BLACK_LUMA = 24

Thumbnails = npt.NDArray[np.uint8]


class Stretch(NamedTuple):
    """Consecutive frames with the same fault."""

    start_frame: int
    frames: int


def thumbnail(luma: Plane) -> Plane:
    """Sample a luma plane at 16 x 16 places; (256,) uint8."""
    down, across = luma.shape[0] // _SIDE, luma.shape[1] // _SIDE
    places = luma[down // 2 :: down, across // 2 :: across]
    return places[:_SIDE, :_SIDE].reshape(-1)


def black_stretches(thumbnails: Thumbnails, least_frames: int) -> tuple[Stretch, ...]:
    """Find stretches of frames that show nothing; `thumbnails` is (frames, 256) uint8."""
    return _stretches(thumbnails.max(axis=1) <= BLACK_LUMA, least_frames)


def frozen_stretches(thumbnails: Thumbnails, least_frames: int) -> tuple[Stretch, ...]:
    """Find stretches of frames that equal the one before."""
    same = (thumbnails[1:] == thumbnails[:-1]).all(axis=1)
    return _stretches(np.concatenate([[False], same]), least_frames)


def _stretches(faulty: npt.NDArray[np.bool_], least_frames: int) -> tuple[Stretch, ...]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], faulty, [False]]).astype(np.int8)))
    pairs = zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
    return tuple(Stretch(start, end - start) for start, end in pairs if end - start >= least_frames)
