"""Texts that a process which renders has spoken through its worker."""

import io
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from src.engines.audio.speech import SpeechRefused
from src.errors import Interrupted, SpeechFailed
from src.speech.calls import Reply, SpeechOrder
from src.stopping import Stop, raise_if_stopped
from src.worker.inquiries import Inquiries
from src.worker.messages import MESSAGES, Ask, Say, Voiced
from src.worker.speakers import Speakers
from src.worker.telling import Teller
from tests.conftest import LoggedErrors
from tests.waiting import PATIENCE_SECONDS, eventually

ORDER = SpeechOrder("openai", "Hello", "alloy", "tts-1", "en", 1.0)


class Answering:
    """A service that answers as a test says."""

    def __init__(self, answer: Callable[[SpeechOrder, Stop], Reply]) -> None:
        self._answer = answer

    def reply(self, order: SpeechOrder, stop: Stop) -> Reply:
        return self._answer(order, stop)


class Line(io.RawIOBase):
    """What a process writes is what its worker hears."""

    def __init__(self, hear: Callable[[bytes], None]) -> None:
        self._hear = hear

    def write(self, line: bytes) -> int:  # type: ignore[override]
        self._hear(line)
        return len(line)


@contextmanager
def joined(answer: Callable[[SpeechOrder, Stop], Reply], seconds: float = 60) -> Iterator[Inquiries]:
    """Join a process and its worker by their messages, as they go through the pipes."""
    ended, lock = threading.Event(), threading.Lock()

    def hand_on(voiced: Voiced) -> None:
        with lock:
            inquiries.hear([voiced.model_dump_json().encode()])

    def hear(line: bytes) -> None:
        message = MESSAGES.validate_json(line)
        assert isinstance(message, Say)
        speakers.take(message)

    speakers = Speakers(Answering(answer), hand_on, ended)
    inquiries = Inquiries(Teller(Line(hear)), seconds)  # type: ignore[arg-type]
    yield inquiries
    ended.set()
    eventually(lambda: "speech" not in {thread.name for thread in threading.enumerate()})


def test_an_answer_comes_back_whole_however_large_it_is() -> None:
    body = bytes(range(256)) * 10_000
    with joined(lambda order, stop: Reply("audio/wav", body)) as inquiries:
        assert inquiries.reply(ORDER, threading.Event()) == Reply("audio/wav", body)


def test_answers_of_several_texts_do_not_mix() -> None:
    found: dict[str, bytes] = {}
    with joined(lambda order, stop: Reply("", order.text.encode() * 200_000)) as inquiries:

        def ask(text: str) -> None:
            found[text] = inquiries.reply(ORDER._replace(text=text), threading.Event()).body

        threads = [threading.Thread(target=ask, args=(text,)) for text in "abcdefgh"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert {text: set(body.decode()) for text, body in found.items()} == {text: {text} for text in "abcdefgh"}


def test_an_error_comes_back_with_its_code() -> None:
    def refuse(order: SpeechOrder, stop: Stop) -> Reply:
        raise SpeechRefused("no such voice", path="voice.voice")

    with joined(refuse) as inquiries, pytest.raises(SpeechFailed) as caught:
        inquiries.reply(ORDER, threading.Event())
    assert (caught.value.code, caught.value.message) == ("speech_refused", "no such voice")
    assert (caught.value.path, caught.value.retryable) == ("voice.voice", False)


def test_what_breaks_is_told_and_logged(logged_errors: LoggedErrors) -> None:
    logged_errors.expect()

    def broken(order: SpeechOrder, stop: Stop) -> Reply:
        raise ZeroDivisionError("with a secret in it")

    with joined(broken) as inquiries, pytest.raises(SpeechFailed) as caught:
        inquiries.reply(ORDER, threading.Event())
    assert caught.value.message == "unexpected ZeroDivisionError while openai was asked"
    assert [record.getMessage() for record in logged_errors.records] == ["speech_broke"]


def until_stopped(order: SpeechOrder, stop: Stop) -> Reply:
    never = threading.Event()
    while True:
        raise_if_stopped(stop)
        never.wait(0.02)


def test_a_worker_is_not_held_up_by_a_service_that_hangs() -> None:
    with joined(until_stopped) as inquiries:
        stop = threading.Event()
        raised: list[BaseException] = []

        def ask() -> None:
            try:
                inquiries.reply(ORDER, stop)
            except Interrupted as error:
                raised.append(error)

        threads = [threading.Thread(target=ask) for _ in range(8)]
        for thread in threads:
            thread.start()
        started = time.monotonic()
        stop.set()
        for thread in threads:
            thread.join()
        assert time.monotonic() - started < PATIENCE_SECONDS
    assert len(raised) == 8


def test_a_worker_that_says_nothing_is_told() -> None:
    with joined(until_stopped, seconds=-29.9) as inquiries, pytest.raises(SpeechFailed) as caught:
        inquiries.reply(ORDER, threading.Event())
    assert caught.value.code == "speech_unavailable"
    assert "the worker has told no speech" in caught.value.message


def test_a_process_that_wants_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("src.worker.speakers._MOST_TEXTS", 2)
    with joined(lambda order, stop: Reply("", b"said")) as inquiries:
        for _ in range(2):
            assert inquiries.reply(ORDER, threading.Event()).body == b"said"
        with pytest.raises(SpeechFailed, match="may have 2 texts spoken"):
            inquiries.reply(ORDER, threading.Event())


def test_a_text_longer_than_any_of_a_job_is_not_understood() -> None:
    with pytest.raises(ValueError, match="at most 40000"):
        Say(number=1, order=ORDER._replace(text="a" * 40_001))


def test_asks_and_says_are_told_apart() -> None:
    for message in (Ask(number=1, verb="GET", uri="s3://bucket/key"), Say(number=2, order=ORDER)):
        assert MESSAGES.validate_json(message.model_dump_json()) == message
