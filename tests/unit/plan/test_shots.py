"""Shots, their handles, their cameras."""

from fractions import Fraction

import pytest

from src.models.timeline import PPM, Timeline
from src.models.visual import Motion, MotionEffect
from src.plan.film import plan
from src.plan.shots import cameras_of
from tests.unit.plan.facts_for import facts_for, job_of


def planned(text: str) -> Timeline:
    job = job_of(text)
    return plan(job, facts_for(job))


def two_scenes(kind: str, seconds: float) -> Timeline:
    """Plan two colours, of 2 and 3 seconds, with a transition between them."""
    transition = f'{{"type":"{kind}","duration":{seconds}}}'
    color = '"visuals":[{"type":"color"}]'
    return planned(
        f'{{"scenes":[{{"duration":2,{color}}},{{"duration":3,{color},"transition":{transition}}}]}}'
    )


def test_a_transition_takes_half_of_its_time_on_either_side() -> None:
    film = two_scenes("fade", 0.4)
    assert [(s.start_frame + s.lead_frames, s.own_frames) for s in film.shots] == [(0, 60), (60, 90)]
    assert [s.tail_frames for s in film.shots[:-1]] == [s.lead_frames for s in film.shots[1:]] == [6]
    assert [(t.start_frame, t.frames) for t in film.transitions] == [(54, 12)]
    assert film.frames == 150


@pytest.mark.parametrize(("kind", "seconds"), [("none", 0.5), ("fade", 0)])
def test_a_cut_needs_no_handles(kind: str, seconds: float) -> None:
    film = two_scenes(kind, seconds)
    assert [(s.start_frame + s.lead_frames, s.own_frames) for s in film.shots] == [(0, 60), (60, 90)]
    assert (film.shots[0].tail_frames, film.shots[1].lead_frames) == (0, 0)
    assert film.transitions == ()


def test_a_transition_longer_than_its_shots_is_shortened_and_told() -> None:
    film = two_scenes("fade", 5)
    assert film.transitions[0].frames == 60
    assert "scenes[1].transition was shortened to 2.00 s" in film.warnings[0]


def test_the_ends_of_a_film_have_handles_as_if_it_went_on() -> None:
    film = two_scenes("fade", 0.4)
    assert (film.shots[0].lead_frames, film.shots[-1].tail_frames) == (4, 5)
    assert film.lead_in_frames == 5


@pytest.mark.parametrize("seconds", [0.1, 0.2, 0.3, 0.5])
def test_transitions_on_both_sides_of_a_short_scene_never_meet(seconds: float) -> None:
    scenes = ",".join([f'{{"duration":{seconds},"visuals":[{{"type":"color"}}]}}'] * 5)
    film = planned(f'{{"defaults":{{"transition":{{"duration":4}}}},"scenes":[{scenes}]}}')
    end = 0
    for transition in film.transitions:
        assert transition.start_frame >= end
        end = transition.start_frame + transition.frames
    assert end <= film.frames


@pytest.mark.parametrize(
    ("effect", "start", "end"),
    [
        ("zoom_in", (PPM, 400_000, 500_000), (1_200_000, 400_000, 500_000)),
        ("zoom_out", (1_200_000, 400_000, 500_000), (PPM, 400_000, 500_000)),
        ("pan_right", (1_200_000, 0, 500_000), (1_200_000, PPM, 500_000)),
        ("pan_left", (1_200_000, PPM, 500_000), (1_200_000, 0, 500_000)),
        ("pan_down", (1_200_000, 400_000, 0), (1_200_000, 400_000, PPM)),
        ("pan_up", (1_200_000, 400_000, PPM), (1_200_000, 400_000, 0)),
        ("none", (PPM, 500_000, 500_000), (PPM, 500_000, 500_000)),
    ],
)
def test_each_motion_goes_its_way(effect: MotionEffect, start: tuple[int, ...], end: tuple[int, ...]) -> None:
    first, last = cameras_of(Motion(effect=effect, amount=0.2, focus=(0.4, 0.5)))
    assert (first.zoom_ppm, first.x_ppm, first.y_ppm) == start
    assert (last.zoom_ppm, last.x_ppm, last.y_ppm) == end


