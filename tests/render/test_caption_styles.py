"""What styles say is what is seen: emphasis, boxes, marks, entrances, casing, words without gaps, emoji."""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import numpy.typing as npt
import pytest

from src.engines.subtitle.cues import CueRules, build_cues
from src.engines.subtitle.layout import arrange, caption_measure, caption_width_px
from src.engines.subtitle.presets import presets, style_of
from src.engines.subtitle.sprites import CaptionRenderer
from src.engines.subtitle.text import texts_of
from src.media.colour import rgb_to_yuv, sprite_of_rgba, yuv_to_rgb
from src.media.lettering import Drawn, FontStack, Lettering, font_stack
from src.media.planes import blend
from src.models.caption_plan import CaptionLook, Cue
from src.models.captions import Captions
from src.models.words import TimedWord
from src.plan.captions import look_of

SIZE = (540, 960)
FPS = Fraction(30)
FRAMES = 10
Rgb8 = npt.NDArray[np.uint8]


def look(**style: object) -> CaptionLook:
    return look_of(style_of(Captions.model_validate({"style": style}), presets()), SIZE, "en")


def stack(of: CaptionLook) -> FontStack:
    return FontStack((*font_stack(of.font, {}).faces, *font_stack("Heebo ExtraBold", {}).faces))


def cues_of(of: CaptionLook, *words: str) -> tuple[Cue, ...]:
    """Speak words for `FRAMES` each; `*` emphasises, `+` joins to the word before."""
    step = FRAMES * 1600
    timed = [
        TimedWord(word.strip("*+"), place * step, (place + 1) * step, "*" in word, "+" in word)
        for place, word in enumerate(words)
    ]
    rules = CueRules(12, 3, caption_width_px(*SIZE, of.safe_area), FPS)
    scene = range(0, len(words) * FRAMES + 12)
    return build_cues(0, timed, scene, rules, caption_measure(of, stack(of)))


def drawn(of: CaptionLook, cues: tuple[Cue, ...], frame: int, background: int = 60) -> Rgb8:
    out = rgb_to_yuv(np.full((SIZE[1], SIZE[0], 3), background, np.uint8))
    for sprite in CaptionRenderer(of, *SIZE, stack(of)).sprites(cues, frame):
        blend(sprite, out)
    return yuv_to_rgb(out)


def _like(picture: Rgb8, color: str) -> npt.NDArray[np.bool_]:
    near: npt.NDArray[np.bool_] = np.abs(picture.astype(int) - tuple(bytes.fromhex(color))).max(axis=2) < 25
    return near


def has(picture: Rgb8, color: Sequence[int], within: int = 30) -> int:
    """Count pixels of a colour."""
    return int((np.abs(picture.astype(int) - np.array(color[:3])).max(axis=2) <= within).sum())


@pytest.mark.parametrize("name", presets())
def test_emphasis_is_seen_in_every_style(name: str) -> None:
    of = look(base=name)
    plain, marked = cues_of(of, "red", "sky", "burns"), cues_of(of, "red", "*sky*", "burns")
    # When all is said: karaoke colours what has been said.
    last = plain[-1].end_frame - 1

    seen = drawn(of, marked, last), drawn(of, plain, last)

    assert has(seen[0], of.emphasis_color) > has(seen[1], of.emphasis_color) + 80


def test_words_that_are_joined_stand_without_a_gap_and_others_do_not() -> None:
    of = look(base="highlight")
    apart, joined = cues_of(of, "sky", "fall"), cues_of(of, "sky", "+fall")

    def gap(cues: tuple[Cue, ...]) -> int:
        first, second = arrange(texts_of(cues[0], of), of, stack(of), SIZE).words
        return second.x - first.x - first.width_px

    assert gap(apart) > 5
    assert gap(joined) == 0


