"""Films spoken by services that fail: each ends in time, with the reason or with another voice.

Through the command, which asks the services itself, and through a worker, which asks them for its renders.
"""

import json
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from src.cli.app import run
from src.models.status import JobStatus, State
from src.settings import PREFIX
from src.worker.supervisor import Supervisor
from tests import speech_server
from tests.e2e import command
from tests.e2e.house import AT_ONCE_SECONDS, TINY, House
from tests.speech_server import KEY, Manner, SpeechServer, failing, speaking
from tests.waiting import eventually

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="renders end by signals")

Output = pytest.CaptureFixture[str]
TEXT = "Hello there, my friends"
#: Seconds that the speech of one text may take here: where nobody ever answers, and where somebody does.
HANGS, LIMIT_SECONDS = 2, 60
#: Seconds in which a film of one scene is done, or has failed, beyond that: starting and rendering.
SPARE_SECONDS = 60


class Case(NamedTuple):
    """A way to fail, and what is told about it."""

    manner: Manner
    code: str
    reason: str
    provider: str = "openai"
    limit_seconds: int = LIMIT_SECONDS


CASES = {
    "hang": Case(speech_server.hang, "speech_unavailable", "gave no whole answer", limit_seconds=HANGS),
    "hang in the body": Case(
        speech_server.hang_in_body, "speech_unavailable", "gave no whole answer within", limit_seconds=HANGS
    ),
    "500": Case(failing(500), "speech_unavailable", "HTTP 500: told as 500"),
    "403": Case(failing(403), "speech_refused", "HTTP 403: told as 403"),
    "empty": Case(speech_server.empty, "speech_broken", "without any sound"),
    "html": Case(speech_server.html, "speech_broken", "text/html instead of sound (a page of HTML)"),
    "json": Case(
        speech_server.json_error, "speech_broken", "application/json instead of sound (out of credits)"
    ),
    "half": Case(speech_server.half, "speech_broken", "with a part of its sound only"),
    "silence": Case(speech_server.silence, "speech_broken", "of silence"),
    "cut": Case(speech_server.cut, "speech_unavailable", "without sending complete message body"),
    "elevenlabs hangs": Case(speech_server.hang, "speech_unavailable", "gave no whole", "elevenlabs", HANGS),
    "elevenlabs 403": Case(failing(403), "speech_refused", "HTTP 403: told as 403", "elevenlabs"),
    "elevenlabs half": Case(
        speech_server.half, "speech_broken", "s of sound for words that end at", "elevenlabs"
    ),
    "elevenlabs html": Case(
        speech_server.html, "speech_broken", "with something else than sound", "elevenlabs"
    ),
}


def job(provider: str, *fallbacks: str, scenes: int = 1) -> dict[str, Any]:
    """Make a job of short scenes."""
    voice = {"provider": provider, "fallbacks": [{"provider": name} for name in fallbacks]}
    texts = [{"text": f"{TEXT} {number}" if number else TEXT, "pad_end": 0} for number in range(scenes)]
    return {"output": {**TINY, "sidecars": []}, "voice": voice, "scenes": texts}


