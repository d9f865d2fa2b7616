"""Pieces of Markdown: tables, code, JSON."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

#: Characters that a line of JSON has room for.
_LINE = 80


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a table; a cell becomes one line."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(' '.join(cell.split()) for cell in line)} |\n" for line in lines)


def code(text: str) -> str:
    """Set a word in the type of code."""
    return f"`{text}`"


def json_code(value: Any) -> str:
    """Set a value as it stands in JSON; a whole number without its point."""
    return code(json.dumps(plain(value), ensure_ascii=False))


def plain(value: Any) -> Any:
    """Write 30.0 as 30, everywhere in a value."""
    match value:
        case float() if value.is_integer():
            return int(value)
        case dict():
            return {key: plain(part) for key, part in value.items()}
        case list():
            return [plain(part) for part in value]
    return value


def json_block(value: Any) -> str:
    """Set a value as a block of JSON; what is short stays on one line."""
    return _block(_written(plain(value), ""))


def folded(title: str, text: str) -> str:
    """Set JSON as a block that is folded away below a title."""
    indented = "".join(f"    {line}\n" for line in _block(text).splitlines())
    return f'??? example "{title}"\n\n{indented}'


def _block(text: str) -> str:
    return f"```json\n{text}\n```\n"


def _written(value: Any, indent: str) -> str:
    line, inner = json.dumps(value, ensure_ascii=False), f"{indent}  "
    if len(indent) + len(line) <= _LINE or not isinstance(value, dict | list):
        return line
    if isinstance(value, list):
        parts = [_written(part, inner) for part in value]
    else:
        parts = [f"{json.dumps(key)}: {_written(part, inner)}" for key, part in value.items()]
    opening, closing = "[]" if isinstance(value, list) else "{}"
    return f"{opening}\n{inner}" + f",\n{inner}".join(parts) + f"\n{indent}{closing}"
