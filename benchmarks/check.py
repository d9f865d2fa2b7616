"""`python -m benchmarks.check`: has the renderer become worse than the committed figures say?

Measures the short run again, with the film and the rounds that the committed results were made with, and
compares its ratios with theirs. Ratios mean about the same on every machine; seconds do not.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, NamedTuple

import typer
from rich.console import Console
from rich.table import Table

from .baseline import baseline_part
from .report import RESULTS
from .scenario import Scale
from .trial import Figures, carry_out
from .workshop import Workshop

#: How much larger a ratio may become before it counts as worse.
TOLERANCE = 0.10
#: Exit codes: something got worse, and nothing could be compared.
WORSE, INCOMPARABLE = 1, 2


class Compared(NamedTuple):
    """A ratio then and now; less is better."""

    name: str
    committed: float
    fresh: float | None
    """None where it was not measured any more."""

    @property
    def change(self) -> float | None:
        """How much larger it became, as a share of what it was."""
        return None if self.fresh is None else self.fresh / self.committed - 1

    def is_worse(self, tolerance: float) -> bool:
        """Tell whether it got worse by more than that; a ratio that went missing did."""
        return self.change is None or self.change > tolerance


def compare(committed: Mapping[str, float], fresh: Mapping[str, float]) -> tuple[Compared, ...]:
    """Put each committed ratio beside the fresh one of the same name."""
    return tuple(Compared(name, value, fresh.get(name)) for name, value in sorted(committed.items()))


def differences(committed: Figures, fresh: Figures) -> Iterator[str]:
    """Tell what was not alike in two short runs, whose ratios then mean different things."""
    for what in ("film", "encoder"):
        for name in sorted({*committed[what], *fresh[what]}):
            then, now = committed[what].get(name), fresh[what].get(name)
            if then != now:
                yield f"{what} {name}: {then} in the committed results, {now} now"


def check(
    results: Annotated[Path, typer.Option(help="Committed figures.")] = RESULTS,
    tolerance: Annotated[float, typer.Option(min=0, help="Share by which a ratio may grow.")] = TOLERANCE,
    material: Annotated[Path | None, typer.Option(help="Keep pictures and clips here.")] = None,
) -> None:
    """Measure a short film again and exit with 1 when a ratio got worse."""
    committed = _committed(results)
    fresh = _measured_like(committed, material, Console(stderr=True))
    unlike = list(differences(committed, fresh))
    for difference in unlike:
        typer.echo(difference, err=True)
    if unlike:
        typer.echo("Not the same run any more: measure anew with --only check.", err=True)
        raise typer.Exit(INCOMPARABLE)
    compared = compare(committed["ratios"], fresh["ratios"])
    Console().print(table(compared, tolerance))
    if any(ratio.is_worse(tolerance) for ratio in compared):
        raise typer.Exit(WORSE)


def table(compared: Sequence[Compared], tolerance: float) -> Table:
    """Lay out the comparison for people."""
    made = Table(title=f"ratios against the committed ones; more than {tolerance:+.0%} is worse")
    for heading in ("", "committed", "now", "change", ""):
        made.add_column(heading, justify="right" if heading else "left", no_wrap=True)
    for ratio in compared:
        now = "-" if ratio.fresh is None else f"{ratio.fresh:.3f}"
        change = "-" if ratio.change is None else f"{ratio.change:+.1%}"
        verdict = "WORSE" if ratio.is_worse(tolerance) else "ok"
        made.add_row(ratio.name, f"{ratio.committed:.3f}", now, change, verdict)
    return made


def _committed(results: Path) -> Figures:
    """Read the committed short run.

    Raises:
        BadParameter: there is none.
    """
    try:
        document: dict[str, Any] = json.loads(results.read_text("utf-8"))
        found: Figures = document["parts"]["check"]
    except (OSError, ValueError, KeyError) as error:
        raise typer.BadParameter(
            f"no results of the part 'check' in {results}", param_hint="--results"
        ) from error
    return found


def _measured_like(committed: Figures, material: Path | None, console: Console) -> Figures:
    film = committed["film"]
    scale = Scale(film["seconds"], film["width"], film["height"])
    with TemporaryDirectory(prefix="benchmark-") as folder:
        work = Path(folder)
        shop = Workshop(work, material or work / "material", console)
        return carry_out(baseline_part(shop, scale), committed["rounds"], console)


if __name__ == "__main__":
    typer.run(check)
