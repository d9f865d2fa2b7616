"""`neuroshorts render` brings the film to a bucket as well, and keeps its own file."""

import json
from pathlib import Path

import httpx
import pytest

from src.cli.app import run
from src.models.status import JobStatus
from src.settings import PREFIX
from tests.services.ceph import Ceph

from .conftest import FakeFilm

Output = pytest.CaptureFixture[str]
JOB = {
    "id": "row-1",
    "output": {"destinations": [{"type": "s3", "key": "{job_id}.mp4"}], "poster": None},
    "scenes": [{"text": "Hello"}],
}


@pytest.fixture
def job_with_bucket(film: FakeFilm, job_file: Path) -> Path:
    job_file.write_text(json.dumps(JOB), encoding="utf-8")
    return job_file


def test_the_film_is_told_by_its_link(
    ceph: Ceph, job_with_bucket: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    given = {
        "ENDPOINT_URL": ceph.url,
        "BUCKET": ceph.new_bucket(),
        "ACCESS_KEY_ID": ceph.user.access_key_id,
        "SECRET_ACCESS_KEY": ceph.user.secret_access_key,
        "PATH_STYLE": "true",
    }
    for name, value in given.items():
        monkeypatch.setenv(f"{PREFIX}S3_{name}", value)

    assert run(["render", "hello.json", "-o", "a.mp4", "--json"]) == 0

    status = JobStatus.model_validate_json(capsys.readouterr().out)
    assert status.result
    assert httpx.get(status.result.url, timeout=60).content == b"film"
    assert (job_with_bucket.parent / "a.mp4").read_bytes() == b"film"


def test_a_bucket_that_cannot_be_used_is_told_before_anything_is_rendered(
    film: FakeFilm, job_with_bucket: Path, capsys: Output
) -> None:
    assert run(["render", "hello.json"]) == 2

    assert "NEUROSHORTS_S3_BUCKET" in capsys.readouterr().err
    assert film.requests == []
