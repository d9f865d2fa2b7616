"""The fonts of captions: each scene in the shapes of its own region, and capitals that no font has."""

import json
from typing import Any

import pytest

from src.errors import UndrawableText
from src.media.faces import GRAPHEME
from src.models.caption_plan import FallbackFont
from src.models.job import parse_job
from src.models.timeline import Timeline
from src.models.words import Region
from src.plan.facts import FontsFact, Lacking
from src.plan.film import plan
from src.plan.segments import cut
from tests.unit.plan.facts_for import digest, facts_for

_NUMBERS: dict[Region, int] = {"JP": 0, "KR": 1, "SC": 2, "TC": 3, "HK": 4}


def _regional(_: str, text: str, region: Region) -> FontsFact:
    """Pretend that a collection draws all that is not Latin."""
    drawn = "".join(sorted({char for char in text if ord(char) > 0x24F}))
    face = FallbackFont(sha256=digest(1), number=_NUMBERS[region], weight=700, characters=drawn)
    return FontsFact((face,) if drawn else ())


def planned(*scenes: tuple[str, str], **more: Any) -> Timeline:
    told = [{"text": text, "voice": {"language": language}} for text, language in scenes]
    cuts = {"transition": {"type": "none"}}
    job = parse_job(json.dumps({"scenes": told, "defaults": cuts, **more}))
    return plan(job, facts_for(job)._replace(fonts=_regional))


def drawn_with(timeline: Timeline) -> list[list[int]]:
    """List the fonts that each segment has, by their place in the collection."""
    looks = dict.fromkeys(placed.segment.captions for placed in cut(timeline))
    return [[font.number for font in look.fallbacks] for look in looks if look]


def test_kana_in_one_scene_leaves_the_others_chinese() -> None:
    timeline = planned(("你好 今天", "zh-CN"), ("これは 今日", "ja"))

    assert [cue.region for cue in timeline.cues] == ["SC", "JP"]
    assert drawn_with(timeline) == [[2], [0]]


def test_a_scene_without_chinese_characters_needs_no_font_of_another() -> None:
    timeline = planned(("今天", "zh-CN"), ("today", "en"), ("今日", "ja"))

    assert drawn_with(timeline) == [[2], [], [0]]


def test_a_film_of_one_region_has_one_set_of_fonts() -> None:
    timeline = planned(("これは", "en"), ("東京", "en"), ("so", "en"))

    assert {cue.region for cue in timeline.cues} == {None}
    assert [(font.number, font.region) for font in timeline.look.fallbacks] == [(0, None)]


def test_a_title_has_the_characters_of_its_scenes_language() -> None:
    title = {"type": "title", "text": "今日"}
    told = [{"duration": 1, "visuals": [title], "voice": {"language": own}} for own in ("ja", "zh-TW")]
    job = parse_job(json.dumps({"scenes": told}))

    shots = plan(job, facts_for(job)._replace(fonts=_regional)).shots

    assert [font.number for shot in shots for font in getattr(shot.source, "fallbacks", ())] == [0, 3]


def _without_capitals(_: str, text: str, __: Region) -> FontsFact:
    lacking = [part for part in GRAPHEME.findall(text) if part in "ÑÉ"]
    return FontsFact(missing=tuple(Lacking(part, "fonts-noto-core") for part in dict.fromkeys(lacking)))


def in_capitals(text: str) -> Timeline:
    captions = {"style": {"base": "phrase", "casing": "upper"}}
    job = parse_job(json.dumps({"scenes": [{"text": text}], "captions": captions}))
    return plan(job, facts_for(job)._replace(fonts=_without_capitals))


def test_a_letter_whose_capital_no_font_has_is_left_out_and_told() -> None:
    timeline = in_capitals("mañana llega")

    assert [word.text for cue in timeline.cues for line in cue.lines for word in line] == ["maana", "llega"]
    (told,) = timeline.warnings
    assert told.startswith("scenes[0].text: no font here has Ñ (U+00D1 LATIN CAPITAL LETTER N WITH TILDE)")


def test_a_word_of_which_no_capital_is_there_is_refused() -> None:
    with pytest.raises(UndrawableText, match="U\\+00C9"):
        in_capitals("él é")
