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
    "text",
    [
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
