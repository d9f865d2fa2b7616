"""All mistakes of a job are told at once, and nothing is fetched or spoken for it."""

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from src.errors import InvalidJob, RejectedJob
from src.models.job import parse_job
from src.models.media_refs import MediaRef
from src.pipeline.prepare import prepare_quietly
from src.pipeline.request import Fetched, HeldUp, Request
from src.plan.music import Piece
from src.settings import Settings
from src.store.cache import DiskCache

URL = "https://example.org/a.png"


class Fetching:
    """Knows URLs, and remembers what it was sent for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def knows(self, src: str) -> bool:
        return src.startswith("https://")

    def music(self) -> Sequence[Piece]:
        return ()

    def fetch(
        self,
        ref: MediaRef,
        folder: Path,
        told: Callable[[int, int], None],
        stop: threading.Event,
        held_up: HeldUp,
    ) -> Fetched:
        self.asked.append(ref.src)
        raise RejectedJob("is not to be had", path=ref.path)


def refused(job: Mapping[str, object], folder: Path, fetcher: Fetching | None = None) -> RejectedJob:
    work = folder / "work"
    work.mkdir()
    cache = DiskCache(folder / "cache", 10**9, work)
    request = Request(
        parse_job(json.dumps(job)), folder, work, folder / "film.mp4", Settings(), cache, fetcher
    )
    with pytest.raises(RejectedJob) as caught:
        prepare_quietly(request)
    return caught.value


def problems(error: RejectedJob) -> list[tuple[str, str]]:
    assert isinstance(error, InvalidJob)
    return [(problem.path, problem.code) for problem in error.problems]


def test_mistakes_of_all_kinds_are_told_at_once_in_the_order_of_the_job(tmp_path: Path) -> None:
    (tmp_path / "torn.png").write_bytes(b"no picture")
    job = {
        "scenes": [
            {"text": "Hello", "visuals": [{"type": "image", "src": "none.png"}]},
            {"text": "Hello", "voice": {"provider": "elevenlabs"}},
            {"text": "Hello", "visuals": [{"type": "image", "src": "torn.png"}], "duration": 60},
            {"visuals": [{"type": "procedural", "family": "aurorra"}], "duration": 600},
        ],
        "captions": {"style": "glitter", "font": {"family": "Montserat"}},
        "voice": {"voice": "en-uss"},
        "output": {"destinations": [{"type": "s3", "bucket": "theirs"}, {"type": "gdrive"}]},
    }
    assert problems(refused(job, tmp_path)) == [
        ("output.destinations[0].bucket", "forbidden_bucket"),
        ("output.destinations[1].folder_id", "forbidden_folder"),
        ("voice.voice", "unknown_name"),
        ("captions.style", "unknown_name"),
        ("captions.font.family", "unknown_name"),
        ("scenes", "rejected"),
        ("scenes[0].visuals[0].src", "missing_file"),
        ("scenes[1].voice.voice", "rejected"),
        ("scenes[2].visuals[0].src", "unreadable_media"),
        ("scenes[3].visuals[0].family", "unknown_name"),
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"captions": {"style": "glitter"}},
        {"voice": {"voice": "bob"}},
        {"music": {"src": "none.mp3"}},
        {"voice": {"language": "ja"}},
    ],
)
def test_nothing_is_fetched_for_a_job_that_is_known_to_be_wrong(
    wrong: dict[str, object], tmp_path: Path
) -> None:
    scenes = [{"text": "Hello", "visuals": [{"type": "image", "src": URL}]}]
    fetcher = Fetching()
    assert refused({"scenes": scenes, **wrong}, tmp_path, fetcher).path.split(".")[0] in wrong
    assert fetcher.asked == []


def test_what_cannot_be_fetched_is_told_of_a_job_that_is_right_otherwise(tmp_path: Path) -> None:
    fetcher = Fetching()
    job = {"scenes": [{"text": "Hello", "visuals": [{"type": "image", "src": URL}]}]}
    assert refused(job, tmp_path, fetcher).path == "scenes[0].visuals[0].src"
    assert fetcher.asked == [URL]


def test_a_voice_that_several_scenes_have_is_told_once_with_the_first_of_them(tmp_path: Path) -> None:
    scenes = [{"id": "one", "text": "Hello"}, {"id": "two", "text": "Hello"}]
    error = refused({"voice": {"voice": "bob"}, "scenes": scenes}, tmp_path)
    assert (error.code, error.path, error.scene_id) == ("unknown_name", "voice.voice", "one")
