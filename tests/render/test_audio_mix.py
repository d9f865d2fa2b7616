"""The sound of whole films: decoded again and measured."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from src.engines.audio.espeak import EspeakVoice
from src.engines.audio.mix import render_sound
from src.errors import RenderFailed
from src.media.loudness import SILENCE_LUFS, Loudness, measure
from src.media.sound import Pcm
from src.models.sound_plan import AudioPlan, ClipSound, MusicPlan, VoiceClip
from src.models.timeline import SAMPLE_RATE
from src.models.words import Utterance
from tests.synthetic import decode_sound, tone, write_wav

VOICE, CLIP, BED = "a" * 64, "b" * 64, "c" * 64
SENTENCES = (
    "The sea is deep and dark, yet it is full of light. "
    "Nobody has ever seen the whole of it, and nobody will."
)


@pytest.fixture(scope="module")
def speech() -> Pcm:
    with EspeakVoice() as voice:
        return voice.synthesize(Utterance.of(SENTENCES), "", "en", 1.0).pcm


def plan_of(seconds: float, **parts: Any) -> AudioPlan:
    planned: dict[str, Any] = {
        "samples": int(seconds * SAMPLE_RATE),
        "voice": (),
        "clips": (),
        "music": None,
        "target_mlufs": -14_000,
        "true_peak_mdb": -1_000,
    }
    return AudioPlan(**{**planned, **parts})


def voice_clip(pcm: Pcm, start_sample: int = 0) -> VoiceClip:
    return VoiceClip(sha256=VOICE, start_sample=start_sample, samples=len(pcm))


def music_plan(**parts: Any) -> MusicPlan:
    planned: dict[str, Any] = {
        "sha256": None,
        "mood": "calm",
        "seed": 1,
        "gain_mdb": -14_000,
        "duck_mdb": -12_000,
        "fade_in_samples": 24_000,
        "fade_out_samples": 48_000,
        "loop": True,
    }
    return MusicPlan(**{**planned, **parts})


def rendered(plan: AudioPlan, folder: Path, **sounds: Pcm) -> tuple[Pcm, Loudness]:
    """Render a plan whose sources are given by their letter."""
    files = {letter * 64: write_wav(folder / f"{letter}.wav", pcm) for letter, pcm in sounds.items()}
    out = folder / "sound.m4a"
    told = render_sound(plan, files, out)
    pcm = decode_sound(out)
    assert len(pcm) == plan.samples
    assert measure(pcm) == told
    return pcm, told


def assert_mastered(told: Loudness, plan: AudioPlan) -> None:
    assert told.lufs == pytest.approx(plan.target_mlufs / 1000, abs=0.5)
    assert told.true_peak_db <= plan.true_peak_mdb / 1000


def level_db(pcm: Pcm, hertz: float) -> float:
    """Measure one frequency."""
    wave = pcm[:, 0].astype(float) * np.hanning(len(pcm))
    turn = np.exp(-2j * np.pi * hertz * np.arange(len(pcm)) / SAMPLE_RATE)
    return float(20 * np.log10(abs(np.sum(wave * turn)) / len(pcm) + 1e-9))


def test_voice_alone_meets_loudness_and_peak(tmp_path: Path, speech: Pcm) -> None:
    plan = plan_of(8.0, voice=(voice_clip(speech),))

    _, told = rendered(plan, tmp_path, a=speech)

    assert_mastered(told, plan)
    assert told.lufs == pytest.approx(-14, abs=0.2)


@pytest.mark.parametrize("mood", ["calm", "upbeat", "dark", "epic"])
def test_voice_and_music_meet_loudness_and_peak(tmp_path: Path, speech: Pcm, mood: str) -> None:
    plan = plan_of(9.017, voice=(voice_clip(speech, 12_345),), music=music_plan(mood=mood))

    _, told = rendered(plan, tmp_path, a=speech)

    assert_mastered(told, plan)


@pytest.mark.parametrize(("target", "peak"), [(-9_000, -500), (-24_000, -9_000), (-16_000, -2_000)])
def test_other_targets_are_met(tmp_path: Path, speech: Pcm, target: int, peak: int) -> None:
    clips = (voice_clip(speech),)
    plan = plan_of(8.0, voice=clips, music=music_plan(), target_mlufs=target, true_peak_mdb=peak)

    _, told = rendered(plan, tmp_path, a=speech)

    assert_mastered(told, plan)


def test_a_very_quiet_narration_meets_loudness_and_peak(tmp_path: Path, speech: Pcm) -> None:
    whisper = (speech // 300).astype(np.int16)
    plan = plan_of(8.0, voice=(voice_clip(whisper),))

    _, told = rendered(plan, tmp_path, a=whisper)

    assert_mastered(told, plan)


def test_a_very_dynamic_sound_meets_loudness_and_peak(tmp_path: Path) -> None:
    noise = np.random.default_rng(4).standard_normal((10 * SAMPLE_RATE, 2)) * 150
    for start in range(0, len(noise), SAMPLE_RATE):
        noise[start : start + 2_400] *= 60
    shots = np.clip(noise, -32_768, 32_767).astype(np.int16)
    clip = ClipSound(sha256=CLIP, trim_ms=0, start_sample=0, samples=len(shots), gain_mdb=0)
    plan = plan_of(10.0, clips=(clip,))

    _, told = rendered(plan, tmp_path, b=shots)

    assert_mastered(told, plan)


def test_a_loudness_that_the_peak_does_not_allow_is_missed_on_the_quiet_side(tmp_path: Path) -> None:
    clicks = np.zeros((4 * SAMPLE_RATE, 2), np.int16)
    clicks[:: SAMPLE_RATE // 2] = 30_000
    clip = ClipSound(sha256=CLIP, trim_ms=0, start_sample=0, samples=len(clicks), gain_mdb=0)

    _, told = rendered(plan_of(4.0, clips=(clip,)), tmp_path, b=clicks)

    assert told.lufs < -20
    assert told.true_peak_db <= -1


def test_kicks_driven_hard_stay_below_the_peak(tmp_path: Path) -> None:
    time = np.arange(8 * SAMPLE_RATE) % (SAMPLE_RATE // 2) / SAMPLE_RATE
    hats = np.random.default_rng(1).standard_normal(len(time)) * 0.05 * np.exp(-time * 3)
    wave = (np.sin(2 * np.pi * 55 * time) * np.exp(-time * 12) + hats) * 20_000
    kicks = np.stack([wave, wave], axis=1).clip(-32_768, 32_767).astype(np.int16)
    clip = ClipSound(sha256=CLIP, trim_ms=0, start_sample=0, samples=len(kicks), gain_mdb=0)
    plan = plan_of(8.0, clips=(clip,), target_mlufs=-9_000)

    _, told = rendered(plan, tmp_path, b=kicks)

    assert_mastered(told, plan)


def test_hiss_stays_below_the_peak_although_aac_changes_it_most(tmp_path: Path) -> None:
    hiss = (np.random.default_rng(1).standard_normal((5 * SAMPLE_RATE, 2)) * 6_000).clip(-32_768, 32_767)
    clip = ClipSound(sha256=CLIP, trim_ms=0, start_sample=0, samples=len(hiss), gain_mdb=0)
    plan = plan_of(5.0, clips=(clip,))

    _, told = rendered(plan, tmp_path, b=hiss.astype(np.int16))

    assert_mastered(told, plan)


def test_music_alone_is_as_loud_and_fades_at_both_ends(tmp_path: Path) -> None:
    plan = plan_of(6.0, music=music_plan(sha256=BED, fade_in_samples=48_000, fade_out_samples=96_000))

    pcm, told = rendered(plan, tmp_path, c=tone(2.5, 330))

    assert_mastered(told, plan)
    middle = np.abs(pcm[120_000:140_000].astype(int)).max()
    assert np.abs(pcm[:2_400].astype(int)).max() < 0.1 * middle
    assert np.abs(pcm[-2_400:].astype(int)).max() < 0.1 * middle
    assert np.abs(pcm[-48_000:-40_000].astype(int)).max() == pytest.approx(0.5 * middle, rel=0.2)


def test_nothing_at_all_is_silence(tmp_path: Path) -> None:
    pcm, told = rendered(plan_of(1.5), tmp_path)

    assert told == Loudness(SILENCE_LUFS, SILENCE_LUFS)
    assert not pcm.any()


def test_silent_sources_are_silence(tmp_path: Path) -> None:
    still = np.zeros((48_000, 2), np.int16)
    clips = (ClipSound(sha256=CLIP, trim_ms=0, start_sample=0, samples=48_000, gain_mdb=0),)
    music = music_plan(sha256=BED)

    _, told = rendered(
        plan_of(2.0, voice=(voice_clip(still),), clips=clips, music=music),
        tmp_path,
        a=still,
        b=still,
        c=still,
    )

    assert told.is_silence


@pytest.mark.parametrize("depth_db", [0, 6, 12, 24])
def test_music_steps_back_under_speech_by_what_was_asked(tmp_path: Path, speech: Pcm, depth_db: int) -> None:
    """The music is a tone above all that the voice has, so that it can be measured underneath it."""
    seconds = len(speech) / SAMPLE_RATE
    music = music_plan(
        sha256=BED, gain_mdb=0, duck_mdb=-1000 * depth_db, fade_in_samples=0, fade_out_samples=0
    )
    plan = plan_of(seconds + 4, voice=(voice_clip(speech),), music=music)

    pcm, _ = rendered(plan, tmp_path, a=speech, c=tone(seconds + 4, 14_000, 0.05))

    under = level_db(pcm[SAMPLE_RATE : len(speech) - SAMPLE_RATE // 2], 14_000)
    alone = level_db(pcm[len(speech) + SAMPLE_RATE * 3 // 2 : -SAMPLE_RATE // 2], 14_000)
    assert alone - under == pytest.approx(depth_db, abs=2)


@pytest.mark.parametrize("gain_db", [0, -14])
def test_music_is_as_loud_against_the_voice_as_its_gain_says(
    tmp_path: Path, speech: Pcm, gain_db: int
) -> None:
    samples = len(speech)
    music = music_plan(
        sha256=BED, gain_mdb=1000 * gain_db, duck_mdb=0, fade_in_samples=0, fade_out_samples=0, loop=False
    )
    silence_then_tone = np.concatenate(
        [np.zeros((samples, 2), np.int16), tone(samples / SAMPLE_RATE, 900, 0.1)]
    )
    plan = plan_of(2 * samples / SAMPLE_RATE, voice=(voice_clip(speech),), music=music)

    pcm, _ = rendered(plan, tmp_path, a=speech, c=silence_then_tone)

    voice, bed = measure(pcm[:samples]).lufs, measure(pcm[samples : plan.samples]).lufs
    assert bed - voice == pytest.approx(gain_db, abs=1)


def test_narrations_of_unlike_level_are_brought_together(tmp_path: Path, speech: Pcm) -> None:
    quiet = (speech // 20).astype(np.int16)
    clips = (
        voice_clip(speech),
        VoiceClip(sha256=CLIP, start_sample=len(speech) + 9_600, samples=len(quiet)),
    )
    plan = plan_of(2 * len(speech) / SAMPLE_RATE + 0.5, voice=clips)

    pcm, _ = rendered(plan, tmp_path, a=speech, b=quiet)

    first, second = measure(pcm[: len(speech)]), measure(pcm[len(speech) + 9_600 :])
    assert first.lufs == pytest.approx(second.lufs, abs=0.5)


def test_voices_lie_to_the_sample_where_the_plan_says(tmp_path: Path) -> None:
    burst = tone(0.5, 1_000)
    clips = tuple(voice_clip(burst, start) for start in (10_001, 60_007))

    pcm, _ = rendered(plan_of(2.0, voice=clips), tmp_path, a=burst)

    loud = np.abs(pcm[:, 0].astype(int)) > 0.25 * np.abs(pcm.astype(int)).max()
    first, second = loud[:48_000], loud[48_000:]
    assert np.flatnonzero(first)[[0, -1]] == pytest.approx([10_001, 34_001], abs=40)
    assert np.flatnonzero(second)[[0, -1]] + 48_000 == pytest.approx([60_007, 84_007], abs=40)


def test_a_short_clip_sound_repeats_from_its_trim(tmp_path: Path) -> None:
    source = np.concatenate([tone(0.5, 3_000), tone(0.5, 500)])
    clip = ClipSound(sha256=CLIP, trim_ms=500, start_sample=24_000, samples=72_000, gain_mdb=-6_000)

    pcm, _ = rendered(plan_of(2.5, clips=(clip,)), tmp_path, b=source)

    assert level_db(pcm[24_000:96_000], 500) > level_db(pcm[24_000:96_000], 3_000) + 30
    for start in range(26_000, 94_000, 4_000):
        assert np.abs(pcm[start : start + 2_000].astype(int)).max() > 3_000
    assert np.abs(pcm[98_000:].astype(int)).max() < 50


def test_a_clip_trimmed_to_nothing_is_silent(tmp_path: Path) -> None:
    clip = ClipSound(sha256=CLIP, trim_ms=5_000, start_sample=0, samples=48_000, gain_mdb=0)

    _, told = rendered(plan_of(1.0, clips=(clip,)), tmp_path, b=tone(1.0))

    assert told.is_silence


def test_many_full_scale_sounds_at_once_do_not_wrap_or_clip(tmp_path: Path) -> None:
    loud = tone(3.0, 200, 1.0)
    clips = tuple(
        ClipSound(sha256=CLIP, trim_ms=0, start_sample=0, samples=len(loud), gain_mdb=6_000) for _ in range(4)
    )
    plan = plan_of(3.0, voice=(voice_clip(loud),), clips=clips, music=music_plan(sha256=BED, gain_mdb=6_000))

    pcm, told = rendered(plan, tmp_path, a=loud, b=loud, c=loud)

    assert_mastered(told, plan)
    steady = pcm[48_000:96_000]
    assert level_db(steady, 200) > level_db(steady, 600) + 40


@pytest.mark.parametrize("seconds", [0.0005, 0.01, 0.3, 1.0, 20.0])
def test_supplied_music_of_any_length_loops(tmp_path: Path, seconds: float) -> None:
    plan = plan_of(5.003, music=music_plan(sha256=BED, fade_in_samples=0, fade_out_samples=0))

    pcm, told = rendered(plan, tmp_path, c=tone(seconds, 2_000))

    assert_mastered(told, plan)
    assert np.abs(pcm[-9_600:-4_800].astype(int)).max() > 2_000


def test_music_that_does_not_loop_plays_once(tmp_path: Path) -> None:
    plan = plan_of(4.0, music=music_plan(sha256=BED, loop=False, fade_in_samples=0))

    pcm, _ = rendered(plan, tmp_path, c=tone(2.0))

    assert np.abs(pcm[90_000:95_000].astype(int)).max() > 3_000
    assert np.abs(pcm[98_000:].astype(int)).max() < 50


def test_synthesised_music_repeats_without_a_seam(tmp_path: Path) -> None:
    plan = plan_of(40.0, music=music_plan(mood="upbeat", fade_in_samples=0, fade_out_samples=0))

    pcm, _ = rendered(plan, tmp_path)

    loop = 6_400 * 128
    bend = np.abs(np.diff(pcm.astype(int), n=2, axis=0)).max(axis=1)
    for seam in (loop, 2 * loop):
        assert bend[seam - 10 : seam + 10].max() <= np.percentile(bend, 99.9)


def test_the_same_plan_gives_the_same_bytes(tmp_path: Path, speech: Pcm) -> None:
    plan = plan_of(6.0, voice=(voice_clip(speech),), music=music_plan())
    found = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        rendered(plan, tmp_path / name, a=speech)
        found.append((tmp_path / name / "sound.m4a").read_bytes())

    assert all(left == right for left, right in pairwise(found))


def test_a_source_that_broke_meanwhile_is_our_failure(tmp_path: Path) -> None:
    file = tmp_path / "gone.wav"

    with pytest.raises(RenderFailed, match=r"gone\.wav cannot be read any more"):
        render_sound(plan_of(1.0, voice=(voice_clip(tone(1.0)),)), {VOICE: file}, tmp_path / "out.m4a")
