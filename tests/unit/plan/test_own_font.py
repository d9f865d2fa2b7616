"""Emphasised words in a font that the job brings."""

import json

import pytest

from src.models.timeline import Timeline
from src.plan.film import plan
from src.plan.segments import cut
from tests.unit.plan.facts_for import facts_for, job_of


def planned(heaviest: int | None, *, emphasised: bool = True, **captions: object) -> Timeline:
    told = {"font": {"src": "own.ttf"}, "style": "phrase", **captions}
    job = job_of(json.dumps({"captions": told, "scenes": [{"text": "every night"}]}))
    facts = facts_for(job)._replace(heaviest=heaviest)
    (spoken,) = facts.spoken
    assert spoken
    words = tuple(word._replace(emphasised=emphasised) for word in spoken.words)
    return plan(job, facts._replace(spoken=(spoken._replace(words=words),)))


@pytest.mark.parametrize(
    ("style", "heaviest", "weight"),
    [("phrase", 900, 900), ("classic", 900, 900), ("minimal", 1000, 1000), ("karaoke", 820, 820)],
)
def test_words_are_as_much_bolder_as_the_style_has_them_and_the_font_goes(
    style: str, heaviest: int, weight: int
) -> None:
    timeline = planned(heaviest, style=style)

    assert timeline.look.emphasis_weight == timeline.look.emphasised.font_weight == weight
    assert timeline.warnings == ()
    assert {p.segment.captions and p.segment.captions.emphasis_weight for p in cut(timeline)} == {weight}


@pytest.mark.parametrize("heaviest", [None, 700, 800])
def test_a_font_without_a_bolder_weight_is_told_once(heaviest: int | None) -> None:
    timeline = planned(heaviest)

    assert timeline.look.emphasis_weight == 0
    assert timeline.warnings == (
        "captions.font.src: the font has no bolder weight, so **words** stand out by their colour and size "
        "alone",
    )


def test_nothing_is_told_where_nothing_was_to_be_bolder() -> None:
    assert planned(None, emphasised=False).warnings == ()
    assert planned(None, enabled=False).warnings == ()
    assert planned(None, style="bold").warnings == ()
    assert planned(900, style="bold").look.emphasis_weight == 0
