"""Sound of any length: mixed block by block, in memory that does not grow with the film."""

import subprocess
import sys
from itertools import count, takewhile
from pathlib import Path

import numpy as np
import pytest

from src.engines.audio.mix import arrange, mix, render_sound
from src.engines.audio.recording import Recording
from src.media.sound import Pcm
from src.models.sound_plan import AudioPlan, ClipSound, MusicPlan, VoiceClip
from src.models.timeline import SAMPLE_RATE
from tests.synthetic import tone, write_wav

VOICE, CLIP, BED = "a" * 64, "b" * 64, "c" * 64
#: Growth allowed from the short film to the long one; whole arrays took 1.3 MB for each second.
_GROWTH_BYTES = 10_000_000
#: The same for two and a half minutes of speech: 15 MB of samples, 7 MB of the engine's own.
_SPEECH_GROWTH_BYTES = 40_000_000


def syllables(seconds: float) -> Pcm:
    """Make a tone that speaks."""
    pcm = tone(seconds, 220, 0.5)
    swell = np.abs(np.sin(np.arange(len(pcm)) / SAMPLE_RATE * 8)) ** 2
    return np.asarray(pcm * swell[:, None], np.int16)


def full_plan(seconds: float, *, supplied: bool, loop: bool = True) -> AudioPlan:
    """Plan a film with voices, clips and music from its start to its end."""
    samples = int(seconds * SAMPLE_RATE)
    starts = list(takewhile(lambda start: start < samples, (4_321 + n * 7 * SAMPLE_RATE for n in count())))
    return AudioPlan(
        samples=samples,
        voice=tuple(VoiceClip(sha256=VOICE, start_sample=start, samples=4 * SAMPLE_RATE) for start in starts),
        clips=tuple(
            ClipSound(
                sha256=CLIP, trim_ms=250, start_sample=start, samples=5 * SAMPLE_RATE + 7, gain_mdb=-12_000
            )
            for start in starts
        ),
        music=MusicPlan(
            sha256=BED if supplied else None,
            mood="calm",
            seed=1,
            gain_mdb=-14_000,
            duck_mdb=-12_000,
            fade_in_samples=70_000,
            fade_out_samples=150_000,
            loop=loop,
        ),
        target_mlufs=-14_000,
        true_peak_mdb=-1_000,
    )


def sources(folder: Path, music_seconds: float = 3.3) -> dict[str, Path]:
    return {
        VOICE: write_wav(folder / "voice.wav", syllables(4.0)),
        CLIP: write_wav(folder / "clip.wav", tone(2.5, 880, 0.2)),
        BED: write_wav(folder / "bed.wav", tone(music_seconds, 330, 0.3)),
    }


@pytest.mark.parametrize("loop", [True, False])
@pytest.mark.parametrize("supplied", [True, False])
@pytest.mark.parametrize("block", [SAMPLE_RATE, 30_011])
def test_a_mix_in_blocks_is_the_mix_in_one_piece(
    tmp_path: Path, block: int, supplied: bool, loop: bool
) -> None:
    plan = full_plan(20.123, supplied=supplied, loop=loop)
    with Recording(tmp_path, np.int16) as recording:
        score = arrange(plan, sources(tmp_path), recording, lambda: None)

        whole = np.concatenate(list(mix(score, block_samples=plan.samples)))
        blocks = np.concatenate(list(mix(score, block_samples=block)))

    assert len(whole) == plan.samples
    assert np.array_equal(blocks, whole)


def test_nothing_but_the_sound_is_left_in_the_folder(tmp_path: Path) -> None:
    files, folder = sources(tmp_path), tmp_path / "work"
    folder.mkdir()

    render_sound(full_plan(3.0, supplied=True), files, folder / "sound.m4a")

    assert [file.name for file in folder.iterdir()] == ["sound.m4a"]


@pytest.mark.parametrize("calls", [0, 5, 30])
def test_a_long_sound_is_given_up_at_any_step(tmp_path: Path, calls: int) -> None:
    files, folder = sources(tmp_path), tmp_path / "work"
    folder.mkdir()
    left = iter(range(calls))

    def go_on() -> None:
        if next(left, None) is None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        render_sound(full_plan(20.0, supplied=True), files, folder / "sound.m4a", go_on)

    assert list(folder.iterdir()) == []


_FILM_SCRIPT = """
from src.engines.audio.mix import render_sound
from tests.render.test_long_sound import BED, CLIP, VOICE, full_plan

files = {VOICE: folder / "voice.wav", CLIP: folder / "clip.wav", BED: folder / "bed.wav"}
plan = full_plan(float(sys.argv[2]), supplied=True)
told = render_sound(plan, files, folder / f"{sys.argv[2]}.m4a")
assert abs(told.lufs + 14) < 0.5 and told.true_peak_db <= -1, told
"""
_SPEECH_SCRIPT = """
from src.engines.audio.espeak import EspeakVoice
from src.media.sound import save_wav
from src.models.words import Utterance

with EspeakVoice() as voice:
    text = "The sea is deep and dark, yet it is full of light. " * int(sys.argv[2])
    spoken = voice.synthesize(Utterance.of(text), "", "en", 1.0)
save_wav(spoken.pcm, folder / "speech.wav")
"""
_HEAD = """
import sys
from pathlib import Path

folder = Path(sys.argv[1])
"""
_TAIL = """
peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(int(peak.split()[1]) * 1024)
"""
on_linux = pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="peak memory is read from Linux's /proc"
)


def peak_bytes(script: str, folder: Path, amount: int) -> int:
    """Run a script in a process of its own and tell the most memory that it ever held."""
    command = [sys.executable, "-W", "ignore", "-c", _HEAD + script + _TAIL, str(folder), str(amount)]
    root = Path(__file__).parents[2]
    return int(subprocess.run(command, cwd=root, check=True, capture_output=True, timeout=300).stdout)


@on_linux
def test_a_long_film_takes_no_more_memory_than_a_short_one(tmp_path: Path) -> None:
    sources(tmp_path, music_seconds=170)

    long, short = (peak_bytes(_FILM_SCRIPT, tmp_path, seconds) for seconds in (180, 15))

    assert long - short < _GROWTH_BYTES


@on_linux
def test_a_long_text_takes_the_memory_of_its_mono_sound(tmp_path: Path) -> None:
    long, short = (peak_bytes(_SPEECH_SCRIPT, tmp_path, sentences) for sentences in (52, 2))

    assert long - short < _SPEECH_GROWTH_BYTES
