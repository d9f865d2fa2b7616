"""The port that metrics are told on."""

import socket
import urllib.request

import pytest

from src.cli.exposition import Exposition, telling
from src.cli.listening import CannotListen
from src.metrics import Metrics
from tests.services.ports import free_port


def test_metrics_are_told_on_a_port_of_their_own_until_the_end() -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}/metrics"
    with telling(Metrics(), Exposition(port=port)), urllib.request.urlopen(address, timeout=60) as answer:
        assert b"neuroshorts_worker_slots 0.0" in answer.read()
    with socket.create_server(("127.0.0.1", port)):
        """Nobody has it any more."""


def test_nothing_is_told_unless_somebody_asks_for_it() -> None:
    with telling(Metrics(), Exposition()):
        pass


def test_a_port_that_is_taken_is_told_with_what_to_do() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        exposition = Exposition(port=taken.getsockname()[1])
        with (
            pytest.raises(CannotListen, match="choose another --metrics-port"),
            telling(Metrics(), exposition),
        ):
            pass
