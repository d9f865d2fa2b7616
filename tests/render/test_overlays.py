"""Text and pictures over the picture, on real frames."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from src.errors import RejectedJob
from src.pipeline import film as pipeline
from tests.render.one_scene import request_of
from tests.synthetic import gradient_rgb, write_picture


@pytest.mark.parametrize("background", [None, "#102030"])
def test_overlays_stand_where_and_when_they_should(tmp_path: Path, background: str | None) -> None:
    overlay = {"type": "text", "text": "Hello", "position": [0.5, 0.25], "start": 0.5, "duration": 0.25}
    visual = {"type": "color", "color": "#808080"}
    scene = {"duration": 1, "visuals": [visual], "overlays": [{**overlay, "background": background}]}
    frames = [frame.y.copy() for frame in pipeline.raw_frames(request_of(scene, tmp_path))]
    changed = [bool((frame != frames[0]).any()) for frame in frames]
    assert changed == [10 <= n < 15 for n in range(20)]
    assert not (frames[12][100:] != frames[0][100:]).any()


@pytest.mark.parametrize("position", [[0, 0], [1, 1], [0.95, 0.9], [0.02, 0.5]])
@pytest.mark.parametrize("kind", ["text", "boxed", "image"])
def test_an_overlay_at_an_edge_is_seen_whole(tmp_path: Path, kind: str, position: list[float]) -> None:
    write_picture(tmp_path / "logo.png", np.full((20, 40, 3), 255, np.uint8))
    look: dict[str, Any] = {"type": "text", "text": "@my_har", "size": 150, "position": position}
    if kind == "image":
        look = {"type": "image", "src": "logo.png", "width": 0.4, "position": position}
    elif kind == "boxed":
        look["background"] = "#ffffff"
    frames = [_overlaid(tmp_path, {**look, "position": place}) for place in (position, [0.5, 0.5])]
    edge, middle = (frame != 126 for frame in frames)
    assert edge.sum() == pytest.approx(middle.sum(), rel=0.02)
    edge[2:-2, 2:-2] = False
    assert not edge.any()


def test_an_overlay_that_fills_the_frame_stays_where_it_is(tmp_path: Path) -> None:
    write_picture(tmp_path / "border.png", np.full((160, 96, 3), 255, np.uint8))
    whole = {"type": "image", "src": "border.png", "width": 1, "position": [0.5, 0.5]}
    assert (_overlaid(tmp_path, whole) == 235).all()


@pytest.mark.parametrize("size", [160, 180, 200])
def test_a_word_wider_than_the_frame_is_set_smaller_and_stays_whole(tmp_path: Path, size: int) -> None:
    name = {"type": "text", "text": "@somebodysname", "size": size, "position": [0.5, 0.5]}
    rows = (_overlaid(tmp_path, name) > 150).any(axis=1)
    assert np.abs(np.diff(rows.astype(int))).sum() == 2


def test_a_picture_over_the_film_that_is_higher_than_it_is_told(tmp_path: Path) -> None:
    write_picture(tmp_path / "thin.png", gradient_rgb(20, 40))
    scene = {"duration": 1, "overlays": [{"type": "image", "src": "thin.png", "width": 1}]}
    [warning] = pipeline.check(request_of(scene, tmp_path))
    assert warning.startswith("scenes[0].overlays[0].width: the picture is 192 pixels high at it")


def _overlaid(folder: Path, overlay: dict[str, Any]) -> np.ndarray:
    """Return the luma of a grey frame below an overlay."""
    scene = {
        "duration": 0.1,
        "visuals": [{"type": "color", "color": "#808080"}],
        "overlays": [overlay],
    }
    return next(iter(pipeline.raw_frames(request_of(scene, folder)))).y.copy()


def test_an_overlay_that_starts_after_its_scene_is_refused(tmp_path: Path) -> None:
    scene = {"duration": 1, "overlays": [{"type": "text", "text": "late", "start": 2}]}
    with pytest.raises(RejectedJob) as refused:
        pipeline.check(request_of(scene, tmp_path))
    assert refused.value.path == "scenes[0].overlays[0].start"
