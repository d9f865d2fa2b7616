"""Which words stand together, on which lines, and when they are seen."""

import random
import time
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

import pytest

from src.engines.subtitle.cues import CueRules, build_cues
from src.media.timebase import frames_of_samples
from src.models.caption_plan import Cue, CueWord
from src.models.words import TimedWord

FPS = Fraction(30)
#: Samples of one frame.
FRAME = 1600
LONG = range(0, 100_000)


def spoken(text: str, frames: int = 9, silence: int = 1) -> list[TimedWord]:
    """Speak a word every `frames` frames, the last `silence` of which are silent."""
    words = text.split()
    return [
        TimedWord(w, i * frames * FRAME, ((i + 1) * frames - silence) * FRAME) for i, w in enumerate(words)
    ]


def rules(max_words: int = 4, max_lines: int = 2, width: float = 1000, fps: Fraction = FPS) -> CueRules:
    return CueRules(max_words, max_lines, width, fps)


def shown(cues: Sequence[Cue]) -> list[str]:
    """Write cues as text, lines parted by a slash."""
    return [" / ".join(" ".join(word.text for word in line) for line in cue.lines) for cue in cues]


def cues_of(text: str, max_words: int = 4, max_lines: int = 2, width: float = 1000) -> list[str]:
    return shown(build_cues(0, spoken(text), LONG, rules(max_words, max_lines, width), len))


def words_of(cues: Sequence[Cue]) -> list[CueWord]:
    return [word for cue in cues for line in cue.lines for word in line]


def test_sentences_never_share_a_caption() -> None:
    assert cues_of("The sky burns. Nobody knows why. Look!") == [
        "The sky burns.",
        "Nobody knows why.",
        "Look!",
    ]


def test_the_last_word_of_a_sentence_is_never_left_alone() -> None:
    assert [len(cue.split()) for cue in cues_of("one two three four five.")] == [3, 2]
    assert [len(cue.split()) for cue in cues_of("one two three four five six seven eight nine.")] == [3, 3, 3]


def test_captions_prefer_to_end_where_a_clause_ends() -> None:
    assert cues_of("When it rains, the sky turns gray.") == ["When it rains,", "the sky turns gray."]


def test_a_clause_of_one_word_does_not_stand_alone() -> None:
    assert cues_of("Well, that was quite fast.") == ["Well, that", "was quite fast."]


@pytest.mark.parametrize("text", ["Ask Dr. Smith now", "Try e.g. this one", "Meet J. Doe today"])
def test_the_full_stop_of_an_abbreviation_ends_nothing(text: str) -> None:
    assert cues_of(text) == [text]


def test_an_emoji_behind_a_sentence_is_seen_with_it() -> None:
    assert cues_of("The sky burns! 🔥 🎉 Look there.") == ["The sky", "burns! 🔥 🎉", "Look there."]
    assert cues_of("Look! 👀 Now.", max_words=3) == ["Look! 👀", "Now."]


def test_one_word_at_a_time_when_asked_for() -> None:
    assert cues_of("one two. three", max_words=1) == ["one", "two.", "three"]


def test_lines_are_broken_by_width_and_balanced() -> None:
    assert cues_of("aaaa bbbb cccc dddd", width=15) == ["aaaa bbbb / cccc dddd"]


def test_a_caption_that_needs_too_many_lines_gets_fewer_words() -> None:
    assert cues_of("aaaa bbbb cccc dddd", max_lines=1, width=10) == ["aaaa bbbb", "cccc dddd"]


def test_a_word_wider_than_the_line_stands_by_itself() -> None:
    assert cues_of("a incomprehensible b c", max_lines=1, width=12) == [
        "a",
        "incomprehensible",
        "b c",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("wait — what ?", ["wait — what?"]),
        ("« hello » she said", ["«hello» she said"]),
        ("¿ qué pasa ?", ["¿qué pasa?"]),
        ("- first", ["-first"]),
        ("rock & roll", ["rock & roll"]),
        ("the end (", ["the end("]),
        ("... !", []),
    ],
)
def test_punctuation_joins_its_neighbour(text: str, expected: list[str]) -> None:
    assert cues_of(text) == expected


