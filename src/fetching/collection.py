"""The assets that jobs may name by an id, as the operator's manifest lists them."""

import os
import uuid
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from ..errors import NeuroShortsError
from ..models.assets import Asset, InvalidManifest, parse_manifest, with_asset
from ..plan.music import Piece
from .manifest import OWN_MANIFEST

_EMPTY_MANIFEST = "schema_version: 1\nassets: []\n"


class BadManifest(NeuroShortsError):
    """The operator's fault: the manifest cannot be used."""

    code = "bad_manifest"

    def __init__(self, file: Path, reason: str) -> None:
        super().__init__(f"cannot use the asset manifest {str(file)!r}: {reason}")


class Collection:
    """Assets by their ids."""

    def __init__(self, assets: Mapping[str, Asset], file: Path) -> None:
        self.assets = assets
        self._file, self._folder = file, file.parent

    @property
    def music(self) -> tuple[Piece, ...]:
        """The pieces that jobs may ask for by their tags."""
        assets = self.assets.values()
        return tuple(Piece(asset.id, asset.tags) for asset in assets if asset.kind == "music" and asset.tags)

    def add(self, asset: Asset) -> None:
        """Write an asset into the manifest.

        Raises:
            BadManifest: it has an asset of that id, or cannot be written.
        """
        part = self._file.with_name(f"{self._file.name}.{uuid.uuid4().hex}.part")
        try:
            is_there = self._file.exists()
            text = self._file.read_text(encoding="utf-8") if is_there else _EMPTY_MANIFEST
            part.write_text(with_asset(text, asset), encoding="utf-8")
            os.replace(part, self._file)
        except InvalidManifest as error:
            raise BadManifest(self._file, str(error)) from error
        except OSError as error:
            raise BadManifest(self._file, error.strerror or str(error)) from error
        finally:
            part.unlink(missing_ok=True)

    def file_of(self, asset: Asset) -> Path | None:
        """Find the file of an asset that is on this machine; None if it has to be fetched."""
        scheme, _, place = asset.uri.partition(":")
        if scheme == "file":
            return self._folder / place.removeprefix("//")
        if scheme != "packaged":
            return None
        package, _, inside = place.partition("/")
        spec = find_spec(package) if package.isidentifier() else None
        folders = list(spec.submodule_search_locations or ()) if spec else []
        return Path(folders[0]) / inside if folders else self._folder / place


def open_collection(manifest: Path | None) -> Collection:
    """Read the manifest; the one that comes with the program may be missing.

    Raises:
        BadManifest: it cannot be read or means nothing.
    """
    file = manifest or OWN_MANIFEST
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        if manifest is None and isinstance(error, FileNotFoundError):
            return Collection({}, file)
        reason = getattr(error, "strerror", None) or str(error)
        raise BadManifest(file, f"{reason}; see NEUROSHORTS_ASSETS_MANIFEST") from error
    try:
        assets = parse_manifest(text).assets
    except InvalidManifest as error:
        raise BadManifest(file, str(error)) from error
    return Collection({asset.id: asset for asset in assets}, file)
