"""A medium that is taken into the manifest: looked at once, and pinned to what it is then."""

import threading
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from ..errors import MissingFile, RejectedJob
from ..media.probe import sha256_of
from ..models.assets import Asset
from ..models.media_refs import MediaRef, is_url
from ..models.wording import in_words
from ..pipeline.request import HeldUp
from .fetcher import MediaFetcher


class WrongAsset(RejectedJob):
    """What no asset can be."""

    code = "wrong_asset"


class Acquisition(NamedTuple):
    """What somebody says about a medium."""

    id: str
    src: str
    """A URL, or a file of this machine."""
    kind: str
    licence: str
    attribution: str
    tags: tuple[str, ...]


def acquired(
    said: Acquisition, fetcher: MediaFetcher, folder: Path, stop: threading.Event, held_up: HeldUp
) -> Asset:
    """Fetch a medium into a folder and describe it.

    Raises:
        RejectedJob: it cannot be had, or what is said makes no asset.
        Transient: it could not be had for a long time.
    """
    file, uri = Path(said.src).absolute(), said.src
    if is_url(said.src):
        file = fetcher.fetch(
            MediaRef("", said.src, "model" if said.kind == "model" else "image"),
            folder,
            lambda had, whole: None,
            stop,
            held_up,
        ).file
    elif file.is_file():
        uri = f"file:{file}"
    else:
        raise MissingFile(said.src, path="")
    about = {name: value for name, value in said._asdict().items() if name != "src"}
    pinned = {"uri": uri, "sha256": sha256_of(file), "bytes": file.stat().st_size}
    try:
        return Asset.model_validate(about | pinned)
    except ValidationError as error:
        wrong = "; ".join(
            f"{detail['loc'][0]}: "
            + in_words(detail["type"], detail["input"], detail.get("ctx", {}), detail["msg"])
            for detail in error.errors()
        )
        raise WrongAsset(wrong) from error
