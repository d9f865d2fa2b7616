"""Texts with markup that nothing here reads."""

import json

import pytest

from src.models.job import parse_job
from src.plan.markup import markup_warnings


def told(text: str) -> tuple[str, ...]:
    return markup_warnings(parse_job(json.dumps({"scenes": [{"duration": 1}, {"text": text}]})))


@pytest.mark.parametrize(
    ("text", "piece"),
    [
        ('Hello <break time="1s"/> there', '<break time="1s"/>'),
        ("<speak>Hello</speak>", "<speak>"),
        ("# Five facts", "#"),
        ("First:\n- one\n- two", "-"),
        ("Read [this](https://example.com)", "[this](https://example.com)"),
        ("Type `ls` here", "`"),
        ("Hi **there", "**"),
    ],
)
def test_markup_is_told_with_its_place(text: str, piece: str) -> None:
    [warning] = told(text)
    assert warning.startswith(f"scenes[1].text: {piece!r} is spoken and shown as it stands")


@pytest.mark.parametrize(
    ("text", "piece", "remedy"),
    [
        ("Tom &amp; Jerry", "&amp;", "write the character that it means"),
        ("wait&#160;here", "&#160;", "write the character that it means"),
        ("Hello {{ $json.name }}!", "{{ $json.name }}", "what makes the job has put no value there"),
        ("Hello ${name}", "${name}", "what makes the job has put no value there"),
        ("[object Object]", "[object Object]", "what makes the job has put no value there"),
    ],
)
def test_characters_of_html_and_unfilled_templates_are_told(text: str, piece: str, remedy: str) -> None:
    assert told(text) == (f"scenes[1].text: {piece!r} is spoken and shown as it stands: {remedy}",)


@pytest.mark.parametrize(
    "text", ["<b>Sale</b>", "**Sale** today", "Tom &amp; Jerry", "Hi {{name}}", "# Sale"]
)
def test_texts_that_are_only_drawn_are_told_too(text: str) -> None:
    title = {"type": "title", "text": text, "subtitle": text}
    overlay = {"type": "text", "text": text}
    scene = {"duration": 1, "visuals": [title], "overlays": [overlay]}
    warnings = markup_warnings(parse_job(json.dumps({"scenes": [scene]})))
    paths = [warning.split(":")[0] for warning in warnings]
    places = ["visuals[0].text", "visuals[0].subtitle", "overlays[0].text"]
    assert paths == [f"scenes[0].{place}" for place in places]
    assert all("is shown as it stands" in warning for warning in warnings)


@pytest.mark.parametrize("text", ["- milk\n- eggs", "f**k", "5 ** stars", "> 50 %", "R&D; null", "undefined"])
def test_what_may_be_meant_on_a_picture_is_not(text: str) -> None:
    scene = {"duration": 1, "overlays": [{"type": "text", "text": text}]}
    assert markup_warnings(parse_job(json.dumps({"scenes": [scene]}))) == ()


@pytest.mark.parametrize(
    ("words", "place"),
    [
        (["all", "<b>of</b>", "<i>it</i>"], "[1]"),
        (["so", "**much"], "[1]"),
        (["**all", "of", "it**"], None),
    ],
)
def test_of_the_words_of_a_narration_the_first_with_markup_is_told(
    words: list[str], place: str | None
) -> None:
    timed = [{"text": word, "start": at, "end": at + 1} for at, word in enumerate(words)]
    scene = {"audio": {"src": "voice.wav", "words": timed}}
    warnings = markup_warnings(parse_job(json.dumps({"scenes": [scene]})))
    assert [warning.split(": ")[0] for warning in warnings] == (
        [f"scenes[0].audio.words{place}.text"] if place else []
    )


@pytest.mark.parametrize(
    "text",
    [
        "R&D; and AT&T;",
        "undefined is not null",
        "{one} {{two",
        "Hi **there**",
        "#1 is water",
        "#motivation",
        "3 < 5 and 7 > 4",
        "I <3 you",
        "a - b",
        "2 * 3",
        "-5 degrees",
    ],
)
def test_what_only_looks_like_it_is_not(text: str) -> None:
    assert told(text) == ()
