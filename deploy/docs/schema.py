"""JSON Schema in words: what a field takes, what it is by default, what it means."""

from collections.abc import Callable, Iterator
from typing import Any

from deploy.docs.markdown import code, json_code, table

Schema = dict[str, Any]
#: Gives the link to the description of an object, from its name.
Link = Callable[[str], str]

#: Characters of a default that a table has room for.
_MOST_SHOWN = 60
_FORMATS = {"uri": "URL", "date-time": "time", "path": "path"}
_LIMITS = {
    "minimum": "at least",
    "exclusiveMinimum": "above",
    "maximum": "at most",
    "exclusiveMaximum": "below",
}


def name_of(reference: str) -> str:
    """Tell what a `$ref` leads to."""
    return reference.rpartition("/")[2]


def kind(schema: Schema, link: Link) -> str:
    """Tell type and range of a value."""
    match schema:
        case {"$ref": reference}:
            return link(name_of(reference))
        case {"const": value}:
            return json_code(value)
        case {"enum": values}:
            return ", ".join(map(json_code, values))
        case {"anyOf": choices} | {"oneOf": choices}:
            return " or ".join(dict.fromkeys(kind(choice, link) for choice in choices))
        case {"type": "array"}:
            return _list(schema, link)
        case {"type": "string"}:
            return _text(schema)
        case {"type": "integer" | "number" as name}:
            return f"{'whole number' if name == 'integer' else 'number'}{_bounds(schema)}"
        case {"type": "object", "maxProperties": most}:
            return f"object of at most {most} entries"
        case {"type": name}:
            return {"boolean": "`true`, `false`", "null": "`null`"}.get(name, str(name))
    return "any JSON"


def _list(schema: Schema, link: Link) -> str:
    if parts := schema.get("prefixItems"):
        return f"list of {len(parts)}: {', '.join(kind(part, link) for part in parts)}"
    least, most = schema.get("minItems", 0), schema.get("maxItems")
    count = f" ({least} to {most})" if least and most else f" (at most {most})" if most else ""
    return f"list{count} of {kind(schema.get('items', {}), link)}"


def _text(schema: Schema) -> str:
    if schema.get("format") in _FORMATS:
        return _FORMATS[schema["format"]]
    told, least, most = "text", schema.get("minLength", 0), schema.get("maxLength")
    if most:
        told += f", {least} to {most} characters" if least else f", at most {most} characters"
    return f"{told}, like {code(schema['pattern'])}" if "pattern" in schema else told


def _bounds(schema: Schema) -> str:
    told = []
    if {"minimum", "maximum"} <= schema.keys():
        told.append(f"{schema['minimum']:.12g} to {schema['maximum']:.12g}")
    else:
        told += [f"{word} {schema[name]:.12g}" for name, word in _LIMITS.items() if name in schema]
    if schema.get("multipleOf", 1) != 1:
        told.append(f"in steps of {schema['multipleOf']}")
    return "".join(f", {part}" for part in told)


def default(schema: Schema) -> str:
    """Tell what stands for a field that is left out, of one that may be."""
    value = schema.get("default")
    if value is None or value == "":
        return "none"
    shown = json_code(value)
    is_whole = isinstance(value, dict) and value
    return "its defaults" if is_whole or len(shown) > _MOST_SHOWN else shown


def field_table(schema: Schema, link: Link, meanings: dict[str, str]) -> str:
    """Describe the fields of an object."""
    return table(("field", "type", "default", "meaning"), _rows(schema, link, meanings))


def _rows(schema: Schema, link: Link, meanings: dict[str, str]) -> Iterator[tuple[str, ...]]:
    required = schema.get("required", ())
    for name, field in schema.get("properties", {}).items():
        fallback = "**needed**" if name in required else default(field)
        yield code(name), kind(_given(field), link), fallback, meanings.get(
            name, field.get("description", "")
        )


def _given(field: Schema) -> Schema:
    """Leave out the null that says no more than the default does."""
    if "anyOf" not in field or field.get("default") is not None:
        return field
    return {"anyOf": [choice for choice in field["anyOf"] if choice != {"type": "null"}]}
