"""A job that does not fit the schema is told of its unknown names all the same."""

import json
from typing import Any

import pytest

from src.engines.visuals.effects import EFFECTS
from src.engines.visuals.transitions import TRANSITIONS
from src.errors import InvalidJob
from src.plan.jobtext import job_in

TYPES, EFFECT_NAMES = ", ".join(TRANSITIONS), ", ".join(EFFECTS)


def told_of(**scene: Any) -> dict[str, str]:
    with pytest.raises(InvalidJob) as refused:
        job_in(json.dumps({"scenes": [{"text": "Hello"} | scene]}))
    return {problem.path: problem.message for problem in refused.value.problems}


def test_all_mistakes_of_a_transition_are_told_at_once() -> None:
    told = told_of(transition={"type": "wipe", "duraton": 1})

    assert list(told) == ["scenes[0].transition.type", "scenes[0].transition.duraton"]
    assert told["scenes[0].transition.type"].startswith("unknown transition 'wipe'; did you mean wipe_")
    assert told["scenes[0].transition.duraton"] == "unknown field: did you mean duration?"


@pytest.mark.parametrize("given", [5, "", "fade in", True])
def test_what_is_no_name_of_a_transition_is_answered_with_the_names(given: object) -> None:
    told = told_of(transition={"type": given})

    assert told["scenes[0].transition.type"].endswith(TYPES)


def test_what_is_no_name_of_an_effect_is_answered_with_the_names() -> None:
    told = told_of(visuals=[{"type": "color", "effects": ["ken burns", "Gray-scale", 5, None]}])

    here = "scenes[0].visuals[0].effects"
    assert told == {
        f"{here}[0]": f"unknown picture effect 'ken burns'; known: {EFFECT_NAMES}",
        f"{here}[1]": f"unknown picture effect 'Gray-scale'; did you mean grayscale? known: {EFFECT_NAMES}",
        f"{here}[2]": f"should be one of {EFFECT_NAMES}",
        f"{here}[3]": "may not be null: take it out of the list",
    }


@pytest.mark.parametrize("type", ["procedural", "title"])
def test_backgrounds_and_palettes_are_looked_at_beside_other_mistakes(type: str) -> None:
    told = told_of(visuals=[{"type": type, "text": "a", "family": "Dune", "palette": "sun set", "x": 1}])

    assert "did you mean dunes?" in told["scenes[0].visuals[0].family"]
    assert "did you mean sunset?" in told["scenes[0].visuals[0].palette"]
    assert "scenes[0].visuals[0].x" in told


@pytest.mark.parametrize("text", ["[1]", "5", "null", '{"scenes": 5}', '{"scenes": [5, {"visuals": [5]}]}'])
def test_other_json_is_no_trouble(text: str) -> None:
    with pytest.raises(InvalidJob):
        job_in(text)
