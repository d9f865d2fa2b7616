"""Which files the dashboards are, and what is in them."""

import json
from pathlib import Path

from .cost import COST
from .document import document
from .overview import OVERVIEW
from .workers import WORKERS

FOLDER = Path(__file__).parents[1] / "grafana" / "dashboards"
DASHBOARDS = (OVERVIEW, WORKERS, COST)


def files() -> dict[str, str]:
    """Write each dashboard; by the name of its file."""
    return {
        dashboard.uid.removeprefix("neuroshorts-") + ".json": json.dumps(document(dashboard), indent=2) + "\n"
        for dashboard in DASHBOARDS
    }
