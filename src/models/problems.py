"""What is wrong with a job, told with its place to whoever wrote it."""

import re
from collections.abc import Iterator
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.alias_generators import to_camel
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from ..errors import Problem
from .base import Measure
from .meant import told_of_meant
from .wording import in_words, is_of_type, null_in_words

Loc = tuple[int | str, ...]

#: Mistakes at which it helps to say what a number measures.
_OF_MEASURE = frozenset(
    {"float_type", "int_type", "tuple_type", "missing", "too_long", "multiple_of"}
    | {"greater_than", "greater_than_equal", "less_than", "less_than_equal"}
)


def problems_of(error: ValidationError, raw: object, model: type[BaseModel]) -> list[Problem]:
    """Tell what pydantic found wrong in `raw`, which was to be a `model`."""
    details = error.errors(include_url=False)
    # pydantic calls a list too short, too, when one of its items is invalid: only the item is worth telling.
    wrong_items = [d for d in details if not (d["type"] == "too_short" and d["input"])]
    problems = [_problem(detail, raw, model) for detail in wrong_items or details]
    # A duration is "auto" or a number: where both are told of one place, the number's fault is the plainer.
    paths = [problem.path for problem in problems]
    plain = [p for p in problems if p.code != "literal_error" or paths.count(p.path) == 1]
    # A style is a name or an object: of an object it is worth telling what is wrong within it.
    told = [p for p in plain if not (is_of_type(p.code) and any(_is_within(path, p.path) for path in paths))]
    return list({(problem.path, problem.message): problem for problem in told}.values())


def _is_within(path: str, outer: str) -> bool:
    return path.startswith((f"{outer}.", f"{outer}[")) if outer else False


def _problem(detail: ErrorDetails, raw: object, model: type[BaseModel]) -> Problem:
    loc, kind, bounds = detail["loc"], detail["type"], detail.get("ctx", {})
    path, given = json_path(loc, raw, is_missing=kind == "missing"), detail["input"]
    if given is None and is_of_type(kind):
        told = null_in_words(is_needed=_is_needed(model, loc), is_item=path.endswith("]"))
        return Problem(path, kind, told)
    match kind:
        case "extra_forbidden":
            told = _told_of_name(str(loc[-1]), _names_at(model, loc[:-1]))
            return Problem(path, "unknown_field", told)
        case "model_type" | "model_attributes_type":
            return Problem(path, kind, f"should be an object with {', '.join(_names_at(model, loc))}")
        case "dict_type" if _models_at(model, loc) and _fields_at(model, loc):
            tags = ", ".join(repr(tag) for part in _models_at(model, loc) for tag in _tags_of(part))
            return Problem(path, kind, f"should be an object with a type, one of {tags}")
        case "union_tag_not_found" | "union_tag_invalid":
            tags = ", ".join(repr(tag) for part in _models_at(model, loc) for tag in _tags_of(part))
            return Problem(f"{path}.type", kind, f"should be one of {tags}")
    told = in_words(kind, given, bounds, detail["msg"])
    measure = _measure_at(model, loc) if kind in _OF_MEASURE else ""
    return Problem(path, kind, f"{told}: {measure}" if measure else told)


def _told_of_name(name: str, known: list[str]) -> str:
    # Whoever writes good jobs need not load what compares words.
    from difflib import get_close_matches

    written = {to_camel(field): field for field in known} | {field: field for field in known}
    if name in written:
        return f"unknown field: {written[name]} is given in two spellings, leave one out"
    if meant := told_of_meant(name, known):
        return f"unknown field: {meant}"
    near = get_close_matches(name.lower(), written, n=1)
    if near:
        return f"unknown field: did you mean {written[near[0]]}?"
    return f"unknown field: remove it, or choose from {', '.join(known)}"


def _is_needed(model: type[BaseModel], loc: Loc) -> bool:
    return any(field.is_required() for field in _fields_at(model, loc))


def _measure_at(model: type[BaseModel], loc: Loc) -> str:
    """Tell what a number, or a list of some, measures at a place; maybe nothing."""
    for field in _fields_at(model, loc):
        for found in (*field.metadata, *_marks_in(field.annotation)):
            if isinstance(found, Measure):
                return found.words
    return ""


def _fields_at(model: type[BaseModel], loc: Loc) -> list[FieldInfo]:
    """Find the field that a place is, or stands in: of several models where no tag chose."""
    names = [index for index, step in enumerate(loc) if isinstance(step, str)]
    for index in reversed(names):
        parts = _models_at(model, loc[:index])
        if fields := [
            part.model_fields[name] for part in parts if (name := str(loc[index])) in part.model_fields
        ]:
            return fields
    return []


def _marks_in(annotation: Any) -> Iterator[object]:
    """Walk what stands beside a type in its annotations, those within a union included."""
    if get_origin(annotation) is Annotated:
        inner, *marks = get_args(annotation)
        yield from marks
        annotation = inner
    if get_origin(annotation) in (Union, UnionType):
        for argument in get_args(annotation):
            yield from _marks_in(argument)


def _names_at(model: type[BaseModel], loc: Loc) -> list[str]:
    """List the fields of a place, those that have to be given first."""
    fields = {name: field for part in _models_at(model, loc) for name, field in part.model_fields.items()}
    return sorted(fields, key=lambda name: not fields[name].is_required())


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


def json_path(loc: Loc, raw: object, *, is_missing: bool = False) -> str:
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
            elif is_missing and depth == len(loc) - 1:
                path += f".{part}"
    return path.removeprefix(".")


def place_of(path: str, model: type[BaseModel]) -> tuple[int, ...]:
    """Tell where in a `model` a JSON path is, to sort by: fields in their order, items in theirs."""
    loc: tuple[int | str, ...] = ()
    place: tuple[int, ...] = ()
    for step in re.findall(r"[^.\[\]]+", path):
        names = [name for part in _models_at(model, loc) for name in part.model_fields]
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
