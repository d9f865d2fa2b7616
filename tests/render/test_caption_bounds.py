"""Captions stay inside of their part of the frame and touch nothing."""

import random
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest

from src.engines.subtitle.geometry import Rect
from src.engines.subtitle.layout import arrange, safe_rect
from src.engines.subtitle.presets import presets
from src.engines.subtitle.text import texts_of
from src.media.lettering import font_stack
from src.media.planes import Sprite, Yuv, blend
from src.models.caption_plan import CaptionLook
from src.models.caption_style import CaptionPosition, Mark, Shadow
from src.plan.captions import look_of
from tests.render.caption_drawing import MARKING, SIZE, STYLES, cues_of, look, renderer

BOUNDS = [
    pytest.param((270, 480), 18, 1, id="phone"),
    pytest.param((64, 64), 4, 1, id="tiny"),
    pytest.param((64, 64), 24, 2, id="tiny frame, huge text"),
    pytest.param((64, 640), 24, 1, id="narrow"),
    pytest.param((640, 64), 100, 8, id="flat"),
    pytest.param((480, 270), 100, 0, id="landscape, huge text"),
]


@pytest.mark.no_cover  # as long again when it is measured
@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize(("size", "size_px", "stroke_px"), BOUNDS)
def test_nothing_leaves_the_safe_area_for_words_of_any_length(
    style: str, size: tuple[int, int], size_px: int, stroke_px: int
) -> None:
    chance = random.Random(size_px)
    positions: tuple[CaptionPosition, ...] = ("top", "center", "bottom")
    for length in range(1, 41, 3):
        of = look(style, size_px, stroke_px, position=chance.choice(positions), safe=chance.random() < 0.7)
        cues = cues_of("".join(chance.choices("WgjÉmi", k=length)) + " Åj", of, size)
        captions = renderer(of, size)
        area = safe_rect(*size, of.safe_area)
        contrasts = [
            _drawn_inside_only(captions.sprites(cues, frame), area, size)
            for frame in range(cues[0].start_frame, cues[-1].end_frame, 2)
        ]
        assert max(contrasts) > 60


def _drawn_inside_only(sprites: Sequence[Sprite], area: Rect, size: tuple[int, int]) -> int:
    out = Yuv.filled(*size, (100, 60, 200))
    for sprite in sprites:
        blend(sprite, out)
    contrast_drawn = int(np.ptp(out.y))
    for step, plane in zip((1, 2, 2), out, strict=True):
        plane[area.top // step : area.bottom // step, area.left // step : area.right // step] = plane[0, 0]
    assert all(np.ptp(plane) == 0 for plane in out)
    return contrast_drawn


@pytest.mark.parametrize("style", MARKING)
@pytest.mark.parametrize("size_px", [18, 30])
def test_the_spoken_word_never_lies_on_the_letters_of_another(style: str, size_px: int) -> None:
    of = look(style, size_px=size_px, stroke_px=size_px // 14)
    of = of.model_copy(update={"shadow": Shadow(kind="none"), "said_color": of.color})
    cues = cues_of("fig mmmm to jagged fjords É gag jaj fÅf", of)
    captions = renderer(of)
    for frame in range(cues[0].start_frame, cues[-1].end_frame):
        base, *active = captions.sprites(cues, frame)
        for sprite in active:
            assert not (_letters(base) & _solid(sprite)).any()


@pytest.mark.parametrize("style", ["bold", "pop", "typed"])
def test_gaps_beside_words_that_grow_are_little_wider_than_a_space(style: str) -> None:
    of = look_of(presets()[style], (1080, 1920), "en")

    def gap_px(of: CaptionLook) -> int:
        cue = cues_of("so it", of, (1080, 1920))[0]
        here, there = arrange(texts_of(cue, of), of, font_stack(of.font, {}), (1080, 1920)).words
        return there.x - here.x - here.width_px

    assert gap_px(of) <= 1.45 * gap_px(of.model_copy(update={"mark": Mark(kind="none")}))


def _letters(sprite: Sprite) -> npt.NDArray[np.bool_]:
    """Where a sprite has white letters, whatever is below it."""
    picture = Yuv.filled(*SIZE, (0, 0, 0))
    blend(sprite, picture)
    letters: npt.NDArray[np.bool_] = picture.y > 150
    return letters


def _solid(sprite: Sprite) -> npt.NDArray[np.bool_]:
    """Where a sprite hides the picture."""
    mask = Yuv.filled(*SIZE, (255, 255, 255))
    blend(sprite._replace(color=Yuv.filled(*sprite.color.size, (0, 0, 0))), mask)
    solid: npt.NDArray[np.bool_] = mask.y < 60
    return solid


def test_sprites_stand_at_even_places() -> None:
    for style in STYLES:
        of = look(style, size_px=23)
        cues = cues_of("every night the sky above the mountains turns to fire", of)
        captions = renderer(of)
        for frame in range(cues[-1].end_frame):
            for sprite in captions.sprites(cues, frame):
                width, height = sprite.color.size
                assert (sprite.x % 2, sprite.y % 2, width % 2, height % 2) == (0, 0, 0, 0)
