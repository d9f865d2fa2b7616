"""Films made partly from what earlier ones left: the same bytes, less work."""

import json
import os
import shutil
import threading
from pathlib import Path
from typing import Any

import pytest

from src.engines.encode.inspection import inspect
from src.engines.encode.watch import Thumbnails
from src.errors import FilmRejected, Interrupted, RejectedJob, RenderFailed
from src.media.colour import yuv_to_rgb
from src.media.probe import probe_picture
from src.models.job import parse_job
from src.models.outlook import Outlook
from src.models.status import RenderResult
from src.models.timeline import Timeline
from src.pipeline import film as pipeline
from src.pipeline import media, verdicts
from src.pipeline.changes import SourceChanged
from src.pipeline.estimate import look_ahead
from src.pipeline.preview import contact_sheet, preview_frame
from src.pipeline.request import Progress, Report, Request
from src.settings import Settings
from src.store.cache import DiskCache
from src.store.entry import names_in
from tests.synthetic import gradient_rgb, tone, write_clip, write_picture, write_wav

OUTPUT = {"width": 90, "height": 160, "fps": 10}


class Studio:
    """Renders jobs in one folder with one cache."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._renders = 0

    def request(self, job: dict[str, Any], workers: int = 2) -> Request:
        self._renders += 1
        work_dir = self.folder / f"work-{self._renders}"
        work_dir.mkdir()
        film = self.folder / f"film-{self._renders}.mp4"
        cache = DiskCache(self.folder / "cache", 10**9, work_dir)
        text = json.dumps({"output": OUTPUT, **job})
        return Request(parse_job(text), self.folder, work_dir, film, Settings(workers=workers), cache)

    def film(self, job: dict[str, Any], report: Report = lambda _: None) -> RenderResult:
        return pipeline.render(self.request(job), report, threading.Event())

    def entries(self, kind: str) -> list[Path]:
        return [file for name, file in names_in(self.folder / "cache" / "entries") if name.kind == kind]


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    write_picture(tmp_path / "a.jpg", gradient_rgb(300, 200))
    write_picture(tmp_path / "b.png", gradient_rgb(200, 300)[::-1])
    write_clip(tmp_path / "c.mp4", frames=60, sound=True)
    return Studio(tmp_path)


def scene(text: str, **visual: Any) -> dict[str, Any]:
    return {"text": text, "visuals": [visual] if visual else []}


def scenes() -> list[dict[str, Any]]:
    return [
        scene("This is the first scene.", type="image", src="a.jpg"),
        scene("Here comes the second one.", type="video", src="c.mp4", volume=0.5),
        scene("A third scene follows it.", type="image", src="b.png", fit="blur"),
        scene("That is the end of all."),
    ]


def test_a_second_render_takes_everything_from_the_cache(studio: Studio) -> None:
    job = {"music": {"mood": "calm"}, "scenes": scenes()}
    first = studio.film(job)
    second = studio.film(job)

    total = first.cache.segments_total
    assert (first.cache.segments_hit, first.cache.segments_rendered) == (0, total)
    assert (second.cache.segments_hit, second.cache.segments_rendered) == (total, 0)
    assert second.sha256 == first.sha256
    assert (second.loudness, second.warnings) == (first.loudness, first.warnings)
    assert first.poster_url
    assert second.poster_url
    assert Path(first.poster_url).read_bytes() == Path(second.poster_url).read_bytes()
    assert 0 < second.cpu_seconds < first.cpu_seconds


def test_the_size_of_a_film_that_was_rendered_is_foretold_by_its_parts(studio: Studio) -> None:
    grain = {"type": "image", "src": "a.jpg", "effects": ["grain"]}
    output = {"width": 270, "height": 480, "fps": 10}
    job = {"output": output, "scenes": [scene("This one is grainy.", **grain), scene("This one is not.")]}
    before = look_ahead(studio.request(job))
    film = studio.film(job)
    after = look_ahead(studio.request(job))

    def error_bytes(told: Outlook) -> int:
        return abs(told.estimated_bytes - film.size_bytes)

    assert (before.segments_cached, after.segments_cached) == (0, after.segments_total)
    assert error_bytes(after) < film.size_bytes * 0.1 < error_bytes(before)


def test_a_new_first_scene_renders_itself_and_its_transition(studio: Studio) -> None:
    studio.film({"scenes": scenes()})
    again = studio.film({"scenes": [scene("Something new.", type="color", color="#802020"), *scenes()]})
    # The scene that was first has a transition at its start now: its middle is shorter than it was.
    assert again.cache.segments_rendered == 3
    assert again.cache.segments_hit == again.cache.segments_total - 3


def test_an_edited_caption_renders_the_segments_that_show_it(studio: Studio) -> None:
    words = [{"text": word, "start": i * 0.5, "end": i * 0.5 + 0.4} for i, word in enumerate("abcd")]

    def job(third: str) -> dict[str, Any]:
        write_wav(studio.folder / "voice.wav", tone(2.0))
        told = [{**word, "text": third if i == 2 else word["text"]} for i, word in enumerate(words)]
        spoken = {
            "audio": {"src": "voice.wav", "words": told},
            "visuals": [{"type": "image", "src": "a.jpg"}],
        }
        return {"scenes": [scenes()[0], spoken, scenes()[2]]}

    first = studio.film(job("c"))
    second = studio.film(job("changed"))
    assert 0 < second.cache.segments_rendered <= 3
    assert second.cache.segments_hit == first.cache.segments_total - second.cache.segments_rendered
    assert len(studio.entries("sound")) == 1


def test_equal_segments_of_one_film_are_rendered_once(studio: Studio) -> None:
    same = {"duration": 1.5, "visuals": [{"type": "color", "color": "#204060"}]}
    result = studio.film({"defaults": {"transition": {"type": "none"}}, "scenes": [same] * 3})
    assert (result.cache.segments_total, result.cache.segments_rendered) == (3, 1)
    assert result.duration == pytest.approx(4.5)


def test_a_render_that_was_stopped_goes_on_where_it_was(studio: Studio) -> None:
    job = {"scenes": scenes()}
    undisturbed = Studio(studio.folder / "other")
    undisturbed.folder.mkdir()
    for name in ("a.jpg", "b.png", "c.mp4"):
        (undisturbed.folder / name).write_bytes((studio.folder / name).read_bytes())
    stop = threading.Event()

    def stop_half_way(progress: Progress) -> None:
        if progress.stage == "rendering" and progress.done * 2 > progress.total:
            stop.set()

    with pytest.raises(Interrupted):
        pipeline.render(studio.request(job, workers=1), stop_half_way, stop)
    finished = len(studio.entries("segment"))
    resumed = studio.film(job)

    assert 0 < finished == resumed.cache.segments_hit
    assert resumed.sha256 == undisturbed.film(job).sha256


@pytest.mark.parametrize("kind", ["segment", "sound", "speech", "picture", "probe", "poster", "verdict"])
def test_a_damaged_entry_is_made_again(studio: Studio, kind: str) -> None:
    job = {"scenes": scenes()}
    first = studio.film(job)
    entries = studio.entries(kind)
    if kind == "picture":  # looked at only when a segment that shows it is rendered
        for file in studio.entries("segment"):
            file.unlink()
    for file in entries:
        data = bytearray(file.read_bytes())
        data[-1] ^= 1
        file.write_bytes(data)

    second = studio.film(job)

    assert entries
    assert second.sha256 == first.sha256
    assert DiskCache(studio.folder / "cache", 10**9, studio.folder).verify().damaged == 0


def test_a_film_of_bytes_that_were_inspected_is_not_inspected_again(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = {"scenes": scenes()}
    first = studio.film(job)

    def never(*_: object) -> tuple[str, ...]:
        pytest.fail("it was inspected again")

    monkeypatch.setattr(verdicts, "inspect", never)
    assert studio.film(job).sha256 == first.sha256


def test_a_film_is_inspected_for_each_plan_that_it_should_follow(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    same = {"duration": 1, "visuals": [{"type": "color", "color": "#204060"}]}
    inspected: list[Timeline] = []

    def noted(film: Path, timeline: Timeline, thumbnails: Thumbnails) -> tuple[str, ...]:
        inspected.append(timeline)
        return inspect(film, timeline, thumbnails)

    monkeypatch.setattr(verdicts, "inspect", noted)
    plain = studio.film({"scenes": [same]})
    quiet = studio.film({"scenes": [same], "loudness": {"target_lufs": -16}})
    assert quiet.sha256 == plain.sha256
    assert len(inspected) == 2


def test_a_film_that_was_refused_is_inspected_again(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> tuple[str, ...]:
        raise FilmRejected("the finished film is wrong: its colour tags")

    job = {"scenes": scenes()[:1]}
    with monkeypatch.context() as patch:
        patch.setattr(verdicts, "inspect", refuse)
        for _ in range(2):
            with pytest.raises(FilmRejected):
                studio.film(job)
    assert studio.entries("verdict") == []
    assert studio.film(job).cache.segments_rendered == 0
    assert len(studio.entries("verdict")) == 1


def test_the_receipt_counts_what_was_done(studio: Studio) -> None:
    result = studio.film({"scenes": [scene("Hello.")]})
    assert sorted(result.timings) == sorted(
        [
            "fetching",
            "speaking",
            "planning",
            "mixing",
            "rendering",
            "joining",
            "checking",
        ]
    )
    assert result.bytes_fetched == 0


def test_a_source_that_changes_meanwhile_is_told_and_never_kept(studio: Studio) -> None:
    def change(progress: Progress) -> None:
        if progress.stage == "rendering":
            write_picture(studio.folder / "a.jpg", gradient_rgb(310, 200))

    with pytest.raises(SourceChanged, match=r"'a\.jpg' was changed while the film was made"):
        studio.film({"scenes": scenes()[:1]}, change)
    assert studio.entries("segment") == studio.entries("picture") == []


def test_a_source_that_only_got_other_rights_is_the_same(studio: Studio) -> None:
    def touch(progress: Progress) -> None:
        if progress.stage == "rendering":
            (studio.folder / "a.jpg").chmod(0o600)
            os.utime(studio.folder / "a.jpg")

    assert studio.film({"scenes": scenes()[:1]}, touch).cache.segments_rendered


def test_a_probe_is_not_filed_under_the_digest_of_what_was_there_before(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = probe_picture

    def changing(file: Path, max_pixels: int) -> Any:
        write_picture(file, gradient_rgb(40, 90))
        return real(file, max_pixels)

    monkeypatch.setattr(media, "probe_picture", changing)
    with pytest.raises(SourceChanged):
        pipeline.check(studio.request({"scenes": scenes()[:1]}))
    assert studio.entries("probe") == []


def test_a_source_that_changed_between_two_films_is_seen(studio: Studio) -> None:
    job = {"scenes": [{"duration": 1, "visuals": [{"type": "image", "src": "a.jpg"}]}]}
    first = studio.film(job)
    write_picture(studio.folder / "a.jpg", gradient_rgb(310, 200)[::-1])
    second = studio.film(job)
    assert second.cache.segments_hit == 0
    assert second.sha256 != first.sha256


def test_a_warmed_cache_has_everything_for_the_film(studio: Studio) -> None:
    job = {"scenes": scenes()}
    counted = pipeline.warm(studio.request(job), lambda _: None, threading.Event())
    film = studio.film(job)
    assert counted.segments_rendered == film.cache.segments_hit == film.cache.segments_total


@pytest.mark.parametrize("at_seconds", [float("inf"), float("nan"), 1e300])
def test_a_preview_needs_a_time_within_the_film(studio: Studio, at_seconds: float) -> None:
    with pytest.raises(RejectedJob, match="there is no frame at"):
        preview_frame(studio.request({"scenes": scenes()}), at_seconds)


def test_a_preview_does_not_replace_a_source(studio: Studio) -> None:
    request = studio.request({"scenes": scenes()})._replace(film_path=studio.folder / "a.jpg")
    with pytest.raises(RejectedJob, match=r"a\.jpg' is used by the job"):
        preview_frame(request, 0)


def test_a_work_folder_that_is_removed_is_told(studio: Studio) -> None:
    request = studio.request({"scenes": scenes()})

    def remove(progress: Progress) -> None:
        if progress.stage == "rendering":
            shutil.rmtree(request.work_dir, ignore_errors=True)

    # The sound is mixed meanwhile, and may be the first to miss something.
    with pytest.raises(RenderFailed, match=r"was removed: render the job again|cannot be read any more"):
        pipeline.render(request, remove, threading.Event())


def test_a_film_with_a_name_as_long_as_names_can_be(studio: Studio) -> None:
    request = studio.request({"scenes": scenes()[:1]})._replace(film_path=studio.folder / f"{'n' * 251}.mp4")
    assert Path(pipeline.render(request, lambda _: None, threading.Event()).url).exists()


def test_a_preview_is_the_frame_of_the_film(studio: Studio) -> None:
    job = {"scenes": scenes()}
    frames = [yuv_to_rgb(frame) for frame in pipeline.raw_frames(studio.request(job))]
    for at_seconds in (0, 1.3, len(frames) / 10 - 0.01):
        shown = preview_frame(studio.request(job), at_seconds)
        assert (shown == frames[min(round(at_seconds * 10), len(frames) - 1)]).all()


def test_a_sheet_shows_every_scene(studio: Studio) -> None:
    sheet = contact_sheet(studio.request({"scenes": scenes()}), "film")
    assert sheet.width > sheet.height
    assert len(sheet.convert("RGB").getcolors(10**7) or ()) > 1000
