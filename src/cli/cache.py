"""`neuroshorts cache`: what is kept between renders, and how to be rid of it."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import RejectedJob, RenderFailed
from .console import Desk, ExitCode, open_desk

if TYPE_CHECKING:
    from ..fetching.shelf import Shelf
    from ..store.cache import DiskCache

cache_app = typer.Typer(
    name="cache", no_args_is_help=True, help="Finished parts of films that are kept for later ones."
)

_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}


@cache_app.command()
def stats() -> None:
    """Show what is kept, by kind."""
    desk = open_desk()
    with _opened(desk) as cache:
        shelves = cache.shelves()
    for shelf in shelves:
        typer.echo(f"{shelf.kind:<10} {shelf.entries:>8}  {_readable(shelf.size_bytes):>10}")
    entries, size_bytes = (
        sum(shelf.entries for shelf in shelves),
        sum(shelf.size_bytes for shelf in shelves),
    )
    limit_bytes = desk.settings.cache_max_bytes
    typer.echo(f"{'all':<10} {entries:>8}  {_readable(size_bytes):>10}  of {_readable(limit_bytes)}")
    stock = _shelf(desk).stock()
    limit_bytes, size = desk.settings.fetch_cache_max_bytes, _readable(stock.size_bytes)
    typer.echo(f"{'downloads':<10} {stock.files:>8}  {size:>10}  of {_readable(limit_bytes)}")
    from ..pipeline.unpacked import UnpackedModels

    models = UnpackedModels(desk.settings.cache_dir).stock()
    size = _readable(models.size_bytes)
    typer.echo(f"{'models':<10} {models.models:>8}  {size:>10}  of {_readable(limit_bytes)}")
    typer.echo(f"in {desk.settings.cache_dir}")


@cache_app.command()
def prune(
    to: Annotated[
        str, typer.Option(help="Size to come down to, such as 500M or 2G.", show_default="its bound")
    ] = "",
    everything: Annotated[bool, typer.Option("--all", help="Give up everything.")] = False,
) -> None:
    """Give up what is used least, and what killed renders left behind; --to leaves fetched media alone."""
    desk = open_desk()
    limit_bytes = 0 if everything else _bytes_of(to) if to else desk.settings.cache_max_bytes
    with _opened(desk) as cache:
        given_up = cache.prune(limit_bytes)
        if everything or not to:
            from ..pipeline.unpacked import UnpackedModels

            most_bytes = 0 if everything else desk.settings.fetch_cache_max_bytes
            given_up += _shelf(desk).prune(most_bytes)
            given_up += UnpackedModels(desk.settings.cache_dir).prune(most_bytes)
        kept = sum(shelf.size_bytes for shelf in cache.shelves())
    typer.echo(f"gave up {given_up}, kept {_readable(kept)}")
    if kept > limit_bytes:
        raise RenderFailed(
            f"more than {_readable(limit_bytes)} is left: files in the cache cannot be deleted"
        )


@cache_app.command()
def verify() -> None:
    """Read everything that is kept and remove what is damaged; the exit code tells whether anything was."""
    with _opened(open_desk()) as cache:
        whole, damaged = cache.verify()
    typer.echo(f"whole {whole}, damaged and removed {damaged}")
    raise typer.Exit(ExitCode.FAILED if damaged else ExitCode.DONE)


@cache_app.command()
def warm(
    job: Annotated[str, typer.Argument(metavar="JOB", help="Job file, or - for standard input.")],
) -> None:
    """Render the parts of a job into the cache, so that its film comes at once later."""
    from .dryrun import open_request
    from .progress import open_view
    from .signals import stop_on_signal

    desk = open_desk()
    stop = threading.Event()
    view = open_view(desk.console, json_log=desk.json_log)
    with stop_on_signal(stop), open_request(desk, job, stop) as request:
        from ..pipeline.film import warm as make_parts

        try:
            counted = make_parts(request, view.show, stop)
        finally:
            view.close()
    typer.echo(f"segments: {counted.segments_hit} were there, {counted.segments_rendered} rendered")


def _shelf(desk: Desk) -> "Shelf":
    from ..fetching.shelf import Shelf

    return Shelf(desk.settings.cache_dir, desk.settings.fetch_cache_max_bytes)


@contextmanager
def _opened(desk: Desk) -> "Iterator[DiskCache]":
    from ..store.cache import DiskCache
    from .workfolder import open_workshop

    with open_workshop(desk) as shop:
        try:
            yield DiskCache(desk.settings.cache_dir, desk.settings.cache_max_bytes, shop.work_dir)
        except OSError as error:
            place = str(desk.settings.cache_dir)
            remedy = f"check that {place!r} and all in it are yours"
            raise RenderFailed(f"cannot look after the cache ({error.strerror}): {remedy}") from error


def _bytes_of(told: str) -> int:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([kmgt]?)b?", told.strip().lower())
    if not match:
        raise RejectedJob(f"{told!r} is no size: write it like 500M or 2G")
    return int(float(match[1]) * _UNITS[match[2]])


def _readable(size_bytes: int) -> str:
    for unit in ("GB", "MB", "kB"):
        scale = _UNITS[unit[0].lower()]
        if size_bytes >= scale:
            return f"{size_bytes / scale:.1f} {unit}"
    return f"{size_bytes} B"
