"""Whole films through the pipeline, small ones, opened again and looked at."""

import json
import threading
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image

from src.errors import Interrupted, RejectedJob
from src.media.loudness import measure
from src.models.job import parse_job
from src.models.status import RenderResult
from src.pipeline import film as pipeline
from src.pipeline.request import Progress, Request
from src.settings import Settings
from src.store.cache import DiskCache
from tests.synthetic import decoded_frames, gradient_rgb, tone, write_clip, write_picture, write_wav

SMALL = {"width": 180, "height": 320, "fps": 30}


def request_of(job: dict[str, Any], folder: Path, **settings: int) -> Request:
    work = folder / "work"
    work.mkdir(exist_ok=True)
    chosen = Settings(workers=2).model_copy(update=settings)
    cache = DiskCache(folder / "cache", 10**9, work)
    return Request(parse_job(json.dumps(job)), folder, work, folder / "out" / "film.mp4", chosen, cache)


def rendered(job: dict[str, Any], folder: Path, **settings: int) -> RenderResult:
    job = {"output": SMALL, **job}
    return pipeline.render(request_of(job, folder, **settings), lambda _: None, threading.Event())


def test_a_film_of_everything(tmp_path: Path) -> None:
    """Images, a clip with sound, voice, music, overlays, transitions: every part in one film."""
    write_picture(tmp_path / "a.jpg", gradient_rgb(400, 300))
    write_picture(tmp_path / "logo.png", gradient_rgb(40, 40))
    write_clip(tmp_path / "b.mp4", frames=45, sound=True)
    job = {
        "music": {"mood": "epic"},
        "output": {**SMALL, "sidecars": ["srt", "vtt", "ass", "words"]},
        "scenes": [
            {"text": "This is a picture.", "visuals": [{"type": "image", "src": "a.jpg", "fit": "blur"}]},
            {
                "text": "And this one moves.",
                "visuals": [{"type": "video", "src": "b.mp4", "volume": 0.5}],
                "transition": {"type": "slide_left"},
                "overlays": [{"type": "image", "src": "logo.png"}, {"type": "text", "text": "hello"}],
            },
            {
                "visuals": [{"type": "title", "text": "The end", "duration": 1}],
                "transition": {"type": "zoom"},
            },
        ],
    }

    result = rendered(job, tmp_path)

    film = Path(result.url)
    assert len(decoded_frames(film)) == round(result.duration * 30)
    assert result.loudness.lufs == pytest.approx(-14, abs=0.5)
    assert result.loudness.true_peak_db <= -1
    assert measure(film).lufs == pytest.approx(result.loudness.lufs, abs=0.1)
    assert sorted(result.sidecars) == ["ass", "srt", "vtt", "words"]
    assert "This is" in Path(result.sidecars["srt"]).read_text(encoding="utf-8")
    assert sorted(file.name for file in film.parent.iterdir()) == [
        "film.ass",
        "film.jpg",
        "film.mp4",
        "film.srt",
        "film.vtt",
        "film.words.json",
    ]
    assert result.poster_url
    with Image.open(result.poster_url) as poster:
        assert poster.size == (180, 320)


def test_a_painted_colour_comes_back_from_the_film(tmp_path: Path) -> None:
    Image.new("RGB", (300, 500), (138, 51, 240)).save(tmp_path / "a.png")
    result = rendered({"scenes": [{"duration": 1, "visuals": [{"type": "image", "src": "a.png"}]}]}, tmp_path)
    with av.open(result.url) as container:
        frame = list(container.decode(video=0))[15]
        rgb = frame.to_ndarray(format="rgb24", src_colorspace="ITU709", dst_colorspace="ITU709")
    assert np.abs(rgb.reshape(-1, 3).astype(int) - (138, 51, 240)).max() <= 3


def test_the_number_of_workers_does_not_show_in_the_bytes(tmp_path: Path) -> None:
    job = {"scenes": [{"text": "One two three four five six."}, {"text": "And a second scene."}]}
    digests = set()
    for workers in (1, 3):
        (tmp_path / str(workers)).mkdir()
        digests.add(rendered(job, tmp_path / str(workers), workers=workers).sha256)
    assert len(digests) == 1


