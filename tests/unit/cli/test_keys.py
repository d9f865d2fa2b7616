"""`neuroshorts keys`: made, shown once, listed without their secrets, revoked."""

import json
from typing import Any

import pytest

from src.cli import keys
from src.cli.app import run
from src.cli.console import ExitCode
from src.cli.jobstore import open_jobs
from src.settings import Settings
from src.store.keys import KeyRing


@pytest.fixture
def listed(capsys: pytest.CaptureFixture[str]) -> Any:
    """List the keys as a program would."""

    def listed() -> list[dict[str, Any]]:
        capsys.readouterr()
        assert run(["keys", "list", "--json"]) == ExitCode.DONE
        told: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
        return told

    return listed


def created(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert run(["keys", "create", *arguments]) == ExitCode.DONE
    return capsys.readouterr().out.strip()


def test_a_key_alone_is_printed_for_programs_and_advice_for_people(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["keys", "create", "n8n"]) == ExitCode.DONE
    told = capsys.readouterr()
    text = told.out.removesuffix("\n")
    assert "keys revoke" in told.err
    assert text not in told.err
    engine = open_jobs(Settings())
    found = KeyRing(engine).find(text)
    engine.dispose()
    assert found
    assert (found.owner, found.scopes) == ("n8n", ("submit", "read"))


def test_a_key_is_made_as_it_is_ordered(capsys: pytest.CaptureFixture[str], listed: Any) -> None:
    arguments = ("--owner", "anna", "--scope", "admin", "--scope", "read", "--queued-jobs", "0")
    created(capsys, "root", *arguments, "--requests-a-minute", "5", "--render-seconds-a-day", "7")
    (key,) = listed()
    assert key["scopes"] == ["read", "admin"]
    assert (key["name"], key["owner"], key["revoked_at"]) == ("root", "anna", None)
    assert (key["requests_a_minute"], key["queued_jobs"], key["render_seconds_a_day"]) == (5, 0, 7)


def test_the_list_shows_no_secret(capsys: pytest.CaptureFixture[str]) -> None:
    text = created(capsys, "n8n", "--queued-jobs", "3")
    assert run(["keys", "list"]) == ExitCode.DONE
    table = capsys.readouterr().out
    _, id, secret = text.split("_", 2)
    assert id in table
    assert "queued_jobs=3" in table
    assert secret not in table


def test_a_revoked_key_stays_in_the_list(capsys: pytest.CaptureFixture[str], listed: Any) -> None:
    id = created(capsys, "n8n").split("_")[1]
    assert run(["keys", "revoke", id]) == ExitCode.DONE
    assert "n8n" in capsys.readouterr().out
    assert listed()[0]["revoked_at"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["revoke", "nothing"], "keys list"),
        (["create", ""], "no name for a key"),
        (["create", "x", "--scope", "all"], "submit, read, admin"),
        (["create", "x", "--queued-jobs", "-1"], "queued-jobs"),
    ],
)
def test_what_is_wrong_is_told(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str], listed: Any
) -> None:
    assert run(["keys", *arguments]) == ExitCode.REJECTED
    assert told in capsys.readouterr().err
    assert listed() == []


def test_a_missing_library_is_told_with_the_way_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(keys, "find_spec", lambda name: None)
    assert run(["keys", "list"]) == ExitCode.FAILED
    assert "make serve" in capsys.readouterr().err
