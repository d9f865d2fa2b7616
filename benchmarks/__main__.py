"""`python -m benchmarks`: measure, print tables, write results.json."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, NamedTuple

import typer
from rich.console import Console

from . import baseline
from .caching import cache_part
from .caption_files import caption_files_part
from .captioning import captioning_part
from .competitors import COMPETITORS, FLOORS, RENDERERS, comparison
from .memory import memory_part
from .previewing import preview_part
from .report import RESULTS, add, show
from .scaling import scaling_part
from .scenario import Scale
from .sizes import sizes_part
from .trial import Part, carry_out
from .workshop import Workshop

#: What the words of `--only` stand for: competitors of the comparison,
_GROUPS = {"floor": FLOORS, "renderer": RENDERERS, "ffmpeg": ("ffmpeg",), "moviepy": ("moviepy",)}
#: and parts of the bench, in the order in which they run.
_PARTS = ("compare", "check", "cache", "scaling", "memory", "sizes", "preview", "captions", "caption_files")


class _Plan(NamedTuple):
    """A part that was asked for."""

    prepare: Callable[[], Part]
    rounds: int


def bench(
    seconds: Annotated[float, typer.Option(min=1, max=180, help="Length of the film.")] = 30.0,
    only: Annotated[str, typer.Option(help=f"Of {', '.join((*_PARTS, *_GROUPS))}; with commas.")] = "",
    runs: Annotated[int, typer.Option(min=1, max=20, help="Rounds; figures are medians.")] = 1,
    size: Annotated[str, typer.Option(help="Width and height of the film.")] = "1080x1920",
    out: Annotated[Path, typer.Option(help="Where the figures go.")] = RESULTS,
    material: Annotated[Path | None, typer.Option(help="Keep pictures and clips here.")] = None,
) -> None:
    """Measure the renderer against others, and against itself; whole process trees."""
    console = Console(stderr=True)
    asked, scale = _asked(only), _scale(seconds, size)
    with TemporaryDirectory(prefix="benchmark-") as folder:
        shop = Workshop(Path(folder), material or Path(folder) / "material", console)
        plans = _plans(shop, scale, asked, runs)
        for name in (name for name in _PARTS if name in plans):
            part = plans[name].prepare()
            section = carry_out(part, plans[name].rounds, console)
            add(out, name, section)
            show(name, part.title, section, Console())


def _asked(only: str) -> frozenset[str]:
    """Read which competitors and parts are wanted; without a word it is all of them."""
    asked = {name.strip() for name in only.split(",") if name.strip()} or set(_PARTS)
    unknown = sorted(asked - {*_PARTS, *_GROUPS})
    if unknown:
        raise typer.BadParameter(f"unknown: {', '.join(unknown)}", param_hint="--only")
    return frozenset(asked)


def _plans(shop: Workshop, scale: Scale, asked: frozenset[str], rounds: int) -> Mapping[str, _Plan]:
    simple = {
        "cache": cache_part,
        "scaling": scaling_part,
        "memory": memory_part,
        "sizes": sizes_part,
        "preview": preview_part,
        "captions": captioning_part,
        "caption_files": caption_files_part,
    }
    plans = {
        name: _Plan(partial(build, shop, scale), rounds) for name, build in simple.items() if name in asked
    }
    if names := _competitors(asked):
        plans["compare"] = _Plan(partial(comparison, shop, scale, names), rounds)
    if "check" in asked:
        short = scale.times_as_long(baseline.LENGTH)
        plans["check"] = _Plan(partial(baseline.baseline_part, shop, short), max(rounds, baseline.ROUNDS))
    return plans


def _competitors(asked: frozenset[str]) -> tuple[str, ...]:
    if "compare" in asked:
        return COMPETITORS
    return tuple(name for group in asked & _GROUPS.keys() for name in _GROUPS[group])


def _scale(seconds: float, size: str) -> Scale:
    width, _, height = size.partition("x")
    if not (width.isdecimal() and height.isdecimal()):
        raise typer.BadParameter("write it as 1080x1920", param_hint="--size")
    return Scale(seconds, int(width), int(height))


if __name__ == "__main__":
    typer.run(bench)
