"""`neuroshorts broker`."""

import json

import pytest

from src.bus.layout import definitions
from src.cli.app import run
from src.cli.console import ExitCode
from tests.services.rabbitmq import RabbitMQ


def test_definitions_are_printed_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["broker", "definitions", "--vhost", "films"]) == ExitCode.DONE
    assert json.loads(capsys.readouterr().out) == definitions("films")


def test_check_makes_the_queues_and_tells_how_full_they_are(
    rabbitmq: RabbitMQ, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NEUROSHORTS_BROKER_URL", rabbitmq.url)
    assert run(["broker", "check"]) == ExitCode.DONE
    assert [line.split() for line in capsys.readouterr().out.splitlines()] == [
        ["neuroshorts.jobs", "0"],
        ["neuroshorts.work", "0"],
        ["neuroshorts.retry", "0"],
        ["neuroshorts.dead", "0"],
    ]


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("", "set NEUROSHORTS_BROKER_URL"),
        ("http://localhost", "set NEUROSHORTS_BROKER_URL"),
        ("amqp://me:secret@127.0.0.1:1/%2F", "does not answer"),
    ],
)
def test_a_broker_that_cannot_be_reached_is_told(
    url: str, told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NEUROSHORTS_BROKER_URL", url)
    assert run(["broker", "check"]) == ExitCode.FAILED
    shown = capsys.readouterr().err
    assert told in shown
    assert "secret" not in shown
