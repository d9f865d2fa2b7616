"""Which segments one worker renders one after the other."""

import json

from src.pipeline.rendering import batches
from src.plan.film import plan
from src.plan.segments import cut
from tests.unit.plan.facts_for import facts_for, job_of


def grouped(*kinds: str, seconds: float = 4) -> list[str]:
    """Group a film of such visuals; a segment is written as `c` or `i`, a transition as both letters."""
    letters = {"video": "c", "image": "i"}
    visuals = [{"type": kind, "src": f"{number}.bin"} for number, kind in enumerate(kinds)]
    scenes = [{"duration": seconds, "visuals": [visual]} for visual in visuals]
    job = job_of(json.dumps({"scenes": scenes}))
    segments = cut(plan(job, facts_for(job)))
    names = ["".join(letters[part.shot.source.kind] for part in p.segment.shots) for p in segments]
    return [" ".join(names[index] for index in batch) for batch in batches(segments)]


def test_stills_are_rendered_in_any_order() -> None:
    assert grouped("image", "image") == ["i", "ii", "i"]


def test_a_clip_is_read_on_through_the_transitions_at_both_of_its_ends() -> None:
    assert grouped("image", "video", "image") == ["i", "ic c ci", "i"]


def test_a_film_of_clips_is_no_single_group() -> None:
    assert grouped("video", "video", "video") == ["c cc", "c cc", "c"]


def test_ten_seconds_of_a_clip_end_a_group() -> None:
    assert grouped("video", seconds=18) == ["c c", "c c"]
