"""Camera moves over real pictures, tracked to a fraction of a pixel."""

from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest

from src.engines.visuals.camera import view_at
from src.engines.visuals.canvases import Canvases
from src.engines.visuals.stills import StillSource
from src.media.planes import Yuv
from src.models.timeline import PPM, Camera, ImageSource, Shot
from tests.synthetic import checkerboard_rgb, write_picture

#: Cells of the board are this wide, and the frame half as large as a real one, to be quick.
CELL_PX, SIZE = 24, (540, 960)
FRAMES = 60


def corner_of(luma: np.ndarray, near: tuple[float, float]) -> tuple[float, float]:
    """Find a crossing of the board to about 0.01 px, in pixel-centre coordinates."""
    corner = np.array([[near]], np.float32)
    criteria = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 60, 0.0005)
    found = cv2.cornerSubPix(luma, corner, (7, 7), (-1, -1), criteria)
    return float(found[0, 0, 0]), float(found[0, 0, 1])


@pytest.mark.parametrize("amount_ppm", [80_000, 150_000, 400_000, 700_000])
@pytest.mark.parametrize("direction", ["in", "out", "pan"])
def test_a_move_is_smooth_to_a_fraction_of_a_pixel(tmp_path: Path, amount_ppm: int, direction: str) -> None:
    file = write_picture(tmp_path / "board.png", checkerboard_rgb(2 * SIZE[0], 2 * SIZE[1], CELL_PX))
    wide, close = Camera(), Camera(zoom_ppm=PPM + amount_ppm)
    left, right = close.model_copy(update={"x_ppm": 0}), close.model_copy(update={"x_ppm": PPM})
    start, end = {"in": (wide, close), "out": (close, wide), "pan": (left, right)}[direction]
    shot = Shot(
        source=ImageSource(sha256="0" * 64),
        fit="cover",
        camera_start=start,
        camera_end=end,
        start_frame=0,
        frames=FRAMES,
    )
    source = StillSource(shot, file, SIZE, Canvases())
    out = Yuv.empty(*SIZE)
    errors, places = [], []
    for frame in range(FRAMES):
        source.draw(frame, out)
        view = view_at(start, end, frame, FRAMES)
        column, row = (24, 44) if direction == "pan" else (10, 20)
        crossing = Fraction(column * CELL_PX, 2 * SIZE[0]), Fraction(row * CELL_PX, 2 * SIZE[1])
        wanted = (
            (float(crossing[0]) - view.left) / view.width * SIZE[0] - 0.5,
            (float(crossing[1]) - view.top) / view.height * SIZE[1] - 0.5,
        )
        found = corner_of(out.y, wanted)
        errors.append(max(abs(found[0] - wanted[0]), abs(found[1] - wanted[1])))
        places.append(found[0])
    steps = np.diff(places)
    assert max(errors) < 0.15
    assert (steps > -0.01).all() or (steps < 0.01).all()
