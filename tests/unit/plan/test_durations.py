"""How long scenes and visuals last."""

from fractions import Fraction

import pytest

from src.errors import ContradictoryTimes
from src.plan.durations import scene_frames, shared_frames
from tests.unit.plan.facts_for import facts_for, job_of

FPS = Fraction(30)


def frames_of(scene: str) -> int:
    job = job_of(f'{{"scenes":[{scene}]}}')
    return scene_frames(0, job.scenes[0], facts_for(job), FPS)


def shares_of(scene: str, frames: int) -> list[int]:
    job = job_of(f'{{"scenes":[{scene}]}}')
    return shared_frames(0, job.scenes[0], frames, facts_for(job), FPS)


@pytest.mark.parametrize(
    ("scene", "frames"),
    [
        ('{"text":"one two three", "pad_end":0}', 27),
        ('{"text":"one two three", "pad_end":0.5}', 42),
        ('{"text":"one", "pad_end":0, "visuals":[{"type":"color","duration":2}]}', 60),
        ('{"visuals":[{"type":"color","duration":2},{"type":"color"}]}', 150),
        ('{"visuals":[{"type":"video","src":"a.mp4"}]}', 120),
        ('{"visuals":[{"type":"video","src":"a.mp4","trim":1}]}', 90),
        ('{"duration":1.5}', 45),
        ('{"text":"one two", "duration":3}', 90),
    ],
)
def test_a_scene_lasts_what_it_says_shows_or_asks_for(scene: str, frames: int) -> None:
    assert frames_of(scene) == frames


def test_the_last_words_of_a_film_have_a_longer_rest_unless_it_is_given() -> None:
    job = job_of('{"scenes":[{"text":"one"},{"text":"one","pad_end":0.2},{"text":"one"}]}')
    facts = facts_for(job)
    rests = [scene_frames(index, scene, facts, FPS) - 9 for index, scene in enumerate(job.scenes)]
    assert rests == [6, 6, 21]
    assert scene_frames(0, job.scenes[0], facts_for(job), FPS) < frames_of('{"text":"one"}')


def test_auto_visuals_share_what_is_left() -> None:
    scene = '{"text":"x","visuals":[{"type":"color","duration":1},{"type":"color"},{"type":"color"}]}'
    assert shares_of(scene, 101) == [30, 35, 36]


def test_the_last_visual_fills_a_longer_scene() -> None:
    assert shares_of('{"duration":9,"visuals":[{"type":"color","duration":1}]}', 100) == [100]


@pytest.mark.parametrize(
    ("scene", "path"),
    [
        ('{"text":"one two three four", "duration":1}', "scenes[0].duration"),
        ('{"duration":1,"visuals":[{"type":"color","duration":2}]}', "scenes[0].duration"),
    ],
)
def test_times_that_cannot_hold_are_refused(scene: str, path: str) -> None:
    with pytest.raises(ContradictoryTimes) as refused:
        frames_of(scene)
    assert refused.value.path == path


def test_a_visual_without_any_time_left_is_refused() -> None:
    scene = '{"duration":2,"visuals":[{"type":"color","duration":2},{"type":"color"}]}'
    with pytest.raises(ContradictoryTimes) as refused:
        shares_of(scene, 60)
    assert refused.value.path == "scenes[0].visuals[1].duration"
