"""Scenes spoken by the first of their voices that can, and what is told about it."""

import json
import shutil
import threading
from pathlib import Path
from typing import Any

import pytest

from src.engines.audio.speech import SpeechRefused, SpeechUnavailable, Spoken
from src.errors import RejectedJob, UnknownName
from src.models.job import parse_job
from src.models.timeline import SAMPLE_RATE
from src.models.words import Utterance
from src.pipeline.film import check, make_timeline
from src.pipeline.request import RemoteVoices, Request
from src.pipeline.voices import Voices
from src.plan.facts import SpokenFact
from src.plan.services import KINDS
from src.plan.voices import Speaker, all_speakers, refuse_nameless
from src.settings import Settings
from src.stopping import Stop, raise_if_stopped
from src.store.cache import DiskCache
from tests.speech_server import spoken


def request_for(job: dict[str, Any], folder: Path, **settings: Any) -> Request:
    """Make the request for a job, with a cache in its folder."""
    work = folder / "work"
    work.mkdir(exist_ok=True)
    cache = DiskCache(folder / "cache", 10**9, work)
    chosen = Settings(workers=1, **settings)
    return Request(parse_job(json.dumps(job)), folder, work, folder / "film.mp4", chosen, cache)


def test_the_next_voice_speaks_and_it_is_told_who_should_have_and_why_not(tmp_path: Path) -> None:
    voice = {"voice": "bob", "fallbacks": [{"provider": "espeak", "voice": "en-gb"}]}
    with Voices(
        request_for({"voice": voice, "scenes": [{"text": "Hello there"}]}, tmp_path), threading.Event()
    ) as voices:
        said = voices.spoken(0)
    [warning] = said.fact.warnings
    assert warning.startswith("scenes[0]: espeak (bob) did not speak (unknown voice 'bob'; nearest of ")
    assert warning.endswith("espeak (en-gb) spoke instead")
    assert [word.text for word in said.fact.words] == ["Hello", "there"]


def test_a_voice_of_a_scene_that_does_not_exist_is_told_where_the_scene_names_it(tmp_path: Path) -> None:
    scenes = [{"text": "Hello"}, {"id": "two", "text": "Hello", "voice": {"voice": "bob"}}]
    with Voices(request_for({"scenes": scenes}, tmp_path), threading.Event()) as voices:
        assert voices.spoken(0).fact.warnings == ()
        with pytest.raises(UnknownName) as caught:
            voices.spoken(1)
    assert (caught.value.path, caught.value.scene_id) == ("scenes[1].voice.voice", "two")


def test_when_nobody_can_speak_all_reasons_are_told(tmp_path: Path) -> None:
    voice = {"voice": "bob", "fallbacks": [{"provider": "espeak", "voice": "eve"}]}
    request = request_for({"voice": voice, "scenes": [{"text": "Hello"}]}, tmp_path)
    with Voices(request, threading.Event()) as voices, pytest.raises(UnknownName) as caught:
        voices.spoken(0)
    assert caught.value.path == "voice.voice"
    assert "unknown voice 'bob'" in caught.value.message
    assert "; espeak (eve): unknown voice 'eve'" in caught.value.message


def test_scenes_may_be_spoken_by_different_voices(tmp_path: Path) -> None:
    scenes = [{"text": "Hello"}, {"text": "Hello", "voice": {"voice": "+f2"}}, {"text": "Hello"}]
    with Voices(request_for({"scenes": scenes}, tmp_path), threading.Event()) as voices:
        first, second, third = (voices.spoken(index).fact.sha256 for index in range(3))
    assert first == third != second


class Remote:
    """A service that speaks as espeak does, and tells no times."""

    def __init__(self, latency_seconds: float = 0.0) -> None:
        self.asked: list[tuple[str, str]] = []
        self._latency_seconds = latency_seconds
        self._never = threading.Event()

    def synthesize(self, utterance: Utterance, speaker: Speaker, stop: Stop) -> Spoken:
        self.asked.append((speaker.voice, utterance.text))
        self._never.wait(self._latency_seconds)
        if speaker.voice == "gone":
            raise SpeechRefused("nobody of that name")
        return Spoken(spoken("Hello there my friend").pcm, ())


def remote_request(job: dict[str, Any], folder: Path, remote: RemoteVoices | None) -> Request:
    return request_for(job, folder)._replace(remote_voices=remote)


