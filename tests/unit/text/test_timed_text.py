"""SubRip and WebVTT as people and programs write them."""

import pytest

from src.models.subtitles import StyledLine, TextEvent
from src.text.timed_text import MOST_EVENTS, DamagedText, subrip_events, webvtt_events


def texts(events: tuple[TextEvent, ...]) -> list[tuple[int, int, list[str]]]:
    return [(event.start_ms, event.end_ms, [line.text for line in event.lines]) for event in events]


def test_subrip_gives_times_and_lines() -> None:
    text = "1\n00:00:01,000 --> 00:00:02,500\nHello there,\nyou\n\n2\n00:00:03,000 --> 00:00:04,000\nBye\n"
    assert texts(subrip_events(text)) == [(1000, 2500, ["Hello there,", "you"]), (3000, 4000, ["Bye"])]


def test_subrip_may_lack_numbers_and_empty_lines_or_have_too_many() -> None:
    text = "\n00:00:01.0 --> 0:00:02,5\nOne\n\nmore\n00:00:03,000 --> 00:00:04,000 X1:10 X2:20\n\n3\n" + (
        "00:00:05,000 --> 00:00:06,000\n\n2026\n"
    )
    assert texts(subrip_events(text)) == [(1000, 2500, ["One", "more"]), (5000, 6000, ["2026"])]


def test_an_arrow_in_the_text_is_text() -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\nsave --> done\n"
    assert texts(subrip_events(text)) == [(1000, 2000, ["save --> done"])]


def test_webvtt_leaves_out_notes_styles_regions_names_and_settings() -> None:
    text = (
        "WEBVTT - a title\nKind: captions\n\nNOTE\nnobody sees\nthis\n\nSTYLE\n::cue { color: red }\n\n"
        "REGION\nid:fred\n\nintro\n00:01.000 --> 00:02.000 line:0 align:start\nHello\n\nNOTE not this\n\n"
        "second\n00:00:02.000 --> 00:00:03.000\n- One\n- Two\n"
    )
    assert texts(webvtt_events(text)) == [(1000, 2000, ["Hello"]), (2000, 3000, ["- One", "- Two"])]


def test_tags_and_entities_are_read_and_bold_and_italic_stand_out() -> None:
    text = (
        "1\n00:00:01,000 --> 00:00:02,000\n"
        '{\\an8}<font color="#ff0000">Tom</font> &amp; <b>Jerry <i>run</i></b> 1 < 2 &lt;b&gt;\n'
    )
    (event,) = subrip_events(text)
    assert event.lines == (StyledLine("Tom & Jerry run 1 < 2 <b>", ((6, 12), (12, 15))),)


def test_what_is_bold_goes_on_in_the_next_line() -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\n<b>One\ntwo</b> three\n"
    (event,) = subrip_events(text)
    assert event.lines == (StyledLine("One", ((0, 3),)), StyledLine("two three", ((0, 3),)))


def test_webvtt_tells_times_of_words_and_not_how_characters_are_read() -> None:
    text = (
        "WEBVTT\n\n00:01.000 --> 00:04.000\n"
        "<v Ann><c.yellow>One</c> <00:00:02.000>two <00:03.000>three<00:01.500> <ruby>漢<rt>kan</rt></ruby>\n"
    )
    (event,) = webvtt_events(text)
    assert event.lines == (StyledLine("One two three 漢", (), ((4, 2000), (8, 3000))),)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("hello\n00:00:01,000 --> 00:00:02,000\nx\n", "line 1: neither the number"),
        ("1\n00:00:0x,000 --> 00:00:02,000\nx\n", "line 2: '00:00:0x,000' is no time"),
        ("1\n00:00:71,000 --> 00:02:02,000\nx\n", "line 2: '00:00:71,000' is no time"),
        ("1\n00:00:01,000 --> \nx\n", "line 2: '' is no time"),
        ("1\n00:00:02,000 --> 00:00:01,000\nx\n", "line 2: it ends at 00:00:01,000"),
        ("1\n-00:00:02,000 --> 00:00:01,000\nx\n", "line 2: a time before the start"),
        (f"1\n00:00:01,000 --> 00:00:02,000\n{'x' * 1001}\n", "line 2: more than 1,000 characters"),
    ],
)
def test_what_is_damaged_is_told_with_its_line(text: str, told: str) -> None:
    with pytest.raises(DamagedText, match=told):
        subrip_events(text)


def test_too_many_captions_are_refused_also_at_the_same_time() -> None:
    block = "00:00:01,000 --> 00:00:02,000\nx\n\n"
    with pytest.raises(DamagedText, match="line 25: more than 8 captions at the same time"):
        subrip_events(block * 9)
    with pytest.raises(DamagedText, match=f"more than {MOST_EVENTS:,} captions"):
        subrip_events(block * (MOST_EVENTS + 1))
