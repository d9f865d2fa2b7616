"""Media that lie in a real store of objects, and what it answers when they cannot be had."""

import hashlib
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from src.cloud.signing import StoreSigner
from src.errors import NeuroShortsError
from src.fetching.fetcher import MediaFetcher
from src.fetching.pace import Limits
from src.models.media_refs import MediaRef
from src.pipeline.request import Fetched
from src.settings import Settings
from tests.fileserver import FileServer, Offer, serving_files
from tests.google_account import GoogleAccounts
from tests.services.ceph import Ceph
from tests.services.tcp_proxy import proxied
from tests.waiting import eventually

BODY = bytes(range(256)) * 4096
PATH = "scenes[0].visuals[0].src"
LIMITS = Limits(64 * 1024 * 1024, 600, stall_seconds=60, patience_seconds=120)


class Cupboard:
    """A bucket, and a machine that fetches from it."""

    def __init__(self, ceph: Ceph, folder: Path) -> None:
        self.bucket, self._ceph, self._folder = ceph.new_bucket(), ceph, folder
        self.client = ceph.client()

    def put(self, key: str, body: bytes = BODY) -> str:
        self.client.put_object(Bucket=self.bucket, Key=key, Body=body)
        return f"s3://{self.bucket}/{key}"

    def settings(self, **more: Any) -> Settings:
        user = self._ceph.user
        known: dict[str, Any] = {
            "cache_dir": self._folder / "cache",
            "s3_endpoint_url": self._ceph.url,
            "s3_access_key_id": user.access_key_id,
            "s3_secret_access_key": user.secret_access_key,
            "s3_path_style": True,
        }
        return Settings(**(known | more))

    def fetch(self, src: str, told: Any = None, **more: Any) -> Fetched:
        work, settings = self._folder / "work", self.settings(**more)
        work.mkdir(exist_ok=True)
        fetcher = MediaFetcher(settings, StoreSigner(settings), limits=LIMITS)
        ref = MediaRef(PATH, src, "image")
        hear = told or (lambda had, whole: None)
        return fetcher.fetch(ref, work, hear, threading.Event(), lambda setback: None)

    def refusal(self, src: str, **more: Any) -> NeuroShortsError:
        with pytest.raises(NeuroShortsError) as refused:
            self.fetch(src, **more)
        assert not list((self._folder / "work").iterdir())
        return refused.value


@pytest.fixture
def cupboard(ceph: Ceph, tmp_path: Path) -> Cupboard:
    return Cupboard(ceph, tmp_path)


@pytest.mark.parametrize("key", ["a.png", "a folder/ü+%25 &?#'.png", "deep/er/a.png"])
def test_an_object_is_fetched_from_a_server_on_this_machine(key: str, cupboard: Cupboard) -> None:
    fetched = cupboard.fetch(cupboard.put(key))
    assert (fetched.file.read_bytes(), fetched.received_bytes) == (BODY, len(BODY))


def test_an_object_is_fetched_again_only_when_it_has_changed(cupboard: Cupboard) -> None:
    uri = cupboard.put("a.png")
    assert [cupboard.fetch(uri).received_bytes for _ in range(2)] == [len(BODY), 0]
    cupboard.put("a.png", b"another")
    assert cupboard.fetch(uri).file.read_bytes() == b"another"


def test_a_download_that_is_cut_goes_on_where_it_was(cupboard: Cupboard, ceph: Ceph) -> None:
    uri, cuts, so_far = cupboard.put("large.png", BODY * 16), [4, 8, 12], list[int]()
    with proxied(lambda: ceph.port) as way:

        def told(had_bytes: int, size_bytes: int) -> None:
            so_far.append(had_bytes)
            if cuts and had_bytes > cuts[0] * len(BODY):
                cuts.pop(0)
                way.cut()

        fetched = cupboard.fetch(uri, told, s3_endpoint_url=f"http://127.0.0.1:{way.port}")
    assert fetched.file.read_bytes() == BODY * 16
    assert not cuts
    assert fetched.received_bytes == len(BODY) * 16
    assert so_far == sorted(so_far)


def test_a_store_that_is_away_for_a_while_is_waited_for(cupboard: Cupboard, ceph: Ceph) -> None:
    uri = cupboard.put("a.png")
    ceph.stop()
    back = threading.Thread(target=ceph.start)
    try:
        back.start()
        assert cupboard.fetch(uri).file.read_bytes() == BODY
    finally:
        back.join()
        eventually(lambda: cupboard.client.list_buckets())


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"s3_secret_access_key": "wrong"}, "wrong_credentials"),
        ({"s3_access_key_id": "nobody"}, "wrong_credentials"),
    ],
)
def test_wrong_credentials_are_told_at_once(changed: dict[str, str], code: str, cupboard: Cupboard) -> None:
    error = cupboard.refusal(cupboard.put("a.png"), **changed)
    assert (error.code, error.path, error.retryable) == (code, PATH, False)
    assert "NEUROSHORTS_S3_ACCESS_KEY_ID" in error.message
    assert "X-Amz-Signature" not in error.message


