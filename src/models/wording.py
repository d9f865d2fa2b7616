"""What pydantic finds wrong with a value, in words that tell what to do; a test goes over all of that."""

import re
from collections.abc import Mapping
from typing import Any

#: What a text must be like, in words, by the pattern of its field. A test finds patterns that have none.
PATTERNS_IN_WORDS: Mapping[str, str] = {
    r"\S": "may not be empty",
    r"^[A-Za-z0-9_.:-]*$": "may have letters from A to Z, digits, and _ . : - only",
    r"^[A-Za-z0-9_.:-]+$": "needs letters from A to Z, digits, and _ . : - only",
    r"^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*$": "is no language tag: write one such as en, en-gb or es",
    r"^([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])?$": "is no name of a bucket: 3 to 63 of a-z, 0-9, . and -",
    r"^[A-Za-z0-9_-]{0,200}$": "is no id of a folder: copy it from the end of the folder's address",
    r"^[!-~]+$": "needs letters, digits and signs of ASCII, without spaces",
    r"^[ -~]{0,200}$": "may have 200 letters, digits and signs of ASCII",
}
#: A medium written into the job itself.
_DATA_URL = re.compile(r"data:[^,]{0,200},", re.IGNORECASE)
_URL = "should begin with https:// or http://, such as https://example.com/done"
#: What is told by the kind of a mistake; filled in is what pydantic says about its bounds.
_IN_WORDS: Mapping[str, str] = {
    "missing": "has to be given",
    "float_type": "should be a number, without quotes",
    "int_type": "should be a whole number, without quotes",
    "int_parsing": "should be a whole number",
    "int_from_float": "should be a whole number",
    "float_parsing": "should be a number",
    "finite_number": "should be a number that is not infinite",
    "bool_type": "should be true or false, without quotes",
    "string_type": "should be a text",
    "string_unicode": "should be a text that can be written in UTF-8",
    "tuple_type": "should be a list [...]",
    "list_type": "should be a list [...]",
    "dict_type": "should be an object {{...}}",
    "model_type": "should be an object {{...}}",
    "model_attributes_type": "should be an object {{...}}",
    "literal_error": "should be {expected}",
    "enum": "should be {expected}",
    "greater_than": "should be more than {gt:g}",
    "greater_than_equal": "should be at least {ge:g}",
    "less_than": "should be less than {lt:g}",
    "less_than_equal": "should be at most {le:g}",
    "multiple_of": "should be a multiple of {multiple_of:g}",
    "string_too_long": "may have at most {max_length} characters",
    "too_short": "needs at least {min_length} item(s)",
    "too_long": "may have at most {max_length} items",
    "json_invalid": "not JSON: {error}: write letters as they are, or both halves of a pair of \\u escapes",
    "url_type": f"{_URL}, in quotes",
    "url_parsing": "is no URL ({error}): it " + _URL,
    "url_syntax_violation": "is no URL ({error}): it " + _URL,
    "url_scheme": _URL,
    "url_too_long": "may have at most {max_length} characters",
}
#: Kinds of wrong types, to which a null is another matter.
_OF_TYPE = ("_type", "literal_error", "enum", "union_tag_not_found")


def in_words(kind: str, given: object, bounds: Mapping[str, Any], otherwise: str) -> str:
    """Tell what a value should be, by the kind of the mistake; `otherwise` are words of a check of ours."""
    match kind:
        case "string_type" if isinstance(given, int | float):
            return "should be a text: put it in quotes"
        case "string_too_long" if _DATA_URL.match(str(given)):
            return "may be no data: URL: save what it holds as a file, or where an https:// URL leads to"
        case "string_too_short":
            least = bounds["min_length"]
            return "may not be empty" if least == 1 else f"needs at least {least} characters"
        case "string_pattern_mismatch" if bounds["pattern"] in PATTERNS_IN_WORDS:
            return PATTERNS_IN_WORDS[bounds["pattern"]]
        case "literal_error" | "enum" if "," in bounds["expected"] or " or " in bounds["expected"]:
            return f"should be one of {bounds['expected'].replace(' or ', ', ')}"
        case "url_parsing" if "without a base" in bounds["error"] or "empty" in bounds["error"]:
            return _URL
    return _IN_WORDS[kind].format(**bounds) if kind in _IN_WORDS else otherwise


def is_of_type(kind: str) -> bool:
    """Tell whether a mistake is that a value is of another type than it should be."""
    return kind.endswith(_OF_TYPE)


def null_in_words(*, is_needed: bool, is_item: bool) -> str:
    """Tell what to do about a null where there may be none."""
    if is_item:
        return "may not be null: take it out of the list"
    return "may not be null: it has to be given" if is_needed else "may not be null: leave it out"
