"""Narrations on one level."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from src.engines.audio.dynamics import SPEECH_BLOCK, levels_db, reduce
from src.engines.audio.recording import Recording
from src.engines.audio.strips import played, recorded
from src.engines.audio.voice import VOICE_LUFS, Voice, level_voice
from src.media.loudness import gated_lufs, weighted_powers
from src.media.sound import Pcm, Sound
from src.models.timeline import SAMPLE_RATE

SAMPLES = 12 * SAMPLE_RATE


@pytest.fixture
def recording(tmp_path: Path) -> Iterator[Recording[np.int16]]:
    with Recording(tmp_path, np.int16) as opened:
        yield opened


def babble(seconds: float, level: float, seed: int = 1) -> Pcm:
    """Make noise that comes in syllables."""
    samples = int(seconds * SAMPLE_RATE)
    syllables = np.abs(np.sin(np.arange(samples) / SAMPLE_RATE * 9)) ** 3
    wave = np.random.default_rng(seed).standard_normal(samples) * syllables * level * 32_767
    return np.stack([wave, wave], axis=1).clip(-32_768, 32_767).astype(np.int16)


def heard(voice: Voice) -> Sound:
    sound = played(voice.strips, 0, SAMPLES)
    reduce(sound, voice.curve, SPEECH_BLOCK)
    return sound


@pytest.mark.parametrize("start", [0, 479, 96_000])
@pytest.mark.parametrize("level", [0.2, 0.002])
def test_what_blocks_tell_of_the_voice_is_what_is_heard(
    recording: Recording[np.int16], start: int, level: float
) -> None:
    first = recorded([babble(4, level)], recording)
    second = recorded([babble(4, level / 8, seed=2)], recording)

    voice = level_voice([(start, first), (start + first.samples + 4_321, second)], SAMPLES)

    sound = heard(voice)
    assert gated_lufs(weighted_powers([sound], 480), 480) == pytest.approx(VOICE_LUFS, abs=0.1)
    told, found = voice.levels_db, levels_db(sound)
    loud = found > -50
    assert np.abs(told - found)[loud].max() < 1


def test_voices_that_speak_at_once_are_levelled_together(recording: Recording[np.int16]) -> None:
    takes = [(start, recorded([babble(5, 0.1, seed)], recording)) for seed, start in ((1, 0), (2, 50_000))]

    sound = heard(level_voice(takes, SAMPLES))

    assert gated_lufs(weighted_powers([sound], 480), 480) == pytest.approx(VOICE_LUFS, abs=0.3)


def test_a_narration_beyond_the_end_is_left_out(recording: Recording[np.int16]) -> None:
    take = recorded([babble(4, 0.1)], recording)

    voice = level_voice([(SAMPLES - SAMPLE_RATE, take)], SAMPLES)

    assert len(voice.curve) == len(voice.levels_db) == 1_200


def test_silence_is_lifted_by_nothing(recording: Recording[np.int16]) -> None:
    voice = level_voice([(0, recorded([np.zeros((48_000, 2), np.int16)], recording))], SAMPLES)

    assert voice.strips[0].gain_db == 0
    assert not heard(voice).any()
