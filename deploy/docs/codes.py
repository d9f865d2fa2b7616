"""The stable codes of errors, as the source has them."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

#: Functions that refuse a request: the status, or where it stands among arguments, and where the code does.
_REFUSALS = {"Refusal": (None, 0, 1), "_unauthorised": ("401", 0, 0)}
#: Functions that refuse a field, and where the code stands among their arguments; the message follows.
_FIELDS = {"PydanticCustomError": 0, "Problem": 1}
#: Codes of classes that only others are made from.
_OF_BASES = frozenset({"error", "rejected", "transient", "invalid_job"})
_SEE_MESSAGE = "the message tells what is wrong"


class Code(NamedTuple):
    """One code, and what it means."""

    code: str
    meaning: str
    status: str = ""


def of_errors(source: Path) -> list[Code]:
    """List the codes of classes of errors; some belong to several."""
    meanings: dict[str, list[str]] = {}
    for node in _nodes(source):
        if isinstance(node, ast.ClassDef):
            for found in _of_class(node):
                told = meanings.setdefault(found.code, [])
                told += [found.meaning] * (found.meaning not in told)
    return [Code(code, " ".join(told)) for code, told in sorted(meanings.items()) if code not in _OF_BASES]


def of_requests(source: Path) -> list[Code]:
    """List the codes of requests that are refused."""
    functions = (node for node in _nodes(source) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return sorted({code for function in functions for code in _of_function(function)})


def of_fields(source: Path) -> list[Code]:
    """List the codes of fields that are refused beside those of pydantic."""
    messages: dict[str, list[str]] = {}
    for call in _calls(source):
        if (
            isinstance(call.func, ast.Name)
            and call.func.id in _FIELDS
            and len(call.args) > _FIELDS[call.func.id] + 1
        ):
            code, message = (_text(part) for part in call.args[_FIELDS[call.func.id] :][:2])
            if code:
                messages.setdefault(code, []).append(message)
    return [Code(code, _one_of(told)) for code, told in sorted(messages.items())]


def _one_of(messages: list[str]) -> str:
    """Tell a message that holds whatever the field was."""
    is_fixed = len(set(messages)) == 1 and messages[0] and "{" not in messages[0]
    return messages[0] if is_fixed else _SEE_MESSAGE


def _nodes(source: Path) -> Iterator[ast.AST]:
    for file in sorted(source.rglob("*.py")):
        yield from ast.walk(ast.parse(file.read_text(encoding="utf-8")))


def _calls(source: Path) -> Iterator[ast.Call]:
    return (node for node in _nodes(source) if isinstance(node, ast.Call))


def _of_class(node: ast.ClassDef) -> Iterator[Code]:
    for part in node.body:
        match part:
            case ast.Assign(targets=[ast.Name(id="code")], value=ast.Constant(value=str(code))):
                yield Code(code, (ast.get_docstring(node) or "").partition("\n\n")[0])


def _of_function(function: ast.AST) -> Iterator[Code]:
    assigned = {
        node.targets[0].id: node.value
        for node in ast.walk(function)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    for call in ast.walk(function):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in _REFUSALS:
            status, status_at, code_at = _REFUSALS[call.func.id]
            said = call.args[code_at + 1]
            message = _text(assigned.get(said.id, said) if isinstance(said, ast.Name) else said)
            if code := _text(call.args[code_at]):
                yield Code(code, message or _SEE_MESSAGE, status or _text(call.args[status_at]))


def _text(node: ast.expr) -> str:
    """Read a text; dots stand for what is put in when the program runs."""
    match node:
        case ast.JoinedStr(values=parts):
            return "".join(_text(part) or "\N{HORIZONTAL ELLIPSIS}" for part in parts)
        case ast.Constant(value=value):
            return str(value)
    return ""
