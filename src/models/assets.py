"""The asset manifest: media that jobs may name by a short id instead of a path or an address."""

import re
import textwrap
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import ConfigDict, Field, StringConstraints, ValidationError, model_validator

from .base import Described
from .planned import Sha256

AssetKind = Literal["font", "image", "video", "music", "voice", "sfx", "lut", "subtitles", "model"]
AssetId = Annotated[str, StringConstraints(max_length=100, pattern=r"^[a-z0-9][a-z0-9._-]*$")]
Line = Annotated[str, StringConstraints(min_length=1, max_length=300)]
_URI = r"^(packaged:.+|file:.+|https?://.+|(s3|gs)://[^/]+/.+)$"
_URIS = [
    "https://example.org/songs/rain.mp3",
    "s3://media/songs/rain.mp3",
    "gs://media/songs/rain.mp3",
    "packaged:fontpkg_inter/files/Inter[opsz,wght].ttf",
    "file:songs/rain.mp3",
]


class _Listed(Described):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Asset(_Listed):
    """One medium, named, pinned by its digest, with its licence."""

    id: AssetId
    """Name in jobs: `src` may say it."""
    kind: AssetKind
    """What it is: a font, an image, a video; music, a voice or an sfx, which jobs use as sound;
    subtitles, a file of captions; a model that speaks or listens, or the JSON beside one; a lut, a table of
    colours, which nothing uses yet. Jobs ask for music by
    its tags, too."""
    uri: Annotated[str, StringConstraints(max_length=2048, pattern=_URI), Field(examples=_URIS)]
    """Where its bytes are. `https://`: a server on the public internet, or one that the operator allows.
    `s3://BUCKET/KEY` and `gs://BUCKET/KEY`: an object in Amazon S3, or a server like it, and in Google Cloud
    Storage, read with the operator's rights. `packaged:PACKAGE/PATH`: a file of an installed Python package.
    `file:PATH`: a file of this machine, by its path from the folder of the manifest."""
    sha256: Sha256
    """Digest of its bytes; other bytes are refused."""
    bytes: Annotated[int, Field(ge=1)]
    """Its size."""
    licence: Annotated[Line, Field(examples=["CC-BY-4.0", "CC0-1.0", "OFL-1.1"])]
    """SPDX identifier. Films made with what begins with CC-BY name its authors in their results."""
    attribution: Line
    """Who is to be named, and how."""
    tags: tuple[Line, ...] = ()
    """Words to find it by; of music also moods: calm, upbeat, dark, epic."""

    @property
    def asks_for_attribution(self) -> bool:
        """Whether films made with it have to name its authors; an OFL font asks only those who pass it on."""
        return self.licence.upper().startswith("CC-BY")


class AssetManifest(_Listed):
    """Media that jobs may name by an id, each pinned by its digest and with its licence."""

    schema_version: Literal[1]
    """Version of this format."""
    assets: tuple[Asset, ...]
    """In any order; ids are unique."""

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Self:
        ids = [asset.id for asset in self.assets]
        twice = sorted({asset_id for asset_id in ids if ids.count(asset_id) > 1})
        if twice:
            raise ValueError(f"these ids stand twice: {', '.join(twice)}")
        return self


def manifest_schema() -> dict[str, Any]:
    """Describe the manifest as a JSON Schema, for editors."""
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return dialect | AssetManifest.model_json_schema()


class InvalidManifest(ValueError):
    """The manifest cannot be used; the message names every place."""


def parse_manifest(text: str) -> AssetManifest:
    """Read a manifest from YAML.

    Raises:
        InvalidManifest: naming what is wrong and where.
    """
    try:
        return AssetManifest.model_validate(yaml.safe_load(text))
    except yaml.YAMLError as error:
        raise InvalidManifest(f"not YAML: {error}") from error
    except ValidationError as error:
        problems = [
            f"{'.'.join(map(str, detail['loc'])) or 'manifest'}: {detail['msg']}" for detail in error.errors()
        ]
        raise InvalidManifest("\n".join(problems)) from error


_ENTRY_DASH = re.compile(r"^( *)- ", re.MULTILINE)
_NO_ENTRIES = re.compile(r"^assets: *\[\] *$", re.MULTILINE)


def with_asset(text: str, asset: Asset) -> str:
    """Write an asset at the end of a manifest, whose comments and order stay.

    Raises:
        InvalidManifest: there is an asset of that id, or something stands behind the list of assets.
    """
    dash = _ENTRY_DASH.search(text)
    indent = dash[1] if dash else "  "
    told = yaml.safe_dump([asset.model_dump(mode="json")], sort_keys=False, allow_unicode=True, width=1000)
    before = _NO_ENTRIES.sub("assets:", text).rstrip("\n")
    written = f"{before}\n{textwrap.indent(told, indent)}"
    if parse_manifest(written).assets[-1] != asset:
        raise InvalidManifest("its list of assets has to be the last thing in it")
    return written
