"""Every kind of source, through the compositor, on real frames."""

import errno
import json
import shutil
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms

from src.errors import NotSupported, RejectedJob, RenderFailed, UnreadableMedia
from src.media.fonts import font_file
from src.models.job import parse_job
from src.pipeline import film as pipeline
from src.pipeline.prepare import prepare_quietly
from src.pipeline.request import Request
from src.settings import Settings
from src.store.cache import DiskCache
from tests.render.one_scene import FRAME, frames_of, request_of
from tests.synthetic import gradient_rgb, tone, write_clip, write_picture, write_wav


def test_a_colour_fills_the_frame(tmp_path: Path) -> None:
    frames = frames_of({"type": "color", "color": "#ffffff"}, tmp_path)
    assert all((frame == 235).all() for frame in frames)


def test_a_photo_that_says_it_is_srgb_is_drawn(tmp_path: Path) -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    Image.new("RGB", (96, 160), (255, 255, 255)).save(tmp_path / "a.jpg", icc_profile=srgb)
    frames = frames_of({"type": "image", "src": "a.jpg"}, tmp_path)
    assert all((frame > 230).all() for frame in frames)


@pytest.mark.parametrize("speed", [0, 1])
def test_a_gradient_drifts_at_its_speed_through_its_colours(tmp_path: Path, speed: int) -> None:
    visual = {"type": "gradient", "colors": ["#000", "#fff"], "angle": 180, "speed": speed}
    first, *_, last = frames_of(visual, tmp_path)
    assert np.array_equal(first, last) == (speed == 0)
    assert first[0].mean() < 40
    assert first[-1].mean() > 210


@pytest.mark.parametrize("kind", ["procedural", "title"])
def test_backgrounds_and_titles_move(tmp_path: Path, kind: str) -> None:
    extra = {"text": "Hi"} if kind == "title" else {}
    first, *_, last = frames_of({"type": kind, "family": "plasma", **extra}, tmp_path)
    assert np.abs(first.astype(int) - last).mean() > 0.5


def test_a_moviepy_clip_is_drawn_like_any_other_source(tmp_path: Path) -> None:
    visual = {"type": "moviepy", "factory": "spotlight", "params": {"text": "Hello"}}
    frames = frames_of(visual, tmp_path, seconds=0.5)
    assert len(frames) == 10
    assert frames[-1].max() > 150


