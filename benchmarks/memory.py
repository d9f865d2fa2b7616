"""`python -m benchmarks.memory`: the peak memory of the renderer on a film twice as long."""

import json
from pathlib import Path
from typing import Annotated

import typer

from .__main__ import bench

RESULTS = Path(__file__).with_name("memory.json")


def memory(
    seconds: Annotated[float, typer.Option(min=1, max=180, help="Length of the film.")] = 60.0,
    size: Annotated[str, typer.Option(help="Width and height of the film.")] = "1080x1920",
    out: Annotated[Path, typer.Option(help="Where the figures go.")] = RESULTS,
    material: Annotated[Path | None, typer.Option(help="Keep pictures and clips here.")] = None,
) -> None:
    """Render one film and tell the peak memory of its whole process tree."""
    bench(seconds, only="renderer", runs=1, size=size, out=out, material=material)
    figures = json.loads(out.read_text("utf-8"))["results"]["renderer"]
    typer.echo(f"peak: {figures['peak_pss_mib']} MiB (PSS), {figures['peak_rss_mib']} MiB (RSS)")


if __name__ == "__main__":
    typer.run(memory)
