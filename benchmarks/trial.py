"""Parts of the bench: what each runs, round after round, and what is concluded from the figures."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from statistics import median
from typing import Any, NamedTuple

from rich.console import Console

from .machine import Load
from .process_tree import Cost, Outcome

MIB = 1024 * 1024
#: Decimals of a ratio: a warm render is a few hundredths of a cold one.
RATIO_DECIMALS = 3
#: Share of all cores' time that others may take before wall time says more of them than of the renderer.
QUIET_SHARE = 0.05

Figures = dict[str, Any]


class Made(NamedTuple):
    """What one measured command cost, and what it made."""

    cost: Cost
    load: Load
    told: Mapping[str, Any]
    """Further figures, of the film or from the command itself."""


class Ratio(NamedTuple):
    """A figure of one run over the same figure of another in the same round; less is better."""

    above: str
    below: str
    figure: str = "cpu_s"
    bar: float | None = None
    """Most that it should be; None where there is no such promise."""

    @property
    def name(self) -> str:
        """Its name in the results."""
        return f"{self.above}_over_{self.below}_{self.figure.rpartition('_')[0]}"


class Part(NamedTuple):
    """Runs that belong together."""

    title: str
    facts: Figures
    """What was rendered, for the results."""
    runs: Mapping[str, Callable[[], Made]]
    """Measured commands by name, in the order of every round; one may use what an earlier one left."""
    ratios: tuple[Ratio, ...]


def made_of(outcome: Outcome, **told: Any) -> Made:
    """Keep what a measured command cost."""
    return Made(outcome.cost, outcome.load, told)


def carry_out(part: Part, rounds: int, console: Console) -> Figures:
    """Run a part that many times and sum it up; rounds are interleaved, so that a slow minute slows all."""
    made: dict[str, list[Made]] = {name: [] for name in part.runs}
    for number in range(rounds):
        for name, run in part.runs.items():
            console.print(f"round {number + 1} of {rounds}: {name}")
            made[name].append(run())
    return summary(part, made)


def summary(part: Part, made: Mapping[str, Sequence[Made]]) -> Figures:
    """Put the figures of a part into one JSON object, medians of all rounds."""
    results = {name: _figures(runs) for name, runs in made.items()}
    ratios = {ratio: value for ratio in part.ratios if (value := _ratio_of(ratio, made)) is not None}
    return {
        **part.facts,
        "measured_on": datetime.now(UTC).date().isoformat(),
        "rounds": max(map(len, made.values())),
        "results": results,
        "ratios": {ratio.name: value for ratio, value in ratios.items()},
        "bars": {ratio.name: ratio.bar for ratio in ratios if ratio.bar is not None},
        "undecided": [ratio.name for ratio in ratios if ratio.bar is not None and _disturbed(ratio, results)],
    }


def _disturbed(ratio: Ratio, results: Mapping[str, Figures]) -> bool:
    """Tell whether others kept the machine too busy for a ratio of wall times to be held against its bar."""
    shares = (results[name]["others_cpu_share"] for name in (ratio.above, ratio.below))
    return ratio.figure == "wall_s" and any(share is None or share > QUIET_SHARE for share in shares)


def _ratio_of(ratio: Ratio, made: Mapping[str, Sequence[Made]]) -> float | None:
    if ratio.above not in made or ratio.below not in made:
        return None
    pairs = [
        (_raw(above, ratio.figure), _raw(below, ratio.figure))
        for above, below in zip(made[ratio.above], made[ratio.below], strict=True)
    ]
    known = [above / below for above, below in pairs if above is not None and below]
    return round(median(known), RATIO_DECIMALS) if known else None


def _raw(made: Made, figure: str) -> float | None:
    """Read one of the figures that ratios are made of."""
    cost = made.cost
    known = {
        "cpu_s": cost.cpu_s,
        "wall_s": cost.wall_s,
        "peak_rss_mib": cost.peak_rss_bytes,
        "peak_pss_mib": cost.peak_pss_bytes,
    }
    return known[figure]


def _figures(made: Sequence[Made]) -> Figures:
    told = {name: _told([m.told[name] for m in made]) for name in made[0].told}
    if film_s := told.get("film_s"):
        told["cpu_s_per_film_s"] = _median([m.cost.cpu_s / film_s for m in made], 3)
    return {
        "cpu_s": _median([m.cost.cpu_s for m in made], 2),
        "wall_s": _median([m.cost.wall_s for m in made], 2),
        "peak_rss_mib": _median([m.cost.peak_rss_bytes for m in made], 0, MIB),
        "peak_pss_mib": _median([m.cost.peak_pss_bytes for m in made], 0, MIB),
        "most_processes": _median([m.cost.most_processes for m in made], 0),
        "left_behind": max(m.cost.left_behind for m in made),
        "cpu_s_runs": [round(m.cost.cpu_s, 2) for m in made],
        "wall_s_runs": [round(m.cost.wall_s, 2) for m in made],
        "load_average_before": _median([m.load.average for m in made], 2),
        "others_cpu_share": _median([m.load.others_share for m in made], 3),
        "steal_share": _median([m.load.steal_share for m in made], 3),
        **told,
    }


def _told(values: Sequence[Any]) -> Any:
    """Take the median of numbers, the first of anything else."""
    if all(isinstance(value, float) for value in values):
        return _median(values, 2)
    return values[0]


def _median(values: Sequence[float | None], digits: int, unit: float = 1) -> float | None:
    known = [value / unit for value in values if value is not None]
    if not known:
        return None
    middle = round(median(known), digits)
    return middle if digits else int(middle)
