"""The renderer against x264 alone, a MoviePy script and one ffmpeg filtergraph, on the same film."""

import json
import sys
from collections.abc import Callable, Collection
from functools import partial
from pathlib import Path
from typing import NamedTuple

from . import ffmpeg_peer
from .films import WrongFilm, film_facts, inspect, picture_figures
from .preparation import floor_settings, write_peer_input, write_raw_frames
from .process_tree import measure
from .scenario import Scale
from .trial import Made, Part, Ratio, made_of
from .workshop import Film, Workshop

#: Who is measured, in this order in every round: each floor beside the renderer on as many cores, because two
#: busy threads of one core slow each other down, and that must not look like work.
COMPETITORS = ("floor", "renderer_one_worker", "floor_all_cores", "renderer", "ffmpeg", "moviepy")
FLOORS = ("floor", "floor_all_cores")
RENDERERS = ("renderer_one_worker", "renderer")
PEERS = ("ffmpeg", "moviepy")

_DIVIDED = (
    ("renderer_one_worker", "floor"),
    ("renderer", "floor_all_cores"),
    ("ffmpeg", "renderer"),
    ("moviepy", "renderer_one_worker"),
    ("moviepy", "renderer"),
)


class Stage(NamedTuple):
    """A film and what its competitors are given for nothing."""

    shop: Workshop
    film: Film
    raw: Path
    """The finished frames, for the floors."""
    peer_input: Path
    """The plan, and finished sound, for the peers."""


def comparison(shop: Workshop, scale: Scale, names: Collection[str]) -> Part:
    """Compare some of the competitors on one film."""
    stage = set_up(shop, scale, names)
    runs: dict[str, Callable[[], Made]] = {
        "floor": partial(run_floor, stage, in_segments=False),
        "renderer_one_worker": partial(shop.render_cold, stage.film, workers=1),
        "floor_all_cores": partial(run_floor, stage, in_segments=True),
        "renderer": partial(shop.render_cold, stage.film),
        "ffmpeg": partial(run_ffmpeg, stage),
        "moviepy": partial(_run_moviepy, stage),
    }
    ratios = [
        Ratio(above, below, figure)
        for above, below in _DIVIDED
        for figure in ("cpu_s", "wall_s", "peak_pss_mib")
    ]
    chosen = {name: runs[name] for name in COMPETITORS if name in names}
    return Part("everybody on one film", film_facts(scale, stage.film.timeline), chosen, tuple(ratios))


def set_up(shop: Workshop, scale: Scale, names: Collection[str]) -> Stage:
    """Make everything that competitors are given and that is not measured."""
    film = shop.film(scale)
    stage = Stage(shop, film, shop.folder / f"frames-{scale.width}.yuv", shop.folder / "peer.json")
    if not set(PEERS).isdisjoint(names):
        write_peer_input(film.job, film.timeline, stage.peer_input)
    if not set(FLOORS).isdisjoint(names):
        shop.console.print("drawing the raw frames")
        write_raw_frames(film.job, stage.raw)
    return stage


def run_floor(stage: Stage, *, in_segments: bool) -> Made:
    """Encode the finished frames with x264 alone, which keeps its film in parts.

    Raises:
        WrongFilm: frames are missing.
    """
    timeline, target = stage.film.timeline, stage.shop.folder / "floor.mp4"
    settings = json.dumps(floor_settings(timeline, in_segments=in_segments)._asdict())
    command = [sys.executable, "-m", "benchmarks.floor", str(stage.raw), str(target), settings]
    outcome = measure(command, stage.shop.folder)
    told = json.loads(outcome.stdout)
    if told["frames"] != timeline.frames:
        raise WrongFilm(f"the floor encoded {told['frames']} frames, wanted {timeline.frames}")
    return made_of(
        outcome, **picture_figures(timeline, told["size_bytes"]), encode_cpu_s=told["encode_cpu_s"]
    )


def run_ffmpeg(stage: Stage) -> Made:
    """Make the film with one filtergraph."""
    target = stage.shop.folder / "ffmpeg.mp4"
    command = ffmpeg_peer.command(stage.peer_input, target)
    return made_of(measure(command, stage.shop.folder), **inspect("ffmpeg", target, stage.film.timeline))


def _run_moviepy(stage: Stage) -> Made:
    target = stage.shop.folder / "moviepy.mp4"
    command = [sys.executable, "-m", "benchmarks.moviepy_peer", str(stage.peer_input), str(target)]
    return made_of(measure(command, stage.shop.folder), **inspect("moviepy", target, stage.film.timeline))
