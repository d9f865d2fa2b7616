"""Titles and the captions that are seen over them keep clear of each other."""

import json
from collections.abc import Mapping

import numpy as np
import pytest

from src.engines.subtitle.layout import arrange
from src.engines.subtitle.presets import presets
from src.engines.subtitle.text import texts_of
from src.engines.visuals.titleset import set_title
from src.media.lettering import font_stack
from src.models.timeline import PPM, Timeline, TitleSource
from src.plan.film import plan
from tests.unit.plan.facts_for import facts_for, job_of

TITLES = {
    "short": {"text": "Look up."},
    "long": {"text": "The Sun just sneezed again.", "subtitle": "And it was a really big one"},
    "endless": {
        "text": "Why nobody tells you what the " * 3 + "moon does",
        "subtitle": "A story in twelve parts " * 3,
    },
}


def planned(title: dict[str, str], output: str, captions: Mapping[str, object], text: str) -> Timeline:
    scene = {"text": text, "visuals": [{"type": "title", **title}]}
    job = job_of(json.dumps({"output": {"preset": output}, "captions": captions, "scenes": [scene]}))
    return plan(job, facts_for(job))


def title_of(timeline: Timeline) -> TitleSource:
    source = timeline.shots[0].source
    assert isinstance(source, TitleSource)
    return source


def rows_of(timeline: Timeline) -> tuple[int, int]:
    """Find the first row of a title's letters, and the one after the last."""
    rows = []
    for piece in set_title(title_of(timeline), timeline.width, timeline.height, {}):
        drawn = np.flatnonzero(piece.text.keep[0].min(axis=1) < 200) + piece.text.y
        rows += [int(drawn[0]), int(drawn[-1]) + 1]
    return min(rows), max(rows)


SETTINGS = [
    *((style, "shorts", None) for style in presets()),
    *((style, "shorts", place) for style in ("highlight", "punch") for place in ("top", "center", "bottom")),
    *((style, shape, None) for style in ("bold", "highlight") for shape in ("square", "landscape", "4x5")),
]


@pytest.mark.parametrize(("style", "output", "position"), SETTINGS)
def test_no_caption_stands_on_a_title(style: str, output: str, position: str | None) -> None:
    captions = {"style": style, **({"position": position} if position else {})}
    for title in TITLES.values():
        timeline = planned(
            title, output, captions, "Bad timing: you are standing right in front of it, nobody told"
        )
        look, size = timeline.look, (timeline.width, timeline.height)
        first, last = rows_of(timeline)
        assert first >= 0
        assert last <= timeline.height
        for cue in timeline.cues:
            block = arrange(texts_of(cue, look), look, font_stack(look.font, {}), size).block
            assert block.bottom <= first or block.top >= last, (title, cue.lines, block, (first, last))


@pytest.mark.parametrize(("captions", "text"), [({"enabled": False}, "Hello there"), ({"style": "bold"}, "")])
def test_a_title_without_captions_has_all_of_the_frame(captions: Mapping[str, object], text: str) -> None:
    source = title_of(planned(TITLES["long"], "shorts", captions, text))
    assert (source.top_ppm, source.bottom_ppm) == (0, PPM)
