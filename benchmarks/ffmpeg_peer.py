"""The same film as one ffmpeg command: a single filtergraph, by the binary of the imageio-ffmpeg wheel.

Photographs zoom and pan with `zoompan`, clips are scaled and cropped, `xfade` joins them, libass draws the
captions, and the voice ducks the music before one pass of `loudnorm`. It gets the cuts, the word times, the
finished narration and the music for nothing; the renderer has to make them.

Source: https://ffmpeg.org/ffmpeg-filters.html
"""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import imageio_ffmpeg
from PIL import ImageFont

from .ffmpeg_captions import substation

PPM = 1_000_000
#: How pictures are described to players: HD, as the renderer tags its films.
_COLOR = ("-color_primaries", "bt709", "-color_trc", "bt709", "-colorspace", "bt709", "-color_range", "tv")


def command(peer_input: Path, film: Path) -> list[str]:
    """Word the whole ffmpeg command; what its filters read is written beside `film`."""
    job = json.loads(peer_input.read_text("utf-8"))
    timeline = job["timeline"]
    files = [job["media"][shot["source"]["sha256"]] for shot in timeline["shots"]]
    inputs = [argument for file in files for argument in ("-i", file)]
    sound = ["-i", job["narration"], "-stream_loop", "-1", "-i", job["music"]]
    captions = _write_captions(timeline, Path(job["font"]), film.with_suffix(".ass"))
    encoder = timeline["encoder"]
    return [
        *(imageio_ffmpeg.get_ffmpeg_exe(), "-y", "-nostdin", "-hide_banner", "-loglevel", "error"),
        *inputs,
        *sound,
        *("-filter_complex", graph(timeline, captions, job["music_volume"])),
        *("-map", "[film]", "-map", "[sound]", "-frames:v", str(timeline["frames"])),
        *(
            "-c:v",
            "libx264",
            "-preset",
            encoder["preset"],
            "-crf",
            str(encoder["crf"]),
            "-pix_fmt",
            "yuv420p",
        ),
        *_COLOR,
        *("-c:a", "aac", "-b:a", "192k", str(film)),
    ]


def graph(timeline: Any, captions: Path, music_volume: float) -> str:
    """Write the filtergraph: one input a shot, then the narration, then the music."""
    shots = timeline["shots"]
    chains = [*_pictures(timeline), *_joined(timeline), *_sound(timeline, len(shots), music_volume)]
    names = f"filename={_escaped(captions)}:fontsdir={_escaped(captions.parent / 'fonts')}"
    return ";".join([*chains, f"[joined{len(shots) - 1}]ass={names}[film]"])


def _pictures(timeline: Any) -> Iterator[str]:
    fps = _fps(timeline)
    for number, shot in enumerate(timeline["shots"]):
        moving = _clip(timeline, shot) if shot["source"]["kind"] == "video" else _photo(timeline, shot)
        output = "joined0" if number == 0 else f"shot{number}"
        yield f"[{number}:v]{moving},format=yuv420p,setsar=1,settb=1/{fps}[{output}]"


def _photo(timeline: Any, shot: Any) -> str:
    """Cut a photograph to the shape of the frame once, then move over it; zoompan rounds to whole pixels."""
    width, height, frames = timeline["width"], timeline["height"], shot["frames"]
    first, last = shot["camera_start"], shot["camera_end"]
    cut = f"crop='min(iw,ih*{width}/{height})':'min(ih,iw*{height}/{width})'"
    zoom, x, y = (_travel(first[name], last[name], frames) for name in ("zoom_ppm", "x_ppm", "y_ppm"))
    place = f"x='(iw-iw/zoom)*({x})':y='(ih-ih/zoom)*({y})'"
    look = "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p"
    return f"{cut},{look},zoompan=z='{zoom}':{place}:d={frames}:s={width}x{height}:fps={_fps(timeline)}"


def _travel(first_ppm: int, last_ppm: int, frames: int) -> str:
    return f"{first_ppm / PPM}+{(last_ppm - first_ppm) / PPM}*on/{max(1, frames - 1)}"


def _clip(timeline: Any, shot: Any) -> str:
    width, height = timeline["width"], timeline["height"]
    start_s, seconds = shot["source"]["trim_ms"] / 1000, shot["frames"] / _fps(timeline)
    return (
        f"trim=start={start_s}:duration={seconds},setpts=PTS-STARTPTS,"
        f"scale={width}:{height}:force_original_aspect_ratio=increase,crop={width}:{height},"
        f"fps={_fps(timeline)}"
    )


def _joined(timeline: Any) -> Iterator[str]:
    """Fade each shot into what is joined so far; the film of the bench has a transition at every cut."""
    fps = _fps(timeline)
    for number, transition in enumerate(timeline["transitions"], 1):
        times = f"duration={transition['frames'] / fps}:offset={transition['start_frame'] / fps}"
        fade = f"xfade=transition=fade:{times}"
        yield f"[joined{number - 1}][shot{number}]{fade}[joined{number}]"


def _sound(timeline: Any, voice: int, music_volume: float) -> Iterator[str]:
    seconds = timeline["frames"] / _fps(timeline)
    fades = f"afade=t=in:d=0.5,afade=t=out:st={max(0.0, seconds - 1.5)}:d=1.5"
    yield f"[{voice}:a]asplit[voice][key]"
    yield f"[{voice + 1}:a]atrim=duration={seconds},volume={music_volume},{fades}[bed]"
    yield "[bed][key]sidechaincompress=threshold=0.03:ratio=4:attack=15:release=400[ducked]"
    yield (
        "[voice][ducked]amix=inputs=2:duration=first:normalize=0,"
        "loudnorm=I=-14:TP=-1,aresample=48000[sound]"
    )


def _write_captions(timeline: Any, font: Path, file: Path) -> Path:
    """Write the captions, and the font alone in a folder, since libass reads all that a folder holds."""
    fonts = file.parent / "fonts"
    fonts.mkdir(exist_ok=True)
    shutil.copy(font, fonts)
    # libass finds a variable font by the name of its default instance only.
    name = " ".join(part for part in ImageFont.truetype(font).getname() if part)
    file.write_text(substation(timeline, name), encoding="utf-8")
    return file


def _fps(timeline: Any) -> float:
    return float(timeline["fps_numerator"] / timeline["fps_denominator"])


def _escaped(file: Path) -> str:
    """Escape a path twice, as an option of a filter and as a part of a graph."""
    option = "".join(f"\\{letter}" if letter in "\\':" else letter for letter in str(file))
    return "".join(f"\\{letter}" if letter in "\\'[],;" else letter for letter in option)
