"""Captions from a file on the frames of a film."""

import json
from typing import Any

import pytest

from src.engines.subtitle.layout import Arrangement, arrange
from src.engines.subtitle.sidecars import write
from src.engines.subtitle.text import standing_of, texts_of
from src.media.lettering import FontStack, font_stack
from src.models.caption_plan import Cue
from src.models.job import RenderJob
from src.models.subtitles import CaptionFile
from src.models.timeline import Timeline
from src.plan.facts import FontsFact
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


def placed(timeline: Timeline, extra_font: str = "Heebo Bold") -> list[tuple[Cue, Arrangement]]:
    """Set the captions of a film as they are drawn."""
    size, look = (timeline.width, timeline.height), timeline.look
    fonts = FontStack((*font_stack(look.font, {}).faces, *font_stack(extra_font, {}).faces))
    return [
        (cue, arrange(texts_of(cue, look), look, fonts, size, cue.passages, standing_of(cue, look)))
        for cue in timeline.cues
    ]


@pytest.mark.parametrize("position", ["bottom", "center", "top"])
@pytest.mark.parametrize("style", ["highlight", "bold", "punch", "classic", "label", "typed"])
@pytest.mark.parametrize("word", ["Tréble", "jog", "ÅǺ", "**ǺÇ**", "ace"])
def test_captions_stay_where_they_are_while_others_come_and_leave(
    position: str, style: str, word: str
) -> None:
    text = srt(
        ("01,000", "04,000", "One\nmore"),
        ("02,000", "06,000", "Two"),
        ("03,000", "08,000", word),
        ("05,000", "07,000", "jig"),
        ("05,500", "07,500", "Äsp"),
    )
    timeline = planned(text, job_with(position=position, style=style, max_lines=2, font={"size": 72}))

    places: dict[str, set[tuple[int, int]]] = {}
    for _, arranged in placed(timeline):
        assert arranged.proportions.size_px == timeline.look.size_px
        for each in arranged.words:
            places.setdefault(each.text.lower(), set()).add((each.x, each.baseline))

    assert {text: len(found) for text, found in places.items()} == dict.fromkeys(
        ["one", "more", "two", word.strip("*").lower(), "jig", "äsp"], 1
    )


@pytest.mark.parametrize(("position", "most"), [("bottom", 5), ("center", 7), ("top", 5)])
def test_places_of_captions_that_left_are_taken_by_others(position: str, most: int) -> None:
    many = [(f"0{at},000", f"0{at + 2},500", f"w{at}") for at in range(1, 7)]
    lows = {
        word.baseline
        for _, set_in in placed(planned(srt(*many), job_with(position=position)))
        for word in set_in.words
    }
    assert len(lows) <= most


def test_free_places_are_kept_as_long_as_the_frame_has_room_for_them() -> None:
    four = [(f"0{at},000", f"0{at + 4},000", f"w{at}\nx") for at in range(1, 5)]
    job = job_with(position="center", style="phrase", max_lines=2, font={"size": 60})
    timeline = planned(srt(*four), job)

    lows = {word.baseline for _, set_in in placed(timeline) for word in set_in.words if word.text == "w1"}

    assert len(lows) == 1
    assert max(len(cue.lines) + len(cue.free_lines) for cue in timeline.cues) > 6


@pytest.mark.parametrize("position", ["bottom", "center", "top"])
def test_places_that_are_free_are_given_up_before_captions_are_shrunk_for_them(position: str) -> None:
    text = srt(("01,000", "03,000", "w1\nx"), ("02,000", "04,000", "w2\nx"), ("03,000", "05,000", "w3\nx\ny"))
    timeline = planned(text, job_with(position=position, max_lines=3, font={"size": 140}))

    assert {set_in.proportions.size_px for _, set_in in placed(timeline)} == {140}


@pytest.mark.parametrize("position", ["bottom", "center", "top"])
def test_captions_that_begin_together_stand_in_the_order_of_the_file(position: str) -> None:
    text = srt(
        ("01,000", "03,000", "a b c"),
        ("01,000", "05,000", "d"),
        ("04,000", "05,000", "e"),
        ("04,000", "05,000", "f"),
    )
    together, alone, joined = cues_of(text, position=position)
    assert shown(together) == ["a b c", "d"]
    assert shown(alone) == ["d"]
    assert shown(joined) == (["e", "f", "d"] if position == "bottom" else ["d", "e", "f"])
    assert (joined.steady_lines, joined.steady_last) == ((0, 1) if position == "bottom" else (1, 0))


def test_sidecars_tell_captions_in_the_order_in_which_they_begin() -> None:
    cues = cues_of(srt(("01,000", "03,000", "One\nmore"), ("02,000", "04,000", "Two")), style="phrase")
    look = planned(srt(("01,000", "03,000", "One")), job_with(style="phrase")).look

    assert shown(cues[1]) == ["Two", "One", "more"]
    assert "--> 00:00:03,000\nOne\nmore\nTwo\n" in write("srt", cues, look, 1080, 1920)
    assert "--> 00:00:03.000\nOne\nmore\nTwo\n" in write("vtt", cues, look, 1080, 1920)
    assert r",,One\Nmore\NTwo" in write("ass", cues, look, 1080, 1920)
    texts = [word["text"] for word in json.loads(write("words", cues, look, 1080, 1920))["words"]]
    assert texts == ["One", "more", "One", "more", "Two", "Two"]


@pytest.mark.parametrize("position", ["bottom", "center", "top"])
@pytest.mark.parametrize("align", ["start", "center"])
@pytest.mark.parametrize(
    ("first", "second"), [("Hello שלום you", "שלום עולם"), ("שלום you עולם", "Hello שלום")]
)
def test_a_caption_runs_as_its_own_text_does_whatever_stands_beside_it(
    position: str, align: str, first: str, second: str
) -> None:
    job = job_with(position=position, style={"base": "phrase", "align": align})
    events = subrip_events(srt(("01,000", "06,000", first), ("03,000", "05,000", second)))
    facts = facts_for(job)._replace(captions=CaptionFile(events, None, ()), fonts=lambda *_: FontsFact())
    timeline = plan(job, facts)

    def row(number: int, text: str) -> list[tuple[str, int]]:
        _, set_in = placed(timeline)[number]
        return sorted((word.text, word.x) for word in set_in.words if word.text in text.split())

    assert [len(cue.lines) for cue in timeline.cues] == [1, 2, 1]
    lines = {" ".join(word.text for word in line): at for at, line in enumerate(timeline.cues[1].lines)}
    _, both = placed(timeline)[1]
    own = sorted((word.text, word.x) for word in both.words if word.line == lines[first])
    assert row(0, first) == own == row(2, first)
    heard = [word.x for word in both.words if word.line == lines[second]]
    assert heard == sorted(heard, reverse=second.startswith("ש"))


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


def test_captions_that_would_flash_together_last_longer() -> None:
    cues = cues_of(srt(*(("01,000", "01,020", text) for text in "ab")))
    assert [(*span, shown(cue)) for span, cue in zip(times(cues), cues, strict=True)] == [
        (1000, 1120, ["a", "b"])
    ]


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
