"""Captions on real frames: the right word at its frame, readable, inside of the frame, touching nothing."""

import random
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import numpy as np
import numpy.typing as npt
import pytest

from src.engines.subtitle.colors import contrast
from src.engines.subtitle.cues import CueRules, build_cues
from src.engines.subtitle.geometry import Rect
from src.engines.subtitle.layout import caption_measure, caption_width_px, safe_rect
from src.engines.subtitle.presets import presets
from src.engines.subtitle.sprites import CaptionRenderer
from src.media.colour import rgb_to_yuv, yuv_to_rgb
from src.media.lettering import FontStack, font_stack
from src.media.planes import Sprite, Yuv, blend
from src.models.caption_style import CaptionPosition
from src.models.timeline import CaptionLook, Cue, CueWord, Rgba
from src.models.words import TimedWord
from src.plan.captions import look_of

STYLES = tuple(presets())
#: The ones that show white words over the picture by themselves, without a box of their own.
PLAIN = ("highlight", "karaoke", "pop", "phrase")
MARKING: tuple[str, ...] = ("highlight", "karaoke", "pop")
FPS = Fraction(30)
SIZE = (270, 480)
#: A colour that neither text nor background has.
GREEN = (0, 230, 60, 255)
Rgb8 = npt.NDArray[np.uint8]


def look(
    style: str,
    size_px: int = 18,
    stroke_px: int = 1,
    active: Rgba = GREEN,
    position: CaptionPosition = "bottom",
    safe: bool = True,
) -> CaptionLook:
    changes = {
        "size_px": size_px,
        "active_color": active,
        "said_color": active if style == "karaoke" else (255, 255, 255, 255),
        "stroke_px": stroke_px,
        "position": position,
        "safe_area": safe,
    }
    return look_of(presets()[style], SIZE, "en").model_copy(update=changes)


def renderer(of: CaptionLook, size: tuple[int, int] = SIZE) -> CaptionRenderer:
    fonts = FontStack((*font_stack(of.font, {}).faces, *font_stack("Heebo ExtraBold", {}).faces))
    return CaptionRenderer(of, *size, fonts)


def cues_of(text: str, of: CaptionLook, size: tuple[int, int] = SIZE, frames: int = 8) -> tuple[Cue, ...]:
    texts, step = text.split(), frames * 1600
    words = [TimedWord(word, (i + 1) * step, (i + 2) * step - 1000) for i, word in enumerate(texts)]
    limits = CueRules(4, 2, caption_width_px(*size, of.safe_area), FPS)
    measure = caption_measure(of, font_stack(of.font, {}))
    return build_cues(0, words, range(0, (len(texts) + 3) * frames), limits, measure)


def picture(sprites: Sequence[Sprite], background: int = 128, size: tuple[int, int] = SIZE) -> Rgb8:
    out = rgb_to_yuv(np.full((size[1], size[0], 3), background, np.uint8))
    for sprite in sprites:
        blend(sprite, out)
    return yuv_to_rgb(out)


def green_columns(rgb: Rgb8) -> npt.NDArray[np.intp]:
    red, green, blue = (rgb[:, :, channel].astype(int) for channel in range(3))
    marked: npt.NDArray[np.intp] = np.flatnonzero(((green > red + 90) & (green > blue + 60)).any(axis=0))
    return marked


def words_of(cues: Sequence[Cue]) -> Iterator[tuple[Cue, CueWord]]:
    return ((cue, word) for cue in cues for line in cue.lines for word in line)


@pytest.mark.parametrize("style", MARKING)
def test_the_marked_word_changes_at_exactly_its_frame(style: str) -> None:
    # One line, so that columns tell words apart; the last frame before each word, and its own.
    of = look(style)
    cues = cues_of("mmm mmm mmm", of)
    captions = renderer(of)
    (cue,) = cues
    starts = [word.start_frame for _, word in words_of(cues)]

    rights = [
        green_columns(picture(captions.sprites(cues, frame))).max()
        for frame in range(starts[0], starts[2] + 1)
    ]

    before, at = rights[starts[1] - 1 - starts[0]], rights[starts[1] - starts[0]]
    assert at > before + 4
    assert rights[starts[2] - starts[0]] > rights[starts[2] - 1 - starts[0]] + 4
    assert cue.start_frame == starts[0]
    settled = rights[6 : starts[1] - starts[0]]
    if style != "karaoke":
        assert np.ptp(settled) <= 1


@pytest.mark.parametrize("style", MARKING)
def test_a_word_is_marked_on_the_first_frame_of_its_caption(style: str) -> None:
    of = look(style)
    cues = cues_of("night falls", of)

    marked = green_columns(picture(renderer(of).sprites(cues, cues[0].start_frame)))

    assert marked.size > 0


def test_karaoke_fills_a_word_steadily_and_leaves_it_filled() -> None:
    of = look("karaoke")
    cues = cues_of("mountains burn", of)
    captions = renderer(of)
    word = cues[0].lines[0][0]

    counts = [
        green_columns(picture(captions.sprites(cues, frame))).size
        for frame in range(word.start_frame + 3, word.end_frame + 3)
    ]

    assert counts == sorted(counts)
    assert counts[-1] > counts[0] * 1.5


