"""Which segments one worker renders one after the other."""

import json
from collections.abc import Sequence

from src.plan.batches import batches
from src.plan.film import plan
from src.plan.segments import cut
from tests.unit.plan.facts_for import facts_for, job_of


def grouped(*kinds: str, seconds: float = 4, wanted: Sequence[int] = ()) -> list[str]:
    """Group a film of such visuals; a segment is written as `c` or `i`, a transition as both letters.

    The first scene is cut once more, where a transition would end.
    """
    letters = {"video": "c", "image": "i"}
    visuals = [{"type": kind, "src": f"{number}.bin"} for number, kind in enumerate(kinds)]
    scenes = [{"duration": seconds, "visuals": [visual]} for visual in visuals]
    job = job_of(json.dumps({"scenes": scenes}))
    segments = cut(plan(job, facts_for(job)))
    names = ["".join(letters[part.shot.source.kind] for part in p.segment.shots) for p in segments]
    return [
        " ".join(names[index] for index in batch)
        for batch in sorted(batches(segments, wanted or range(len(segments))))
    ]


def test_stills_are_rendered_in_any_order() -> None:
    assert grouped("image", "image") == ["i", "i", "ii", "i"]


def test_a_clip_is_read_on_through_the_transitions_at_both_of_its_ends() -> None:
    assert grouped("image", "video", "image") == ["i", "i", "ic c ci", "i"]


def test_a_film_of_clips_is_no_single_group() -> None:
    assert grouped("video", "video", "video") == ["c c cc", "c cc", "c"]


def test_ten_seconds_of_a_clip_end_a_group() -> None:
    assert grouped("video", seconds=18) == ["c c c", "c c"]


def test_a_finished_segment_between_two_parts_them() -> None:
    assert grouped("image", "video", "image", wanted=(2, 4)) == ["ic", "ci"]


def test_the_longest_group_comes_first() -> None:
    job = job_of(json.dumps({"scenes": [{"duration": 1}, {"duration": 3}, {"duration": 2}]}))
    segments = cut(plan(job, facts_for(job)))
    order = batches(segments, range(len(segments)))
    lengths = [sum(segments[index].segment.frames for index in batch) for batch in order]
    assert lengths == sorted(lengths, reverse=True)
