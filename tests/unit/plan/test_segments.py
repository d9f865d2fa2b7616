"""Cutting a film into segments."""

import json

import pytest

from src.models.caption_plan import FallbackFont
from src.models.segment import Segment
from src.models.timeline import Timeline
from src.plan.facts import FontsFact
from src.plan.film import plan
from src.plan.segments import LONGEST_SECONDS, cut
from tests.unit.plan.facts_for import facts_for, job_of

FILM = """{"captions":{"max_words":2},"scenes":[
  {"text":"one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen more"},
  {"text":"the quick brown fox","visuals":[{"type":"image","src":"a.jpg"},{"type":"color"}],
   "overlays":[{"type":"text","text":"hi","start":0.2,"duration":0.5}]},
  {"text":"jumps over the dog","transition":{"type":"none"},"visuals":[{"type":"video","src":"b.mp4"}]},
  {"duration":2}]}"""


def planned(text: str) -> Timeline:
    job = job_of(text)
    return plan(job, facts_for(job))


@pytest.fixture
def film() -> Timeline:
    return planned(FILM)


def test_segments_follow_each_other_without_gap(film: Timeline) -> None:
    end = 0
    for placed in cut(film):
        assert placed.start_frame == end
        assert 0 < placed.segment.frames <= LONGEST_SECONDS * 30
        end += placed.segment.frames
    assert end == film.frames


def test_every_transition_is_a_segment_of_its_own_with_both_shots(film: Timeline) -> None:
    joined = [placed for placed in cut(film) if placed.segment.transition]
    assert [placed.start_frame for placed in joined] == [t.start_frame for t in film.transitions]
    for placed in joined:
        leaving, coming = placed.segment.shots
        assert leaving.first_frame + placed.segment.frames == leaving.shot.frames
        assert coming.first_frame == 0


def test_shots_run_on_across_segments(film: Timeline) -> None:
    seen: dict[str, int] = {}
    for placed in cut(film):
        for part in placed.segment.shots:
            key = part.shot.model_dump_json()
            begin = 0 if seen else film.shots[0].lead_frames
            assert part.first_frame == seen.get(key, begin)
            seen[key] = part.first_frame + placed.segment.frames
    ends = [shot.frames for shot in film.shots]
    ends[-1] -= film.shots[-1].tail_frames
    assert sorted(seen.values()) == sorted(ends)


def test_a_scene_put_before_or_behind_leaves_all_segments_but_the_ends() -> None:
    """Nothing of the scenes that were there is rendered again but what a new transition covers.

    A rest that is the longer one of the film's end would be.
    """

    def segments_of(*texts: str) -> list[Segment]:
        visuals = [{"type": "procedural", "family": "aurora"}]
        scenes = [{"text": text, "visuals": visuals, "pad_end": 0.2} for text in texts]
        job = job_of(json.dumps({"scenes": scenes}))
        return [placed.segment for placed in cut(plan(job, facts_for(job)))]

    before = segments_of("one", "two")
    assert len(before) == 4
    for after in (segments_of("new", "one", "two"), segments_of("one", "two", "new")):
        assert len([segment for segment in before if segment not in after]) == 1


def test_captions_and_overlays_keep_their_place_in_the_film(film: Timeline) -> None:
    words = {
        (placed.start_frame + word.start_frame, word.text)
        for placed in cut(film)
        for cue in placed.segment.cues
        for line in cue.lines
        for word in line
    }
    assert words == {(w.start_frame, w.text) for cue in film.cues for line in cue.lines for w in line}
    starts = {p.start_frame + o.start_frame for p in cut(film) for o in p.segment.overlays}
    assert starts == {overlay.start_frame for overlay in film.overlays}


def test_an_edit_leaves_the_segments_of_other_scenes_equal(film: Timeline) -> None:
    longer = planned(FILM.replace("one two three", "one two and then three"))
    before = {placed.segment.model_dump_json() for placed in cut(film)}
    after = {placed.segment.model_dump_json() for placed in cut(longer)}
    changed = len(after - before)
    first_scene = sum(placed.start_frame < longer.scenes[1].start_frame for placed in cut(longer))
    assert changed <= first_scene + 1
    assert len(after & before) >= 4


def test_a_font_for_one_scene_leaves_the_segments_of_others_equal() -> None:
    job = job_of('{"defaults":{"transition":{"type":"none"}},"scenes":[{"text":"aé"},{"text":"b"}]}')
    fallback = FallbackFont(sha256="a" * 64, number=0, weight=700, characters="zé")
    with_font = facts_for(job)._replace(fonts=lambda font, text, region: FontsFact((fallback,)))

    (first, second), (_, plain) = (
        [placed.segment for placed in cut(plan(job, facts)) if placed.segment.cues]
        for facts in (with_font, facts_for(job))
    )

    assert first.captions is not None
    assert first.captions.fallbacks == (fallback.model_copy(update={"characters": "é"}),)
    assert second == plain