def test_karaoke_fills_right_to_left_words_from_the_right() -> None:
    of = look("karaoke")
    cues = cues_of("שששששששש", of)

    marked = green_columns(picture(renderer(of).sprites(cues, cues[0].start_frame + 3)))

    assert marked.min() > SIZE[0] / 2 - 10


def test_a_phrase_marks_nothing() -> None:
    of = look("phrase")
    cues = cues_of("night falls", of)
    captions = renderer(of)

    assert all(green_columns(picture(captions.sprites(cues, frame))).size == 0 for frame in range(8, 26))


@pytest.mark.parametrize("style", STYLES)
def test_nothing_is_drawn_before_and_after_a_caption(style: str) -> None:
    of = look(style)
    cues = cues_of("night falls", of)
    captions = renderer(of)

    assert not captions.sprites(cues, cues[0].start_frame - 1)
    assert captions.sprites(cues, cues[0].start_frame)
    assert captions.sprites(cues, cues[0].end_frame - 1)
    assert not captions.sprites(cues, cues[0].end_frame)


def test_after_the_last_word_its_caption_stays_unmarked() -> None:
    of = look("highlight")
    cues = cues_of("night falls", of)
    last = cues[0].lines[-1][-1]

    assert last.end_frame < cues[0].end_frame
    assert green_columns(picture(renderer(of).sprites(cues, last.end_frame))).size == 0


@pytest.mark.parametrize("style", STYLES)
def test_frames_do_not_depend_on_the_frames_asked_for_before(style: str) -> None:
    of = look(style)
    cues = cues_of("every night the sky above the mountains turns to fire", of)
    in_order, shuffled = renderer(of), renderer(of)
    frames = list(range(0, cues[-1].end_frame, 3))
    expected = {frame: picture(in_order.sprites(cues, frame)) for frame in frames}

    for frame in random.Random(1).sample(frames, len(frames)):
        assert np.array_equal(picture(shuffled.sprites(cues, frame)), expected[frame])


@pytest.mark.parametrize("style", STYLES)
def test_cues_that_began_before_the_segment_look_the_same(style: str) -> None:
    of = look(style)
    cues = cues_of("night falls", of)
    earlier = tuple(_shifted(cue, -10) for cue in cues)

    whole = picture(renderer(of).sprites(cues, cues[0].start_frame + 11))

    assert np.array_equal(whole, picture(renderer(of).sprites(earlier, cues[0].start_frame + 1)))


def _shifted(cue: Cue, frames: int) -> Cue:
    def move(word: CueWord) -> CueWord:
        return word.model_copy(
            update={"start_frame": word.start_frame + frames, "end_frame": word.end_frame + frames}
        )

    lines = tuple(tuple(move(word) for word in line) for line in cue.lines)
    return cue.model_copy(
        update={"start_frame": cue.start_frame + frames, "end_frame": cue.end_frame + frames, "lines": lines}
    )


def test_renderers_in_several_threads_draw_the_same() -> None:
    of = look("pop")
    cues = cues_of("every night the sky above the mountains turns to fire", of)

    def film() -> list[Rgb8]:
        captions = renderer(of)
        return [picture(captions.sprites(cues, frame)) for frame in range(8, 60, 4)]

    with ThreadPoolExecutor(4) as pool:
        films = [future.result() for future in [pool.submit(film) for _ in range(4)]]

    assert all(np.array_equal(films[0], other) for other in films[1:])


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


BOUNDS = [
    pytest.param((270, 480), 18, 1, id="phone"),
    pytest.param((64, 64), 4, 1, id="tiny"),
    pytest.param((64, 64), 24, 2, id="tiny frame, huge text"),
    pytest.param((64, 640), 24, 1, id="narrow"),
    pytest.param((640, 64), 100, 8, id="flat"),
    pytest.param((480, 270), 100, 0, id="landscape, huge text"),
]


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
def test_the_spoken_word_never_touches_another(style: str, size_px: int) -> None:
    of = look(style, size_px=size_px, stroke_px=size_px // 14)
    cues = cues_of("fig mmmm to jagged fjords É gag jaj fÅf", of)
    captions = renderer(of)
    for frame in range(cues[0].start_frame, cues[-1].end_frame):
        base, *active = captions.sprites(cues, frame)
        covered = _solid(base)
        for sprite in active:
            assert not (covered & _solid(sprite)).any()


def _solid(sprite: Sprite) -> npt.NDArray[np.bool_]:
    """Where a sprite hides the picture: letters and boxes, not the shadow."""
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


@pytest.mark.parametrize(
    ("fps", "grown_after_frames"), [(Fraction(15), 2), (Fraction(30), 5), (Fraction(60), 10)]
)
def test_a_spoken_word_grows_in_a_sixth_of_a_second(fps: Fraction, grown_after_frames: int) -> None:
    of = look("pop", size_px=40, stroke_px=2)
    cues = cues_of("mm mm", of, frames=20)
    captions = CaptionRenderer(of, *SIZE, font_stack(of.font, {}), fps)
    second = cues[0].lines[-1][-1].start_frame

    frames = [picture(captions.sprites(cues, frame)) for frame in range(second, second + 14)]

    assert [np.array_equal(frames[-1], frame) for frame in frames].index(True) == grown_after_frames - 1


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
