"""Captions can be read over any picture."""

import numpy as np
import pytest

from src.engines.subtitle.colors import contrast
from src.engines.subtitle.layout import safe_rect
from src.models.caption_plan import CaptionLook
from src.models.planned import Rgba
from tests.render.caption_drawing import PLAIN, SIZE, cues_of, look, picture, renderer


@pytest.mark.parametrize(
    "active", [(255, 221, 0, 255), (40, 20, 160, 255), (0, 0, 0, 255), (255, 255, 255, 255)]
)
def test_text_on_the_box_keeps_its_contrast(active: Rgba) -> None:
    of = look("highlight", active=active, size_px=40, stroke_px=2)
    cues = cues_of("HHHH", of)

    rgb = picture(renderer(of).sprites(cues, cues[0].start_frame + 5), background=128)

    box = rgb[np.abs(rgb.astype(int) - active[:3]).max(axis=2) < 12]
    assert len(box) > 500
    luma = rgb.astype(int).sum(axis=2)
    inside = rgb[_rows_of(of), :][:, 100:170].reshape(-1, 3)
    farthest = inside[np.abs(inside.astype(int).sum(axis=1) - sum(active[:3])).argmax()]
    assert luma.size
    assert contrast((int(farthest[0]), int(farthest[1]), int(farthest[2])), active[:3]) > 4.2


def _rows_of(of: CaptionLook) -> slice:
    bottom = safe_rect(*SIZE, of.safe_area).bottom
    return slice(bottom - of.size_px, bottom - of.size_px // 2)


@pytest.mark.parametrize("background", [0, 128, 255])
@pytest.mark.parametrize("style", PLAIN)
def test_words_stand_out_on_any_background(style: str, background: int) -> None:
    of = look(style, size_px=30, stroke_px=2)
    cues = cues_of("HHHH HHHH", of)

    rgb = picture(renderer(of).sprites(cues, cues[0].start_frame + 5), background=background)

    luma = rgb.astype(int).sum(axis=2) // 3
    assert luma.max() > 235
    assert luma.min() < 40


def test_white_words_without_an_outline_stand_out_on_white() -> None:
    of = look("phrase", size_px=40, stroke_px=0)
    cues = cues_of("HHHH", of)

    rgb = picture(renderer(of).sprites(cues, cues[0].start_frame + 5), background=255)

    assert rgb.max(axis=2).min() < 125


def test_a_see_through_box_leaves_text_and_outline_as_they_are() -> None:
    of = look("highlight", size_px=40, stroke_px=2, active=(0, 230, 60, 60))
    cues = cues_of("HHHH", of)

    rgb = picture(renderer(of).sprites(cues, cues[0].start_frame + 5), background=200)

    assert rgb.min(axis=2).max() > 235
    assert rgb.max(axis=2).min() < 60
