"""Addresses and sockets that the service listens on."""

import errno
import os
import socket
import stat
from pathlib import Path
from typing import Any

import pytest

from src.cli.listening import CannotListen, addresses_of, is_loopback, listening, listening_at


@pytest.mark.parametrize(
    ("host", "alone"),
    [("localhost", True), ("127.0.0.2", True), ("::1", True), ("0.0.0.0", False), ("::", False)],
)
def test_the_own_machine_is_known(host: str, alone: bool) -> None:
    assert is_loopback(addresses_of(host)) is alone


@pytest.mark.parametrize("host", ["no such host", "x" * 80, "nothing.invalid"])
def test_an_unknown_host_is_told(host: str) -> None:
    with pytest.raises(CannotListen, match="--host"):
        addresses_of(host)


def test_a_protocol_that_is_switched_off_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    create = socket.create_server

    def without_ipv6(address: Any, **given: Any) -> socket.socket:
        if given["family"] == socket.AF_INET6:
            raise OSError(errno.EADDRNOTAVAIL, "Cannot assign requested address")
        return create(address, **given)

    monkeypatch.setattr(socket, "create_server", without_ipv6)
    with listening(addresses_of("localhost"), 0) as sockets:
        assert [opened.family for opened in sockets] == [socket.AF_INET]
    with pytest.raises(CannotListen, match="::1"), listening(addresses_of("::1"), 0):
        pass


def test_a_socket_that_a_dead_process_left_is_taken_over(tmp_path: Path) -> None:
    file = tmp_path / "s"
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(file))
    with listening_at(file):
        assert stat.S_IMODE(file.stat().st_mode) == 0o660
        with pytest.raises(CannotListen, match="another process"), listening_at(file):
            pass
    assert not file.exists()


def test_other_files_are_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "s"
    file.write_text("mine")
    with pytest.raises(CannotListen, match="no socket"), listening_at(file):
        pass
    assert file.read_text() == "mine"


@pytest.mark.parametrize("name", ["no folder/s", "x" * 200])
def test_a_socket_that_cannot_be_made_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(CannotListen, match="cannot listen at"), listening_at(tmp_path / name):
        pass


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may listen everywhere")
def test_a_port_of_the_system_is_told() -> None:
    with pytest.raises(CannotListen, match="--port"), listening(addresses_of("127.0.0.1"), 1):
        pass
