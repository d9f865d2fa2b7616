"""Figures of all parts: kept in one JSON document, shown as tables."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from .machine import machine_facts, versions
from .trial import Figures

RESULTS = Path(__file__).with_name("results.json")

#: Columns of the table: what is written above, and which figure stands below.
_COLUMNS = {
    "CPU s": "cpu_s",
    "ms/frame": "ms_a_frame",
    "wall s": "wall_s",
    "PSS MiB": "peak_pss_mib",
    "Mbit/s": "video_mbit_per_s",
    "others": "others_cpu_share",
    "stolen": "steal_share",
}


def add(file: Path, name: str, section: Figures) -> None:
    """Put a part into the document, in place of what it said before.

    Parts that were measured on another machine or with other versions go: they cannot stand beside it.
    """
    machine, installed = machine_facts(), versions()
    before = _read(file)
    alike = before.get("machine") == machine and before.get("versions") == installed
    parts = before["parts"] if alike else {}
    document = {"machine": machine, "versions": installed, "parts": {**parts, name: section}}
    file.write_text(json.dumps(document, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def _read(file: Path) -> dict[str, Any]:
    return json.loads(file.read_text("utf-8")) if file.exists() else {}


def show(name: str, title: str, section: Figures, console: Console) -> None:
    """Print a part for people: what each run cost, then the ratios with their bars."""
    console.print(_costs(f"{name}: {title}", section))
    if section["ratios"]:
        console.print(_ratios(section))


def _costs(title: str, section: Figures) -> Table:
    table = _table(title, _COLUMNS)
    for name, figures in section["results"].items():
        cells = (figures.get(column) for column in _COLUMNS.values())
        table.add_row(name, *("-" if cell is None else f"{cell:g}" for cell in cells))
    return table


def _ratios(section: Figures) -> Table:
    table = _table("", ("ratio", "bar", "met"))
    for name, ratio in section["ratios"].items():
        bar = section["bars"].get(name)
        told = "" if bar is None else f"{bar:g}"
        table.add_row(name, f"{ratio:.3f}", told, _verdict(name, section))
    return table


def _verdict(name: str, section: Figures) -> str:
    if name not in section["bars"]:
        return ""
    if name in section["undecided"]:
        return "? others busy"
    return "yes" if section["ratios"][name] <= section["bars"][name] else "NO"


def _table(title: str, headings: Iterable[str]) -> Table:
    table = Table(title=title or None)
    table.add_column("", no_wrap=True)
    for heading in headings:
        table.add_column(heading, justify="right", no_wrap=True)
    return table