def test_white_space_inside_of_a_word_becomes_one_space_and_empty_words_vanish() -> None:
    words = [TimedWord("New\n York ", 0, FRAME * 9), TimedWord("  ", FRAME * 9, FRAME * 10)]

    assert shown(build_cues(0, words, LONG, rules(), len)) == ["New York"]


def test_a_short_silence_is_bridged() -> None:
    first, second = build_cues(0, spoken("one. two.", frames=20, silence=10), LONG, rules(), len)

    assert first.end_frame == second.start_frame == 20
    assert first.end_ms == second.start_ms
    assert words_of([first])[-1].end_frame == 20


def test_before_a_long_silence_the_caption_lingers_and_its_word_does_not() -> None:
    first, second = build_cues(0, spoken("one. two.", frames=40, silence=20), LONG, rules(), len)

    assert (first.end_frame, second.start_frame) == (28, 40)  # a quarter of a second: 7.5 frames
    assert words_of([first])[-1].end_frame == 20


def test_a_long_silence_parts_captions_inside_of_a_sentence() -> None:
    words = [
        *spoken("one two"),
        TimedWord("three", 60 * FRAME, 70 * FRAME),
        TimedWord("four", 70 * FRAME, 80 * FRAME),
    ]

    assert shown(build_cues(0, words, LONG, rules(), len)) == ["one two", "three four"]


def test_a_caption_leaves_when_its_scene_ends() -> None:
    (cue,) = build_cues(3, spoken("one two"), range(0, 18), rules(), len)

    assert (cue.scene, cue.end_frame, cue.end_ms) == (3, 18, 600)


def test_words_light_up_at_the_frame_nearest_to_their_start() -> None:
    words = [TimedWord("a", 799, 5000), TimedWord("b", 16_000 + 800, 20_000), TimedWord("c", 33_599, 40_000)]

    cues = build_cues(0, words, LONG, rules(), len)

    assert [word.start_frame for word in words_of(cues)] == [0, 11, 21]
    assert [word.end_frame for word in words_of(cues)] == [11, 21, 25]


def test_captions_that_would_flash_take_in_their_neighbour() -> None:
    # 67 ms each; after the last one there is room to stay.
    cues = build_cues(0, spoken("No. Go. Yes.", frames=2, silence=0), LONG, rules(), len)

    assert shown(cues) == ["No. Go.", "Yes."]


@pytest.mark.no_cover
def test_thousands_of_words_at_one_time_are_grouped_in_seconds() -> None:
    words = [TimedWord(f"w{number}", 0, FRAME) for number in range(1000)]
    before = time.process_time()

    cues = build_cues(0, words, LONG, rules(), len)

    assert len(words_of(cues)) == 1000
    assert time.process_time() - before < 10


def test_times_that_run_backwards_are_mended() -> None:
    words = [TimedWord("a", 9600, 20_000), TimedWord("b", 4800, 6000)]

    timed = words_of(build_cues(0, words, LONG, rules(), len))

    assert [(word.start_frame, word.start_ms) for word in timed] == [(6, 200), (6, 200)]


def test_no_words_or_no_frames_give_no_captions() -> None:
    assert build_cues(0, [], LONG, rules(), len) == ()
    assert build_cues(0, spoken("one"), range(5, 5), rules(), len) == ()


def random_words(chance: random.Random) -> list[TimedWord]:
    words, at = [], chance.randint(0, 20_000)
    for _ in range(chance.randint(1, 60)):
        length = chance.randint(3000, 30_000)
        text = "x" * chance.randint(1, 12) + chance.choice(["", "", "", ",", ".", "?!", " —"])
        words.append(TimedWord(text, at, at + length))
        at += length + chance.choice([0, 0, 500, 5000, 20_000, 60_000])
    return words


