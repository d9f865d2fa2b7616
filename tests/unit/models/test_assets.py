"""The manifest names media, pins their bytes and says whose they are."""

import hashlib
import importlib.util
import json
from pathlib import Path

import jsonschema_rs
import pytest
import yaml

from src.models.assets import Asset, InvalidManifest, manifest_schema, parse_manifest, with_asset

MANIFEST = Path(__file__).parents[3] / "assets_manifest.yaml"
SCHEMA = MANIFEST.with_name("assets_manifest.schema.json")
_ENTRY = """
  - id: {id}
    kind: font
    uri: packaged:fontpkg_inter/a.ttf
    sha256: "{sha}"
    bytes: 1
    licence: OFL-1.1
    attribution: Somebody
"""


def _text(*ids: str, sha: str = "0" * 64) -> str:
    return "schema_version: 1\nassets:" + "".join(_ENTRY.format(id=asset_id, sha=sha) for asset_id in ids)


def _packaged_file(asset: Asset) -> Path:
    package, _, inside = asset.uri.removeprefix("packaged:").partition("/")
    spec = importlib.util.find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / inside


def test_the_manifest_of_this_repository_tells_the_truth_about_its_files() -> None:
    assets = parse_manifest(MANIFEST.read_text(encoding="utf-8")).assets

    assert assets
    for asset in assets:
        data = _packaged_file(asset).read_bytes()
        assert (asset.bytes, asset.sha256) == (len(data), hashlib.sha256(data).hexdigest()), asset.id


def test_the_packaged_fonts_carry_the_licence_that_the_manifest_names() -> None:
    for asset in parse_manifest(MANIFEST.read_text(encoding="utf-8")).assets:
        licence = (_packaged_file(asset).parents[1] / "LICENSE").read_text(encoding="utf-8")
        assert asset.licence == "OFL-1.1"
        assert "SIL OPEN FONT LICENSE Version 1.1" in licence
        assert asset.attribution in licence


@pytest.mark.parametrize("asset_id", ["font.inter", "a", "0-9_x"])
def test_an_id_is_plain(asset_id: str) -> None:
    assert parse_manifest(_text(asset_id)).assets[0].id == asset_id


@pytest.mark.parametrize("asset_id", ["Font", ".inter", "a/b", "a b"])
def test_an_id_that_could_be_a_path_is_refused(asset_id: str) -> None:
    with pytest.raises(InvalidManifest, match=r"assets\.0\.id"):
        parse_manifest(_text(asset_id))


def test_an_id_stands_once() -> None:
    with pytest.raises(InvalidManifest, match="stand twice: one"):
        parse_manifest(_text("one", "two", "one"))


def test_a_digest_is_needed() -> None:
    with pytest.raises(InvalidManifest, match=r"assets\.0\.sha256"):
        parse_manifest(_text("one", sha="abc"))


@pytest.mark.parametrize("text", ["", "[]", "assets: []", "schema_version: 2\nassets: []", "a: b: c"])
def test_what_is_no_manifest_is_refused(text: str) -> None:
    with pytest.raises(InvalidManifest):
        parse_manifest(text)


def test_an_asset_is_written_behind_the_others_and_comments_stay() -> None:
    given = "# Ours\n" + _text("one")
    asset = parse_manifest(_text("two")).assets[0]
    written = with_asset(given, asset)
    assert written.startswith(given.rstrip())
    assert [found.id for found in parse_manifest(written).assets] == ["one", "two"]
    with pytest.raises(InvalidManifest, match="twice"):
        with_asset(written, asset)


def test_an_asset_is_written_into_the_manifest_of_this_repository_and_editors_still_know_its_schema() -> None:
    asset = parse_manifest(_text("two")).assets[0]
    written = with_asset(MANIFEST.read_text(encoding="utf-8"), asset)
    first_line = written.splitlines()[0]
    assert first_line == f"# yaml-language-server: $schema=./{SCHEMA.name}"
    assert parse_manifest(written).assets[-1] == asset


def test_the_schema_beside_the_manifest_is_that_of_the_model() -> None:
    written = json.dumps(manifest_schema(), indent=2, ensure_ascii=False) + "\n"
    assert (
        SCHEMA.read_text(encoding="utf-8") == written
    ), "write it anew: neuroshorts assets schema > assets_manifest.schema.json"


def test_the_schema_describes_every_field_and_takes_the_manifest_of_this_repository() -> None:
    schema = manifest_schema()
    fields = schema["properties"] | schema["$defs"]["Asset"]["properties"]
    assert all(field["description"] for field in fields.values())
    validator = jsonschema_rs.Draft202012Validator(schema)
    told = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
    assert validator.is_valid(told)
    told["assets"][0]["uri"] = "ftp://example.org/a"
    assert not validator.is_valid(told)


@pytest.mark.parametrize(
    ("uri", "is_taken"),
    [
        ("s3://media/a", True),
        ("gs://media/a/b", True),
        ("https://example.org/a", True),
        ("packaged:fontpkg_inter/a.ttf", True),
        ("file:../a.wav", True),
        ("s3://media", False),
        ("s3:///a", False),
        ("gs://", False),
        ("https:example.org", False),
        ("ftp://example.org/a", False),
        ("a.wav", False),
    ],
)
def test_a_uri_says_where_an_asset_is(uri: str, is_taken: bool) -> None:
    text = _text("one").replace("packaged:fontpkg_inter/a.ttf", uri)
    if is_taken:
        assert parse_manifest(text).assets[0].uri == uri
    else:
        with pytest.raises(InvalidManifest, match=r"assets\.0\.uri"):
            parse_manifest(text)


def test_nothing_is_written_where_it_would_not_be_read() -> None:
    asset = parse_manifest(_text("two")).assets[0]
    with pytest.raises(InvalidManifest):
        with_asset("assets:" + _ENTRY.format(id="one", sha="0" * 64) + "schema_version: 1\n", asset)


@pytest.mark.parametrize(
    ("licence", "asks"), [("CC-BY-4.0", True), ("cc-by-sa-3.0", True), ("CC0-1.0", False), ("OFL-1.1", False)]
)
def test_some_licences_ask_that_films_name_the_author(licence: str, asks: bool) -> None:
    asset = parse_manifest(_text("one")).assets[0].model_copy(update={"licence": licence})
    assert asset.asks_for_attribution is asks