def said(request: Request) -> list[SpokenFact]:
    scenes = range(len(request.job.scenes))
    with Voices(request, threading.Event()) as voices:
        voices.begin(scenes)
        return [voices.spoken(index).fact for index in scenes]


HELLO = {"text": "Hello there my friend"}


def test_words_are_listened_for_where_a_service_tells_no_times(tmp_path: Path) -> None:
    job = {"voice": {"provider": "openai"}, "scenes": [HELLO]}
    [fact] = said(remote_request(job, tmp_path, Remote()))
    exact = spoken(HELLO["text"]).words
    assert fact.warnings == ()
    assert [word.text for word in fact.words] == ["Hello", "there", "my", "friend"]
    off = [abs(here.start_sample - there.start_sample) for here, there in zip(fact.words, exact, strict=True)]
    assert max(off) < SAMPLE_RATE * 0.05


def test_times_that_nobody_can_know_are_guessed_and_that_is_told(tmp_path: Path) -> None:
    job = {"voice": {"provider": "openai", "language": "ja"}, "scenes": [{"text": "今日は良い天気です"}]}
    [fact] = said(remote_request(job, tmp_path, Remote()))
    [warning] = fact.warnings
    assert warning.startswith("scenes[0]: the times of its words are guessed by their length: openai (alloy)")
    assert "".join(word.text for word in fact.words) == "今日は良い天気です"


def test_speech_of_another_text_is_told(tmp_path: Path) -> None:
    text = "Nobody has ever climbed the highest mountain of this island before the winter came"
    job = {"voice": {"provider": "openai", "voice": "gone", "fallbacks": [{"provider": "openai"}]}}
    [fact] = said(remote_request({**job, "scenes": [{"text": text}]}, tmp_path, Remote()))
    refused, doubted = fact.warnings
    assert refused == "scenes[0]: openai (gone) did not speak (nobody of that name); openai spoke instead"
    assert doubted.startswith("scenes[0]: what openai (alloy) says does not sound like the text")


def test_nobody_is_asked_twice_for_one_text(tmp_path: Path) -> None:
    remote = Remote(latency_seconds=0.05)
    job = {"voice": {"provider": "openai"}, "scenes": [HELLO, HELLO, {"text": "?!"}]}
    first = said(remote_request(job, tmp_path, remote))
    # What was paid for is of use to another version of this renderer, whose other keys are others.
    shutil.rmtree(tmp_path / "cache" / "entries" / "speech")
    second = said(remote_request(job, tmp_path, remote))
    assert remote.asked == [("alloy", HELLO["text"])]
    assert first == second
    assert said(remote_request(job, tmp_path, None)) == first


def test_scenes_are_asked_for_at_the_same_time(tmp_path: Path) -> None:
    at_once, most = threading.BoundedSemaphore(4), threading.Barrier(4)

    class Counting(Remote):
        def synthesize(self, utterance: Utterance, speaker: Speaker, stop: Stop) -> Spoken:
            with at_once:
                most.wait(60)
                return super().synthesize(utterance, speaker, stop)

    scenes = [{**HELLO, "voice": {"speed": 1 + index / 10}} for index in range(8)]
    job = {"voice": {"provider": "openai"}, "scenes": scenes}
    assert len(said(remote_request(job, tmp_path, Counting()))) == 8


def test_a_text_that_is_too_long_for_the_service_is_spoken_sentence_by_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    short = KINDS["openai"]._replace(longest=(("gpt-", 25), ("", 4096)))
    monkeypatch.setattr("src.plan.voices.KINDS", {**KINDS, "openai": short})
    remote, text = Remote(), "Hello there my friend. Hello there my friend. Hello there my friend!"
    job = {"voice": {"provider": "openai", "model": "gpt-4o-mini-tts"}, "scenes": [{"text": text}]}

    [fact] = said(remote_request(job, tmp_path, remote))

    # Sentences that are alike are one to the cache.
    assert [asked for _, asked in remote.asked] == ["Hello there my friend.", "Hello there my friend!"]
    exact = spoken("Hello there my friend").words
    rest = SAMPLE_RATE * 3 // 10
    length = len(spoken("Hello there my friend").pcm) + rest
    assert fact.samples == 3 * length - rest
    starts = [number * length + word.start_sample for number in range(3) for word in exact]
    off = [abs(word.start_sample - start) for word, start in zip(fact.words, starts, strict=True)]
    assert max(off) < SAMPLE_RATE * 0.1