def test_tracking_holds_within_words_and_between_joined_ones() -> None:
    plain, wide = (look(base="phrase", font={"tracking": tracking}) for tracking in (0, 100))
    step = wide.size_px * 0.1

    def placed(of: CaptionLook) -> list[int]:
        (cue,) = cues_of(of, "mmm", "+mmm", "so")
        words = arrange(texts_of(cue, of), of, stack(of), SIZE).words
        return [word.width_px for word in words] + [words[1].x - words[0].x - words[0].width_px]

    grown = [after - before for before, after in zip(placed(plain), placed(wide), strict=True)]
    assert grown == pytest.approx([2 * step, 2 * step, step, step], abs=1)
    measures = [caption_measure(of, stack(of))("mmm") for of in (plain, wide)]
    assert measures[1] - measures[0] == pytest.approx(2 * step, abs=1)


def test_the_box_of_a_joined_word_ends_where_its_letters_do() -> None:
    of = look(base="highlight", active_color="#00d060")
    cues = cues_of(of, "sky", "+fall", "+down")
    _, second, third = arrange(texts_of(cues[0], of), of, stack(of), SIZE).words

    columns = np.flatnonzero(_like(drawn(of, cues, FRAMES + 5), "00d060").any(axis=0))

    assert columns.min() >= second.x - 2
    assert columns.max() <= third.x + 2


def test_words_appear_as_they_are_spoken() -> None:
    of = look(base="typed", mark={"kind": "none"}, entrance={"kind": "none"})
    cues = cues_of(of, "one", "two", "three")

    inked = [has(drawn(of, cues, place * FRAMES + 5), (255, 255, 255)) for place in range(3)]

    assert 0 < inked[0] < inked[1] < inked[2]


def test_right_to_left_words_appear_from_the_right_and_lines_start_there() -> None:
    of = look(base="typed", align="start", mark={"kind": "none"}, entrance={"kind": "none"})
    cues = cues_of(of, "שלום", "עולם")

    white = np.flatnonzero((drawn(of, cues, 5) > 240).all(axis=2).any(axis=0))

    assert white.min() > SIZE[0] / 2
    assert white.max() > SIZE[0] * 0.82


def test_capitals_are_drawn_and_sidecars_keep_what_was_written() -> None:
    of = look(base="phrase", casing="upper")
    cues = cues_of(of, "straße")

    assert cues[0].lines[0][0].text == "straße"
    assert texts_of(cues[0], of)[0][0].text == "STRASSE"
    assert caption_measure(of, stack(of))("straße") == caption_measure(of, stack(of))("STRASSE")


def test_boxes_stand_behind_lines_words_and_blocks() -> None:
    inked = {}
    for kind in ("word", "line", "block"):
        of = look(base="phrase", stroke=0, box={"kind": kind, "color": "#00d060"}, shadow={"kind": "none"})
        inked[kind] = has(drawn(of, cues_of(of, "a", "mountain", "is", "burning", "now"), 30), (0, 208, 96))

    assert 0 < inked["line"] < inked["block"]
    assert inked["word"] != inked["line"]


def test_a_lifted_word_rises_and_the_others_stay() -> None:
    of = look(base="phrase", mark={"kind": "lift", "rise": 30}, active_color="#00d060")
    cues = cues_of(of, "mmm", "mmm")

    seen = drawn(of, cues, FRAMES + 8)

    lifted, resting = (np.flatnonzero(_like(seen, color).any(axis=1)) for color in ("00d060", "ffffff"))
    assert lifted.min() < resting.min() - 4


def test_an_underline_grows_from_where_reading_begins() -> None:
    of = look(
        base="phrase",
        stroke=0,
        mark={"kind": "underline", "easing": "linear", "duration_ms": 300},
        active_color="#00d060",
    )
    for text, starts_left in (("mountain", True), ("שששששש", False)):
        cues = cues_of(of, text)
        seen = [np.flatnonzero(_like(drawn(of, cues, at), "00d060").any(axis=0)) for at in (3, 9)]
        assert np.ptp(seen[0]) < np.ptp(seen[1])
        assert abs((seen[0].min() - seen[1].min()) if starts_left else (seen[0].max() - seen[1].max())) < 4


@pytest.mark.parametrize("kind", ["pop", "rise", "fade", "slide"])
def test_an_entrance_moves_and_comes_to_rest(kind: str) -> None:
    of = look(base="phrase", entrance={"kind": kind, "duration_ms": 200, "easing": "ease_out"})
    cues = cues_of(of, "mountains", "burn")
    frames = [drawn(of, cues, at) for at in range(10)]

    assert all(not np.array_equal(frames[at], frames[9]) for at in (0, 1))
    assert all(np.array_equal(frames[at], frames[9]) for at in range(6, 10))


