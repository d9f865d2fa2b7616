"""What a process that fetches nothing pays for being able to."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from src.cloud.signing import StoreSigner
from src.fetching.collection import BadManifest
from src.fetching.ondemand import OnDemandFetcher
from src.plan.music import Piece
from src.settings import Settings

_ASSET = {"uri": "file:a", "sha256": "0" * 64, "bytes": 1, "licence": "CC0-1.0", "attribution": "Ada"}


def manifest(folder: Path, *assets: dict[str, object]) -> Settings:
    file = folder / "manifest.yaml"
    file.write_text(json.dumps({"schema_version": 1, "assets": [_ASSET | asset for asset in assets]}))
    return Settings(assets_manifest=file)


def test_pieces_are_music_that_has_tags(tmp_path: Path) -> None:
    settings = manifest(
        tmp_path,
        {"id": "rain", "kind": "music", "tags": ["calm"]},
        {"id": "untold", "kind": "music"},
        {"id": "bang", "kind": "sfx", "tags": ["calm"]},
    )
    assert OnDemandFetcher(settings, StoreSigner(settings)).music() == (Piece("rain", ("calm",)),)


def test_a_manifest_that_is_missing_is_told_when_it_is_needed(tmp_path: Path) -> None:
    settings = Settings(assets_manifest=tmp_path / "gone.yaml")
    fetcher = OnDemandFetcher(settings, StoreSigner(settings))
    assert fetcher.knows("https://example.org/a")
    with pytest.raises(BadManifest, match=r"gone\.yaml"):
        fetcher.music()


def test_a_manifest_without_music_is_not_parsed() -> None:
    asking = (
        "import sys; from src.cloud.signing import StoreSigner; from src.settings import Settings;"
        "from src.fetching.ondemand import OnDemandFetcher; settings = Settings();"
        "assert OnDemandFetcher(settings, StoreSigner(settings)).music() == ();"
        "assert 'yaml' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", asking], check=True, cwd=Path(__file__).parents[3])
