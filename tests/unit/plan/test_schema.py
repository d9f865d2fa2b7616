"""The published description of a job."""

from src.engines.visuals.procedural import families
from src.engines.visuals.transitions import TRANSITIONS
from src.plan.schema import job_schema


def test_names_that_engines_bring_are_listed() -> None:
    models = job_schema()["$defs"]

    transition = models["Transition"]["properties"]["type"]
    assert (transition["enum"], transition["default"]) == (list(TRANSITIONS), "fade")
    for model in ("ProceduralVisual", "TitleVisual"):
        assert models[model]["properties"]["family"]["enum"] == list(families())