def test_an_animation_plays_in_a_loop(tmp_path: Path) -> None:
    colors = ["#ff0000", "#ffffff"]
    pictures = [Image.new("RGB", (40, 40), color) for color in colors]
    pictures[0].save(tmp_path / "a.gif", save_all=True, append_images=pictures[1:], duration=200, loop=0)
    levels = [int(frame[80, 48]) for frame in frames_of({"type": "image", "src": "a.gif"}, tmp_path)]
    assert [level > 200 for level in levels] == [(n // 4) % 2 == 1 for n in range(20)]


def test_a_short_clip_loops_and_a_trim_moves_its_start(tmp_path: Path) -> None:
    write_clip(tmp_path / "a.mp4", frames=10, fps=20)
    levels = [
        round((float(f.mean()) - 20) / 6) for f in frames_of({"type": "video", "src": "a.mp4"}, tmp_path)
    ]
    assert levels == [*range(10), *range(10)]
    trimmed = frames_of({"type": "video", "src": "a.mp4", "trim": 0.25}, tmp_path)
    assert [round((float(f.mean()) - 20) / 6) for f in trimmed][:6] == [5, 6, 7, 8, 9, 5]


def test_a_camera_moves_over_sources_that_do_not_move_it_themselves(tmp_path: Path) -> None:
    motion = {"effect": "pan_right", "amount": 0.5}
    visual = {"type": "gradient", "colors": ["#000", "#fff"], "angle": 90, "motion": motion}
    first, *_, last = frames_of(visual, tmp_path)
    assert last.mean() > first.mean() + 20


@pytest.mark.parametrize("fit", ["cover", "contain", "blur"])
def test_clips_of_another_shape_are_fitted(tmp_path: Path, fit: str) -> None:
    write_clip(tmp_path / "a.mp4", (128, 64), frames=4)
    frame, *_ = frames_of({"type": "video", "src": "a.mp4", "fit": fit}, tmp_path, seconds=0.2)
    assert abs(int(frame[80, 48]) - 20) <= 2


def test_own_music_and_own_font_are_used(tmp_path: Path) -> None:
    write_wav(tmp_path / "music.wav", tone(0.7))
    request = request_of({"duration": 2}, tmp_path, music={"src": "music.wav"})
    result = pipeline.render(request, lambda _: None, threading.Event())
    assert result.loudness.lufs == pytest.approx(-14, abs=0.5)
    (tmp_path / "font.ttf").write_bytes(b"no font")
    wrong = request_of({"text": "Hi"}, tmp_path, captions={"font": {"src": "font.ttf"}})
    with pytest.raises(UnreadableMedia, match="not a TrueType"):
        pipeline.check(wrong)


def test_a_trim_beyond_the_clip_is_refused(tmp_path: Path) -> None:
    write_clip(tmp_path / "a.mp4")
    scene = {"duration": 1, "visuals": [{"type": "video", "src": "a.mp4", "trim": 5}]}
    with pytest.raises(RejectedJob) as refused:
        pipeline.check(request_of(scene, tmp_path))
    assert refused.value.path == "scenes[0].visuals[0].trim"


@pytest.mark.parametrize(
    ("limit", "told"),
    [
        ({"max_media_bytes": 100}, "bytes"),
        ({"max_media_seconds": 1}, "seconds"),
        ({"max_pixels": 100}, "pixels"),
    ],
)
def test_limits_of_media_are_told(tmp_path: Path, limit: dict[str, int], told: str) -> None:
    write_clip(tmp_path / "a.mp4", frames=90)
    request = request_of({"visuals": [{"type": "video", "src": "a.mp4"}]}, tmp_path)
    with pytest.raises(RejectedJob, match=f"the limit is .* {told}"):
        pipeline.check(request._replace(settings=request.settings.model_copy(update=limit)))


def test_asset_roots_are_searched_behind_the_job_s_own_folder(tmp_path: Path) -> None:
    (tmp_path / "jobs").mkdir()
    (tmp_path / "assets").mkdir()
    write_picture(tmp_path / "assets" / "a.png", gradient_rgb(20, 20))
    request = request_of({"visuals": [{"type": "image", "src": "a.png"}]}, tmp_path / "jobs")
    roots = request.settings.model_copy(update={"asset_roots": (tmp_path / "assets",)})
    assert pipeline.check(request._replace(settings=roots)) == ()


@pytest.mark.parametrize("src", ["http://127.0.0.1/a.png", "s3://films/a.png", "file:///etc/passwd"])
def test_urls_are_refused_by_name(tmp_path: Path, src: str) -> None:
    with pytest.raises(NotSupported):
        pipeline.check(request_of({"visuals": [{"type": "image", "src": src}]}, tmp_path))


@pytest.mark.parametrize("src", ["a\0b.png", "x" * 1500])
def test_impossible_paths_are_missing_files(tmp_path: Path, src: str) -> None:
    with pytest.raises(RejectedJob) as refused:
        pipeline.check(request_of({"visuals": [{"type": "image", "src": src}]}, tmp_path))
    assert refused.value.path == "scenes[0].visuals[0].src"


def test_sound_that_cannot_be_mixed_ends_the_pictures_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RenderFailed("no sound")

    monkeypatch.setattr(pipeline, "render_sound", broken)
    drawn: list[int] = []
    with pytest.raises(RenderFailed, match="no sound"):
        pipeline.render(
            request_of({"duration": 60}, tmp_path), lambda step: drawn.append(step.done), threading.Event()
        )
    assert max(drawn) < 60 * 20


@pytest.mark.parametrize(
    ("job", "path"),
    [
        ({"duration": 200}, "scenes"),
        ({"text": "word " * 900}, "scenes"),
        ({"visuals": [{"type": "title", "text": " "}]}, "scenes[0].visuals[0].text"),
        ({"visuals": [{"type": "color", "color": "#ff000000"}]}, "scenes[0].visuals[0].color"),
        (
            {"visuals": [{"type": "moviepy", "factory": "spotlight", "params": {"size": 3}}]},
            "scenes[0].visuals[0].params",
        ),
        (
            {"duration": 1, "overlays": [{"type": "image", "src": "thin.png", "width": 1}]},
            "scenes[0].overlays[0].width",
        ),
    ],
)
def test_what_cannot_be_rendered_well_is_refused_by_its_path(
    tmp_path: Path, job: dict[str, Any], path: str
) -> None:
    write_picture(tmp_path / "thin.png", gradient_rgb(1, 900))
    with pytest.raises(RejectedJob) as refused:
        pipeline.check(request_of(job, tmp_path))
    assert refused.value.path == path


def test_a_title_of_symbols_that_no_font_has_is_its_background(tmp_path: Path) -> None:
    request = request_of({"visuals": [{"type": "title", "text": "\ue123"}]}, tmp_path)
    timeline = pipeline.make_timeline(request)
    assert timeline.shots[0].source.kind == "procedural"
    assert "U+E123" in timeline.warnings[0]


def test_text_that_is_too_large_for_the_frame_shrinks_into_it(tmp_path: Path) -> None:
    overlay = {"type": "text", "text": "W" * 60, "size": 400, "position": [0.5, 0.5]}
    scene = {"duration": 0.1, "visuals": [{"type": "color", "color": "#000"}], "overlays": [overlay]}
    frame = next(iter(pipeline.raw_frames(request_of(scene, tmp_path)))).y
    assert frame.max() > 200
    assert max(frame[:4].max(), frame[-4:].max()) == 16


def test_two_fonts_at_once_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RejectedJob, match="not both"):
        request_of({"text": "a"}, tmp_path, captions={"font": {"family": "Inter", "src": "a.ttf"}})


def test_a_clip_is_heard_when_it_is_seen_also_behind_a_long_transition(tmp_path: Path) -> None:
    write_clip(tmp_path / "a.mp4", frames=60, sound=True)
    clip = {"duration": 2, "visuals": [{"type": "video", "src": "a.mp4", "volume": 1}]}
    text = json.dumps(
        {
            "output": FRAME,
            "scenes": [
                {"duration": 2, "visuals": [{"type": "color"}]},
                {**clip, "transition": {"duration": 1}},
            ],
        }
    )
    (tmp_path / "work").mkdir()
    work = tmp_path / "work"
    cache = DiskCache(tmp_path / "cache", 0, work)
    request = Request(parse_job(text), tmp_path, work, tmp_path / "f.mp4", Settings(workers=1), cache)
    timeline = pipeline.make_timeline(request)
    assert timeline.audio.clips[0].start_sample == 2 * 48_000
    levels = [float(frame.y.mean()) for frame in pipeline.raw_frames(request)]
    assert levels[50] == pytest.approx(20 + 6 * 15, abs=7)


@pytest.mark.parametrize(("number", "told"), [(errno.ENOSPC, RenderFailed), (errno.EIO, OSError)])
def test_a_full_disk_is_told_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, told: type[Exception]
) -> None:
    def full(*_: object) -> None:
        raise OSError(number, "trouble")

    monkeypatch.setattr(pipeline, "join", full)
    with pytest.raises(told) as failed:
        pipeline.render(request_of({"duration": 0.2}, tmp_path), lambda _: None, threading.Event())
    assert ("NEUROSHORTS_CACHE_DIR" in str(failed.value)) == (number == errno.ENOSPC)


@pytest.mark.parametrize(("family", "weight", "told"), [("Montserrat", 900, 0), ("Anton", 0, 1)])
def test_emphasis_has_the_weights_of_an_own_font_or_it_is_told(
    family: str, weight: int, told: int, tmp_path: Path
) -> None:
    shutil.copy(font_file(family), tmp_path / "own.ttf")
    request = request_of(
        {"text": "so **loud**"}, tmp_path, captions={"style": "phrase", "font": {"src": "own.ttf"}}
    )

    timeline = prepare_quietly(request).timeline

    assert timeline.look.emphasis_weight == weight
    assert len([warning for warning in timeline.warnings if "bolder" in warning]) == told
    assert len(list(pipeline.raw_frames(request))) == timeline.frames