def announced(case: Case, warnings: tuple[str, ...] | list[str]) -> bool:
    """Tell whether the one warning says who should have spoken, why not, and who did."""
    [told] = [warning for warning in warnings if "instead" in warning]
    return told.startswith(f"scenes[0]: {case.provider} did not speak (") and case.reason in told


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask services again sooner, where it is this process that does so."""
    monkeypatch.setattr("src.speech.patience._FIRST_PAUSE_SECONDS", 0.01)


@pytest.fixture
def houses(tmp_path: Path) -> Iterator[list[House]]:
    built: list[House] = []
    yield built
    for house in built:
        house.engine.dispose()


def house_of(houses: list[House], folder: Path, server: SpeechServer, **more: Any) -> House:
    house = House(
        folder, **{"speech_max_seconds": LIMIT_SECONDS, "max_attempts": 1, **server.settings, **more}
    )
    houses.append(house)
    return house


def ended_in_time(house: House, supervisor: Supervisor, job: dict[str, Any]) -> JobStatus:
    started, id = time.monotonic(), house.submit(job)
    supervisor.wake()
    status = house.ended(id)
    assert time.monotonic() - started < LIMIT_SECONDS + SPARE_SECONDS
    return status


# What a service does wrong is the same for both; each shows it in its own way.
@pytest.mark.parametrize("name", ["hang", "500", "403", "half", "elevenlabs 403"])
def test_a_worker_tells_the_provider_and_its_reason_or_who_spoke_instead(
    name: str, houses: list[House], tmp_path: Path
) -> None:
    case = CASES[name]
    with speaking(case.manner) as server:
        house = house_of(houses, tmp_path, server, speech_max_seconds=case.limit_seconds)
        with house.working() as supervisor:
            alone = ended_in_time(house, supervisor, job(case.provider))
            helped = ended_in_time(house, supervisor, job(case.provider, "espeak"))
    assert (alone.status, helped.status) == (State.FAILED, State.DONE)
    assert alone.error
    assert (alone.error.code, alone.error.scene_id) == (case.code, "scene-1")
    assert case.provider in alone.error.message
    assert case.reason in alone.error.message
    assert helped.result
    assert announced(case, helped.result.warnings)


def with_settings(server: SpeechServer, monkeypatch: pytest.MonkeyPatch, **more: Any) -> None:
    """Set where the service is for commands."""
    for name, value in {"speech_max_seconds": LIMIT_SECONDS, **server.settings, **more}.items():
        monkeypatch.setenv(PREFIX + name.upper(), str(value))


def rendered(folder: Path, job: dict[str, Any], capsys: Output) -> tuple[int, dict[str, Any], str]:
    """Run the command in this process; return its exit code, and what it told on both streams."""
    (folder / "job.json").write_text(json.dumps(job), encoding="utf-8")
    started = time.monotonic()
    code = run(["render", str(folder / "job.json"), "--json"])
    assert time.monotonic() - started < LIMIT_SECONDS + SPARE_SECONDS
    out, err = capsys.readouterr()
    assert KEY not in out + err
    return code, json.loads(out), err


@pytest.mark.parametrize("name", CASES)
def test_the_command_tells_the_provider_and_its_reason_or_who_spoke_instead(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    case = CASES[name]
    with speaking(case.manner) as server:
        with_settings(server, monkeypatch, speech_max_seconds=case.limit_seconds)
        alone, failed, told = rendered(tmp_path, job(case.provider), capsys)
        helped, film, _ = rendered(tmp_path, job(case.provider, "espeak"), capsys)
    assert (alone, helped) == (1, 0)
    assert failed["error"]["code"] == case.code
    assert case.reason in failed["error"]["message"]
    assert case.reason in told
    assert announced(case, film["result"]["warnings"])


def test_a_film_is_spoken_by_services_and_a_second_one_asks_nobody(
    houses: list[House], tmp_path: Path
) -> None:
    two = job("openai", scenes=2)
    two["scenes"][1]["voice"] = {"provider": "elevenlabs"}
    with speaking() as server:
        house = house_of(houses, tmp_path, server, speech_max_seconds=60)
        with house.working() as supervisor:
            first, second = (ended_in_time(house, supervisor, two) for _ in range(2))
    assert first.result
    assert second.result
    assert sorted(asked.path.split("/")[1] for asked in server.asked) == ["elevenlabs", "openai"]
    assert first.result.sha256 == second.result.sha256
    assert [warning for warning in first.result.warnings if "instead" in warning] == []


def test_a_voice_that_the_service_does_not_have_is_announced_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    wrong = job("elevenlabs", "openai")
    wrong["voice"]["voice"] = "nobody"
    with speaking() as server:
        with_settings(server, monkeypatch, speech_max_seconds=60)
        code, film, _ = rendered(tmp_path, wrong, capsys)
    assert code == 0
    [warning] = [warning for warning in film["result"]["warnings"] if "instead" in warning]
    assert warning.startswith(
        "scenes[0]: elevenlabs (nobody) did not speak (elevenlabs refuses to speak (HTTP 404"
    )
    assert warning.endswith("; openai spoke instead")


def test_keys_are_not_where_strangers_media_are_opened(
    houses: list[House], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"{PREFIX}OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with speaking(speech_server.hang) as server:
        house = house_of(houses, tmp_path, server, speech_max_seconds=60)
        id = house.submit(job("openai"))
        with house.working():
            eventually(lambda: server.asked)
            [pid] = house.renders()
            environment = Path(f"/proc/{pid}/environ").read_bytes()
            memory = _memory_of(pid)
            house.desk.cancel(id)
            house.ended(id)
    assert KEY.encode() not in environment
    assert KEY.encode() not in memory
    assert server.address.encode() in memory


def _memory_of(pid: int) -> bytes:
    """Read all that a process has written to its memory."""
    found = bytearray()
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in maps:
            span, rights = line.split()[:2]
            if rights.startswith("rw"):
                start, end = (int(part, 16) for part in span.split("-"))
                try:
                    memory.seek(start)
                    found += memory.read(end - start)
                except OSError:
                    continue
    return bytes(found)


def test_a_cancelled_job_leaves_no_call(houses: list[House], tmp_path: Path) -> None:
    with speaking(speech_server.hang) as server:
        house = house_of(houses, tmp_path, server, speech_max_seconds=600)
        id = house.submit(job("openai", "espeak", scenes=3))
        with house.working():
            eventually(lambda: len(server.asked) == 3)
            house.desk.cancel(id)
            cancelled = time.monotonic()
            house.until(id, State.CANCELLED)
            eventually(lambda: not _threads("speech"))
            assert time.monotonic() - cancelled < AT_ONCE_SECONDS


def _threads(name: str) -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == name]


def test_a_hung_service_holds_up_no_other_scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    manners = [speech_server.after(600), *[speech_server.well] * 9]
    with speaking(*manners) as server:
        with_settings(server, monkeypatch, speech_max_seconds=20)
        waiting = job("openai", "espeak", scenes=8)
        (tmp_path / "job.json").write_text(json.dumps(waiting), encoding="utf-8")
        process = command.start(tmp_path, "render", "job.json", "--json")
        eventually(lambda: len(server.asked) >= 8)
        assert server.most_at_once > 1
        out, _ = process.communicate(timeout=command.TIMEOUT_SECONDS)
    assert process.returncode == 0
    # The one that hung was asked again, and then spoke.
    assert [told for told in json.loads(out)["result"]["warnings"] if "instead" in told] == []


def test_an_interrupted_command_leaves_the_service_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "job.json").write_text(json.dumps(job("openai", "espeak", scenes=6)), encoding="utf-8")
    with speaking(speech_server.hang) as server:
        with_settings(server, monkeypatch, speech_max_seconds=600)
        process = command.start(tmp_path, "render", "job.json")
        eventually(lambda: len(server.asked) == 4)
        process.send_signal(signal.SIGINT)
        interrupted = time.monotonic()
        process.communicate(timeout=command.TIMEOUT_SECONDS)
        assert time.monotonic() - interrupted < AT_ONCE_SECONDS
    assert process.returncode == 130
