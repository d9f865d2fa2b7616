"""`neuroshorts assets`: the media that jobs may name by an id."""

import json
import threading
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import RejectedJob, UnknownName
from .console import Desk, ExitCode, open_desk, print_rows, say_error
from .signals import stop_on_signal
from .workfolder import open_workshop

if TYPE_CHECKING:
    from ..fetching.fetcher import MediaFetcher
    from ..models.assets import Asset
    from ..models.progress import Setback

assets_app = typer.Typer(
    name="assets", no_args_is_help=True, help="Media of the asset manifest, which jobs may name by an id."
)

IdsArgument = Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="Only these.")]


@assets_app.command("list")
def list_assets() -> None:
    """List the assets: id, kind, bytes, licence, where they are, and their tags."""
    fetcher = _fetcher(open_desk())
    print_rows([_row(asset) for asset in _chosen(fetcher, ())])


@assets_app.command()
def pull(ids: IdsArgument = None) -> None:
    """Fetch assets before a job needs them."""
    desk, stop = open_desk(), threading.Event()
    fetcher, failed = _fetcher(desk), 0
    with stop_on_signal(stop), open_workshop(desk, stop) as shop:
        for asset in _chosen(fetcher, ids or ()):
            try:
                received_bytes = fetcher.pull(asset, shop.work_dir, stop, partial(_say_setback, desk))
            except RejectedJob as error:
                failed += 1
                say_error(desk, error)
            else:
                told = f"{received_bytes:,} bytes fetched" if received_bytes else "was here already"
                typer.echo(f"{asset.id}: {told}")
    raise typer.Exit(ExitCode.FAILED if failed else ExitCode.DONE)


@assets_app.command()
def verify(ids: IdsArgument = None) -> None:
    """Compare what is on this machine with the manifest; the exit code tells whether anything is wrong."""
    desk = open_desk()
    fetcher = _fetcher(desk)
    with open_workshop(desk) as shop:
        found = {asset.id: fetcher.condition(asset, shop.work_dir) for asset in _chosen(fetcher, ids or ())}
    for id, condition in found.items():
        typer.echo(f"{id}: {condition}")
    raise typer.Exit(ExitCode.FAILED if "wrong" in found.values() else ExitCode.DONE)


@assets_app.command()
def add(
    id: Annotated[str, typer.Argument(metavar="ID", help="What jobs will call it.")],
    src: Annotated[str, typer.Argument(metavar="SRC", help="URL, or a file of this machine.")],
    kind: Annotated[
        str, typer.Option(help="font, image, video, music, voice, sfx, lut, subtitles or model.")
    ],
    licence: Annotated[str, typer.Option(help="SPDX identifier, such as CC-BY-4.0.")],
    attribution: Annotated[str, typer.Option(help="Who is to be named, and how.")],
    tag: Annotated[list[str] | None, typer.Option(help="A word to find it by.")] = None,
) -> None:
    """Take a medium into the manifest, as it is now."""
    desk, stop = open_desk(), threading.Event()
    fetcher = _fetcher(desk)
    from ..fetching.acquisition import Acquisition, acquired

    said = Acquisition(id, src, kind, licence, attribution, tuple(tag or ()))
    with stop_on_signal(stop), open_workshop(desk, stop) as shop:
        asset = acquired(said, fetcher, shop.work_dir, stop, partial(_say_setback, desk))
    fetcher.collection.add(asset)
    typer.echo(f"{asset.id}: {asset.bytes:,} bytes, sha256 {asset.sha256}")


@assets_app.command()
def schema() -> None:
    """Print the JSON Schema of the manifest."""
    from ..models.assets import manifest_schema

    typer.echo(json.dumps(manifest_schema(), indent=2, ensure_ascii=False))


def _say_setback(desk: Desk, setback: "Setback") -> None:
    desk.say(setback.message, "yellow")


def _row(asset: "Asset") -> tuple[str, ...]:
    place, tags = asset.uri.partition("?")[0], ", ".join(asset.tags)
    return asset.id, asset.kind, f"{asset.bytes:,}", asset.licence, place, tags


def _fetcher(desk: Desk) -> "MediaFetcher":
    from ..cloud.signing import StoreSigner
    from ..fetching.fetcher import MediaFetcher

    return MediaFetcher(desk.settings, StoreSigner(desk.settings))


def _chosen(fetcher: "MediaFetcher", ids: Sequence[str]) -> list["Asset"]:
    """List the assets of these ids, or all.

    Raises:
        UnknownName: an id that no asset has.
    """
    known = fetcher.collection.assets
    for id in ids:
        if id not in known:
            raise UnknownName("asset", id, sorted(known), path="")
    return [known[id] for id in ids or sorted(known)]
