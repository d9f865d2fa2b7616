"""Captions as they are planned."""

import json

import pytest

from src.engines.subtitle.sidecars import write
from src.engines.subtitle.text import texts_of
from src.models.caption_plan import Cue, FallbackFont
from src.models.job import parse_job
from src.models.timeline import Timeline
from src.plan.facts import FontsFact
from src.plan.film import plan
from src.plan.segments import cut
from tests.unit.plan.facts_for import facts_for, job_of

CAPITALS = {"style": {"base": "phrase", "casing": "upper"}}


def planned(language: str, own: str) -> Timeline:
    """Plan a film in capitals, whose second scene has a language of its own."""
    scenes = [{"text": "this is"}, {"text": "this is", "voice": {"language": own}}]
    told = {"voice": {"language": language}, "captions": CAPITALS, "scenes": scenes}
    job = parse_job(json.dumps(told).encode())
    return plan(job, facts_for(job))


@pytest.mark.parametrize(
    ("language", "own", "expected"),
    [("en", "tr", ["THIS IS", "THİS İS"]), ("tr", "en", ["THİS İS", "THIS IS"])],
)
def test_capitals_are_those_of_each_scenes_language(language: str, own: str, expected: list[str]) -> None:
    timeline = planned(language, own)

    drawn = dict.fromkeys(
        " ".join(piece.text for line in texts_of(cue, timeline.look) for piece in line)
        for placed in cut(timeline)
        for cue in placed.segment.cues
    )
    script = write("ass", timeline.cues, timeline.look, 1080, 1920)

    assert list(drawn) == expected
    assert [line.rpartition(",,")[2] for line in script.splitlines() if "Dialogue" in line] == expected


def test_a_font_that_only_capitals_need_stays_with_the_segments_that_draw_them() -> None:
    job = parse_job(json.dumps({"captions": CAPITALS, "scenes": [{"text": "España"}]}).encode())
    capitals = FallbackFont(sha256="0" * 64, number=0, weight=400, characters="Ñ")

    timeline = plan(job, facts_for(job)._replace(fonts=lambda font, text, region: FontsFact((capitals,))))

    looks = [placed.segment.captions for placed in cut(timeline)]
    assert {look.fallbacks for look in looks if look} == {(capitals,)}


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("he", "קניתי אתמול בחנות. iPhone חדש", "rtl"),
        ("en", "קניתי אתמול בחנות. iPhone חדש", "rtl"),
        ("he", "iPhone הוא מכשיר חדש", "rtl"),
        ("he", "only English", "ltr"),
        ("en", "say שלום now", "ltr"),
        ("en", "2025", None),
    ],
)
def test_captions_run_as_the_text_that_they_are_parts_of(
    language: str, text: str, expected: str | None
) -> None:
    told = {"voice": {"language": language}, "scenes": [{"text": text}]}
    job = parse_job(json.dumps(told).encode())

    timeline = plan(job, facts_for(job)._replace(fonts=lambda font, text, region: FontsFact()))

    assert {passage.direction for cue in timeline.cues for passage in cue.passages} == {expected}
    drawn = (cue for placed in cut(timeline) for cue in placed.segment.cues)
    assert {passage.direction for cue in drawn for passage in cue.passages} == {expected}


def first_cue(style: str, silence_ms: int) -> Cue:
    """Plan the first caption of a narration that begins with silence."""
    told = {"captions": {"style": style}, "scenes": [{"text": "Every night they burn."}]}
    job = parse_job(json.dumps(told).encode())
    facts = facts_for(job)
    (spoken,) = facts.spoken
    assert spoken is not None
    later = [
        word._replace(
            start_sample=word.start_sample + silence_ms * 48, end_sample=word.end_sample + silence_ms * 48
        )
        for word in spoken.words
    ]
    return plan(job, facts._replace(spoken=(spoken._replace(words=tuple(later)),))).cues[0]


def test_the_first_frame_has_the_first_caption_when_little_silence_is_before_it() -> None:
    cue = first_cue("highlight", 400)

    assert (cue.start_frame, cue.start_ms, cue.steady_lines) == (0, 0, len(cue.lines))
    assert (cue.lines[0][0].start_frame, cue.lines[0][0].start_ms) == (12, 400)


@pytest.mark.parametrize(("style", "silence_ms"), [("highlight", 600), ("typed", 400)])
def test_a_caption_waits_for_its_voice_after_a_long_silence_or_when_words_appear_one_by_one(
    style: str, silence_ms: int
) -> None:
    assert first_cue(style, silence_ms).start_ms == silence_ms


@pytest.mark.parametrize(("rest", "stays"), [("", True), (',"pad_end":0.7', False), (',"duration":6', False)])
def test_the_last_caption_stays_to_the_end_of_a_film_that_rests_as_usual(rest: str, stays: bool) -> None:
    job = job_of(f'{{"scenes":[{{"text":"one"}},{{"text":"two three"{rest}}}]}}')
    film = plan(job, facts_for(job))
    last = film.cues[-1]

    assert (last.end_frame == film.frames) == stays
    assert (last.end_ms == round(film.frames / 30 * 1000)) == stays
    assert film.cues[0].end_frame <= film.scenes[1].start_frame
    assert last.lines[-1][-1].end_frame <= film.scenes[1].start_frame + 18
