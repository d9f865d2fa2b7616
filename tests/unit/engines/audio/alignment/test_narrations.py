"""How well words are found in narration by other synthesisers, with what is heard in real recordings."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from src.engines.audio.alignment.espeak_timer import EspeakTimer
from src.engines.audio.alignment.timer import Alignment
from src.engines.audio.espeak import EspeakVoice
from src.engines.audio.music import synthesize_loop
from src.media.sound import Pcm, save_wav
from src.models.timeline import SAMPLE_RATE
from src.models.words import Utterance
from src.runtime import IMPORT_ENVIRONMENT
from tests.narrators import FESTIVAL_VOICES, FLITE_VOICES, Narrated, installed_narrators
from tests.services.missing import or_skipped

#: Much of the same, slowly when it is measured; other tests run all of it.
pytestmark = pytest.mark.no_cover

TEXTS = (
    "The harbour wakes before the sun. Men carry baskets of silver fish across the wet stones, and gulls"
    " scream above the boats. Nobody speaks much at that hour. A woman sells coffee from a small red cart,"
    " and the smell drifts slowly over the water.",
    "Have you ever wondered why honey never goes bad? Bees take the water out of it with their wings, until"
    " almost nothing can live inside. Pots of honey were found in old tombs, and people could still eat it.",
    "Stop scrolling for a moment. Three simple habits changed my mornings completely. First, I drink a large"
    " glass of cold water. Second, I open the window and breathe for two minutes. Third, I write down one"
    " thing that I want to finish before noon.",
)
#: Milliseconds by which the start of a word may be off.
MEAN_MS, P95_MS = 30, 90
#: What a minute of sound may cost.
CPU_SECONDS, PEAK_MIB = 3.0, 400


@pytest.fixture(scope="module")
def narrations(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sequence[Narrated]]:
    with or_skipped(installed_narrators(tmp_path_factory.mktemp("narrations"))) as narrators:
        voices = (*FLITE_VOICES, *FESTIVAL_VOICES)
        said = [(voice, TEXTS[(n + k) % len(TEXTS)]) for n, voice in enumerate(voices) for k in (0, 1)]
        yield [narrators.narrated(voice, text) for voice, text in said]


def clean(narration: Narrated) -> Narrated:
    return narration


def with_pauses(narration: Narrated) -> Narrated:
    """Have the speaker hesitate before every eighth word, for up to a second and a half."""
    rng = np.random.default_rng(1)
    parts, starts, cut, late = [], [], 0, 0
    for index, start in enumerate(narration.starts):
        if index and rng.random() < 1 / 8:
            pause = int(rng.uniform(0.2, 1.5) * SAMPLE_RATE)
            parts += [narration.pcm[cut:start], np.zeros((pause, 2), np.int16)]
            cut, late = start, late + pause
        starts.append(start + late)
    sound = np.concatenate([*parts, narration.pcm[cut:]])
    return Narrated(narration.utterance, sound, tuple(starts))


def with_noise(narration: Narrated) -> Narrated:
    noise = np.random.default_rng(2).standard_normal((len(narration.pcm), 1))
    return with_sound(narration, noise, below_db=20)


def with_music(narration: Narrated) -> Narrated:
    music = synthesize_loop("upbeat", seed=4).astype(np.float64)
    return with_sound(narration, np.resize(music, narration.pcm.shape), below_db=10)


def with_sound(narration: Narrated, other: np.ndarray, below_db: float) -> Narrated:
    """Mix another sound in, so far below the speech without its pauses."""
    gain = speech_level(narration.pcm) / np.sqrt(np.mean(other**2)) * 10 ** (-below_db / 20)
    mixed = np.clip(np.rint(narration.pcm + other * gain), -32768, 32767)
    return narration._replace(pcm=mixed.astype(np.int16))


def speech_level(pcm: Pcm) -> float:
    """Tell the level of what is spoken: of all blocks of 10 ms within 30 dB of the loudest."""
    blocks = pcm[: len(pcm) // 480 * 480, 0].astype(np.float64).reshape(-1, 480)
    powers = np.mean(blocks**2, axis=1)
    return float(np.sqrt(np.mean(powers[powers > powers.max() / 1000])))


def off_ms(found: Alignment, narration: Narrated) -> list[float]:
    """Tell how far each word's start is from where it was said."""
    pairs = zip(found.words, narration.starts, strict=True)
    return [abs(word.start_sample - start) * 1000 / SAMPLE_RATE for word, start in pairs]