def test_no_credentials_at_all_are_told(cupboard: Cupboard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    error = cupboard.refusal("s3://bucket/a.png", s3_access_key_id="", s3_secret_access_key="")
    assert (error.code, error.path) == ("wrong_credentials", PATH)


def test_an_object_that_does_not_exist_is_told(cupboard: Cupboard) -> None:
    error = cupboard.refusal(f"s3://{cupboard.bucket}/gone.png")
    assert (error.code, error.path) == ("not_found", PATH)
    assert f"s3://{cupboard.bucket}/gone.png" in error.message


def test_a_bucket_that_does_not_exist_is_told(cupboard: Cupboard) -> None:
    assert cupboard.refusal("s3://no-such-bucket-here/a.png").code == "missing_bucket"


def test_a_bucket_of_somebody_else_is_told(cupboard: Cupboard, ceph: Ceph) -> None:
    user = ceph.new_user()
    error = cupboard.refusal(
        cupboard.put("a.png"),
        s3_access_key_id=user.access_key_id,
        s3_secret_access_key=user.secret_access_key,
    )
    assert error.code == "no_rights"
    assert "s3:GetObject" in error.message


@pytest.mark.parametrize(
    ("theirs", "status"), [("AuthorizationQueryParametersError", 400), ("PermanentRedirect", 301)]
)
def test_a_bucket_in_another_region_is_told(theirs: str, status: int, cupboard: Cupboard) -> None:
    body = f"<Error><Code>{theirs}</Code><Message>Expecting eu-west-1.</Message></Error>".encode()
    with serving_files() as amazon:
        amazon.offer("/media/a.png", Offer(body, status=status))
        error = cupboard.refusal("s3://media/a.png", s3_endpoint_url=f"http://{amazon.address}")
    assert (error.code, error.path, error.retryable) == ("wrong_region", PATH, False)
    assert "NEUROSHORTS_S3_REGION" in error.message


@pytest.mark.parametrize("src", ["s3://", "s3://bucket", "s3:///key", "s3://bucket/"])
def test_what_names_no_object_is_told(src: str, cupboard: Cupboard) -> None:
    assert cupboard.refusal(src).code == "uncallable_url"


def test_the_store_is_reached_only_for_what_lies_in_it(cupboard: Cupboard, ceph: Ceph) -> None:
    cupboard.put("a.png")
    assert cupboard.refusal(f"{ceph.url}/{cupboard.bucket}/a.png").code == "forbidden_host"


@pytest.fixture
def google(tmp_path: Path) -> Iterator[tuple[FileServer, dict[str, Any]]]:
    """Serve objects as Google Cloud Storage does, and give the settings of somebody who may read them."""
    file = GoogleAccounts("http://127.0.0.1:1").service_account_file(tmp_path)
    with serving_files() as files:
        yield files, {"gs_endpoint_url": f"http://{files.address}", "google_credentials_file": file}


def test_an_object_of_google_is_fetched_by_a_signed_url(
    cupboard: Cupboard, google: tuple[FileServer, dict[str, Any]]
) -> None:
    files, settings = google
    files.offer("/music/calm/a%20song.mp3", Offer(BODY))
    fetched = cupboard.fetch("gs://music/calm/a song.mp3", **settings)
    assert fetched.file.read_bytes() == BODY
    assert cupboard.fetch("gs://music/calm/a song.mp3", **settings).received_bytes == 0
    assert [ask.status for ask in files.asked] == [200, 304]


@pytest.mark.parametrize(
    ("theirs", "status", "code"),
    [
        ("NoSuchKey", 404, "not_found"),
        ("NoSuchBucket", 404, "missing_bucket"),
        ("AccessDenied", 403, "no_rights"),
        ("SignatureDoesNotMatch", 403, "wrong_credentials"),
    ],
)
def test_what_google_refuses_is_told(
    theirs: str, status: int, code: str, cupboard: Cupboard, google: tuple[FileServer, dict[str, Any]]
) -> None:
    files, settings = google
    body = f"<?xml version='1.0'?><Error><Code>{theirs}</Code><Message>Told.</Message></Error>".encode()
    files.offer("/music/a.mp3", Offer(body, status=status))
    error = cupboard.refusal("gs://music/a.mp3", **settings)
    assert (error.code, error.path, error.retryable) == (code, PATH, False)


def test_credentials_that_cannot_sign_are_told(
    cupboard: Cupboard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS", raising=False)
    error = cupboard.refusal("gs://music/a.mp3")
    assert (error.code, error.path) == ("wrong_credentials", PATH)
    assert "NEUROSHORTS_GOOGLE_CREDENTIALS_FILE" in error.message


def test_an_asset_that_was_fetched_needs_no_credentials_any_more(cupboard: Cupboard, tmp_path: Path) -> None:
    manifest, uri = tmp_path / "assets.yaml", cupboard.put("a.png")
    about = {"sha256": hashlib.sha256(BODY).hexdigest(), "licence": "CC0-1.0", "attribution": "nobody"}
    asset = {"id": "photo", "kind": "image", "uri": uri, "bytes": len(BODY), **about}
    manifest.write_text(json.dumps({"schema_version": 1, "assets": [asset]}))
    assert cupboard.fetch("photo", assets_manifest=manifest).received_bytes == len(BODY)
    nobody = {"s3_access_key_id": "", "s3_secret_access_key": ""}
    assert cupboard.fetch("photo", assets_manifest=manifest, **nobody).file.read_bytes() == BODY