def test_pictures_move_by_default_and_clips_only_when_asked() -> None:
    film = planned("""{"scenes":[{"duration":2,"visuals":[
        {"type":"image","src":"a.jpg"},{"type":"video","src":"b.mp4"},
        {"type":"video","src":"c.mp4","motion":{"effect":"zoom_out"}}]}]}""")
    assert [shot.camera_start != shot.camera_end for shot in film.shots] == [True, False, True]


def test_scenes_without_visuals_get_backgrounds_of_one_palette() -> None:
    film = planned('{"scenes":[{"text":"a b c"},{"text":"d e f"},{"text":"g h i"}]}')
    sources = [shot.source for shot in film.shots]
    assert {source.kind for source in sources} == {"procedural"}
    assert len({source.palette for source in sources if source.kind == "procedural"}) == 1
    assert len({source.family for source in sources if source.kind == "procedural"}) == 3


def test_every_source_reaches_the_timeline() -> None:
    film = planned("""{"scenes":[{"duration":7,"visuals":[
        {"type":"gradient","colors":["#000","#fff"],"angle":90},
        {"type":"title","text":"Hello","palette":["#000","#123456"]},
        {"type":"moviepy","factory":"spotlight","params":{"b":1,"a":[2]}},
        {"type":"procedural","family":"waves","seed":3,"speed":0.5,"palette":"ocean"}]}]}""")
    gradient, title, clip, background = (shot.source for shot in film.shots)
    assert gradient.kind == "gradient"
    assert (gradient.colors, gradient.angle_mdeg) == (((0, 0, 0), (255, 255, 255)), 90_000)
    assert title.kind == "title"
    assert title.background.palette == ((0, 0, 0), (18, 52, 86))
    assert clip.kind == "moviepy"
    assert clip.params_json == '{"a":[2],"b":1}'
    assert background.kind == "procedural"
    assert (background.seed, background.speed_ppm) == (3, 500_000)


def test_sound_is_as_long_as_the_picture_at_any_rate() -> None:
    for rate in (23.976, 25, 29.97, 60):
        film = planned(f'{{"output":{{"fps":{rate}}},"scenes":[{{"text":"a b c d"}},{{"duration":1.7}}]}}')
        assert abs(film.audio.samples - film.frames * Fraction(48_000) / film.fps) <= Fraction(1, 2)


@pytest.mark.parametrize(
    ("defaults", "visual", "moves"),
    [
        ("{}", '"fit": "cover"', True),
        ("{}", '"fit": "blur"', True),
        ("{}", '"fit": "contain"', False),
        ('{"fit": "contain"}', '"duration": 3', False),
        ('{"motion": {"effect": "zoom_in"}}', '"fit": "contain"', True),
        ("{}", '"fit": "contain", "motion": {"effect": "pan_left"}', True),
        ('{"motion": {"effect": "none"}}', '"fit": "cover"', False),
    ],
)
def test_a_contained_picture_stays_whole_unless_a_move_is_asked_for(
    defaults: str, visual: str, moves: bool
) -> None:
    picture = f'{{"type": "image", "src": "a.png", {visual}}}'
    film = planned(f'{{"defaults": {defaults}, "scenes": [{{"duration": 3, "visuals": [{picture}]}}]}}')

    (shot,) = film.shots
    assert (shot.camera_start != shot.camera_end) == moves


def test_only_a_title_that_begins_the_film_is_seen_from_its_first_frame() -> None:
    title = '"visuals":[{"type":"title","text":"Look"}]'
    film = planned(f'{{"scenes":[{{"duration":2,{title}}},{{"duration":2,{title}}}]}}')
    assert [shot.source.opens_film for shot in film.shots if shot.source.kind == "title"] == [True, False]