@pytest.mark.parametrize("heard", [clean, with_pauses, with_music, with_noise])
def test_words_of_other_voices_are_found(
    narrations: Sequence[Narrated], heard: Callable[[Narrated], Narrated]
) -> None:
    off: list[float] = []
    with EspeakVoice() as espeak:
        for narration in map(heard, narrations):
            found = EspeakTimer(espeak).align(narration.pcm, narration.utterance, "en")
            off += off_ms(found, narration)
            assert not found.is_doubtful
    assert len(off) > 300
    print(
        f"{heard.__name__}: {len(off)} words, mean {np.mean(off):.1f} ms, p95 {np.percentile(off, 95):.0f} ms"
    )
    assert np.mean(off) <= MEAN_MS
    assert np.percentile(off, 95) <= P95_MS


def test_another_text_is_doubted(narrations: Sequence[Narrated]) -> None:
    with EspeakVoice() as espeak:
        for narration, other in zip(narrations[::2], narrations[1::2], strict=True):
            assert EspeakTimer(espeak).align(narration.pcm, other.utterance, "en").is_doubtful


#: Prints CPU seconds of the process and its children, and the most memory it had.
_MINUTE = """
import os, re, sys
from pathlib import Path
from src.engines.audio.alignment.espeak_timer import EspeakTimer
from src.engines.audio.espeak import EspeakVoice
from src.media.sound import sound_blocks
from src.models.words import Utterance
with EspeakVoice() as espeak:
    EspeakTimer(espeak).align(sound_blocks(Path(sys.argv[1])), Utterance.of(sys.stdin.read()), "en")
status = Path("/proc/self/status").read_text()
print(sum(os.times()[:4]), re.search(r"VmHWM:\\s+(\\d+)", status)[1])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads the memory of a process as Linux tells it")
def test_a_minute_costs_little(narrations: Sequence[Narrated], tmp_path: Path) -> None:
    """The interpreter and its imports included."""
    said = narrations[:4]
    sound = np.concatenate([narration.pcm for narration in said])
    save_wav(sound, tmp_path / "voice.wav")
    told = subprocess.run(
        [sys.executable, "-c", _MINUTE, str(tmp_path / "voice.wav")],
        input=" ".join(narration.utterance.text for narration in said),
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | IMPORT_ENVIRONMENT,
    ).stdout.split()
    cpu_seconds = float(told[0]) * 60 * SAMPLE_RATE / len(sound)
    peak_mib = int(told[1]) / 1024
    print(f"{cpu_seconds:.2f} CPU s a minute, {peak_mib:.0f} MiB")
    assert cpu_seconds <= CPU_SECONDS
    assert peak_mib <= PEAK_MIB


def test_ten_minutes_are_found_as_well(narrations: Sequence[Narrated]) -> None:
    """Beyond half a minute there is a rough look first."""
    rest, late = np.zeros((60 * SAMPLE_RATE, 2), np.int16), 0
    parts, starts = [], []
    for narration in narrations:
        parts += [narration.pcm, rest]
        starts += [start + late for start in narration.starts]
        late += len(narration.pcm) + len(rest)
    text = " ".join(narration.utterance.text for narration in narrations)
    whole = Narrated(Utterance.of(text), np.concatenate(parts), tuple(starts))
    assert late > 570 * SAMPLE_RATE
    with EspeakVoice() as espeak:
        off = off_ms(EspeakTimer(espeak).align(whole.pcm, whole.utterance, "en"), whole)
    assert np.mean(off) <= MEAN_MS
