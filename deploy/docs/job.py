"""The reference of a job: every object and field of its schema."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import AliasChoices, BaseModel
from pydantic.alias_generators import to_camel

from deploy.docs.markdown import code, folded, json_block
from deploy.docs.schema import Schema, field_table, name_of
from src.models.base import NAMED_COLORS
from src.models.job import RenderJob, parse_job
from src.plan.schema import job_schema

#: The page that this is.
PAGE = "job.md"
ROOT = RenderJob.__name__
#: Characters of an example that a section has room for.
_MOST_SHOWN = 400
_OPENING = """# Job reference

A job is one JSON object. The smallest one says what is spoken, and everything else has a default:

```json
{{ "scenes": [{{ "text": "Hello" }}] }}
```

Times are seconds. A field may be written `max_words` or `maxWords`. A field that is not listed here is
refused, with its JSON path; so is one whose value is out of its range. `neuroshorts validate JOB` and
`POST /render/validate` check a job without rendering it, and `neuroshorts schema` prints this page as JSON
Schema.

Colours are `#rgb`, `#rrggbb`, `#rrggbbaa` where they may be transparent, or one of {colors}.
"""
_EXAMPLES = "## Examples\n\nEach is a file in `examples/`.\n"


class Place(NamedTuple):
    """Where an object stands in a job."""

    path: str
    tag: str
    """Its `type`, where several kinds of objects may stand."""


@cache
def schema() -> Schema:
    """Give the schema of a job in the spelling that it is stored in; who asks must not change it."""
    return job_schema()


def page(examples: Mapping[str, bytes]) -> str:
    """Write the page; examples are jobs by the names of their files."""
    whole = schema()
    jobs = {name: parse_job(body) for name, body in examples.items()}
    shown = _shortest(jobs.values())
    whole_jobs = (folded(name, body.decode().strip()) for name, body in examples.items())
    sections = [
        _section(name, places, _definition(whole, name), shown.get(name))
        for name, places in _places(whole).items()
    ]
    colors = ", ".join(map(code, NAMED_COLORS))
    return "\n".join([_OPENING.format(colors=colors), *sections, _EXAMPLES, *whole_jobs])


def files(folder: Path) -> dict[str, bytes]:
    """Read the examples of a folder."""
    return {file.name: file.read_bytes() for file in sorted(folder.glob("*.json"))}


def anchor(name: str) -> str:
    """Name the place of an object in the page."""
    return name.lower()


def _definition(whole: Schema, name: str) -> Schema:
    found: Schema = whole if name == ROOT else whole["$defs"][name]
    return found


def _places(whole: Schema) -> dict[str, list[Place]]:
    """List the objects of a job with their places, in the order in which one meets them."""
    found: dict[str, list[Place]] = {ROOT: [Place("", "")]}
    _collect(whole, whole, "", found)
    return found


def _collect(whole: Schema, part: Any, path: str, found: dict[str, list[Place]]) -> None:
    match part:
        case {"$ref": reference}:
            name = name_of(reference)
            kind = _definition(whole, name)["properties"].get("type", {})
            place = Place(path, kind.get("const", ""))
            if place not in found.setdefault(name, []):
                found[name].append(place)
                _collect(whole, _definition(whole, name), path, found)
        case {"properties": fields}:
            for name, field in fields.items():
                _collect(whole, field, f"{path}.{name}".lstrip("."), found)
        case {"anyOf": choices} | {"oneOf": choices}:
            for choice in choices:
                _collect(whole, choice, path, found)
        case {"items": items}:
            _collect(whole, items, f"{path}[]", found)


def _title(name: str, places: list[Place]) -> str:
    if name == ROOT:
        return "The job"
    path, tag = places[0]
    told = code(path if len(places) == 1 else path.rpartition(".")[2])
    return f"{told}: {tag}" if tag else told


def _section(name: str, places: list[Place], described: Schema, example: Any) -> str:
    told = [f"## {_title(name, places)} {{#{anchor(name)}}}\n", f"{described.get('description', '')}\n"]
    if len(places) > 1:
        told.append(f"At {', '.join(code(place.path) for place in places)}.\n")
    told.append(field_table(described, link_here, _meanings(name, described)))
    if example:
        told.append(json_block(example))
    return "\n".join(told)


def link_here(name: str) -> str:
    """Link to an object from within the page."""
    tag = _definition(schema(), name)["properties"].get("type", {}).get("const")
    return f"[{tag or _in_words(name)}](#{anchor(name)})"


def _in_words(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


def _meanings(name: str, described: Schema) -> dict[str, str]:
    """Add other names of fields to what they mean, and what `type` says."""
    fields = described.get("properties", {})
    found = {"type": "Says which kind this is."} if "const" in fields.get("type", {}) else {}
    if name != ROOT:
        return found
    for field, told in RenderJob.model_fields.items():
        if isinstance(told.validation_alias, AliasChoices):
            known = {field, to_camel(field)}
            others = [str(choice) for choice in told.validation_alias.choices if choice not in known]
            found[field] = f"{fields[field]['description']} Also written {', '.join(map(code, others))}."
    return found


def _shortest(jobs: Iterable[RenderJob]) -> dict[str, Any]:
    """Find for each object the example that shows most of its fields, if it is short."""
    found: dict[str, Any] = {}
    for job in jobs:
        for part in _objects(job):
            name, given = type(part).__name__, part.model_dump(mode="json", exclude_unset=True)
            is_better = len(given) > len(found.get(name, {}))
            if name != ROOT and is_better and len(str(given)) <= _MOST_SHOWN:
                found[name] = given
    return found


def _objects(value: Any) -> Iterator[BaseModel]:
    if isinstance(value, BaseModel):
        yield value
        for name in value.model_fields_set:
            yield from _objects(getattr(value, name))
    elif isinstance(value, tuple):
        for part in value:
            yield from _objects(part)
