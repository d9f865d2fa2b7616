"""Captions from a file on the frames of a film."""

import json
from typing import Any

import pytest

from src.engines.subtitle.layout import arrange
from src.engines.subtitle.text import free_texts_of, texts_of
from src.media.lettering import font_stack
from src.models.caption_plan import Cue
from src.models.job import RenderJob
from src.models.subtitles import CaptionFile
from src.models.timeline import Timeline
from src.plan.film import plan
from src.text.timed_text import subrip_events, webvtt_events
from tests.unit.plan.facts_for import facts_for, job_of


def job_with(seconds: float = 10, **captions: Any) -> RenderJob:
    scenes = [{"duration": seconds / 2}, {"duration": seconds / 2}]
    return job_of(json.dumps({"captions": {"src": "c.srt", **captions}, "scenes": scenes}))


def planned(text: str, job: RenderJob) -> Timeline:
    events = webvtt_events(text) if text.startswith("WEBVTT") else subrip_events(text)
    return plan(job, facts_for(job)._replace(captions=CaptionFile(events, None, ())))


def cues_of(text: str, **captions: Any) -> tuple[Cue, ...]:
    return planned(text, job_with(**captions)).cues


def shown(cue: Cue) -> list[str]:
    return [" ".join(word.text for word in line) for line in cue.lines]


def times(cues: tuple[Cue, ...]) -> list[tuple[int, int]]:
    return [(cue.start_ms, cue.end_ms) for cue in cues]


def srt(*events: tuple[str, str, str]) -> str:
    return "\n".join(f"{n}\n00:00:{a} --> 00:00:{b}\n{text}\n" for n, (a, b, text) in enumerate(events, 1))


def test_times_and_lines_of_the_file_hold() -> None:
    (cue,) = cues_of(srt(("06,000", "08,500", "One two,\nthree")))
    assert (cue.scene, cue.start_frame, cue.end_frame) == (1, 180, 255)
    assert shown(cue) == ["One two,", "three"]


def test_emphasised_words_take_more_room() -> None:
    style = {"base": "phrase", "emphasis": {"scale": 160}}
    plain, large = (
        cues_of(srt(("01,000", "02,000", text)), style=style)[0]
        for text in ("one two three four", "**one two three four**")
    )
    assert (len(plain.lines), len(large.lines)) == (1, 2)


def test_words_are_spread_by_their_letters() -> None:
    (cue,) = cues_of(srt(("01,000", "02,000", "a bbb\ncccccc")))
    assert [(w.start_ms, w.end_ms) for line in cue.lines for w in line] == [
        (1000, 1100),
        (1100, 1400),
        (1400, 2000),
    ]
    assert [w.start_frame for line in cue.lines for w in line] == [30, 33, 42]


def test_words_take_the_times_that_the_file_tells() -> None:
    text = "WEBVTT\n\n00:01.000 --> 00:04.000\nOne <00:03.000>two <00:03.500><b>three</b> <00:09.000>four\n"
    (cue,) = cues_of(text, max_lines=4)
    words = [word for line in cue.lines for word in line]
    assert [word.start_ms for word in words] == [1000, 3000, 3500, 3777]
    assert [word.emphasised for word in words] == [False, False, True, False]


def test_stars_and_bold_are_emphasis_and_part_of_a_word_is_the_word() -> None:
    (cue,) = cues_of(srt(("01,000", "02,000", "**One** <b>t</b>wo three")), max_lines=4)
    assert [(w.text, w.emphasised) for line in cue.lines for w in line] == [
        ("One", True),
        ("two", True),
        ("three", False),
    ]


def test_what_is_too_wide_is_broken_anew_and_seen_in_parts() -> None:
    words = "seven words that are much too wide"
    cues = cues_of(srt(("01,000", "05,000", words)), max_lines=1)
    assert [word for cue in cues for line in shown(cue) for word in line.split()] == words.split()
    assert all(len(cue.lines) == 1 for cue in cues)
    assert len(cues) > 1
    assert (cues[0].start_ms, cues[-1].end_ms) == (1000, 5000)
    assert [cue.end_ms for cue in cues[:-1]] == [cue.start_ms for cue in cues[1:]]


@pytest.mark.parametrize(
    ("text", "together"),
    [
        ("In 1889 the tower was about 312 m high", "312 m"),
        ("The whole of it did cost 65 million dollars", "65 million dollars"),
        ("It is open every day. 2. The river below", "2. The"),
    ],
)
def test_what_is_read_together_shares_a_line_of_a_caption_that_is_broken_anew(
    text: str, together: str
) -> None:
    for size in range(40, 76, 3):
        cues = cues_of(srt(("01,000", "05,000", text)), style="phrase", font={"size": size}, max_lines=2)
        assert any(together in line for cue in cues for line in shown(cue))


@pytest.mark.parametrize(
    ("position", "together"),
    [("bottom", ["Two", "One"]), ("center", ["One", "Two"]), ("top", ["One", "Two"])],
)
def test_captions_at_the_same_time_stand_above_or_below_each_other(
    position: str, together: list[str]
) -> None:
    cues = cues_of(srt(("01,000", "03,000", "One"), ("02,000", "04,000", "Two")), position=position)
    assert [(*span, shown(cue)) for span, cue in zip(times(cues), cues, strict=True)] == [
        (1000, 2000, ["One"]),
        (2000, 3000, together),
        (3000, 4000, ["Two"]),
    ]


