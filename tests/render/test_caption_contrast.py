"""Captions can be read over any picture."""

import cv2
import numpy as np
import pytest

from src.engines.subtitle.art import CueArt
from src.engines.subtitle.colors import contrast, luminance
from src.engines.subtitle.layout import arrange, safe_rect
from src.engines.subtitle.presets import presets
from src.engines.subtitle.text import texts_of
from src.engines.subtitle.wordmask import place
from src.media.lettering import font_stack
from src.models.caption_plan import CaptionLook
from src.models.planned import Rgba
from src.plan.captions import look_of
from tests.render.caption_drawing import PLAIN, SIZE, STYLES, Rgb8, cues_of, look, picture, renderer

PHONE = (1080, 1920)
#: Contrast that letters as large as captions need at least.
#: Source: WCAG 2.2, success criterion 1.4.3.
READABLE = 3.0


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


@pytest.mark.parametrize("background", [0, 225, 255])
@pytest.mark.parametrize("style", STYLES)
def test_letters_of_every_style_stand_out_from_what_is_around_them(style: str, background: int) -> None:
    """A thin line around white words is no help on snow and paper: a ninth of their size is looked at."""
    of = look_of(presets()[style], PHONE, "en")
    cue = cues_of("lilt lilt", of, PHONE)[0]
    art = CueArt(arrange(texts_of(cue, of), of, font_stack(of.font, {}), PHONE), of)
    shown = [[art.base(None, len(art.words))]]
    if art.mark.is_apart and art.mark.keeps_size:
        shown.append([art.base(0, 1), *art.active(0, 0.0)])

    seen = [picture(sprites, background, PHONE) for sprites in shown]

    assert min(_contrast(rgb, art, of.size_px) for rgb in seen) >= READABLE


def _contrast(rgb: Rgb8, art: CueArt, size_px: int) -> float:
    """Tell the contrast of the letters of a cue's first word against all that is near them."""
    mask = art.mask(0)
    letters = np.zeros(rgb.shape[:2], np.uint8)
    place(mask.fill, mask.x, mask.y, letters)
    reach = 2 * round(size_px / 9) + 1
    around = cv2.dilate(letters, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))) > 128
    around &= cv2.dilate(letters, np.ones((3, 3), np.uint8)) < 20
    darker, lighter = sorted(_light(rgb[where]) for where in (letters > 250, around))
    return (lighter + 0.05) / (darker + 0.05)


def _light(pixels: Rgb8) -> float:
    colors, counts = np.unique(pixels.reshape(-1, 3), axis=0, return_counts=True)
    light = [luminance((int(red), int(green), int(blue))) for red, green, blue in colors]
    return float(np.average(light, weights=counts))


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
