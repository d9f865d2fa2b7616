"""Effects on real frames."""

from pathlib import Path

import numpy as np
import pytest

from src.pipeline import film as pipeline
from tests.render.one_scene import frames_of, request_of


def test_effects_treat_the_picture_and_nothing_that_lies_over_it(tmp_path: Path) -> None:
    overlay = {"type": "text", "text": "HI", "size": 400, "color": "#ff0000", "duration": 0.5}
    visual = {"type": "color", "color": "#00a040", "effects": ["grayscale", "darken"]}
    request = request_of({"duration": 1, "visuals": [visual], "overlays": [overlay]}, tmp_path)
    frames = list(pipeline.raw_frames(request))
    assert frames[2].v.max() > 200
    assert all((plane == 128).all() for plane in (frames[-1].u, frames[-1].v))
    (plain,) = {int(frame.mean()) for frame in frames_of({**visual, "effects": []}, tmp_path)}
    assert frames[-1].y.mean() < 0.75 * plain


def test_effects_of_a_title_leave_its_text_alone(tmp_path: Path) -> None:
    title = {
        "type": "title",
        "text": "LOOK",
        "family": "plasma",
        "palette": ["#404", "#a0a"],
        "color": "#fff",
    }
    plain, dark = (
        frames_of({**title, "effects": effects}, tmp_path)[-1] for effects in ([], ["darken", "blur"])
    )
    assert (plain > 225).sum() == pytest.approx((dark > 225).sum(), rel=0.05)
    assert np.median(dark) < np.median(plain)