def test_only_what_joins_captions_on_screen_comes_anew() -> None:
    cues = cues_of(
        srt(("01,000", "04,000", "One\nmore"), ("02,000", "05,000", "Two"), ("06,000", "07,000", "x"))
    )

    assert [(shown(cue), cue.steady_lines, cue.steady_last) for cue in cues] == [
        (["One", "more"], 0, 0),
        (["Two", "One", "more"], 0, 2),
        (["Two"], 1, 0),
        (["x"], 0, 0),
    ]


@pytest.mark.parametrize("position", ["bottom", "center", "top"])
def test_captions_stay_where_they_are_while_others_come_and_leave(position: str) -> None:
    text = srt(
        ("01,000", "04,000", "One\nmore"),
        ("02,000", "06,000", "Twofold"),
        ("03,000", "08,000", "Tréble"),
        ("05,000", "07,000", "jig"),
        ("05,500", "07,500", "last"),
    )
    timeline = planned(text, job_with(position=position, style="bold"))
    size, fonts = (timeline.width, timeline.height), font_stack(timeline.look.font, {})

    places: dict[str, set[tuple[int, int]]] = {}
    for cue in timeline.cues:
        texts, free = texts_of(cue, timeline.look), free_texts_of(cue, timeline.look)
        for word in arrange(texts, timeline.look, fonts, size, None, free).words:
            places.setdefault(word.text, set()).add((word.x, word.baseline))

    assert {text: len(found) for text, found in places.items()} == dict.fromkeys(
        ["ONE", "MORE", "TWOFOLD", "TRÉBLE", "JIG", "LAST"], 1
    )
    assert len({y for found in places.values() for _, y in found}) <= 5


def test_places_that_are_free_are_given_up_before_captions_are_shrunk_for_them() -> None:
    many = [(f"0{at},000", f"0{at + 2},500", f"w{at}\nx") for at in range(1, 7)]

    for position in ("bottom", "center", "top"):
        cues = cues_of(srt(*many), position=position, max_lines=2)
        assert max(len(cue.lines) + len(cue.free_lines) for cue in cues) <= 6


def test_a_caption_that_would_flash_lasts_longer_and_short_gaps_are_bridged() -> None:
    cues = cues_of(
        srt(
            ("01,000", "01,020", "One"),
            ("01,500", "02,000", "Two"),
            ("02,050", "02,060", "x"),
            ("02,100", "03,000", "y"),
        )
    )
    assert times(cues) == [(1000, 1120), (1500, 2050), (2050, 2100), (2100, 3000)]


def test_captions_that_overlap_for_a_moment_follow_each_other() -> None:
    cues = cues_of(srt(("01,000", "02,050", "One"), ("02,000", "03,000", "Two"), ("02,900", "03,000", "x")))
    assert [(*span, shown(cue)) for span, cue in zip(times(cues), cues, strict=True)] == [
        (1000, 2000, ["One"]),
        (2000, 2900, ["Two"]),
        (2900, 3020, ["x"]),
    ]


def test_what_begins_after_the_film_is_left_out_and_told() -> None:
    timeline = planned(srt(("09,000", "12,000", "One"), ("10,000", "11,000", "Two")), job_with())
    assert [shown(cue) for cue in timeline.cues] == [["One"]]
    assert timeline.cues[0].end_frame == timeline.frames == 300
    assert timeline.warnings == (
        "captions.src: 1 of 2 captions begin after the film's end at 10.00 s and are not seen",
    )


def test_captions_after_the_films_end_cost_nothing() -> None:
    job, measured = job_with(), list[str]()
    events = subrip_events(srt(("01,000", "02,000", "One"), ("20,000", "21,000", "Whales")))

    def measure(text: str) -> float:
        measured.append(text)
        return 10.0

    file = CaptionFile(events, None, ())
    plan(job, facts_for(job)._replace(captions=file, caption_measure=lambda look: measure))

    assert "One" in measured
    assert "Whales" not in measured


def test_symbols_without_a_glyph_are_left_out_and_told() -> None:
    timeline = planned(srt(("01,000", "02,000", "One ☃ two")), job_with())
    assert [shown(cue) for cue in timeline.cues] == [["One two"]]
    assert "captions.src" in timeline.warnings[0]


@pytest.mark.parametrize("fps", [24, 29.97, 60])
def test_captions_that_follow_each_other_leave_no_frame_between_them(fps: float) -> None:
    job = job_of(json.dumps({"captions": {"src": "c"}, "output": {"fps": fps}, "scenes": [{"duration": 5}]}))
    text = srt(
        *((f"0{n // 3},{n % 3 * 333:03}", f"0{(n + 1) // 3},{(n + 1) % 3 * 333:03}", "x") for n in range(9))
    )
    cues = planned(text, job).cues
    assert [cue.end_frame for cue in cues[:-1]] == [cue.start_frame for cue in cues[1:]]


def test_the_text_of_a_scene_is_not_captioned_then() -> None:
    job = job_of('{"captions":{"src":"c.srt"},"scenes":[{"text":"Something that is said for a while"}]}')
    timeline = planned(srt(("00,000", "01,000", "Seen")), job)
    assert [shown(cue) for cue in timeline.cues] == [["Seen"]]
