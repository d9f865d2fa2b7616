"""Voices of piper: the real package speaks a small real model."""

import json
import threading
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from src.engines.audio import piper
from src.engines.audio.extras import NotInstalled
from src.engines.audio.piper import PiperVoice
from src.engines.audio.piper_config import BadVoiceModel
from src.engines.audio.speech import Spoken
from src.errors import Interrupted, NotSupported, SpeechFailed, UnknownName
from src.models.model_files import ModelFile
from src.models.timeline import SAMPLE_RATE
from src.models.words import Utterance
from tests.piper_model import piper_config, write_voice

TEXT = 'Most people believe it. "Now" or never: see the end of it, in 1969!'


def models(file: Path) -> Mapping[str, ModelFile]:
    return {"amy": ModelFile(file, "a"), "amy.json": ModelFile(file.with_name(f"{file.name}.json"), "b")}


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_voice(tmp_path_factory.mktemp("voice") / "amy.onnx")


@pytest.fixture(scope="module")
def voice(model: Path) -> Iterator[PiperVoice]:
    with PiperVoice(models(model)) as opened:
        yield opened


@pytest.fixture(scope="module")
def spoken(voice: PiperVoice) -> Spoken:
    return voice.synthesize(Utterance.of(TEXT), "amy", "en", 1.0)


def loudest(spoken: Spoken, start: int, end: int) -> int:
    return int(np.abs(spoken.pcm[max(0, start) : end].astype(int)).max())


def test_words_are_the_parts_in_order(spoken: Spoken) -> None:
    assert [word.text for word in spoken.words] == TEXT.split()
    assert all(0 <= word.start_sample < word.end_sample <= len(spoken.pcm) for word in spoken.words)
    assert all(left.end_sample <= right.start_sample for left, right in pairwise(spoken.words))


