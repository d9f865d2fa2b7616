"""What is wrong with a job, told with its place to whoever wrote it."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.alias_generators import to_camel
from pydantic_core import ErrorDetails

from ..errors import Problem

Loc = tuple[int | str, ...]

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
#: What a value of another type should have been.
_TYPES_IN_WORDS: Mapping[str, str] = {
    "float_type": "a number, without quotes",
    "int_type": "a whole number, without quotes",
    "bool_type": "true or false, without quotes",
}


def problems_of(error: ValidationError, raw: object, model: type[BaseModel]) -> list[Problem]:
    """Tell what pydantic found wrong in `raw`, which was to be a `model`."""
    details = error.errors(include_url=False)
    # pydantic calls a list too short, too, when one of its items is invalid: only the item is worth telling.
    wrong_items = [d for d in details if not (d["type"] == "too_short" and d["input"])]
    problems = [_problem(detail, raw, model) for detail in wrong_items or details]
    # A duration is "auto" or a number: where both are told of one place, the number's fault is the plainer.
    paths = [problem.path for problem in problems]
    return [p for p in problems if p.code != "literal_error" or paths.count(p.path) == 1]


def _problem(detail: ErrorDetails, raw: object, model: type[BaseModel]) -> Problem:
    loc, kind, bounds = detail["loc"], detail["type"], detail.get("ctx", {})
    path = json_path(loc, raw)
    match kind:
        case "extra_forbidden":
            told = _told_of_name(str(loc[-1]), _names_at(model, loc[:-1]))
            return Problem(path, "unknown_field", told)
        case "too_short":
            return Problem(path, kind, f"needs at least {bounds['min_length']} item(s)")
        case "too_long":
            return Problem(path, kind, f"may have at most {bounds['max_length']} items")
        case "model_type" | "model_attributes_type":
            return Problem(path, kind, f"should be an object with {', '.join(_names_at(model, loc))}")
        case "union_tag_not_found" | "union_tag_invalid":
            tags = (tag for part in _models_at(model, loc) for tag in _tags_of(part))
            return Problem(f"{path}.type", kind, f"should be one of {', '.join(map(repr, tags))}")
        case "string_pattern_mismatch" if bounds["pattern"] in PATTERNS_IN_WORDS:
            return Problem(path, kind, PATTERNS_IN_WORDS[bounds["pattern"]])
        case _ if kind in _TYPES_IN_WORDS:
            return Problem(path, kind, f"should be {_TYPES_IN_WORDS[kind]}")
        case _:
            return Problem(path, kind, detail["msg"])


def _told_of_name(name: str, known: list[str]) -> str:
    # Whoever writes good jobs need not load what compares words.
    from difflib import get_close_matches

    written = {to_camel(field): field for field in known} | {field: field for field in known}
    if name in written:
        return f"unknown field: {written[name]} is given in two spellings, leave one out"
    near = get_close_matches(name.lower(), written, n=1)
    if near:
        return f"unknown field: did you mean {written[near[0]]}?"
    return f"unknown field: remove it, or choose from {', '.join(known)}"


def _names_at(model: type[BaseModel], loc: Loc) -> list[str]:
    return list(dict.fromkeys(name for part in _models_at(model, loc) for name in part.model_fields))


def _models_at(model: type[BaseModel], loc: Loc) -> list[type[BaseModel]]:
    """Find what may stand at a place: several models where the place is a union and no tag chose."""
    here = [model]
    for step in loc:
        chosen = [part for part in here if step in _tags_of(part)]
        if isinstance(step, str) and chosen and len(here) > 1:
            here = chosen
        elif isinstance(step, str):
            fields = [part.model_fields[step].annotation for part in here if step in part.model_fields]
            # A step that is no field is pydantic's name of one side of a union.
            here = [below for field in fields for below in _models_in(field)] if fields else here
    return here


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif get_origin(annotation) is Annotated:
        yield from _models_in(get_args(annotation)[0])
    elif get_origin(annotation) is not Literal:
        for argument in get_args(annotation):
            yield from _models_in(argument)


def _tags_of(model: type[BaseModel]) -> tuple[str, ...]:
    tagged = model.model_fields.get("type")
    return get_args(tagged.annotation) if tagged and get_origin(tagged.annotation) is Literal else ()


def json_path(loc: Loc, raw: object) -> str:
    """Write a pydantic location as `scenes[0].visuals[1].src`, without the union tags it carries."""
    path, here = "", raw
    for depth, part in enumerate(loc):
        if isinstance(part, int):
            path += f"[{part}]"
            here = here[part] if isinstance(here, list) and part < len(here) else None
        elif isinstance(here, dict) and not _is_tag(loc, depth, here):
            key = part if part in here else to_camel(part)
            if key in here:
                path, here = f"{path}.{key}", here[key]
            elif depth == len(loc) - 1:
                path += f".{part}"
    return path.removeprefix(".")


def place_of(path: str, model: type[BaseModel]) -> tuple[int, ...]:
    """Tell where in a `model` a JSON path is, to sort by: fields in their order, items in theirs."""
    loc: tuple[int | str, ...] = ()
    place: tuple[int, ...] = ()
    for step in re.findall(r"[^.\[\]]+", path):
        names = _names_at(model, loc)
        is_item = step.isdecimal() and step not in names
        place += (int(step) if is_item else names.index(step) if step in names else len(names),)
        loc += (int(step) if is_item else step,)
    return place


def _is_tag(loc: Loc, depth: int, here: dict[str, Any]) -> bool:
    """Tell whether a step is the tag of a union, which a field may be called like: `text` has a `text`."""
    after = loc[depth + 1] if depth + 1 < len(loc) else None
    return (
        loc[depth] == here.get("type")
        and isinstance(after, str)
        and not isinstance(here.get(str(loc[depth])), dict)
    )
