"""Services asked over HTTP: what is sent, how long it is tried, what is told when there is no answer."""

import threading
import time
from typing import Any

import pytest

from src.engines.audio.speech import SpeechNotSetUp, SpeechRefused, SpeechUnavailable
from src.errors import Interrupted, NeuroShortsError
from src.settings import Settings
from src.speech.attempts import DirectCalls
from src.speech.calls import Reply, SpeechOrder
from tests import speech_server
from tests.receiver import listening
from tests.speech_server import KEY, SpeechServer, failing, speaking, well

NEVER = threading.Event()
#: Far below what whoever hangs would have taken, far above what a busy machine needs.
LONG_SECONDS = 60
OPENAI = SpeechOrder("openai", "Hello there", "alloy", "tts-1", "en", 1.0)
ELEVENLABS = SpeechOrder("elevenlabs", "Hello there", "rachel", "eleven_multilingual_v2", "de-AT", 1.1)


def reply_of(server: SpeechServer, order: SpeechOrder = OPENAI, **settings: Any) -> Reply:
    return DirectCalls(Settings(**{**server.settings, **settings})).reply(order, NEVER)


def test_openai_is_asked_for_a_wav_file() -> None:
    with speaking() as server:
        reply = reply_of(server)
    [asked] = server.asked
    assert asked.path == "/openai/v1/audio/speech"
    assert asked.headers["authorization"] == f"Bearer {KEY}"
    assert asked.body == {
        "model": "tts-1",
        "input": "Hello there",
        "voice": "alloy",
        "response_format": "wav",
    }
    assert (reply.media_type, reply.body[:4]) == ("audio/wav", b"RIFF")


def test_a_server_of_ones_own_needs_no_key_and_is_sent_none() -> None:
    with speaking(failing(418)) as server, pytest.raises(SpeechRefused):
        reply_of(server, OPENAI._replace(speed=1.5), openai_api_key="")
    [asked] = server.asked
    assert "authorization" not in asked.headers
    assert asked.body["speed"] == 1.5


def test_elevenlabs_is_asked_for_the_times_of_its_characters() -> None:
    with speaking() as server:
        reply_of(server, ELEVENLABS)
        reply_of(server, ELEVENLABS._replace(model="eleven_flash_v2_5", speed=1.0))
    first, second = server.asked
    assert first.path == "/elevenlabs/v1/text-to-speech/rachel/with-timestamps?output_format=mp3_44100_128"
    assert first.headers["xi-api-key"] == KEY
    assert first.body == {
        "text": "Hello there",
        "model_id": "eleven_multilingual_v2",
        "voice_settings": {"speed": 1.1},
    }
    # Other models answer with an error when they are given a language.
    assert second.body == {"text": "Hello there", "model_id": "eleven_flash_v2_5", "language_code": "de"}


def test_a_voice_is_one_part_of_the_path_whatever_its_name() -> None:
    with speaking() as server, pytest.raises(SpeechRefused):
        reply_of(server, ELEVENLABS._replace(voice="../user?x=1#"))
    assert server.asked[0].path.startswith("/elevenlabs/v1/text-to-speech/..%2Fuser%3Fx%3D1%23/with-")


@pytest.mark.parametrize("failure", [failing(500), failing(503), speech_server.cut, failing(408)])
def test_what_may_pass_is_tried_again(failure: speech_server.Manner) -> None:
    with speaking(failure, well) as server:
        assert reply_of(server).body
    assert len(server.asked) == 2


def test_a_service_that_asks_for_rest_gets_it() -> None:
    with speaking(failing(429, Retry_After="2"), well) as server:
        assert reply_of(server).body
    first, second = server.asked_at
    assert second - first >= 2


def test_a_service_that_asks_for_more_rest_than_there_is_time_is_given_up_at_once() -> None:
    with speaking(failing(429, Retry_After="3600")) as server, pytest.raises(SpeechUnavailable) as caught:
        reply_of(server)
    assert len(server.asked) == 1
    assert "HTTP 429: told as 429; it asks for 3600 s of rest" in caught.value.message
    assert caught.value.retryable


def test_attempts_are_bounded_and_the_provider_and_its_reason_told() -> None:
    with speaking(failing(500)) as server, pytest.raises(SpeechUnavailable) as caught:
        reply_of(server)
    assert len(server.asked) == 4
    assert caught.value.message.startswith("openai gave no speech in 4 attempts and ")
    assert "HTTP 500: told as 500" in caught.value.message
    assert (caught.value.code, caught.value.retryable) == ("speech_unavailable", True)


