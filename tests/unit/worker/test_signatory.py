"""What the processes that render may read and write in stores of objects."""

from pathlib import Path
from typing import Any

import pytest

from src.cloud.signing import Signed, Verb
from src.errors import NeuroShortsError
from src.settings import Settings
from src.worker.signatory import Signatory

MANIFEST = """\
schema_version: 1
assets:
  - id: photo
    kind: image
    uri: s3://assets/photo.png
    sha256: "0000000000000000000000000000000000000000000000000000000000000000"
    bytes: 1
    licence: CC0-1.0
    attribution: somebody
"""


class Recorded:
    """Signs everything and remembers it."""

    def signed(self, verb: Verb, uri: str) -> Signed:
        return Signed(f"https://signed.example/{verb}?{uri}")


def signatory(folder: Path, **more: Any) -> Signatory:
    manifest = folder / "assets.yaml"
    manifest.write_text(MANIFEST)
    return Signatory(Settings(assets_manifest=manifest, **more), Recorded())


@pytest.mark.parametrize("uri", ["s3://media/a.png", "s3://assets/photo.png", "gs://clips/of/july/b.mp4"])
def test_what_jobs_may_name_can_be_read(uri: str, tmp_path: Path) -> None:
    allowed = ("s3://media", "gs://clips/of")
    assert signatory(tmp_path, fetch_allow_buckets=allowed).signed("GET", uri).url.endswith(uri)


def test_what_is_added_to_the_manifest_can_be_read_at_once(tmp_path: Path) -> None:
    asked, manifest = signatory(tmp_path), tmp_path / "assets.yaml"
    with pytest.raises(NeuroShortsError):
        asked.signed("GET", "s3://assets/new.png")
    added = MANIFEST.partition("assets:\n")[2].replace("photo", "new")
    manifest.write_text(MANIFEST + added)
    assert asked.signed("GET", "s3://assets/new.png").url.endswith("s3://assets/new.png")
    manifest.unlink()
    with pytest.raises(NeuroShortsError):
        asked.signed("GET", "s3://assets/new.png")


@pytest.mark.parametrize("uri", ["s3://films/a.mp4", "s3://assets/other.png", "gs://clips/b.mp4"])
def test_nothing_else_can_be_read(uri: str, tmp_path: Path) -> None:
    with pytest.raises(NeuroShortsError) as refused:
        signatory(tmp_path, fetch_allow_buckets=("s3://media", "gs://clips/of")).signed("GET", uri)
    assert refused.value.code == "forbidden_bucket"


@pytest.mark.parametrize("uri", ["s3://media/a.png", "s3://assets/photo.png"])
def test_nothing_of_it_can_be_written(uri: str, tmp_path: Path) -> None:
    with pytest.raises(NeuroShortsError) as refused:
        signatory(tmp_path, fetch_allow_buckets=("*",)).signed("PUT", uri)
    assert refused.value.code == "forbidden_bucket"


@pytest.mark.parametrize("verb", ["GET", "PUT"])
def test_segments_in_the_shared_cache_can_be_read_and_written(verb: Verb, tmp_path: Path) -> None:
    place = "s3://parts/shared"
    uri = f"{place}/segment/{'0' * 64}"
    assert signatory(tmp_path, shared_cache_url=place).signed(verb, uri).url.endswith(uri)
    with pytest.raises(NeuroShortsError):
        signatory(tmp_path, shared_cache_url=place).signed(verb, f"{place}/film/a.mp4")
    with pytest.raises(NeuroShortsError):
        signatory(tmp_path).signed(verb, uri)
