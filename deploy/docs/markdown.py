"""Pieces of Markdown: tables, code, JSON."""

import json
from collections.abc import Iterable, Sequence
from typing import Any


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


def json_block(value: Any, *, opening: str = "") -> str:
    """Set a value as a block, behind a line that folds it away if there is one."""
    text = json.dumps(plain(value), ensure_ascii=False, indent=2)
    block = f"```json\n{text}\n```\n"
    if not opening:
        return block
    indented = "".join(f"    {line}\n" for line in block.splitlines())
    return f"{opening}\n\n{indented}"
