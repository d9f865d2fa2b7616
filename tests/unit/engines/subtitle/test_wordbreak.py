"""Words far too wide for a line."""

from fractions import Fraction

import pytest

from src.engines.subtitle.cues import CueRules, build_cues
from src.engines.subtitle.layout import arrange, caption_measure, caption_width_px
from src.engines.subtitle.presets import presets
from src.engines.subtitle.sidecars import write
from src.engines.subtitle.text import texts_of
from src.engines.subtitle.wordbreak import Room, word_parts
from src.media.lettering import font_stack
from src.models.caption_plan import Cue
from src.models.words import TimedWord
from src.plan.captions import look_of

COMPOUND = "Kraftfahrzeughaftpflichtversicherung"
SIZE = (1080, 1920)


def written(text: str, width: int, lines: int = 2, least: int = 50) -> list[str]:
    parts = word_parts(text, Room(width, lines, least), len)
    return [part.text + (part.carried or "") for part in parts]


def test_a_word_that_shrinks_to_a_size_that_can_be_read_stays_whole() -> None:
    assert written("x" * 20, 10) == ["x" * 20]
    assert written("x" * 21, 10) != ["x" * 21]


def test_parts_fit_the_line_and_are_about_as_wide_as_each_other() -> None:
    parts = written(COMPOUND, 14, lines=1)

    assert "".join(part.removesuffix("-") for part in parts) == COMPOUND
    assert all(part.endswith("-") for part in parts[:-1])
    assert max(map(len, parts)) <= 14
    assert min(map(len, parts)) >= 8


def test_a_word_is_rather_set_smaller_than_in_more_lines_than_may_be() -> None:
    assert len(written("x" * 33, 14)) == 2
    assert len(written("x" * 55, 14)) > 2


@pytest.mark.parametrize(
    ("address", "parts"),
    [
        ("https://example.com/winter-2026?ref=short", ["https://example.com/", "winter-2026?ref=short"]),
        ("example.com/islands", ["example.com/", "islands"]),
        ("firstname.lastname@mail.example.com", ["firstname.lastname@", "mail.example.com"]),
        ("#TheBestDayOfAllYourLives2026", ["#TheBestDayOf", "AllYourLives2026"]),
        ("a.longhostnamewithoutanyplacetodivide.com", ["a.longhostnamewithoutanyplacetodivide.", "com"]),
    ],
)
def test_addresses_and_tags_are_divided_at_their_marks_and_words(address: str, parts: list[str]) -> None:
    assert written(address, len(max(parts, key=len)), least=95) == parts


def captions(text: str, max_words: int = 4) -> list[list[str]]:
    """Break a text into captions of two lines of 16 letters, words that are too wide divided at once."""
    step = 24_000
    words = [TimedWord(word, at * step, (at + 1) * step) for at, word in enumerate(text.split())]
    rules = CueRules(max_words, 2, 16, Fraction(30), 100)
    cues = build_cues(0, words, range(600), rules, len)
    return [[" ".join(word.written for word in line) for line in cue.lines] for cue in cues]


def test_a_word_that_would_stand_alone_beside_a_divided_one_finds_room_on_its_lines() -> None:
    assert captions("site.com/abc/defghi please. Now") == [["site.com/abc/", "defghi please."], ["Now"]]
    assert captions("Visit abc.io/def/ghi/jk.org. Now") == [["Visit abc.io/", "def/ghi/jk.org."], ["Now"]]


def test_a_divided_word_is_one_of_those_that_a_caption_may_have() -> None:
    assert captions("site.com/abc/defghi please", max_words=2) == [["site.com/abc/", "defghi please"]]


def test_a_word_is_not_divided_at_a_worse_place_for_one_beside_it() -> None:
    assert captions("Never Dampfschifffahrtskapitän") == [["Never"], ["Dampfschiff-", "fahrtskapitän"]]


def test_a_word_without_end_costs_little_and_comes_part_by_part() -> None:
    parts = written("abcde" * 1000, 10)

    assert len(parts) > 500
    assert max(map(len, parts)) <= 10


def cues_of(style: str, *words: str) -> tuple[Cue, ...]:
    of = presets()[style]
    look = look_of(of, SIZE, "de")
    rules = CueRules(of.max_words, of.max_lines, caption_width_px(*SIZE, True), Fraction(30), of.font.least)
    timed = [TimedWord(word, place * 48_000, (place + 1) * 48_000) for place, word in enumerate(words)]
    return build_cues(0, timed, range(0, 400), rules, caption_measure(look, font_stack(look.font, {})))


@pytest.mark.parametrize("style", presets())
@pytest.mark.parametrize("word", [COMPOUND, "https://example.com/a/very/long/address", "i" * 90])
def test_no_word_is_set_smaller_than_its_style_allows(style: str, word: str) -> None:
    look = look_of(presets()[style], SIZE, "de")
    for cue in cues_of(style, "die", word, "zahlt"):
        set_in = arrange(texts_of(cue, look), look, font_stack(look.font, {}), SIZE)
        assert set_in.proportions.size_px >= look.size_px * presets()[style].font.least // 100 - 2


def test_a_divided_word_fills_line_by_line_while_it_is_said() -> None:
    whole = next(cue for cue in cues_of("karaoke", "die", COMPOUND, "zahlt") if len(cue.lines) == 2)
    (first,), (second,) = whole.lines

    assert (first.written[-1], second.joined, second.carried) == ("-", True, None)
    assert first.start_ms == 1000
    assert first.end_ms == second.start_ms
    assert second.end_ms == 2000
    assert (first.end_ms - 1000) / 1000 == pytest.approx(len(first.text) / len(COMPOUND), abs=0.01)


def test_an_address_is_no_end_of_a_sentence_and_stays_in_one_caption() -> None:
    cues = cues_of("highlight", "see", "https://www.example.com/very/long/path?query=string", "now")

    assert [len(cue.lines) for cue in cues] == [1, 2, 1]


def test_a_script_has_the_hyphen_and_words_are_whole_in_other_sidecars() -> None:
    look = look_of(presets()["karaoke"], SIZE, "de")
    cues = cues_of("karaoke", COMPOUND)
    lines = [word.written for line in cues[0].lines for word in line]

    assert f"\n{COMPOUND}\n" in write("srt", cues, look, *SIZE)
    assert f"{lines[0]}\\N" in write("ass", cues, look, *SIZE)
    assert f'"text": "{COMPOUND}", "start": 0.0, "end": 1.0' in write("words", cues, look, *SIZE)
