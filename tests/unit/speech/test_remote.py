"""Answers of services made into sound and word times, or refused for what they are."""

import base64
import json
from typing import Any

import numpy as np
import pytest

from src.engines.audio.speech import SpeechBroken, Spoken
from src.media.sound import Pcm
from src.models.timeline import SAMPLE_RATE
from src.models.words import Utterance
from src.plan.voices import Speaker
from src.settings import Settings
from src.speech.calls import Reply, SpeechOrder
from src.speech.hearing import heard
from src.speech.remote import ServiceVoices
from src.stopping import Stop
from tests.speech_server import encoded, spoken, timed, wav_of

TEXT = "The quick brown fox jumps over 13 lazy dogs, twice."
UTTERANCE = Utterance.of(TEXT)


class Given:
    """Answers what a test says."""

    def __init__(self, reply: Reply) -> None:
        self._reply = reply
        self.orders: list[SpeechOrder] = []

    def reply(self, order: SpeechOrder, stop: Stop) -> Reply:
        self.orders.append(order)
        return self._reply


class Never:
    """Stops nothing."""

    def is_set(self) -> bool:
        return False


def said_by(provider: Any, media_type: str, body: bytes, utterance: Utterance = UTTERANCE) -> Spoken:
    speaker = Speaker(provider, "nova", "tts", "en", 1.0)
    return ServiceVoices(Settings(), Given(Reply(media_type, body))).synthesize(utterance, speaker, Never())


def broken(provider: str, media_type: str, body: bytes) -> str:
    with pytest.raises(SpeechBroken) as caught:
        said_by(provider, media_type, body)
    return caught.value.message


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        ("audio/wav", wav_of(spoken(TEXT).pcm)),
        ("audio/x-wav", wav_of(spoken(TEXT).pcm, streamed=True)),
        ("application/octet-stream", encoded(spoken(TEXT).pcm, "mp3", "libmp3lame")),
        ("audio/flac", encoded(spoken(TEXT).pcm, "flac", "flac")),
        ("", encoded(spoken(TEXT).pcm, "ogg", "libopus")),
    ],
)
def test_any_format_is_taken_and_the_silence_around_it_cut(media_type: str, body: bytes) -> None:
    said = said_by("openai", media_type, body)
    assert said.words == ()
    assert abs(len(said.pcm) - len(spoken(TEXT).pcm)) < SAMPLE_RATE * 0.1


def test_silence_around_speech_is_cut_and_the_times_with_it() -> None:
    one, said = np.zeros((SAMPLE_RATE, 2), np.int16), spoken(TEXT)
    late = [word._replace(start_sample=word.start_sample + SAMPLE_RATE) for word in said.words]
    late = [word._replace(end_sample=word.end_sample + SAMPLE_RATE) for word in late]
    pcm = np.concatenate([one, said.pcm, one])
    body = timed(TEXT, encoded(pcm, "flac", "flac"), Spoken(pcm, tuple(late))).body
    found = said_by("elevenlabs", "application/json", body)
    assert abs(len(found.pcm) - len(said.pcm)) < SAMPLE_RATE * 0.2
    off = [
        here.start_sample - there.start_sample for here, there in zip(found.words, said.words, strict=True)
    ]
    assert max(map(abs, off)) < SAMPLE_RATE * 0.05


def test_word_times_come_from_the_characters() -> None:
    said = spoken(TEXT)
    body = timed(TEXT, encoded(said.pcm, "mp3", "libmp3lame"), said).body
    found = said_by("elevenlabs", "application/json", body)
    assert [word.text for word in found.words] == list(UTTERANCE.parts)
    off = [
        here.start_sample - there.start_sample for here, there in zip(found.words, said.words, strict=True)
    ]
    assert max(map(abs, off)) < SAMPLE_RATE * 0.03


