"""The reference of the command: every argument and option."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import typer

from deploy.docs.markdown import code, table
from src.cli.app import app

#: The page that this is.
PAGE = "command.md"
_NAME = "neuroshorts"


class Described(NamedTuple):
    """A command and how it is called.

    The classes of both are Typer's own affair, and differ between its versions.
    """

    path: str
    command: Any
    context: Any


def page(section: str) -> str:
    """Write the page: the README's section, then each command in full."""
    return "\n".join([f"# Command\n\n{section}\n", *map(_section, commands())])


def commands() -> list[Described]:
    """List every command, those of groups included."""
    root: Any = typer.main.get_command(app)
    return list(_below(Described(_NAME, root, root.context_class(root, info_name=_NAME))))


def _below(here: Described) -> Iterator[Described]:
    inner = getattr(here.command, "commands", None)
    if inner is None:
        yield here
        return
    for name, command in inner.items():
        context = command.context_class(command, parent=here.context, info_name=name)
        yield from _below(Described(f"{here.path} {name}", command, context))


def _section(told: Described) -> str:
    usage = told.command.get_usage(told.context).partition(" ")[2]
    parts = [f"## {told.path}\n", f"{told.command.help}\n", f"```\n{' '.join(usage.split())}\n```\n"]
    records = [part.get_help_record(told.context) for part in told.command.params]
    rows = [(code(name), _meaning(help)) for name, help in filter(None, records)]
    if rows:
        parts.append(table(("argument or option", "meaning"), rows))
    return "\n".join(parts)


def _meaning(help: str) -> str:
    """Set the last brackets, which hold default and range, in the type of code."""
    text, bracket, facts = help.rpartition("[")
    return f"{text}{code(facts.removesuffix(']'))}" if bracket and help.endswith("]") else help
