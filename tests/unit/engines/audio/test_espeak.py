"""The built-in voice and its helper process."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from src.engines.audio import conversation, espeak
from src.engines.audio.espeak import EspeakVoice
from src.engines.audio.speech import Spoken
from src.errors import Interrupted, NotSupported, SpeechFailed, UnknownName
from src.models.timeline import SAMPLE_RATE
from src.models.words import Utterance
from src.text.words import utterance_of, words_of

TEXT = (
    "Most people believe it's 3,5 metres deep. 😀 See https://example.com/a?b=c — "
    '"now" or never: in 1969, most of it was e-mail…'
)


@pytest.fixture(scope="module")
def voice() -> Iterator[EspeakVoice]:
    with EspeakVoice() as opened:
        yield opened


@pytest.fixture(scope="module")
def spoken(voice: EspeakVoice) -> Spoken:
    return voice.synthesize(Utterance.of(TEXT), "", "en", 1.0)


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> list["subprocess.Popen[bytes]"]:
    """Collect the processes that are started."""
    started: list[subprocess.Popen[bytes]] = []
    start = subprocess.Popen

    def noted(*args: Any, **kwargs: Any) -> "subprocess.Popen[bytes]":
        started.append(start(*args, **kwargs))
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", noted)
    return started


def assert_words_fit(spoken: Spoken, text: str) -> None:
    assert [word.text for word in spoken.words] == text.split()
    assert all(0 <= word.start_sample < word.end_sample <= len(spoken.pcm) for word in spoken.words)
    assert all(left.end_sample <= right.start_sample for left, right in pairwise(spoken.words))


def loudest(spoken: Spoken, start: int, end: int) -> int:
    return int(np.abs(spoken.pcm[max(0, start) : end].astype(int)).max())


def test_words_are_the_authors_own_in_order(spoken: Spoken) -> None:
    assert_words_fit(spoken, TEXT)


def test_there_is_sound_within_each_spoken_word_soon_after_its_start(spoken: Spoken) -> None:
    for word in spoken.words:
        if any(letter.isalnum() for letter in word.text):
            soon = min(word.end_sample, word.start_sample + SAMPLE_RATE // 8)
            assert loudest(spoken, word.start_sample, soon) > 500, word


def test_the_word_after_a_pause_starts_with_its_sound(voice: EspeakVoice) -> None:
    spoken = voice.synthesize(Utterance.of("Stop. Now go."), "", "en", 1.0)

    stop, now, _ = spoken.words
    assert now.start_sample - stop.end_sample > SAMPLE_RATE // 10
    assert loudest(spoken, stop.end_sample + 480, now.start_sample - 480) < 300


def test_silence_is_trimmed_but_for_a_short_rest(voice: EspeakVoice) -> None:
    spoken = voice.synthesize(Utterance.of("Hello there"), "", "en", 1.0)

    heard = np.flatnonzero(np.abs(spoken.pcm[:, 0].astype(int)) > 200)
    assert heard[0] < SAMPLE_RATE * 0.06
    assert len(spoken.pcm) - heard[-1] < SAMPLE_RATE * 0.12


def test_speech_is_loud_and_never_clips(spoken: Spoken) -> None:
    peak = np.abs(spoken.pcm.astype(int)).max()

    assert 6_000 < peak < 32_700


def test_the_same_text_sounds_the_same_whatever_was_said_before(voice: EspeakVoice) -> None:
    first = voice.synthesize(Utterance.of("One more time."), "", "en", 1.0)
    voice.synthesize(Utterance.of("Something quite different."), "", "de", 1.3)
    again = voice.synthesize(Utterance.of("One more time."), "", "en", 1.0)

    assert np.array_equal(first.pcm, again.pcm)
    assert first.words == again.words


@pytest.mark.parametrize("variant", ["+f2", "+f3"])
def test_the_noise_in_a_breathy_voice_is_the_same_in_every_second(voice: EspeakVoice, variant: str) -> None:
    first = voice.synthesize(Utterance.of("One more time."), variant, "en", 1.0)
    started = int(time.time())
    while int(time.time()) < started + 2:
        again = voice.synthesize(Utterance.of("One more time."), variant, "en", 1.0)
        assert np.array_equal(first.pcm, again.pcm)


def test_speed_changes_how_long_it_takes(voice: EspeakVoice) -> None:
    slow, normal, fast = (
        len(voice.synthesize(Utterance.of("All good things come to an end"), "", "en", speed).pcm)
        for speed in (0.5, 1.0, 2.0)
    )

    assert slow > 1.6 * normal
    assert normal > 1.6 * fast


def test_what_is_written_in_signs_is_said_in_words_and_timed_as_one(voice: EspeakVoice) -> None:
    words = words_of("It costs $5 🎉", "en")
    signs = voice.synthesize(utterance_of(words), "", "en", 1.0)
    written_out = voice.synthesize(Utterance.of("It costs 5 dollars"), "", "en", 1.0)

    assert np.array_equal(signs.pcm, written_out.pcm)
    assert [word.text for word in signs.words] == ["It", "costs", "5 dollars"]
    assert signs.words[2].end_sample == written_out.words[3].end_sample


@pytest.mark.parametrize("text", ["", "   ", "...", "😀", "— 👨‍👩‍👧 !?", " ".join("." * 60)])
def test_a_text_without_words_is_a_short_silence(voice: EspeakVoice, text: str) -> None:
    spoken = voice.synthesize(Utterance.of(text), "", "en", 1.0)

    assert not spoken.pcm.any()
    assert len(spoken.pcm) >= SAMPLE_RATE * 3 // 10
    assert_words_fit(spoken, text)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Olá, mundo bonito", "pt-BR"),
        ("Привет, мир", "ru"),
        ("مرحبا بالعالم", "ar"),
        ("नमस्ते दुनिया", "hi"),
        ("你好 世界", "zh-CN"),
        ("a", "en"),
        ("nul\0and lone \ud800 surrogate", "en"),
        ("x😀" * 40, "en"),
    ],
)
def test_languages_and_odd_characters_are_spoken(voice: EspeakVoice, text: str, language: str) -> None:
    spoken = voice.synthesize(Utterance.of(text), "", language, 1.0)

    assert spoken.pcm.any()
    assert_words_fit(spoken, text)


def test_japanese_is_refused_before_anything_starts(processes: list["subprocess.Popen[bytes]"]) -> None:
    with EspeakVoice() as voice, pytest.raises(NotSupported, match="Japanese"):
        voice.synthesize(Utterance.of("こんにちは"), "", "ja", 1.0)

    assert processes == []


def test_the_process_gets_no_keys(
    processes: list["subprocess.Popen[bytes]"], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEUROSHORTS_OPENAI_API_KEY", "sk-secret")
    with EspeakVoice() as voice:
        voice.synthesize(Utterance.of("One"), "", "en", 1.0)
        [process] = processes
        environment = Path(f"/proc/{process.pid}/environ")
        if not environment.exists():
            pytest.skip("only Linux tells what a process got")
        assert b"sk-secret" not in environment.read_bytes()


def test_an_unknown_voice_is_refused(voice: EspeakVoice) -> None:
    with pytest.raises(UnknownName, match="nope"):
        voice.synthesize(Utterance.of("Hello"), "nope", "en", 1.0)


def test_one_process_speaks_all_texts_and_is_gone_afterwards(
    processes: list["subprocess.Popen[bytes]"], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with EspeakVoice() as voice:
        for text in ("One", "Two"):
            voice.synthesize(Utterance.of(text), "", "en", 1.0)

    assert [process.returncode for process in processes] == [0]


def test_a_killed_process_fails_its_text_and_the_next_is_spoken_by_a_new_one(
    processes: list["subprocess.Popen[bytes]"],
) -> None:
    with EspeakVoice() as voice:
        voice.synthesize(Utterance.of("One"), "", "en", 1.0)
        processes[0].kill()
        processes[0].wait()
        with pytest.raises(SpeechFailed, match="ended with status"):
            voice.synthesize(Utterance.of("Two"), "", "en", 1.0)
        assert voice.synthesize(Utterance.of("Three"), "", "en", 1.0).pcm.any()

    assert len(processes) == 2
    assert all(process.returncode is not None for process in processes)


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("import time; time.sleep(60)", "took longer than 0.5 s"),
        ("raise SystemExit('out of memory')", "ended with status 1: out of memory"),
        ('input(); print(\'{"bytes": 900, "sample_rate": 22050, "words": []}\')', "ended with status 0"),
        ("input(); print('no json')", "ended with status"),
        ('input(); print(\'{"error": "it gave status 7"}\')', "it gave status 7"),
        ('input(); print(\'{"bytes": 0, "sample_rate": 22050, "words": []}\')', "said nothing"),
    ],
)
def test_a_process_that_misbehaves_fails_the_text_and_is_gone(
    tmp_path: Path, processes: list["subprocess.Popen[bytes]"], script: str, reason: str
) -> None:
    file = tmp_path / "broken.py"
    file.write_text(script)

    with (
        EspeakVoice(limit_seconds=0.5 if "sleep" in script else 60, script=file) as voice,
        pytest.raises(SpeechFailed, match=reason),
    ):
        voice.synthesize(Utterance.of("Hello"), "", "en", 1.0)

    assert [process.returncode is not None for process in processes] == [True]


def test_a_text_that_nobody_wants_any_more_is_left_and_its_process_is_gone(
    tmp_path: Path, processes: list["subprocess.Popen[bytes]"]
) -> None:
    file, stop = tmp_path / "slow.py", threading.Event()
    file.write_text("import time; time.sleep(600)")
    stop.set()

    with EspeakVoice(limit_seconds=600, script=file, stop=stop) as voice, pytest.raises(Interrupted):
        voice.synthesize(Utterance.of("Hello"), "", "en", 1.0)

    assert [process.returncode is not None for process in processes] == [True]


def test_a_process_that_does_not_leave_is_made_to(
    tmp_path: Path, processes: list["subprocess.Popen[bytes]"], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "stubborn.py"
    answer = '{"bytes": 2000, "sample_rate": 22050, "words": [[0, 0]]}'
    file.write_text(
        f"import sys, time\ninput()\nsys.stdout.buffer.write(b'{answer}\\n' + b'ab' * 1000)\n"
        "sys.stdout.flush()\ntime.sleep(60)"
    )
    monkeypatch.setattr(conversation, "_LEAVE_SECONDS", 0.1)

    with EspeakVoice(script=file) as voice:
        voice.synthesize(Utterance.of("Hello"), "", "en", 1.0)

    assert processes[0].returncode not in (None, 0)


def test_the_helper_script_needs_nothing_but_the_standard_library() -> None:
    source = espeak.SPEECH_SCRIPT.read_text(encoding="utf-8")
    check = (
        "import ast, sys; tree = ast.parse(sys.stdin.read()); "
        "names = [a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names] "
        "+ [n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)]; "
        "assert all(name.split('.')[0] in sys.stdlib_module_names for name in names), names"
    )

    subprocess.run([sys.executable, "-I", "-c", check], input=source.encode(), check=True)
