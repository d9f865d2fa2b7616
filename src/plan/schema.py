"""The JSON Schema of a job as it is published: with the names that the engines of this build bring."""

from collections.abc import Iterator, Mapping
from typing import Any

from ..models.job import RenderJob
from .names import EFFECT_NAMES, FAMILY_NAMES, PALETTE_NAMES, TRANSITION_NAMES, Catalogue

#: What the type of a name says, which a list of all names makes needless.
_OF_ANY_NAME = frozenset({"minLength", "maxLength", "pattern"})


def job_schema() -> dict[str, Any]:
    """Describe a job in the spelling that it is stored in."""
    schema = RenderJob.model_json_schema(by_alias=False)
    return schema | {"$defs": with_names(schema["$defs"])}


def with_names(definitions: Mapping[str, Any]) -> dict[str, Any]:
    """List in the descriptions of models what a name may be: models do not know the engines."""
    described = dict(definitions)
    for model, field, catalogue in _named(definitions):
        properties = described[model]["properties"]
        listed = properties | {field: _listed(properties[field], list(catalogue.names()))}
        described[model] = described[model] | {"properties": listed}
    return described


def _listed(field: Mapping[str, Any], names: list[str]) -> dict[str, Any]:
    """List names in the description of a name, of a list of names, or of a name or something else."""
    if "items" in field:
        return {**field, "items": _listed(field["items"], names)}
    if "anyOf" in field:
        name, *others = field["anyOf"]
        return {**field, "anyOf": [_listed(name, names), *others]}
    return {key: value for key, value in field.items() if key not in _OF_ANY_NAME} | {"enum": names}


def _named(definitions: Mapping[str, Any]) -> Iterator[tuple[str, str, Catalogue]]:
    yield "Transition", "type", TRANSITION_NAMES
    for model in ("ProceduralVisual", "TitleVisual"):
        yield model, "family", FAMILY_NAMES
        yield model, "palette", PALETTE_NAMES
    for model, described in definitions.items():
        if "effects" in described.get("properties", {}):
            yield model, "effects", EFFECT_NAMES
