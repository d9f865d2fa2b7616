"""The same film as a MoviePy 2 script, written the way its documentation teaches.

Run as `python -m benchmarks.moviepy_peer INPUT FILM`. It gets the cuts, the word times and the finished
narration and music for nothing; the renderer has to make them.

Source: https://zulko.github.io/moviepy/ (user guide: loading, modifying, compositing, rendering).
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from moviepy import (
    AudioFileClip,
    CompositeAudioClip,
    CompositeVideoClip,
    ImageClip,
    TextClip,
    VideoFileClip,
    afx,
    vfx,
)

PPM = 1_000_000


def main(given: str, film: str) -> None:
    """Compose the film and write it."""
    job = json.loads(Path(given).read_text("utf-8"))
    timeline = job["timeline"]
    size = (timeline["width"], timeline["height"])
    fps = timeline["fps_numerator"] / timeline["fps_denominator"]
    duration = timeline["frames"] / fps
    clips = [*_shots(timeline, job["media"], size, fps), *_captions(timeline, job["font"], fps)]
    video = CompositeVideoClip(clips, size=size).with_duration(duration).with_audio(_sound(job, duration))
    video.write_videofile(
        film,
        fps=fps,
        codec="libx264",
        preset=timeline["encoder"]["preset"],
        ffmpeg_params=["-crf", str(timeline["encoder"]["crf"])],
        audio_codec="aac",
        temp_audiofile_path=str(Path(film).parent),
        logger=None,
    )


def _shots(timeline: Any, media: Any, size: tuple[int, int], fps: float) -> Iterator[Any]:
    """Yield pictures and clips in order, each fading in over the one before."""
    faded_until = 0
    for shot in timeline["shots"]:
        file, seconds = media[shot["source"]["sha256"]], shot["frames"] / fps
        start = shot["start_frame"]
        clip = (
            _clip(file, size, seconds)
            if shot["source"]["kind"] == "video"
            else _photo(file, shot, size, seconds)
        )
        if faded_until > start:
            clip = clip.with_effects([vfx.CrossFadeIn((faded_until - start) / fps)])
        faded_until = start + shot["frames"]
        yield clip.with_start(start / fps)


def _photo(file: str, shot: Any, size: tuple[int, int], seconds: float) -> Any:
    """Show a photograph that covers the frame, zooming or panning."""
    photo = ImageClip(file).with_duration(seconds)
    cover = max(size[0] / photo.w, size[1] / photo.h)
    photo = photo.with_effects([vfx.Resize(cover)])
    first, last = shot["camera_start"], shot["camera_end"]
    begin, end = first["zoom_ppm"] / PPM, last["zoom_ppm"] / PPM
    wide, high = photo.w, photo.h

    def zoom(t: float) -> float:
        return float(begin + (end - begin) * t / seconds)

    def corner(t: float) -> tuple[float, float]:
        part = t / seconds
        x = (first["x_ppm"] + (last["x_ppm"] - first["x_ppm"]) * part) / PPM
        y = (first["y_ppm"] + (last["y_ppm"] - first["y_ppm"]) * part) / PPM
        return (size[0] - wide * zoom(t)) * x, (size[1] - high * zoom(t)) * y

    photo = photo.with_effects([vfx.Resize(begin if begin == end else zoom)])
    return photo.with_position(corner)


def _clip(file: str, size: tuple[int, int], seconds: float) -> Any:
    """Show a clip that covers the frame; ffmpeg scales it while it decodes."""
    clip = VideoFileClip(file, audio=False, target_resolution=(None, size[1]))
    return clip.subclipped(0, seconds).with_position("center")


def _captions(timeline: Any, font: str, fps: float) -> Iterator[Any]:
    """Yield one text per word, and one that stands out while the word is spoken."""
    look = timeline["look"]
    gap_px = look["size_px"] // 4
    for cue in timeline["cues"]:
        for row, line in enumerate(cue["lines"]):
            texts = [_text(word["text"], look, font, spoken=False) for word in line]
            x = (timeline["width"] - sum(text.w for text in texts) - gap_px * (len(line) - 1)) // 2
            y = int(timeline["height"] * 0.66) + row * int(look["size_px"] * 1.3)
            for word, text in zip(line, texts, strict=True):
                yield _between(text, cue["start_frame"] / fps, cue["end_frame"] / fps).with_position((x, y))
                spoken = _text(word["text"], look, font, spoken=True)
                times = word["start_frame"] / fps, word["end_frame"] / fps
                yield _between(spoken, *times).with_position((x, y))
                x += text.w + gap_px


def _text(word: str, look: Any, font: str, *, spoken: bool) -> Any:
    """Set one word; a stroke of its own colour makes up for the weight that MoviePy cannot choose."""
    color = "black" if spoken else tuple(look["color"][:3])
    return TextClip(
        font=font,
        text=word,
        font_size=look["size_px"],
        color=color,
        stroke_color=color,
        stroke_width=look["stroke_px"],
        bg_color=tuple(look["active_color"][:3]) if spoken else None,
        margin=(look["size_px"] // 8, look["size_px"] // 4),
    )


def _between(clip: Any, start_s: float, end_s: float) -> Any:
    return clip.with_start(start_s).with_end(end_s)


def _sound(job: Any, duration: float) -> Any:
    music = AudioFileClip(job["music"]).with_effects(
        [
            afx.AudioLoop(duration=duration),
            afx.MultiplyVolume(job["music_volume"]),
            afx.AudioFadeIn(0.5),
            afx.AudioFadeOut(1.5),
        ]
    )
    return CompositeAudioClip([AudioFileClip(job["narration"]), music]).with_duration(duration)


if __name__ == "__main__":
    main(*sys.argv[1:])
