"""Figures of all runs: summed up, written as JSON, shown as a table."""

import json
import os
import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

from av import library_versions
from rich.console import Console
from rich.table import Table

from src import __version__
from src.engines.encode.segments import X264_PARAMS
from src.models.timeline import Timeline

from .competitors import TITLES, Made
from .scenario import Scale

MIB = 1024 * 1024
#: Which figures are divided by which.
RATIOS = (
    ("renderer_one_worker", "floor"),
    ("renderer", "floor_all_cores"),
    ("moviepy", "renderer_one_worker"),
    ("moviepy", "renderer"),
)
#: Who is held against the floor on one core.
ONE_CORE = frozenset({"floor", "renderer_one_worker", "moviepy"})
_PACKAGES = ("av", "moviepy", "imageio-ffmpeg", "numpy", "opencv-python-headless", "pillow")


def summarise(scale: Scale, timeline: Timeline, runs: Mapping[str, Sequence[Made]]) -> dict[str, Any]:
    """Put all figures into one JSON object, medians first; it names no host and no path."""
    results = {name: _figures(made) for name, made in runs.items()}
    return {
        "film": _film(scale, timeline),
        "encoder": {
            "name": "libx264",
            "preset": timeline.encoder.preset,
            "crf": timeline.encoder.crf,
            "x264_params": X264_PARAMS,
        },
        "machine": {"cores": os.cpu_count(), "system": platform.system(), "processor": platform.machine()},
        "versions": _versions(),
        "results": results,
        "ratios": _ratios(results),
    }


def _film(scale: Scale, timeline: Timeline) -> dict[str, Any]:
    sources = [shot.source.kind for shot in timeline.shots]
    return {
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


def _versions() -> dict[str, str]:
    packages = {package: version(package) for package in _PACKAGES}
    libavcodec = ".".join(map(str, library_versions["libavcodec"]))
    return {
        "neuroshorts": __version__,
        "python": platform.python_version(),
        "libavcodec": libavcodec,
        **packages,
    }


def _figures(made: Sequence[Made]) -> dict[str, Any]:
    figures: dict[str, Any] = {
        "cpu_s": _median([m.cost.cpu_s for m in made], 2),
        "wall_s": _median([m.cost.wall_s for m in made], 2),
        "peak_rss_mib": _median([m.cost.peak_rss_bytes for m in made], 0, MIB),
        "peak_pss_mib": _median([m.cost.peak_pss_bytes for m in made], 0, MIB),
        "most_processes": _median([m.cost.most_processes for m in made], 0),
        "left_behind": max(m.cost.left_behind for m in made),
        "video_mbit_per_s": _median([m.video_bits_per_s for m in made], 2, 1e6),
        "frames": made[0].frames,
        "cpu_s_runs": [round(m.cost.cpu_s, 2) for m in made],
        "wall_s_runs": [round(m.cost.wall_s, 2) for m in made],
    }
    if made[0].encode_cpu_s is not None:
        figures["encode_cpu_s"] = _median([m.encode_cpu_s for m in made], 2)
    if made[0].stages_wall_s is not None:
        figures["stages_wall_s"] = made[0].stages_wall_s
    return figures


def _median(values: Sequence[float | None], digits: int, unit: float = 1) -> float | None:
    known = [value / unit for value in values if value is not None]
    if not known:
        return None
    middle = round(median(known), digits)
    return middle if digits else int(middle)


def _ratios(results: Mapping[str, Mapping[str, Any]]) -> dict[str, float]:
    ratios = {}
    for above, below in RATIOS:
        if above in results and below in results:
            for figure in ("cpu_s", "wall_s", "peak_pss_mib"):
                if results[above][figure] and results[below][figure]:
                    name = f"{above}_over_{below}_{figure.rpartition('_')[0]}"
                    ratios[name] = round(results[above][figure] / results[below][figure], 2)
    return ratios


def write(report: Mapping[str, Any], file: Path) -> None:
    """Write the JSON file."""
    file.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


def show(report: Mapping[str, Any], console: Console) -> None:
    """Print the figures for people."""
    film, encoder = report["film"], report["encoder"]
    title = (
        f"{film['seconds']:g} s, {film['width']}x{film['height']} at {film['fps']:g} fps,"
        f" x264 {encoder['preset']} crf {encoder['crf']}"
    )
    table = Table(title=title)
    for heading in ("", "CPU s", "wall s", "RSS MiB", "PSS MiB", "Mbit/s", "x floor"):
        table.add_column(heading, justify="right" if heading else "left", no_wrap=True)
    for name, figures in report["results"].items():
        floor = report["results"].get("floor" if name in ONE_CORE else "floor_all_cores")
        ratio = f"{figures['cpu_s'] / floor['cpu_s']:.2f}" if floor else "-"
        columns = ("cpu_s", "wall_s", "peak_rss_mib", "peak_pss_mib", "video_mbit_per_s")
        cells = ["-" if figures[column] is None else f"{figures[column]:g}" for column in columns]
        table.add_row(TITLES[name], *cells, ratio)
    console.print(table)