def test_each_word_that_does_not_run_into_the_one_before_begins_with_its_sound(spoken: Spoken) -> None:
    # espeak says "of it" in one; between all others the model is silent for 96 ms.
    told = {word.text: word for word in spoken.words}
    for text in ("people", "believe", "or", "never:", "see", "end", "1969!"):
        start = told[text].start_sample
        assert loudest(spoken, start - SAMPLE_RATE // 20, start - SAMPLE_RATE // 100) < 300, text
        assert loudest(spoken, start, start + SAMPLE_RATE // 20) > 3000, text


def test_the_same_text_sounds_the_same_whatever_was_said_before(voice: PiperVoice, spoken: Spoken) -> None:
    voice.synthesize(Utterance.of("Something else"), "amy", "en-GB", 1.3)
    again = voice.synthesize(Utterance.of(TEXT), "amy", "en", 1.0)

    assert np.array_equal(spoken.pcm, again.pcm)
    assert spoken.words == again.words


def test_its_noise_is_that_of_the_config(tmp_path: Path, spoken: Spoken) -> None:
    calm = write_voice(tmp_path / "calm.onnx", inference={"noise_scale": 0.0, "noise_w": 0.0})
    with PiperVoice(models(calm)) as voice:
        without = voice.synthesize(Utterance.of(TEXT), "amy", "en", 1.0)

    assert not np.array_equal(spoken.pcm, without.pcm)


@pytest.mark.parametrize(("speed", "least", "most"), [(0.5, 1.8, 2.2), (2.0, 0.4, 0.7)])
def test_speed_changes_how_long_it_takes(
    voice: PiperVoice, spoken: Spoken, speed: float, least: float, most: float
) -> None:
    other = voice.synthesize(Utterance.of(TEXT), "amy", "en", speed)

    assert least < len(other.pcm) / len(spoken.pcm) < most
    assert len(other.words) == len(spoken.words)


def test_a_model_without_times_leaves_them_to_others(tmp_path: Path) -> None:
    with PiperVoice(models(write_voice(tmp_path / "silent.onnx", tells_times=False))) as voice:
        spoken = voice.synthesize(Utterance.of("Hello there"), "amy", "en", 1.0)

    assert spoken.words == ()
    assert spoken.pcm.any()


@pytest.mark.parametrize("text", ["", "...", "😀 —"])
def test_a_text_without_words_is_a_short_silence(voice: PiperVoice, text: str) -> None:
    spoken = voice.synthesize(Utterance.of(text), "amy", "en", 1.0)

    assert not spoken.pcm.any()
    assert len(spoken.words) == len(text.split())


@pytest.mark.parametrize("text", ["[[ not phonemes ]]", "nul\0 \ud800 end", "Ελληνικά слово", "a" * 400])
def test_odd_texts_are_spoken(voice: PiperVoice, text: str) -> None:
    assert voice.synthesize(Utterance.of(text), "amy", "en", 1.0).pcm.any()


def test_a_speaker_is_named_behind_the_model(tmp_path: Path) -> None:
    file = write_voice(tmp_path / "two.onnx", num_speakers=2, speaker_id_map={"ann": 0, "bob": 1})
    hello = Utterance.of("Hello")
    with PiperVoice(models(file)) as voice:
        own, ann, bob, second = (
            voice.synthesize(hello, name, "en", 1.0).pcm for name in ("amy", "amy#ann", "amy#bob", "amy#1")
        )
        with pytest.raises(UnknownName, match="unknown speaker 'eve'; known: ann, bob"):
            voice.synthesize(hello, "amy#eve", "en", 1.0)

    assert np.array_equal(own, ann)
    assert np.array_equal(bob, second)
    assert not np.array_equal(ann, bob)


def test_a_voice_that_was_not_fetched_is_unknown(voice: PiperVoice) -> None:
    with pytest.raises(UnknownName, match="unknown voice 'joe'; known: amy"):
        voice.synthesize(Utterance.of("Hello"), "joe", "en", 1.0)


def test_another_language_than_the_voices_is_refused(voice: PiperVoice) -> None:
    with pytest.raises(NotSupported, match="it speaks 'en-US'") as caught:
        voice.synthesize(Utterance.of("Guten Tag"), "amy", "de-DE", 1.0)

    assert caught.value.path == "voice.language"


@pytest.mark.parametrize(
    ("config", "told"),
    [
        ("no json", "Invalid JSON"),
        (json.dumps({"audio": {"sample_rate": 22050}}), "espeak: Field required"),
        (json.dumps(piper_config(audio={"sample_rate": 5})), "audio.sample_rate"),
        (json.dumps(piper_config(phoneme_type="pinyin")), "phoneme_type"),
    ],
)
def test_a_wrong_config_is_told(tmp_path: Path, config: str, told: str) -> None:
    file = write_voice(tmp_path / "amy.onnx")
    file.with_name("amy.onnx.json").write_text(config)

    with PiperVoice(models(file)) as voice, pytest.raises(BadVoiceModel, match=told):
        voice.synthesize(Utterance.of("Hello"), "amy", "en", 1.0)


@pytest.mark.parametrize("content", [b"", b"no model at all", b"\x08\x09" * 500])
def test_a_damaged_model_is_told(tmp_path: Path, content: bytes) -> None:
    file = write_voice(tmp_path / "amy.onnx")
    file.write_bytes(content)

    with PiperVoice(models(file)) as voice, pytest.raises(SpeechFailed, match=r"amy.*model cannot be used"):
        voice.synthesize(Utterance.of("Hello"), "amy", "en", 1.0)


def test_a_config_that_does_not_fit_its_model_is_told(tmp_path: Path) -> None:
    file = write_voice(tmp_path / "amy.onnx")
    config = piper_config(phoneme_id_map={phoneme: [9999] for phoneme in "_^$həloʊˈ"})
    file.with_name("amy.onnx.json").write_text(json.dumps(config))

    with PiperVoice(models(file)) as voice, pytest.raises(SpeechFailed, match="cannot speak"):
        voice.synthesize(Utterance.of("Hello"), "amy", "en", 1.0)


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("import time; time.sleep(60)", "took longer than"),
        ("raise SystemExit('out of memory')", "ended with status 1: out of memory"),
        ("input(); print('{}')", "ended with status"),
    ],
)
def test_a_process_that_misbehaves_fails_the_text(
    tmp_path: Path, model: Path, script: str, reason: str
) -> None:
    file = tmp_path / "broken.py"
    file.write_text(script)

    with (
        PiperVoice(models(model), limit_seconds=0.5 if "sleep" in script else 60, script=file) as voice,
        pytest.raises(SpeechFailed, match=reason),
    ):
        voice.synthesize(Utterance.of("Hi"), "amy", "en", 1.0)


def test_a_text_that_nobody_wants_any_more_is_left(tmp_path: Path, model: Path) -> None:
    file, stop = tmp_path / "slow.py", threading.Event()
    file.write_text("import time; time.sleep(600)")
    stop.set()

    with (
        PiperVoice(models(model), limit_seconds=600, script=file, stop=stop) as voice,
        pytest.raises(Interrupted),
    ):
        voice.synthesize(Utterance.of("Hi"), "amy", "en", 1.0)


def test_without_the_extra_it_tells_what_to_install(
    voice: PiperVoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(name: str) -> Any:
        return None

    monkeypatch.setattr("src.engines.audio.extras.find_spec", none)
    with pytest.raises(NotInstalled, match=r"pip install 'neuroshorts\[piper\]'") as caught:
        voice.synthesize(Utterance.of("Hello"), "amy", "en", 1.0)

    assert caught.value.code == "not_installed"


def test_at_most_two_models_stay_loaded(tmp_path: Path) -> None:
    known: dict[str, ModelFile] = {}
    for name in ("one", "two", "three"):
        file = write_voice(tmp_path / f"{name}.onnx")
        known |= {
            name: ModelFile(file, ""),
            f"{name}.json": ModelFile(file.with_name(f"{name}.onnx.json"), ""),
        }

    with PiperVoice(known) as voice:
        for name in ("one", "two", "three"):
            voice.synthesize(Utterance.of("Hello"), name, "en", 1.0)
        assert list(voice._conversations) == ["two", "three"]


def test_what_decides_the_sound_is_the_model_its_json_and_the_library(model: Path) -> None:
    made_of = piper.made_of("amy#1", models(model))

    assert made_of[:2] == ("a", "b")
    assert made_of[2].startswith("piper-tts ")
