"""What a dashboard is made of: panels in rows, each with its queries, on a grid of 24 columns."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple


class Kind(StrEnum):
    """How a panel shows its numbers, by Grafana's own names."""

    LINES = "timeseries"
    NUMBER = "stat"
    BARS = "bargauge"
    HEAT = "heatmap"


class Query(NamedTuple):
    """One expression and what its series are called."""

    expression: str
    legend: str = ""
    """Of Grafana: `{{label}}` stands for the value of a label."""


class Step(NamedTuple):
    """A colour, from a value on."""

    color: str
    value: float | None = None
    """None: from the beginning."""


#: A number that is neither good nor bad.
PLAIN = (Step("blue"),)


def rising(warn: float, bad: float) -> tuple[Step, ...]:
    """Colour a number that is the worse the larger it is."""
    return Step("green"), Step("orange", warn), Step("red", bad)


def falling(bad: float, warn: float) -> tuple[Step, ...]:
    """Colour a number that is the worse the smaller it is."""
    return Step("red"), Step("orange", bad), Step("green", warn)


class Panel(NamedTuple):
    """One picture."""

    title: str
    description: str
    queries: tuple[Query, ...]
    unit: str = "short"
    """Of Grafana, such as `s`, `bytes`, `percentunit`."""
    kind: Kind = Kind.LINES
    steps: tuple[Step, ...] = PLAIN
    """Colours; in a picture of lines the border of each is drawn."""
    is_stacked: bool = False
    decimals: int | None = None
    most: float | None = None
    """End of the axis; by default where the numbers end."""
    colors: Mapping[str, str] = MappingProxyType({})
    """Of series that always have the same one, by their legend."""


class Row(NamedTuple):
    """Panels beside each other, all as wide and as high."""

    title: str
    panels: tuple[Panel, ...]
    height: int = 8


class Variable(NamedTuple):
    """What whoever looks may choose or write."""

    name: str
    label: str
    description: str
    choices: str = ""
    """Query for what may be chosen; nothing for a value that is written."""
    value: str = ""
    """What it is in the beginning, where it is written."""


class Dashboard(NamedTuple):
    """One page."""

    uid: str
    title: str
    description: str
    rows: tuple[Row, ...]
    variables: tuple[Variable, ...] = ()
    since: str = "now-6h"