@pytest.mark.parametrize(("language", "text"), [("en", HELLO["text"]), ("ja", "今日は良い天気です")])
def test_an_estimate_asks_nobody_and_tells_so_until_somebody_has_spoken(
    tmp_path: Path, language: str, text: str
) -> None:
    remote = Remote()
    job = {"voice": {"provider": "openai", "language": language}, "scenes": [{"text": text}]}
    request = remote_request(job, tmp_path, remote)

    [guess] = said(request._replace(estimates_speech=True))

    assert (remote.asked, guess.is_estimated) == ([], True)
    [warning] = guess.warnings
    assert warning.startswith("scenes[0]: how long openai (alloy) speaks is estimated")
    [spoken_then] = said(request)
    assert (len(remote.asked), spoken_then.is_estimated) == (1, False)
    assert 0.5 < guess.samples / spoken_then.samples < 2
    assert [word.text for word in guess.words] == [word.text for word in spoken_then.words]
    assert said(request._replace(estimates_speech=True)) == [spoken_then]
    assert len(remote.asked) == 1


def test_an_estimate_refuses_only_what_is_far_too_long(tmp_path: Path) -> None:
    job = {"voice": {"provider": "openai"}, "scenes": [HELLO | {"pad_end": 0.2}] * 5}
    request = remote_request(job, tmp_path, Remote())

    def of_at_most(seconds: int) -> Request:
        return request._replace(settings=request.settings.model_copy(update={"max_film_seconds": seconds}))

    assert 6 < make_timeline(request._replace(estimates_speech=True)).frames / 30 < 7
    assert len(check(of_at_most(6))) == 5
    with pytest.raises(RejectedJob, match=r"the limit is 6\.25 s"):
        check(of_at_most(5))
    with pytest.raises(RejectedJob, match="the limit is 6 s"):
        make_timeline(of_at_most(6))


def test_a_service_that_is_away_is_waited_for_once(tmp_path: Path) -> None:
    class Away(Remote):
        def synthesize(self, utterance: Utterance, speaker: Speaker, stop: Stop) -> Spoken:
            super().synthesize(utterance, speaker, stop)
            raise SpeechUnavailable("nobody answers")

    remote, voice = Away(), {"provider": "openai", "fallbacks": [{"provider": "espeak"}]}
    scenes = [{"text": f"Hello {number}"} for number in ("one", "two", "three")]
    request = remote_request({"voice": voice, "scenes": scenes}, tmp_path, remote)
    with Voices(request, threading.Event()) as voices:
        warnings = [warning for index in range(3) for warning in voices.spoken(index).fact.warnings]
    assert len(remote.asked) == 1
    assert [warning.partition(":")[0] for warning in warnings] == ["scenes[0]", "scenes[1]", "scenes[2]"]
    assert "nobody answers" in warnings[0]
    assert "openai was away already for another scene" in warnings[2]


def test_the_first_failure_ends_the_others(tmp_path: Path) -> None:
    class Waiting(Remote):
        def synthesize(self, utterance: Utterance, speaker: Speaker, stop: Stop) -> Spoken:
            while speaker.voice != "gone":
                raise_if_stopped(stop)
                self._never.wait(0.01)
            return super().synthesize(utterance, speaker, stop)

    scenes = [HELLO, HELLO, {**HELLO, "voice": {"voice": "gone"}}]
    job = {"voice": {"provider": "openai"}, "scenes": scenes}
    with pytest.raises(SpeechRefused) as caught:
        said(remote_request(job, tmp_path, Waiting()))
    assert caught.value.scene_id == "scene-3"


def test_a_voice_that_nobody_named_is_asked_for_before_anything_is_spoken(tmp_path: Path) -> None:
    job = parse_job(json.dumps({"voice": {"provider": "elevenlabs"}, "scenes": [HELLO]}))
    with pytest.raises(RejectedJob) as caught:
        refuse_nameless(all_speakers(job), Settings())
    assert caught.value.path == "voice.voice"
    assert "NEUROSHORTS_ELEVENLABS_VOICE" in caught.value.message
    refuse_nameless(all_speakers(job), Settings(elevenlabs_voice="rachel"))