@pytest.mark.parametrize("kind", ["pop", "rise", "fade", "slide"])
def test_what_is_on_screen_stays_still_while_more_comes_below_it(kind: str) -> None:
    of = look(base="phrase", entrance={"kind": kind, "duration_ms": 300})
    (first,), (second,) = cues_of(of, "mountains"), cues_of(of, "burn")
    both = first.model_copy(update={"lines": (*first.lines, *second.lines), "steady_lines": 1})
    alone = both.model_copy(update={"steady_lines": 2})
    frames = [drawn(of, (both,), at) for at in range(8)]
    border = arrange(texts_of(both, of), of, stack(of), SIZE).border_px(1)

    assert all(np.array_equal(frame[: border - 2], frames[7][: border - 2]) for frame in frames)
    assert not np.array_equal(frames[0][border:], frames[7][border:])
    assert np.array_equal(drawn(of, (alone,), 0), drawn(of, (alone,), 7))


def test_a_short_caption_has_arrived_after_half_of_its_time() -> None:
    of = look(base="phrase", entrance={"kind": "fade", "duration_ms": 2000})
    (cue,) = cues_of(of, "burn")
    half = (cue.start_frame + cue.end_frame) // 2

    assert np.array_equal(drawn(of, (cue,), half), drawn(of, (cue,), cue.end_frame - 1))


@pytest.mark.parametrize("text", ["ÅÊÑ", "gjpqy", "Ǻậ̈"])
def test_no_letter_leaves_its_box(text: str) -> None:
    of = look(base="highlight", active_color="#00d060", shadow={"kind": "none"}, entrance={"kind": "none"})
    seen = drawn(of, cues_of(of, text), 5, background=255)

    box = np.flatnonzero(_like(seen, "00d060").any(axis=1))
    letters = np.flatnonzero((seen.max(axis=2) < 60).any(axis=1))
    assert box.min() < letters.min()
    assert letters.max() < box.max()


def test_a_box_in_another_colour_has_letters_that_can_be_read() -> None:
    of = look(base="headline", active_color="#ffffff")

    seen = drawn(of, cues_of(of, "HHHH"), 8)

    assert has(seen, (14, 14, 18), 14) > 200


@pytest.mark.parametrize("mark", ["none", "color", "box", "fill", "grow", "lift", "underline", "glow"])
def test_emoji_keep_their_colours_in_every_mark(mark: str, monkeypatch: pytest.MonkeyPatch) -> None:
    of = look(base="phrase", mark={"kind": mark}, entrance={"kind": "none"}, active_color="#ffffff")
    _draw_pictures(monkeypatch)
    cues = cues_of(of, "fire")

    for at in (1, FRAMES - 2, FRAMES + 3):
        assert has(drawn(of, cues, at), (255, 0, 128)) > 100


def _draw_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a pink square into everything that is drawn: what it is made of is told elsewhere."""
    draw = Lettering.draw

    def with_picture(
        self: Lettering, text: str, size: tuple[int, int], origin: tuple[int, int], stroke_px: int
    ) -> Drawn:
        picture = np.zeros((size[1], size[0], 4), np.uint8)
        picture[origin[1] - 14 : origin[1], origin[0] + 2 : origin[0] + 16] = (255, 0, 128, 255)
        return draw(self, text, size, origin, stroke_px)._replace(picture=picture)

    monkeypatch.setattr(Lettering, "draw", with_picture)


def test_a_picture_is_blended_as_it_is() -> None:
    rgba = np.zeros((4, 4, 4), np.uint8)
    rgba[:, :2] = (200, 40, 90, 255)
    out = rgb_to_yuv(np.full((4, 4, 3), 60, np.uint8))

    blend(sprite_of_rgba(rgba, 0, 0), out)

    assert np.abs(yuv_to_rgb(out)[:, 0].astype(int) - (200, 40, 90)).max() < 12
