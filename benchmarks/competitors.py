"""The commands that are measured, and the check that each has made the whole film."""

import json
import sys
from pathlib import Path
from typing import NamedTuple

import av

from src.models.timeline import Timeline

from .preparation import floor_settings
from .process_tree import Cost, measure

#: Who is measured, in this order in every round; `floor` and `renderer` stand beside each other on purpose.
COMPETITORS = ("floor", "renderer", "floor_auto_threads", "moviepy")
#: What each is called in the table.
TITLES = {
    "floor": "x264, 1 thread",
    "floor_auto_threads": "x264, own threads",
    "renderer": "neuroshorts",
    "moviepy": "MoviePy",
}


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
    frames, bits_per_s = _inspect(name, film, stage.timeline)
    told = json.loads(outcome.stdout) if name != "moviepy" else {}
    stages_wall_s = told["result"]["timings"] if name == "renderer" else None
    return Made(outcome.cost, frames, bits_per_s, told.get("encode_cpu_s"), stages_wall_s)


def render_command(job: Path, film: Path) -> list[str]:
    """The renderer as people call it."""
    return [sys.executable, "-m", "src.main", "render", str(job), "-o", str(film), "--json"]


def _command(name: str, stage: Stage, film: Path) -> list[str]:
    if name == "renderer":
        return render_command(stage.job, film)
    if name == "moviepy":
        return [sys.executable, "-m", "benchmarks.moviepy_peer", str(stage.peer_input), str(film)]
    settings = floor_settings(stage.timeline, threads=0 if name == "floor_auto_threads" else 1)
    given = json.dumps(settings._asdict())
    return [sys.executable, "-m", "benchmarks.floor", str(stage.raw), str(film), given]


def _environment(stage: Stage) -> dict[str, str]:
    """Keep the renderer's files inside the work folder."""
    names = ("DATA_DIR", "CACHE_DIR", "LOG_DIR")
    return {f"NEUROSHORTS_{name}": str(stage.folder / name.lower()) for name in names}


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
