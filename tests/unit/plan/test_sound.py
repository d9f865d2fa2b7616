"""What is heard, and when."""

import pytest

from src.plan.film import plan
from src.plan.sound import gain_mdb
from tests.unit.plan.facts_for import facts_for, job_of


def test_voices_start_with_their_scenes_and_music_spans_the_film() -> None:
    job = job_of('{"music":{"mood":"dark"},"scenes":[{"text":"a b"},{"text":"c d","pad_end":0}]}')
    sound = plan(job, facts_for(job)).audio
    assert [clip.start_sample for clip in sound.voice] == [0, 24 * 1600]
    assert sound.samples == 42 * 1600
    assert sound.music is not None
    assert (sound.music.mood, sound.music.duck_mdb, sound.music.gain_mdb) == ("dark", -6_000, -12_041)


def test_by_default_music_is_16_to_20_db_below_what_is_said() -> None:
    job = job_of('{"music":{"mood":"calm"},"scenes":[{"text":"a"}]}')
    music = plan(job, facts_for(job)).audio.music
    assert music is not None
    assert -20_000 <= music.gain_mdb + music.duck_mdb <= -16_000
    assert music.gain_mdb >= -13_000


def test_a_clip_is_heard_while_it_is_seen_and_only_when_asked() -> None:
    job = job_of("""{"scenes":[{"duration":4,"visuals":[{"type":"color","duration":1},
        {"type":"video","src":"a.mp4","volume":0.5,"trim":1},{"type":"video","src":"b.mp4"}]}]}""")
    sound = plan(job, facts_for(job, has_sound=True)).audio
    (clip,) = sound.clips
    assert (clip.start_sample, clip.samples, clip.trim_ms) == (48_000, 72_000, 1000)
    assert plan(job, facts_for(job)).audio.clips == ()


@pytest.mark.parametrize(("volume", "mdb"), [(1.0, 0), (0.5, -6021), (2.0, 6021), (0.0, -120_000)])
def test_volumes_become_gains(volume: float, mdb: int) -> None:
    assert gain_mdb(volume) == mdb