@pytest.mark.parametrize("seed", range(60))
def test_rules_hold_for_any_words(seed: int) -> None:
    chance = random.Random(seed)
    words = random_words(chance)
    limits = rules(
        chance.randint(1, 12),
        chance.randint(1, 4),
        chance.randint(10, 40),
        chance.choice([FPS, Fraction(24000, 1001)]),
    )
    scene = range(0, frames_of_samples(words[-1].end_sample, limits.fps) + chance.randint(0, 20))

    cues = build_cues(0, words, scene, limits, len)

    assert [word.text for word in words_of(cues)] == [word.text for word in words]
    assert [word.start_frame for word in words_of(cues)] == [
        min(frames_of_samples(word.start_sample, limits.fps), scene.stop - 1) for word in words
    ]
    for cue in cues:
        assert 0 <= cue.start_frame < cue.end_frame <= scene.stop
        # Only a caption that would flash without one of its words holds too much.
        if len(words_of([cue])) > limits.max_words or len(cue.lines) > limits.max_lines:
            starts = [word.start_ms for word in words_of([cue])]
            assert min(after - before for before, after in pairwise([*starts, cue.end_ms])) < 125
        for line in cue.lines:
            assert len(line) == 1 or len(" ".join(word.text for word in line)) <= limits.max_width_px
        for word in words_of([cue]):
            assert cue.start_frame <= word.start_frame <= word.end_frame <= cue.end_frame
            assert cue.start_ms <= word.start_ms <= word.end_ms <= cue.end_ms
    for before, after in pairwise(cues):
        assert before.end_frame <= after.start_frame
        assert before.end_ms <= after.start_ms
    for before_word, after_word in pairwise(words_of(cues)):
        assert before_word.end_frame <= after_word.start_frame


@pytest.mark.parametrize("seed", range(30))
def test_no_caption_flashes_however_fast_the_speech(seed: int) -> None:
    chance = random.Random(seed)
    words = [
        TimedWord("x" * chance.randint(1, 8) + chance.choice(["", "", "", "."]), at * 3000, (at + 1) * 3000)
        for at in range(60)
    ]

    cues = build_cues(0, words, LONG, rules(4), len)

    assert all(cue.end_ms - cue.start_ms >= 120 for cue in cues)


@pytest.mark.parametrize("most", [2, 3, 4])
def test_a_number_and_its_unit_stand_in_one_line(most: int) -> None:
    cues = cues_of("The mountain is exactly 3,343 m high today.", max_words=most, width=16)

    assert any("3,343 m" in line for cue in cues for line in cue.split(" / "))


def test_units_are_known_by_their_names_in_the_language_of_the_text() -> None:
    arabic = rules(max_words=2)._replace(language="ar")

    assert "150 كيلومترا" in shown(build_cues(0, spoken("الجسر الكبير هنا 150 كيلومترا"), LONG, arabic, len))


def test_one_word_at_a_time_parts_a_number_from_its_unit() -> None:
    assert cues_of("3,343 m high", max_words=1) == ["3,343", "m", "high"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#4. The tower grows.", ["#4. The tower grows."]),
        ("It grows. 4. The tower leans.", ["It grows.", "4. The tower leans."]),
        ("Ready? 2. 1. Go!", ["Ready?", "2.", "1. Go!"]),
        ("We are 4. You are 5.", ["We are 4.", "You are 5."]),
    ],
)
def test_the_number_of_a_list_stands_with_its_entry(text: str, expected: list[str]) -> None:
    assert cues_of(text) == expected


def test_the_number_of_a_list_waits_for_its_entry_over_a_pause_but_not_for_ever() -> None:
    def told(pause: int) -> list[str]:
        number, *entry = spoken("4. tower grows")
        later = [
            word._replace(
                start_sample=word.start_sample + pause * FRAME, end_sample=word.end_sample + pause * FRAME
            )
            for word in entry
        ]
        return shown(build_cues(0, [number, *later], LONG, rules(), len))

    assert told(20) == ["4. tower grows"]
    assert told(60) == ["4.", "tower grows"]