@pytest.mark.parametrize("quality", ["draft", "standard", "high"])
def test_every_quality_makes_a_film(tmp_path: Path, quality: str) -> None:
    job = {"output": {**SMALL, "quality": quality}, "scenes": [{"duration": 1}]}
    result = rendered(job, tmp_path)
    assert (result.width, result.height) == ((90, 160) if quality == "draft" else (180, 320))


def test_a_silent_film_has_a_silent_track(tmp_path: Path) -> None:
    result = rendered({"scenes": [{"duration": 1}]}, tmp_path)
    assert result.loudness.lufs == -70
    with av.open(result.url) as container:
        assert len(container.streams.audio) == 1


def test_a_supplied_narration_keeps_its_words_in_place(tmp_path: Path) -> None:
    write_wav(tmp_path / "voice.wav", tone(2.0))
    words = [{"text": "Hello", "start": 0.2, "end": 0.6}, {"text": "there.", "start": 1.0, "end": 1.5}]
    job = {"output": SMALL, "scenes": [{"audio": {"src": "voice.wav", "words": words}}]}
    film = pipeline.make_timeline(request_of(job, tmp_path))
    starts = [word.start_frame for cue in film.cues for line in cue.lines for word in line]
    assert starts == [6, 30]


@pytest.mark.parametrize(
    ("words", "path"),
    [
        ([{"text": "a", "start": 0.5, "end": 0.4}], "scenes[0].audio.words[0].end"),
        ([{"text": "a", "start": 0, "end": 0.9}, {"text": "b", "start": 0.2, "end": 1}], "words[1].start"),
        ([{"text": "a", "start": 0, "end": 9}], "scenes[0].audio.words[0].end"),
    ],
)
def test_words_that_do_not_fit_their_sound_are_refused(
    tmp_path: Path, words: list[dict[str, Any]], path: str
) -> None:
    write_wav(tmp_path / "voice.wav", tone(2.0))
    with pytest.raises(RejectedJob) as refused:
        pipeline.check(request_of({"scenes": [{"audio": {"src": "voice.wav", "words": words}}]}, tmp_path))
    assert refused.value.path.endswith(path)


def test_a_film_longer_than_the_limit_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RejectedJob, match=r"would last 20\.0 s; the limit is 10 s"):
        pipeline.check(request_of({"scenes": [{"duration": 20}]}, tmp_path, max_film_seconds=10))


def test_a_stopped_render_leaves_nothing_in_the_output_folder(tmp_path: Path) -> None:
    stop = threading.Event()

    def stop_while_rendering(progress: Progress) -> None:
        if progress.stage == "rendering":
            stop.set()

    request = request_of({"output": SMALL, "scenes": [{"duration": 30}]}, tmp_path)
    with pytest.raises(Interrupted):
        pipeline.render(request, stop_while_rendering, stop)
    assert not request.film_path.parent.exists()


def test_raw_frames_are_the_frames_of_the_film(tmp_path: Path) -> None:
    request = request_of({"output": SMALL, "scenes": [{"text": "Hello there.", "duration": 1.5}]}, tmp_path)
    raw = [frame.y.copy() for frame in pipeline.raw_frames(request)]
    pipeline.render(request, lambda _: None, threading.Event())
    decoded = decoded_frames(request.film_path)
    assert len(raw) == len(decoded) == 45
    assert max(np.abs(a.astype(int) - b).mean() for a, b in zip(raw, decoded, strict=True)) < 5


def test_a_damaged_picture_ends_the_render_with_its_reason(tmp_path: Path) -> None:
    data = write_picture(tmp_path / "whole.jpg", gradient_rgb(600, 600)).read_bytes()
    (tmp_path / "a.jpg").write_bytes(data[: len(data) // 2])
    with pytest.raises(RejectedJob) as refused:
        rendered({"scenes": [{"duration": 1, "visuals": [{"type": "image", "src": "a.jpg"}]}]}, tmp_path)
    assert refused.value.path == "scenes[0].visuals[0].src"


@pytest.mark.parametrize("rate", [29.97, 60])
def test_picture_and_sound_end_together(tmp_path: Path, rate: float) -> None:
    result = rendered({"output": {**SMALL, "fps": rate}, "scenes": [{"text": "Hello."}]}, tmp_path)
    with av.open(result.url) as container:
        ends = [(s.duration or 0) * (s.time_base or Fraction(0)) for s in container.streams]
    assert abs(ends[0] - ends[1]) <= 1 / result.fps
