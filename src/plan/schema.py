"""The JSON Schema of a job as it is published: with the names that the engines of this build bring."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..engines.visuals.procedural import families
from ..engines.visuals.transitions import TRANSITIONS
from ..models.job import RenderJob

#: What the type of a name says, which a list of all names makes needless.
_OF_ANY_NAME = frozenset({"minLength", "maxLength", "pattern"})


def job_schema() -> dict[str, Any]:
    """Describe a job in the spelling that it is stored in."""
    schema = RenderJob.model_json_schema(by_alias=False)
    return schema | {"$defs": with_names(schema["$defs"])}


def with_names(definitions: Mapping[str, Any]) -> dict[str, Any]:
    """List in the descriptions of models what a name may be: models do not know the engines."""
    described = dict(definitions)
    for model, field, names in _named():
        properties = described[model]["properties"]
        kept = {key: value for key, value in properties[field].items() if key not in _OF_ANY_NAME}
        listed = properties | {field: kept | {"enum": list(names)}}
        described[model] = described[model] | {"properties": listed}
    return described


def _named() -> Iterator[tuple[str, str, Sequence[str]]]:
    yield "Transition", "type", tuple(TRANSITIONS)
    yield "ProceduralVisual", "family", families()
    yield "TitleVisual", "family", families()
