"""Checks in processes of their own: held to limits, ended when nobody waits, told what they found."""

import json
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from src.errors import Busy, InvalidJob, RejectedJob, RenderFailed, Transient
from src.settings import Settings
from src.worker import memory
from src.worker.checkroom import MOST_AT_ONCE, CheckRoom
from tests.speech_server import speaking
from tests.waiting import PATIENCE_SECONDS, eventually

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="process groups are POSIX")

ENDLESS = (sys.executable, "-c", "import time; time.sleep(600)")
GROWING = (sys.executable, "-c", "held = bytearray(b'x') * (400 * 1024 * 1024); import time; time.sleep(600)")
TINY = {"width": 64, "height": 112, "fps": 10}
JOB = json.dumps({"output": TINY, "scenes": [{"duration": 1, "visuals": [{"type": "color"}]}]}).encode()


def never() -> threading.Event:
    return threading.Event()


def test_a_job_is_planned_and_nothing_is_rendered() -> None:
    settings = Settings()
    outlook = CheckRoom(settings).check(JOB, never())
    assert (outlook.frames, outlook.width, outlook.segments_cached) == (10, 64, 0)
    assert outlook.segments_total > 0
    assert not (settings.data_dir / "jobs").exists()
    assert not list((settings.cache_dir / "work").iterdir())


def test_no_service_is_asked_to_speak_and_that_its_length_is_estimated_is_told() -> None:
    job = {"output": TINY, "voice": {"provider": "openai"}, "scenes": [{"text": "Hello there my friend"}]}
    with speaking() as server:
        outlook = CheckRoom(Settings(**server.settings)).check(json.dumps(job).encode(), never())
    assert (server.asked, outlook.estimated) == ([], True)
    assert 0.5 < outlook.duration < 5
    assert outlook.warnings[0].startswith("scenes[0]: how long openai (alloy) speaks is estimated")


def test_every_problem_comes_over() -> None:
    room = CheckRoom(Settings())
    with pytest.raises(InvalidJob) as refused:
        room.check(b'{"scenes": [{"txt": "a"}, {"text": 1}]}', never())
    assert [problem.path for problem in refused.value.problems] == ["scenes[0].txt", "scenes[1].text"]
    with pytest.raises(InvalidJob) as forbidden:
        room.check(b'{"scenes": [{"visuals": [{"type": "image", "src": "/etc/passwd"}]}]}', never())
    assert forbidden.value.code == "forbidden_path"


def test_a_check_that_takes_too_long_is_ended() -> None:
    with pytest.raises(Transient, match="within 1 s"):
        CheckRoom(Settings(), ENDLESS, most_seconds=1).check(JOB, never())


@pytest.mark.skipif(not memory.is_known(), reason="memory is watched on Linux only")
def test_a_check_that_takes_too_much_memory_is_ended() -> None:
    with pytest.raises(RejectedJob, match="memory"):
        CheckRoom(Settings(max_render_memory_bytes=256 * 1024**2), GROWING).check(JOB, never())


def test_a_check_that_says_nothing_has_broken() -> None:
    with pytest.raises(RenderFailed):
        CheckRoom(Settings(), (sys.executable, "-c", "")).check(JOB, never())


def test_a_check_that_fails_for_a_while_may_be_tried_again() -> None:
    told = {"kind": "failed", "error": {"code": "voice_away", "message": "try later", "retryable": True}}
    with pytest.raises(Transient) as away:
        CheckRoom(Settings(), (sys.executable, "-c", f"print({json.dumps(told)!r})")).check(JOB, never())
    assert (away.value.code, away.value.message) == ("voice_away", "try later")


def test_places_are_given_back_when_callers_give_up(caplog: pytest.LogCaptureFixture) -> None:
    room, given_up = CheckRoom(Settings(), ENDLESS), threading.Event()

    def started() -> int:
        return sum(record.getMessage() == "child_started" for record in caplog.records)

    with caplog.at_level("INFO"), ThreadPoolExecutor(MOST_AT_ONCE) as callers:
        checks = [callers.submit(room.check, JOB, given_up) for _ in range(MOST_AT_ONCE)]
        eventually(lambda: started() == MOST_AT_ONCE)
        with pytest.raises(Busy):
            room.check(JOB, never())
        given_up.set()
        assert [type(check.exception(PATIENCE_SECONDS)) for check in checks] == [Transient] * MOST_AT_ONCE
    with pytest.raises(Transient, match="nobody waited"):
        room.check(JOB, given_up)
