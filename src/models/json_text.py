"""JSON as people and programs send it: read strictly, and where it is none, told what to do about it."""

import json
import math
import re
from collections.abc import Iterable
from typing import Any

from ..errors import InvalidJob, Problem

#: Arrays and objects within each other: a job needs ten, `metadata` may have some more.
MAX_DEPTH = 100

_SINGLE_QUOTES, _CURLY_QUOTES = "'`\u2018\u2019", "\u201c\u201d\u201e\u00ab\u00bb"
#: How files that are not of UTF-8 begin.
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_YAML = re.compile(r"\s*(?:---|- |[A-Za-z_]\w*:(?:\s|$))")
#: What Python calls a mistake, by how that begins, and what to do about it.
_MISTAKES = (
    ("Invalid control", "write a line break within a text as \\n, a tab as \\t"),
    ("Invalid \\", "write a backslash within a text as \\\\"),
    ("Unterminated", "the text that begins here has no closing quote"),
    ("Extra data", "the object has ended before: remove what follows, or a closing bracket too many"),
    ("Expecting ':'", "after the name of a field stands a colon"),
    ("Expecting ','", 'a comma is missing, or a quote within a text: write that as \\"'),
    ("Expecting property", "the name of a field stands in double quotes"),
    ("Unexpected UTF-8 BOM", "save it as UTF-8 without a byte order mark"),
)
_LITERALS = {"True": "true", "False": "false", "None": "null", "undefined": "null"}


def read_json(data: bytes | str) -> Any:
    """Read JSON text without what is ambiguous or cannot be kept: equal keys, NaN, numbers beyond floats.

    Raises:
        InvalidJob: it is not such JSON.
    """
    try:
        text = data if isinstance(data, str) else data.decode("utf-8")
        raw = json.loads(
            text, object_pairs_hook=_unique_keys, parse_constant=_no_constant, parse_float=_finite
        )
        _refuse_depth(raw)
    except RecursionError as error:
        raise InvalidJob([Problem("", "bad_json", "not JSON: nested too deeply")]) from error
    except ValueError as error:
        raise InvalidJob([Problem("", "bad_json", f"not JSON{_told(error, data)}")]) from error
    return raw


def _told(error: ValueError, data: bytes | str) -> str:
    if not data.strip():
        return ": it is empty"
    if isinstance(error, UnicodeDecodeError):
        return _told_of_encoding(error)
    if isinstance(error, json.JSONDecodeError):
        return _told_of_syntax(error)
    return f": {error}"


def _told_of_encoding(error: UnicodeDecodeError) -> str:
    if error.object.startswith(_UTF_16):
        return ": it is written in UTF-16: save it as UTF-8"
    before = error.object[: error.start]
    line = before.count(b"\n") + 1
    column = len(before.rpartition(b"\n")[2].decode("utf-8")) + 1
    return f" at line {line}, column {column}: the letter there is not written in UTF-8: save it as UTF-8"


def _told_of_syntax(error: json.JSONDecodeError) -> str:
    text = error.doc
    if text.lstrip()[:1] not in tuple("{[") and _YAML.match(text):
        return ": it looks like YAML: write it as JSON, which begins with {"
    before = text[: error.pos].rstrip()
    at = len(before) - 1 if _has_trailing_comma(before, text[error.pos :]) else error.pos
    line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
    return f" at line {line}, column {column}: {_mended(error, before, text[error.pos :])}"


def _has_trailing_comma(before: str, rest: str) -> bool:
    return before.endswith(",") and rest.lstrip()[:1] in ("}", "]")


def _mended(error: json.JSONDecodeError, before: str, rest: str) -> str:
    """Tell what to do at the place of a mistake, of which this is what stands before it and from it on."""
    # Python 3.13 puts the mistake on a trailing comma itself.
    if _has_trailing_comma(before, rest) or (rest[:1] == "," and rest[1:].lstrip()[:1] in ("}", "]")):
        return "remove the comma: nothing follows it"
    if "control character" in error.msg:
        return dict(_MISTAKES)["Invalid control"]
    if not rest.strip():
        return "it ends too early: a closing } or ] is missing"
    if rest[0] in _SINGLE_QUOTES:
        return 'texts stand in double quotes ("), not in single ones'
    if rest[0] in _CURLY_QUOTES:
        return 'texts stand in straight quotes ("), not in curly ones'
    if rest.startswith(("//", "/*", "#")):
        return "JSON has no comments: remove it"
    if word := next((literal for literal in _LITERALS if rest.startswith(literal)), ""):
        return f"write {_LITERALS[word]} instead of {word}"
    told = (mended for begin, mended in _MISTAKES if error.msg.startswith(begin))
    return next(told, "here stands a text in double quotes, a number, true, false, null, [ or {")


def _refuse_depth(raw: Any) -> None:
    layer = [raw]
    for _ in range(MAX_DEPTH):
        layer = [below for value in layer for below in _items_of(value)]
        if not layer:
            return
    raise RecursionError


def _items_of(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"the key {key!r} stands twice in one object")
        found[key] = value
    return found


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


def _finite(number: str) -> float:
    found = float(number)
    if math.isinf(found):
        raise ValueError(f"{number[:40]} is too large a number")
    return found
