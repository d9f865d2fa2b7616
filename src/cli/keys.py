"""`neuroshorts keys`: who may use the service."""

import contextlib
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.util import find_spec
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .console import ExitCode, open_desk, print_rows, say_plainly

if TYPE_CHECKING:
    from ..store.keys import ApiKey, KeyRing

keys_app = typer.Typer(name="keys", no_args_is_help=True, help="Keys that callers of the service present.")

_LIMIT = "0: none; without it, the operator's setting holds."


@keys_app.command()
def create(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Who or what will carry it, for people.")],
    owner: Annotated[
        str, typer.Option(help="Whose jobs it hands in and sees.", show_default="its name")
    ] = "",
    scope: Annotated[
        list[str] | None, typer.Option(help="submit, read or admin.", show_default="submit and read")
    ] = None,
    requests_a_minute: Annotated[int | None, typer.Option(min=0, help=f"Own limit. {_LIMIT}")] = None,
    queued_jobs: Annotated[int | None, typer.Option(min=0, help=f"Own limit. {_LIMIT}")] = None,
    render_seconds_a_day: Annotated[int | None, typer.Option(min=0, help=f"Own limit. {_LIMIT}")] = None,
) -> None:
    """Make a key and print it, this once."""
    with _opened() as ring:
        from ..store.keys import DEFAULT_SCOPES, KeyOrder, OwnLimits, Scope

        try:
            scopes = tuple(map(Scope, scope or DEFAULT_SCOPES))
        except ValueError as error:
            raise typer.BadParameter(f"take {', '.join(Scope)}", param_hint="--scope") from error
        limits = OwnLimits(requests_a_minute, queued_jobs, render_seconds_a_day)
        key, text = ring.create(KeyOrder(name, owner, scopes, limits))
    say_plainly(
        f"Key {key.id} of {key.owner!r} ({', '.join(key.scopes)}). Take it down now: it is never shown again."
        f"\nCallers send it as `Authorization: Bearer ...`; `neuroshorts keys revoke {key.id}` ends it."
    )
    typer.echo(text)


@keys_app.command()
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Who or what carries it, for people.")],
) -> None:
    """Keep a key that was made elsewhere, read from standard input; for scripts that set a service up."""
    with _opened() as ring:
        from ..store.keys import KeyOrder

        key = ring.adopt(KeyOrder(name), sys.stdin.readline().strip())
    say_plainly(f"Key {key.id} of {key.owner!r} ({', '.join(key.scopes)})")


@keys_app.command("list")
def list_keys(
    as_json: Annotated[bool, typer.Option("--json", help="Print them as JSON.")] = False,
) -> None:
    """List the keys, without their secrets; those that were revoked, too."""
    with _opened() as ring:
        keys = ring.all()
    if as_json:
        typer.echo(json.dumps([_told(key) for key in keys], indent=2))
    else:
        print_rows([_HEADINGS, *map(_row, keys)])


@keys_app.command()
def revoke(key_id: Annotated[str, typer.Argument(metavar="ID", help="As `keys list` tells it.")]) -> None:
    """Make a key useless at once."""
    with _opened() as ring:
        key = ring.revoke(key_id)
    typer.echo(f"revoked {key.id} ({key.name})")


_HEADINGS = ("id", "name", "owner", "scopes", "created", "revoked", "limits")


def _row(key: "ApiKey") -> tuple[str, ...]:
    limits = [f"{name}={limit}" for name, limit in key.limits._asdict().items() if limit is not None]
    times = (key.created_ms, key.revoked_ms)
    return key.id, key.name, key.owner, ",".join(key.scopes), *map(_time, times), " ".join(limits) or "-"


def _told(key: "ApiKey") -> dict[str, Any]:
    times = {"created_at": _time(key.created_ms), "revoked_at": key.revoked_ms and _time(key.revoked_ms)}
    who = {"id": key.id, "name": key.name, "owner": key.owner, "scopes": list(key.scopes)}
    return who | times | key.limits._asdict()


def _time(ms: int | None) -> str:
    return "-" if ms is None else datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="seconds")


@contextlib.contextmanager
def _opened() -> "Iterator[KeyRing]":
    """Open the keys of the database that the settings name; tell what to install where that cannot be."""
    if not (find_spec("sqlalchemy") and find_spec("alembic")):
        say_plainly(
            "error: the database of keys is not installed: run `make serve`, or install neuroshorts[service]"
        )
        raise typer.Exit(ExitCode.FAILED)
    from ..store.keys import KeyRing
    from .jobstore import open_jobs

    engine = open_jobs(open_desk().settings)
    try:
        yield KeyRing(engine)
    finally:
        engine.dispose()