@pytest.mark.parametrize("manner", [speech_server.hang, speech_server.hang_in_body])
def test_a_service_that_hangs_is_tried_twice_and_left_in_time(manner: speech_server.Manner) -> None:
    started = time.monotonic()
    with speaking(manner) as server, pytest.raises(SpeechUnavailable) as caught:
        reply_of(server, speech_max_seconds=6)
    assert 4 < time.monotonic() - started < LONG_SECONDS
    assert len(server.asked) >= 2
    assert "gave no whole answer within" in caught.value.message


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422, 307])
def test_what_will_not_pass_is_not_tried_again(status: int) -> None:
    with speaking(failing(status)) as server, pytest.raises(SpeechRefused) as caught:
        reply_of(server)
    assert len(server.asked) == 1
    assert f"openai refuses to speak (HTTP {status}: told as {status}): " in caught.value.message
    assert (caught.value.code, caught.value.retryable) == ("speech_refused", False)


def test_a_key_is_never_told_whoever_repeats_it(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    wrong = "sk-wrong-0123456789"
    with speaking() as server, pytest.raises(SpeechRefused) as caught:
        reply_of(server, openai_api_key=wrong)
    assert "Incorrect API key provided: ***" in caught.value.message
    assert "NEUROSHORTS_OPENAI_API_KEY" in caught.value.message
    told = {"error": {"message": f"again {KEY[:8]}****{KEY[-4:]}"}}
    with speaking(failing(500, told)) as server, pytest.raises(SpeechUnavailable) as later:
        reply_of(server, speech_max_seconds=1)
    with speaking(lambda *_: speech_server.Answer(media_type="text/plain", body=KEY.encode())) as server:
        assert KEY.encode() not in reply_of(server).body
    everything = f"{caught.value.message} {later.value.message} {[vars(record) for record in caplog.records]}"
    assert wrong not in everything
    assert KEY[:8] not in everything


@pytest.mark.parametrize("key", ["sk-1\r\nX-Evil: 1", "sk- 1", "schlüssel"])
def test_a_key_that_cannot_be_sent_is_not_told_either(key: str) -> None:
    with speaking() as server, pytest.raises(SpeechNotSetUp) as caught:
        reply_of(server, openai_api_key=key)
    assert server.asked == []
    assert key not in str(caught.value)
    assert "NEUROSHORTS_OPENAI_API_KEY holds letters that no key has" in caught.value.message


@pytest.mark.parametrize("order", [OPENAI, ELEVENLABS])
def test_a_service_that_nobody_set_up_is_not_asked(order: SpeechOrder) -> None:
    with pytest.raises(SpeechNotSetUp) as caught:
        DirectCalls(Settings()).reply(order, NEVER)
    assert f"NEUROSHORTS_{order.provider.upper()}_API_KEY" in caught.value.message
    assert (caught.value.code, caught.value.path) == ("speech_not_set_up", "voice.provider")


def test_a_server_that_is_not_there_is_told() -> None:
    with speaking() as server:
        settings = Settings(**server.settings, speech_max_seconds=2)
    with pytest.raises(SpeechUnavailable) as caught:
        DirectCalls(settings).reply(OPENAI, NEVER)
    assert "cannot be reached" in caught.value.message


def test_whoever_sends_no_end_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("src.speech.attempts.MOST_BYTES", 1024 * 1024)
    endless = speech_server.Answer(body=bytes(4 * 1024 * 1024))
    with speaking(lambda *_: endless) as server, pytest.raises(NeuroShortsError) as caught:
        reply_of(server)
    assert "openai sent more than 1 MiB" in caught.value.message


@pytest.mark.parametrize("before_tls", [False, True])
def test_a_call_that_nobody_wants_any_more_is_left_at_once(before_tls: bool) -> None:
    stop, hold = threading.Event(), threading.Event()
    raised: list[BaseException] = []

    def ask(base_url: str) -> None:
        try:
            settings = Settings(openai_base_url=base_url, openai_api_key=KEY)
            DirectCalls(settings).reply(OPENAI, stop)
        except BaseException as error:
            raised.append(error)

    with listening(lambda connection: [connection.recv(1), hold.wait()]) as (address, connections):  # type: ignore[arg-type]
        scheme = "https" if before_tls else "http"
        thread = threading.Thread(target=ask, args=(f"{scheme}://{address}/v1",))
        thread.start()
        while not connections:
            thread.join(0.02)
        stopped = time.monotonic()
        stop.set()
        thread.join()
        hold.set()
    assert time.monotonic() - stopped < LONG_SECONDS
    assert isinstance(raised[0], Interrupted)
