"""The docstrings below the fields of models."""

import ast
import inspect
import textwrap
from collections.abc import Iterator
from itertools import pairwise

from pydantic import BaseModel


def field_docstrings(model: type[BaseModel]) -> dict[str, str]:
    """Read what is written below each field, in the parents of a model, too."""
    found: dict[str, str] = {}
    for part in reversed(model.__mro__):
        if issubclass(part, BaseModel) and part is not BaseModel:
            found |= dict(_of_class(part))
    return found


def _of_class(part: type[BaseModel]) -> Iterator[tuple[str, str]]:
    definition = ast.parse(textwrap.dedent(inspect.getsource(part))).body[0]
    assert isinstance(definition, ast.ClassDef)
    for field, after in pairwise(definition.body):
        match field, after:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                yield name, inspect.cleandoc(text)


def models_below(base: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """Walk all models that have been defined."""
    for part in base.__subclasses__():
        yield part
        yield from models_below(part)
