"""Every example is a valid job that names only what exists."""

import re
from pathlib import Path

import pytest

from src.cli.jobfile import read_job
from src.engines.visuals.effects import EFFECTS
from src.engines.visuals.procedural import families
from src.engines.visuals.transitions import TRANSITIONS
from src.models.job import parse_job
from src.models.visual import ProceduralVisual
from src.plan.support import refuse_unsupported

ROOT = Path(__file__).parents[3]
EXAMPLES = sorted((ROOT / "examples").glob("*.json"))


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_an_example_can_be_rendered_as_written(file: Path) -> None:
    refuse_unsupported(read_job(str(file)).job)


def test_the_jobs_in_the_readme_are_valid() -> None:
    blocks = re.findall(r"^```json\n(.*?)^```", (ROOT / "README.md").read_text(encoding="utf-8"), re.M | re.S)

    assert len(blocks) == 2
    for block in blocks:
        refuse_unsupported(parse_job(block))


def test_every_background_is_shown() -> None:
    job = read_job(str(EXAMPLES[0].with_name("backgrounds.json"))).job

    shown = [
        visual.family
        for scene in job.scenes
        for visual in scene.visuals
        if isinstance(visual, ProceduralVisual)
    ]
    assert sorted(shown) == sorted(families())


def test_every_transition_is_shown() -> None:
    job = read_job(str(EXAMPLES[0].with_name("transitions.json"))).job

    shown = {scene.transition.type for scene in job.scenes if scene.transition}
    assert shown == set(TRANSITIONS) - {"none"}


def test_every_effect_is_shown_and_told_of() -> None:
    job = read_job(str(EXAMPLES[0].with_name("effects.json"))).job
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    shown = {effect for scene in job.scenes for visual in scene.visuals for effect in visual.effects}
    (row,) = [line for line in readme.splitlines() if line.startswith("| `effects` of a visual")]
    assert shown == set(EFFECTS)
    assert set(re.findall(r"`(\w+)`", row)) - {"effects"} == set(EFFECTS)


def test_every_way_to_mark_the_spoken_word_that_is_old_is_shown() -> None:
    shown = {read_job(str(file)).job.captions.style for file in EXAMPLES}

    assert shown >= {"highlight", "karaoke", "pop", "phrase"}
