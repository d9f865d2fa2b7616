"""Captions on real frames: the right word at its frame, whatever was drawn before."""

import random
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import numpy as np
import pytest

from src.engines.subtitle.sprites import CaptionRenderer
from src.media.lettering import font_stack
from src.models.caption_plan import Cue, CueWord
from tests.render.caption_drawing import (
    MARKING,
    SIZE,
    STYLES,
    Rgb8,
    cues_of,
    green_columns,
    look,
    picture,
    renderer,
    words_of,
)


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


@pytest.mark.parametrize("style", MARKING)
def test_an_emoji_is_not_marked_and_the_word_before_it_stays_so(style: str) -> None:
    of = look(style)
    cues = cues_of("mmm 🔥 mmm", of)
    captions = renderer(of)
    _, emoji = [word for _, word in words_of(cues)][:2]
    frames = (emoji.start_frame - 1, emoji.start_frame, emoji.end_frame - 1)

    sides = [
        (marked.min(), marked.max())
        for marked in (green_columns(picture(captions.sprites(cues, frame))) for frame in frames)
    ]

    widest = SIZE[0] / 2 if style == "karaoke" else sides[0][1] + 3
    assert all(abs(left - sides[0][0]) <= 3 and right <= widest for left, right in sides)


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


def test_karaoke_fills_numbers_from_the_left_among_words_from_the_right() -> None:
    of = look("karaoke", size_px=40, stroke_px=2)
    cues = cues_of("שלום 20000000!", of, frames=20)
    captions = renderer(of)
    number = cues[0].lines[-1][-1]

    green = [
        green_columns(picture(captions.sprites(cues, frame)))
        for frame in range(number.start_frame, number.end_frame)
    ]
    middle = green[len(green) // 2]

    assert middle[middle < SIZE[0] * 0.75].min() < SIZE[0] * 0.3
    assert green[2].min() == pytest.approx(middle.min(), abs=2)
    assert green[-1].min() < middle.min() - 2, "the mark of the sentence stands on the left and comes last"


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
    ("fps", "grown_after_frames"), [(Fraction(15), 2), (Fraction(30), 5), (Fraction(60), 10)]
)
def test_a_spoken_word_grows_in_a_sixth_of_a_second(fps: Fraction, grown_after_frames: int) -> None:
    of = look("pop", size_px=40, stroke_px=2)
    cues = cues_of("mm mm", of, frames=20)
    captions = CaptionRenderer(of, *SIZE, font_stack(of.font, {}), fps)
    second = cues[0].lines[-1][-1].start_frame

    frames = [picture(captions.sprites(cues, frame)) for frame in range(second, second + 14)]

    assert [np.array_equal(frames[-1], frame) for frame in frames].index(True) == grown_after_frames - 1
