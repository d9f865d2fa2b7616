"""The media of a job that lie elsewhere: all brought at once, all that is wrong told at once."""

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from src.errors import CallFailed, InvalidJob, MissingFile, NeuroShortsError
from src.models.job import parse_job
from src.models.media_refs import MediaRef, media_refs
from src.models.progress import Setback
from src.pipeline.fetching import Brought, TooMuchMedia, bring
from src.pipeline.request import Fetched, HeldUp, Progress, Report, Request
from src.plan.music import Piece
from src.settings import Settings
from src.store.cache import DiskCache

#: What holds up whatever begins with `far/slow`.
AWAY = Setback("server_error", "'far' has trouble; next attempt in 1 s")


class Carrier(NamedTuple):
    """Brings what begins with `far` or `here`, each in its way."""

    outcomes: dict[str, Fetched | NeuroShortsError]
    asked: list[str]

    def knows(self, src: str) -> bool:
        return src.startswith(("far", "here"))

    def music(self) -> tuple[Piece, ...]:
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
        if ref.src.startswith("far/slow"):
            held_up(AWAY)
        outcome = self.outcomes[ref.src]
        if isinstance(outcome, NeuroShortsError):
            raise outcome
        if ref.src.startswith("far"):
            told(outcome.received_bytes, 10)
        file = folder / outcome.file
        file.write_bytes(bytes(5))
        return outcome._replace(file=file)


def brought(
    folder: Path,
    outcomes: dict[str, Fetched | NeuroShortsError],
    *srcs: str,
    hear: Report | None = None,
    **limits: Any,
) -> tuple[Brought, list[str], list[Progress]]:
    scenes = [{"duration": 1, "visuals": [{"type": "image", "src": src}]} for src in srcs]
    job, carrier = parse_job(json.dumps({"scenes": scenes})), Carrier(outcomes, [])
    cache, told = DiskCache(folder, 0, folder), list[Progress]()
    request = Request(job, folder, folder, folder / "film.mp4", Settings(**limits), cache, carrier)
    result = bring(tuple(media_refs(job)), request, hear or told.append, threading.Event())
    return result, sorted(carrier.asked), told


def fetched(name: str, attribution: str = "") -> Fetched:
    return Fetched(Path(name), name, 5, attribution)


def test_each_medium_is_brought_once_and_files_are_left_alone(tmp_path: Path) -> None:
    outcomes: dict[str, Fetched | NeuroShortsError] = {"far/a": fetched("a"), "far/b": fetched("b")}
    result, asked, told = brought(tmp_path, outcomes, "far/a", "near", "far/b", "far/a")
    assert asked == ["far/a", "far/b"]
    assert result.received_bytes == 10
    assert result.of(MediaRef("", "near", "image")) is None
    assert result.of(MediaRef("", "far/b", "image")) == fetched("b")._replace(file=tmp_path / "b")
    assert told[0].done == 5
    assert told[0].total in {10, 15, 20}


def test_what_holds_a_medium_up_is_told_with_its_place_until_it_goes_on(tmp_path: Path) -> None:
    outcomes: dict[str, Fetched | NeuroShortsError] = {"far/slow": fetched("a")}
    _, _, told = brought(tmp_path, outcomes, "far/slow")
    assert told[0] == Progress("fetching", 0, 0, AWAY._replace(path="scenes[0].visuals[0].src"))
    assert told[1] == Progress("fetching", 5, 10)
    assert told[-1] == Progress("fetching", 1, 1)


def test_what_held_up_a_medium_that_was_given_up_is_told_no_more(tmp_path: Path) -> None:
    outcomes: dict[str, Fetched | NeuroShortsError] = {"far/slow": CallFailed("away")}
    told = list[Progress]()
    with pytest.raises(CallFailed):
        brought(tmp_path, outcomes, "far/slow", hear=told.append)
    assert [step.setback is not None for step in told] == [True, False]


def test_authors_are_named_once_in_the_order_of_the_job(tmp_path: Path) -> None:
    outcomes: dict[str, Fetched | NeuroShortsError] = {
        "far/a": fetched("a", "Bob"),
        "far/b": fetched("b", "Ada"),
        "far/c": fetched("c", "Bob"),
        "far/d": fetched("d"),
    }
    result, _, _ = brought(tmp_path, outcomes, *outcomes)
    assert result.attributions == ("Bob", "Ada")


def test_all_that_is_wrong_is_told_before_what_may_be_better_later(tmp_path: Path) -> None:
    outcomes: dict[str, Fetched | NeuroShortsError] = {
        "far/a": CallFailed("away"),
        "far/b": MissingFile("b", path="b"),
        "far/c": MissingFile("c", path="c"),
    }
    with pytest.raises(InvalidJob) as told:
        brought(tmp_path, outcomes, *outcomes)
    assert [problem.path for problem in told.value.problems] == ["b", "c"]
    with pytest.raises(CallFailed, match="away"):
        brought(tmp_path, outcomes, "far/a")


def test_all_media_of_a_job_are_bounded_together(tmp_path: Path) -> None:
    outcomes: dict[str, Fetched | NeuroShortsError] = {"far/a": fetched("a"), "far/b": fetched("b")}
    assert brought(tmp_path, outcomes, "far/a", "far/b", max_job_media_bytes=20)[0].received_bytes == 10
    with pytest.raises(InvalidJob) as refused:
        brought(tmp_path, outcomes, "far/a", "far/b", max_job_media_bytes=9)
    assert {problem.code for problem in refused.value.problems} == {"media_too_large"}


def test_what_was_here_already_counts_as_well(tmp_path: Path) -> None:
    outcomes: dict[str, Fetched | NeuroShortsError] = {"here/a": fetched("a"), "here/b": fetched("b")}
    with pytest.raises(TooMuchMedia, match="NEUROSHORTS_MAX_JOB_MEDIA_BYTES") as refused:
        brought(tmp_path, outcomes, "here/a", "here/b", max_job_media_bytes=9)
    assert refused.value.path in {"scenes[0].visuals[0].src", "scenes[1].visuals[0].src"}


def test_a_job_of_files_alone_asks_nobody(tmp_path: Path) -> None:
    assert brought(tmp_path, {}, "near")[1:] == ([], [])
