"""`python -m benchmarks`: measure, print a table, write results.json."""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from rich.console import Console

from .competitors import COMPETITORS, FLOORS, RENDERERS, Made, Stage, run
from .preparation import plan_film, write_peer_input, write_raw_frames
from .report import show, summarise, write
from .scenario import Scale, write_material

RESULTS = Path(__file__).with_name("results.json")
#: What the words of `--only` stand for.
_GROUPS = {"floor": FLOORS, "renderer": RENDERERS, "moviepy": ("moviepy",)}


def bench(
    seconds: Annotated[float, typer.Option(min=1, max=180, help="Length of the film.")] = 30.0,
    only: Annotated[str, typer.Option(help="Of floor, renderer, moviepy, separated by commas.")] = "",
    runs: Annotated[int, typer.Option(min=1, max=20, help="Rounds; figures are medians.")] = 1,
    size: Annotated[str, typer.Option(help="Width and height of the film.")] = "1080x1920",
    out: Annotated[Path, typer.Option(help="Where the figures go.")] = RESULTS,
    material: Annotated[Path | None, typer.Option(help="Keep pictures and clips here.")] = None,
) -> None:
    """Measure the renderer against x264 alone and against a MoviePy script, whole process trees."""
    console = Console(stderr=True)
    names, scale = _names(only), _scale(seconds, size)
    with ExitStack() as folders:
        work = Path(folders.enter_context(TemporaryDirectory(prefix="benchmark-")))
        media = (material or work) / f"{scale.width}x{scale.height}-{scale.scene_s:g}s"
        media.mkdir(parents=True, exist_ok=True)
        stage = _prepare(media.absolute(), work, scale, names, console)
        made: dict[str, list[Made]] = {name: [] for name in names}
        for number in range(runs):
            for name in names:
                console.print(f"round {number + 1} of {runs}: {name}")
                made[name].append(run(name, stage))
        report = summarise(scale, stage.timeline, made)
    write(report, out)
    show(report, Console())


def _names(only: str) -> tuple[str, ...]:
    asked = [name.strip() for name in only.split(",") if name.strip()] or ["floor", "renderer", "moviepy"]
    unknown = sorted(set(asked) - set(_GROUPS))
    if unknown:
        raise typer.BadParameter(f"unknown: {', '.join(unknown)}", param_hint="--only")
    wanted = {name for ask in asked for name in _GROUPS[ask]}
    return tuple(name for name in COMPETITORS if name in wanted)


def _scale(seconds: float, size: str) -> Scale:
    width, _, height = size.partition("x")
    if not (width.isdecimal() and height.isdecimal()):
        raise typer.BadParameter("write it as 1080x1920", param_hint="--size")
    return Scale(seconds, int(width), int(height))


def _prepare(media: Path, work: Path, scale: Scale, names: Sequence[str], console: Console) -> Stage:
    """Make everything that is not measured."""
    console.print("making photographs and clips")
    job = write_material(media, scale)
    timeline = plan_film(job)
    stage = Stage(work, job, work / "frames.yuv", work / "peer.json", timeline)
    if "moviepy" in names:
        write_peer_input(job, timeline, stage.peer_input)
    if set(FLOORS) & set(names):
        console.print("drawing the raw frames")
        write_raw_frames(job, stage.raw)
    return stage


if __name__ == "__main__":
    typer.run(bench)
