"""Jobs whose media lie in buckets, from the worker and the command to the film."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from src.models.status import JobStatus
from tests.e2e.command import run
from tests.e2e.house import House
from tests.e2e.pictured import job_of
from tests.services.ceph import Ceph


class Storehouse:
    """A bucket with a picture, and a house whose workers may read it."""

    def __init__(self, ceph: Ceph, folder: Path, picture: bytes, **more: Any) -> None:
        self.bucket = ceph.new_bucket()
        self.uri = f"s3://{self.bucket}/pictures/a.png"
        ceph.client().put_object(Bucket=self.bucket, Key="pictures/a.png", Body=picture)
        given: dict[str, Any] = {
            "s3_endpoint_url": ceph.url,
            "s3_access_key_id": ceph.user.access_key_id,
            "s3_secret_access_key": ceph.user.secret_access_key,
            "s3_path_style": True,
        }
        self.house = House(folder / "house", **(given | more))

    def ended(self, src: str) -> JobStatus:
        try:
            with self.house.working():
                return self.house.ended(self.house.submit(job_of(src)))
        finally:
            self.house.engine.dispose()


def test_a_picture_in_a_bucket_becomes_a_film(ceph: Ceph, tmp_path: Path, picture: bytes) -> None:
    store = Storehouse(ceph, tmp_path, picture, fetch_allow_buckets=("*",))
    status = store.ended(store.uri)
    assert status.error is None
    assert status.result
    assert status.result.bytes_fetched == len(picture)


def test_an_asset_in_a_bucket_needs_no_other_permission(ceph: Ceph, tmp_path: Path, picture: bytes) -> None:
    manifest = tmp_path / "assets.yaml"
    store = Storehouse(ceph, tmp_path, picture, assets_manifest=manifest)
    asset = {"id": "photo", "kind": "image", "uri": store.uri, "bytes": len(picture)}
    about = {
        "sha256": hashlib.sha256(picture).hexdigest(),
        "licence": "CC-BY-4.0",
        "attribution": "A. Painter",
    }
    manifest.write_text(json.dumps({"schema_version": 1, "assets": [asset | about]}))
    status = store.ended("photo")
    assert status.error is None
    assert status.result
    assert status.result.attributions == ("A. Painter",)


def test_a_bucket_that_jobs_may_not_name_is_not_read(ceph: Ceph, tmp_path: Path, picture: bytes) -> None:
    status = Storehouse(ceph, tmp_path, picture).ended("s3://somebody-elses/a.png")
    assert status.error
    assert (status.error.code, status.error.path) == ("forbidden_bucket", "scenes[0].visuals[0].src")
    assert "NEUROSHORTS_FETCH_ALLOW_BUCKETS" in status.error.message


def test_wrong_credentials_of_the_operator_fail_a_job_at_once(
    ceph: Ceph, tmp_path: Path, picture: bytes
) -> None:
    wrong = {"s3_secret_access_key": "wrong", "fetch_allow_buckets": ("*",)}
    store = Storehouse(ceph, tmp_path, picture, **wrong)
    status = store.ended(store.uri)
    assert status.error
    assert (status.error.code, status.attempts) == ("wrong_credentials", 1)


def test_the_command_reads_what_its_user_may_read(
    ceph: Ceph, tmp_path: Path, picture: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Storehouse(ceph, tmp_path, picture)
    store.house.engine.dispose()
    monkeypatch.setenv("NEUROSHORTS_S3_ENDPOINT_URL", ceph.url)
    monkeypatch.setenv("NEUROSHORTS_S3_PATH_STYLE", "yes")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ceph.user.access_key_id)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", ceph.user.secret_access_key)
    done = run(tmp_path, "render", "job.json", "-o", "film.mp4", job=job_of(store.uri))
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "film.mp4").is_file()