def test_a_normalised_text_times_the_words_that_it_shares() -> None:
    said, normal = spoken(TEXT), TEXT.replace("13", "thirteen")
    told = json.loads(timed(normal, encoded(said.pcm, "mp3", "libmp3lame"), said).body)
    told["normalized_alignment"], told["alignment"] = told["alignment"], None
    found = said_by("elevenlabs", "application/json", json.dumps(told).encode())
    assert [word.text for word in found.words] == list(UTTERANCE.parts)
    off = [
        here.start_sample - there.start_sample for here, there in zip(found.words, said.words, strict=True)
    ]
    *shared, guessed = sorted(map(abs, off))
    assert shared[-1] < SAMPLE_RATE * 0.03
    assert guessed < SAMPLE_RATE * 0.3


def test_an_answer_without_times_is_sound_alone() -> None:
    body = {"audio_base64": base64.b64encode(encoded(spoken(TEXT).pcm, "mp3", "libmp3lame")).decode()}
    assert said_by("elevenlabs", "application/json", json.dumps(body).encode()).words == ()


@pytest.mark.parametrize("container", ["wav", "flac"])
def test_a_part_of_a_file_is_told(container: str) -> None:
    pcm = spoken(TEXT).pcm
    body = wav_of(pcm) if container == "wav" else encoded(pcm, "flac", "flac")
    for size in (len(body) // 2, len(body) * 9 // 10):
        assert "with a part of its sound only" in broken("openai", "audio/wav", body[:size])


def test_sound_that_ends_before_its_words_is_told() -> None:
    said = spoken(TEXT)
    cut = encoded(said.pcm[: len(said.pcm) * 3 // 4], "mp3", "libmp3lame")
    assert "s of sound for words that end at" in broken(
        "elevenlabs", "application/json", timed(TEXT, cut, said).body
    )


@pytest.mark.parametrize(
    ("media_type", "body", "told"),
    [
        ("audio/wav", b"", "without any sound"),
        ("text/html", b"<html>Log in</html>", "text/html instead of sound (a page of HTML)"),
        ("application/json", b'{"error": {"message": "out of it"}}', "instead of sound (out of it)"),
        ("audio/wav", b"nothing of the kind", "with sound that cannot be used"),
        ("audio/wav", wav_of(np.zeros((SAMPLE_RATE * 2, 2), np.int16)), "with 2.0 s of silence"),
    ],
)
def test_what_is_no_speech_is_told(media_type: str, body: bytes, told: str) -> None:
    message = broken("openai", media_type, body)
    assert message.startswith("openai answered ")
    assert told in message


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b"{}",
        b'{"audio_base64": "???"}',
        b'{"audio_base64": ""}',
        b'{"audio_base64": "aGVsbG8=", "alignment": {"characters": []}}',
        b'{"audio_base64": "aGVsbG8="',
    ],
)
def test_what_elevenlabs_does_not_send_is_told(body: bytes) -> None:
    assert broken("elevenlabs", "application/json", body).startswith("elevenlabs answered with")


def tone(seconds: float) -> Pcm:
    wave = 8000 * np.sin(np.arange(int(seconds * SAMPLE_RATE)) * 2 * np.pi * 220 / SAMPLE_RATE)
    return np.repeat(wave.astype(np.int16)[:, None], 2, axis=1)


@pytest.mark.parametrize(
    ("text", "seconds", "speed", "told"),
    [
        ("word " * 50, 3.0, 1.0, "too little for 200 letters"),
        ("word " * 50, 8.0, 2.0, None),
        ("word " * 50, 15.0, 1.0, None),
        ("Hi", 40.0, 1.0, "with more than 17 s of sound, too much for 2 letters"),
        ("2026", 3.0, 0.5, None),
        ("一" * 20, 6.0, 1.0, None),
    ],
)
def test_sound_is_about_as_long_as_its_text(
    text: str, seconds: float, speed: float, told: str | None
) -> None:
    sound, utterance = wav_of(tone(seconds)), Utterance.of(text)
    if told is None:
        assert abs(len(heard(sound, utterance, speed, "openai").pcm) / SAMPLE_RATE - seconds) < 0.1
    else:
        with pytest.raises(SpeechBroken, match=told):
            heard(sound, utterance, speed, "openai")
