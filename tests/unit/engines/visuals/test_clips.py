"""Which moment of a clip a frame shows."""

from fractions import Fraction
from pathlib import Path

import pytest

from src.engines.visuals.clips import ClipSource
from src.engines.visuals.readers import Readers
from src.models.timeline import Shot, VideoSource

FPS = Fraction(10)


def shown(frames: int, *, lead: int = 0, tail: int = 0, trim_ms: int = 0, play_ms: int = 1000) -> list[float]:
    """Return the seconds of the clip that the frames of a shot show, less the half frame to their middles."""
    source = VideoSource(sha256="0" * 64, trim_ms=trim_ms, play_ms=play_ms)
    shot = Shot(
        source=source,
        fit="cover",
        start_frame=0,
        frames=frames + lead + tail,
        lead_frames=lead,
        tail_frames=tail,
    )
    clip = ClipSource(shot, source, Path("none.mp4"), FPS, Readers())
    return [round(float(clip.time_at(n)) - 0.05, 3) for n in range(shot.frames)]


def test_a_clip_starts_with_the_shot_s_own_time_not_with_its_handle() -> None:
    assert shown(3, lead=2) == pytest.approx([-0.05, -0.05, 0, 0.1, 0.2])


def test_a_handle_shows_what_was_trimmed_off() -> None:
    assert shown(2, lead=2, trim_ms=500) == pytest.approx([0.3, 0.4, 0.5, 0.6])


def test_a_short_clip_loops_within_its_own_time() -> None:
    assert shown(5, play_ms=200) == pytest.approx([0, 0.1, 0, 0.1, 0])


def test_a_clip_never_starts_again_in_the_transition_that_takes_it_away() -> None:
    assert shown(3, tail=3, play_ms=300) == pytest.approx([0, 0.1, 0.2, 0.25, 0.25, 0.25])


def test_a_longer_clip_goes_on_in_its_handle() -> None:
    assert shown(2, tail=2) == pytest.approx([0, 0.1, 0.2, 0.3])
