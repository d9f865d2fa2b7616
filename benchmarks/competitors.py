"""The commands that are measured, and the check that each has made the whole film."""

import json
import sys
from pathlib import Path
from typing import Any, NamedTuple

import av

from src.models.timeline import Timeline

from .preparation import floor_settings
from .process_tree import Cost, measure

#: Who is measured, in this order in every round: each floor beside the renderer on as many cores, because two
#: busy threads of one core slow each other down, and that must not look like work.
COMPETITORS = ("floor", "renderer_one_worker", "floor_all_cores", "renderer", "moviepy")
#: What each is called in the table.
TITLES = {
    "floor": "x264, one core",
    "renderer_one_worker": "neuroshorts, one worker",
    "floor_all_cores": "x264, all cores",
    "renderer": "neuroshorts, all cores",
    "moviepy": "MoviePy",
}


FLOORS = ("floor", "floor_all_cores")
RENDERERS = ("renderer_one_worker", "renderer")


class Stage(NamedTuple):
    """Where everything lies for a measured run."""

    folder: Path
    """Work folder; removed afterwards."""
    job: Path
    raw: Path
    peer_input: Path
    timeline: Timeline


class Made(NamedTuple):
    """A film and what it cost."""

    cost: Cost
    frames: int
    video_bits_per_s: int
    encode_cpu_s: float | None
    """Of the floor: CPU seconds in the encoder alone, without the start of the interpreter."""
    stages_wall_s: dict[str, float] | None
    """Of the renderer: what it says of its own stages; mixing goes on beside rendering."""


class WrongFilm(Exception):
    """A competitor made another film than the one asked for."""


def run(name: str, stage: Stage) -> Made:
    """Run one competitor on the film.

    Raises:
        CommandFailed: it broke.
        WrongFilm: its film has another size or number of frames.
    """
    film = stage.folder / f"{name}.mp4"
    film.unlink(missing_ok=True)
    outcome = measure(_command(name, stage, film), stage.folder, _environment(stage))
    told = json.loads(outcome.stdout) if name != "moviepy" else {}
    frames, bits_per_s = _told(told, stage) if name in FLOORS else _inspect(name, film, stage.timeline)
    stages_wall_s = told["result"]["timings"] if name in RENDERERS else None
    return Made(outcome.cost, frames, bits_per_s, told.get("encode_cpu_s"), stages_wall_s)


def render_command(job: Path, film: Path) -> list[str]:
    """The renderer as people call it."""
    return [sys.executable, "-m", "src.main", "render", str(job), "-o", str(film), "--json"]


def _command(name: str, stage: Stage, film: Path) -> list[str]:
    if name in RENDERERS:
        workers = ["--workers", "1"] if name == "renderer_one_worker" else []
        return [*render_command(stage.job, film), *workers]
    if name == "moviepy":
        return [sys.executable, "-m", "benchmarks.moviepy_peer", str(stage.peer_input), str(film)]
    settings = floor_settings(stage.timeline, in_segments=name == "floor_all_cores")
    given = json.dumps(settings._asdict())
    return [sys.executable, "-m", "benchmarks.floor", str(stage.raw), str(film), given]


def _environment(stage: Stage) -> dict[str, str]:
    """Keep the renderer's files inside the work folder."""
    names = ("DATA_DIR", "CACHE_DIR", "LOG_DIR")
    return {f"NEUROSHORTS_{name}": str(stage.folder / name.lower()) for name in names}


def _told(told: dict[str, Any], stage: Stage) -> tuple[int, int]:
    """Take the frames and bits a second from what the floor says, whose film lies in parts."""
    if told["frames"] != stage.timeline.frames:
        raise WrongFilm(f"the floor encoded {told['frames']} frames, wanted {stage.timeline.frames}")
    return told["frames"], round(told["size_bytes"] * 8 * stage.timeline.fps / stage.timeline.frames)


def _inspect(name: str, film: Path, timeline: Timeline) -> tuple[int, int]:
    """Count the frames and the bits a second of a film's pictures."""
    with av.open(film) as container:
        stream = container.streams.video[0]
        size = (stream.width, stream.height)
        packets = [packet.size for packet in container.demux(stream) if packet.size]
    wanted = (timeline.width, timeline.height), timeline.frames
    if (size, len(packets)) != wanted:
        raise WrongFilm(f"{name}: {len(packets)} frames of {size}, wanted {wanted}")
    return len(packets), round(sum(packets) * 8 * timeline.fps / timeline.frames)
