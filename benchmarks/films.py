"""Films that measured commands have made: each is looked into, so that nobody wins with another one."""

from pathlib import Path
from typing import Any

import av

from src.engines.encode.segments import x264_params
from src.models.timeline import Timeline

from .scenario import Scale


class WrongFilm(Exception):
    """A competitor made another film than the one asked for."""


def inspect(name: str, film: Path, timeline: Timeline) -> dict[str, Any]:
    """Count the frames and the bits a second of a film's pictures.

    Raises:
        WrongFilm: it has another size or number of frames than the timeline.
    """
    with av.open(film) as container:
        stream = container.streams.video[0]
        size = (stream.width, stream.height)
        packets = [packet.size for packet in container.demux(stream) if packet.size]
    wanted = (timeline.width, timeline.height), timeline.frames
    if (size, len(packets)) != wanted:
        raise WrongFilm(f"{name}: {len(packets)} frames of {size}, wanted {wanted}")
    return picture_figures(timeline, sum(packets))


def picture_figures(timeline: Timeline, size_bytes: int) -> dict[str, Any]:
    """Tell of a film's pictures, all of which are there, how many they are and how large."""
    film_s = float(timeline.frames / timeline.fps)
    return {"frames": timeline.frames, "film_s": film_s, "video_mbit_per_s": size_bytes * 8e-6 / film_s}


def film_facts(scale: Scale, timeline: Timeline) -> dict[str, Any]:
    """Describe a film for the results, with the settings of its encoder."""
    sources = [shot.source.kind for shot in timeline.shots]
    film = {
        "seconds": round(float(timeline.frames / timeline.fps), 3),
        "frames": timeline.frames,
        "width": timeline.width,
        "height": timeline.height,
        "fps": round(float(timeline.fps), 3),
        "photographs": sources.count("image"),
        "clips": sources.count("video"),
        "crossfades": len(timeline.transitions),
        "words": sum(len(line) for cue in timeline.cues for line in cue.lines),
        "scene_seconds": round(scale.scene_s, 3),
    }
    encoder = {
        "name": "libx264",
        "preset": timeline.encoder.preset,
        "crf": timeline.encoder.crf,
        "x264_params": x264_params(timeline.encoder.max_kbps),
    }
    return {"film": film, "encoder": encoder}
