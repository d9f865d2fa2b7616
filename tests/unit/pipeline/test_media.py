"""Which files a job may name."""

import json
from pathlib import Path

import pytest

from src.errors import ForbiddenPath, MissingFile, NotSupported
from src.models.job import parse_job
from src.models.media_refs import MediaRef
from src.pipeline.media import resolve
from src.pipeline.request import Request
from src.settings import Settings
from src.store.cache import DiskCache


def request_of(base_dir: Path | None, folder: Path, *roots: Path) -> Request:
    job = parse_job(json.dumps({"scenes": [{"text": "Hello"}]}))
    settings = Settings().model_copy(update={"asset_roots": roots})
    return Request(job, base_dir, folder, folder / "film.mp4", settings, DiskCache(folder, 0, folder))


def ref_to(src: str) -> MediaRef:
    return MediaRef("scenes[0].visuals[0].src", src, "image")


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    """Make a folder of jobs, one of shared assets and one of secrets, a file in each."""
    for name in ("jobs", "assets", "secrets"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.png").write_bytes(name.encode())
    return tmp_path


def test_a_job_of_the_command_names_files_below_its_folder_or_by_absolute_paths(folders: Path) -> None:
    request = request_of(folders / "jobs", folders)
    assert resolve(ref_to("a.png"), request).read_bytes() == b"jobs"
    assert resolve(ref_to(str(folders / "secrets" / "a.png")), request).read_bytes() == b"secrets"
    with pytest.raises(ForbiddenPath, match="leaves the folder of the job"):
        resolve(ref_to("../secrets/a.png"), request)


def test_a_job_from_elsewhere_names_files_below_the_shared_folders_only(folders: Path) -> None:
    request = request_of(None, folders, folders / "assets")
    assert resolve(ref_to("a.png"), request).read_bytes() == b"assets"
    assert resolve(ref_to(str(folders / "assets" / "a.png")), request).read_bytes() == b"assets"
    with pytest.raises(MissingFile):
        resolve(ref_to("none.png"), request)
    for src in (
        str(folders / "secrets" / "a.png"),
        "../secrets/a.png",
        "x/../../secrets/a.png",
        "/etc/hosts",
    ):
        with pytest.raises(ForbiddenPath, match="the operator sets those"):
            resolve(ref_to(src), request)


def test_a_link_does_not_lead_out_of_the_shared_folders(folders: Path) -> None:
    try:
        (folders / "assets" / "link.png").symlink_to(folders / "secrets" / "a.png")
    except OSError:
        pytest.skip("this system makes no links for everybody")
    with pytest.raises(ForbiddenPath):
        resolve(ref_to("link.png"), request_of(None, folders, folders / "assets"))


def test_without_shared_folders_a_job_from_elsewhere_names_no_file(folders: Path) -> None:
    with pytest.raises(ForbiddenPath):
        resolve(ref_to("a.png"), request_of(None, folders))


@pytest.mark.parametrize(
    ("src", "told"),
    [
        ("none.png", "in the folder of the job, and no asset of that id in the manifest"),
        ("A.PNG", "the file is called 'a.png', capitals count"),
        ("~/a.png", "~ means nothing here: write the whole path"),
        ("more", "it is a folder: name a file in it"),
    ],
)
def test_a_file_that_is_not_there_is_told_with_what_was_mistaken(folders: Path, src: str, told: str) -> None:
    (folders / "jobs" / "more").mkdir()

    with pytest.raises(MissingFile) as refused:
        resolve(ref_to(src), request_of(folders / "jobs", folders))

    assert refused.value.message.startswith(f"no such file: {src!r}")
    assert refused.value.message.endswith(told)


def test_a_medium_in_the_job_itself_is_refused_as_that(folders: Path) -> None:
    with pytest.raises(NotSupported, match="data: URL is not supported yet: save what it holds as a file"):
        resolve(ref_to("data:image/png;base64,AAAA"), request_of(folders / "jobs", folders))
