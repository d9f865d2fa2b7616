"""The published description of a job."""

from src.engines.visuals.effects import EFFECTS
from src.engines.visuals.palettes import PALETTES
from src.engines.visuals.procedural import families
from src.engines.visuals.transitions import TRANSITIONS
from src.plan.schema import job_schema


def test_names_that_engines_bring_are_listed() -> None:
    models = job_schema()["$defs"]

    transition = models["Transition"]["properties"]["type"]
    assert (transition["enum"], transition["default"]) == (list(TRANSITIONS), "fade")
    for model in ("ProceduralVisual", "TitleVisual"):
        assert models[model]["properties"]["family"]["enum"] == list(families())


def test_names_in_lists_and_beside_lists_of_colors_are_listed() -> None:
    models = job_schema()["$defs"]

    for model in ("ImageVisual", "VideoVisual", "ColorVisual", "GradientVisual", "MoviePyVisual"):
        assert models[model]["properties"]["effects"]["items"]["enum"] == list(EFFECTS)
    for model in ("ProceduralVisual", "TitleVisual"):
        name, colors = models[model]["properties"]["palette"]["anyOf"]
        assert name["enum"] == ["auto", *PALETTES]
        assert colors["type"] == "array"


def test_only_what_works_is_offered() -> None:
    output = job_schema()["$defs"]["Output"]["properties"]

    assert output["format"]["enum"] == ["mp4", "mov"]
    assert output["codec"]["const"] == "h264"
