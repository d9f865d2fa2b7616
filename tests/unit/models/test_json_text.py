"""What is no JSON is told with its place and what to do."""

import pytest

from src.errors import InvalidJob
from src.models.json_text import read_json


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ('{"a": [1,\n 2,]}', "at line 2, column 3: remove the comma: nothing follows it"),
        ('{"a": 1,\n}', "at line 1, column 8: remove the comma: nothing follows it"),
        ("{'a': 1}", 'at line 1, column 2: texts stand in double quotes ("), not in single ones'),
        (
            '{"a":\n\u201cb\u201d}',
            'at line 2, column 1: texts stand in straight quotes ("), not in curly ones',
        ),
        ("{a: 1}", "at line 1, column 2: the name of a field stands in double quotes"),
        ('{"a": True}', "at line 1, column 7: write true instead of True"),
        ('{"a": 1 "b": 2}', "at line 1, column 9: a comma is missing, or a quote within a text"),
        ('{"a" 1}', "at line 1, column 6: after the name of a field stands a colon"),
        ('{"a": "b}', "at line 1, column 7: the text that begins here has no closing quote"),
        ('{"a": {"b": 1}', "at line 1, column 15: it ends too early: a closing } or ] is missing"),
        ('{"a": 1}}', "at line 1, column 9: the object has ended before"),
        ('{\n// why\n"a": 1}', "at line 2, column 1: JSON has no comments: remove it"),
        ('{"a": "C:\\q"}', "at line 1, column 10: write a backslash within a text as \\\\"),
        ('{"a": .5}', "at line 1, column 7: here stands a text in double quotes, a number"),
        ("\ufeff{}", "at line 1, column 1: save it as UTF-8 without a byte order mark"),
        ("scenes:\n  - text: a", ": it looks like YAML: write it as JSON, which begins with {"),
        ("---\nscenes: []", ": it looks like YAML: write it as JSON, which begins with {"),
        ('{"a": "é"}'.encode("latin-1"), "at line 1, column 8: the letter there is not written in UTF-8"),
        ('{"ä":\n"é'.encode() + b"\xe9", "at line 2, column 3: the letter there is not written in UTF-8"),
        ("{}".encode("utf-16"), ": it is written in UTF-16: save it as UTF-8"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_what_to_do(sent: str | bytes, told: str) -> None:
    with pytest.raises(InvalidJob) as refused:
        read_json(sent)

    (problem,) = refused.value.problems
    assert problem.code == "bad_json"
    assert problem.message.startswith(f"not JSON{told if told[0] == ':' else f' {told}'}")
