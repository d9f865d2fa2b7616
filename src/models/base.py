"""What models share: docstrings in their schemas; on the wire frozen, strict, both spellings of a name."""

import ast
import inspect
import re
from itertools import pairwise
from typing import Annotated, Any, NamedTuple

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, GetJsonSchemaHandler
from pydantic.alias_generators import to_camel
from pydantic_core import CoreSchema, PydanticCustomError

#: Names that people write instead of hex. The rest of CSS is left out on purpose: hex is exact.
NAMED_COLORS = {
    "black": "#000000",
    "white": "#ffffff",
    "red": "#ff3b30",
    "orange": "#ff9500",
    "yellow": "#ffdd00",
    "green": "#34c759",
    "blue": "#0a84ff",
    "purple": "#8a33f0",
    "pink": "#ff2d78",
    "gray": "#8e8e93",
}
_HEX_COLOR = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6}|[0-9a-f]{8})")


class Measure(NamedTuple):
    """What a number means, beside its type: told to whoever gives another."""

    words: str


class Described(BaseModel):
    """A model whose JSON Schema says of each field what the docstring below it says."""

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Describe each field by the docstring below it.

        pydantic's own `use_attribute_docstrings` reads the source of every model when it is imported.
        """
        schema = handler(core_schema)
        properties = handler.resolve_ref_schema(schema).get("properties", {})
        for name, described in field_docstrings(cls).items():
            written = cls.model_fields[name].alias
            properties[name if name in properties else written]["description"] = described
        return schema


class WireModel(Described):
    """A part of the job: frozen; unknown fields are refused; camelCase is accepted, snake_case stored."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        allow_inf_nan=False,
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        loc_by_alias=False,
        validate_default=True,
    )


def field_docstrings(model: type[BaseModel]) -> dict[str, str]:
    """Read the docstring of each field of a model from its source, those of its parents included."""
    package = __name__.partition(".")[0]
    found: dict[str, str] = {}
    for part in reversed([kind for kind in model.__mro__ if kind.__module__.partition(".")[0] == package]):
        definition = ast.parse(inspect.getsource(part)).body[0]
        assert isinstance(definition, ast.ClassDef)
        for field, after in pairwise(definition.body):
            match field, after:
                case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                    found[name] = inspect.cleandoc(text)
    return found


def _normal_color(text: str) -> str:
    color = NAMED_COLORS.get(text.strip().lower(), text.strip().lower())
    if not _HEX_COLOR.fullmatch(color):
        raise PydanticCustomError(
            "bad_color",
            "{given} is no color: write #rgb, #rrggbb, #rrggbbaa or one of {names}",
            {"given": repr(text), "names": ", ".join(NAMED_COLORS)},
        )
    if len(color) == 4:
        color = "#" + "".join(digit * 2 for digit in color[1:])
    return color


#: A colour on the wire, stored as `#rrggbb` or `#rrggbbaa` in lower case.
Color = Annotated[str, AfterValidator(_normal_color), Field(examples=["#ffdd00", "white"])]


def _opaque_color(text: str) -> str:
    color = _normal_color(text)
    if len(color) == 9:
        raise PydanticCustomError("bad_color", "this colour cannot be transparent: write #rrggbb")
    return color


#: A colour without transparency.
OpaqueColor = Annotated[str, AfterValidator(_opaque_color), Field(examples=["#ffdd00", "white"])]

#: Seconds on the wire. Inside, `plan` turns them into frames or samples.
Seconds = Annotated[float, Field(ge=0, le=3600), Measure("it is told in seconds")]

#: A point as fractions of the frame: (0, 0) is the top left corner, (1, 1) the bottom right one.
Point = Annotated[
    tuple[Annotated[float, Field(ge=0, le=1)], Annotated[float, Field(ge=0, le=1)]],
    Measure("two fractions from 0 to 1, such as [0.5, 0.1]: [0, 0] is the top left corner"),
]
