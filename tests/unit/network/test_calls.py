"""Calls over HTTP: to the address that was checked, bounded, and never anywhere else."""

import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path

import pytest

from src.network.addresses import Address
from src.network.calls import Caller
from src.network.failures import AnswerTimeout, StrangeAnswer, Unreachable, UntrustedHost
from src.network.guard import Guard
from tests.receiver import Reply, listening, receiving
from tests.waiting import PATIENCE_SECONDS

LOCAL = ("127.0.0.1",)


def caller(seconds: float = 20, trusted: ssl.SSLContext | None = None) -> Caller:
    return Caller(Guard(LOCAL), seconds=seconds, trusted=trusted)


def test_a_body_is_sent_with_its_headers_and_the_answer_told() -> None:
    with receiving(lambda number, received: Reply(201, b"made", {"X-A": "1"})) as receiver:
        answer = caller().post(f"{receiver.url}?signature=a%2Fb&x", {"X-Mine": "yes"}, b'{"a": 1}')
    assert (answer.status, answer.text, answer.headers["x-a"]) == (201, "made", "1")
    (received,) = receiver.received
    assert (received.path, received.body) == ("/hook?signature=a%2Fb&x", b'{"a": 1}')
    assert received.headers["host"] == receiver.address
    assert received.headers["x-mine"] == "yes"


def test_a_redirection_is_an_answer_and_is_not_followed() -> None:
    with receiving() as other, receiving(lambda n, r: Reply(307, b"", {"Location": other.url})) as receiver:
        assert caller().post(receiver.url, {}, b"").status == 307
    assert other.received == []


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with receiving() as proxy, receiving() as receiver:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://{proxy.address}")
        assert caller().post(receiver.url, {}, b"").status == 200
    assert (len(receiver.received), proxy.received) == (1, [])


def test_the_address_that_was_checked_is_the_one_that_is_connected_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # The name leads to this machine whenever it is asked for again.
    asked: list[str] = []

    def turning(name: str, port: int) -> tuple[Address, ...]:
        asked.append(name)
        return (ip_address("8.8.8.8" if len(asked) == 1 else "127.0.0.1"),)

    connected: list[tuple[str, int]] = []

    def connect(address: tuple[str, int], seconds: float) -> socket.socket:
        connected.append(address)
        raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr("socket.create_connection", connect)
    with pytest.raises(Unreachable, match="Connection refused"):
        Caller(Guard(resolve=turning)).post("http://turning.example.com:81/", {}, b"")
    assert (asked, connected) == (["turning.example.com"], [("8.8.8.8", 81)])


def test_the_next_address_is_tried_when_one_does_not_answer() -> None:
    with receiving() as receiver:
        two = (ip_address("127.0.0.2"), ip_address("127.0.0.1"))
        guard = Guard(["name.example"], resolve=lambda name, port: two)
        answer = Caller(guard).post(f"http://name.example:{receiver.port}/", {}, b"")
    assert answer.status == 200
    assert receiver.received[0].headers["host"] == f"name.example:{receiver.port}"


def dripping(text: bytes, over: threading.Event) -> Callable[[socket.socket], None]:
    def serve(connection: socket.socket) -> None:
        connection.recv(65536)
        for byte in text:
            connection.send(bytes([byte]))
            if over.wait(0.02):
                return
        over.wait(600)

    return serve


def test_who_drips_headers_holds_nobody_up() -> None:
    over = threading.Event()
    begun = time.monotonic()
    with listening(dripping(b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 1000, over)) as (address, _):
        with pytest.raises(AnswerTimeout):
            caller(seconds=0.5).post(f"http://{address}/", {}, b"{}")
        over.set()
    assert time.monotonic() - begun < PATIENCE_SECONDS


def test_who_drips_a_body_has_answered_and_holds_nobody_up() -> None:
    over = threading.Event()
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"

    def serve(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(head)
        while not over.wait(0.02):
            connection.send(b"x")

    begun = time.monotonic()
    with listening(serve) as (address, _):
        assert caller(seconds=5).post(f"http://{address}/", {}, b"{}").status == 200
        over.set()
    assert time.monotonic() - begun < PATIENCE_SECONDS


def test_who_does_not_read_holds_nobody_up() -> None:
    over = threading.Event()

    def serve(connection: socket.socket) -> None:
        over.wait(600)

    with listening(serve) as (address, _):
        with pytest.raises(AnswerTimeout):
            caller(seconds=0.5).post(f"http://{address}/", {}, b"x" * 50_000_000)
        over.set()


def test_of_a_long_answer_only_the_beginning_is_kept() -> None:
    with receiving(lambda number, received: Reply(200, b"x" * 5_000_000)) as receiver:
        assert caller().post(receiver.url, {}, b"").text == "x" * 2048


def test_headers_without_end_are_no_answer() -> None:
    def serve(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 100_000)

    with listening(serve) as (address, _), pytest.raises(StrangeAnswer):
        caller().post(f"http://{address}/", {}, b"{}")


def test_who_hangs_up_cannot_be_reached() -> None:
    def serve(connection: socket.socket) -> None:
        connection.recv(65536)

    with listening(serve) as (address, _), pytest.raises((Unreachable, StrangeAnswer)) as told:
        caller().post(f"http://{address}/", {}, b"{}")
    assert told.value.retryable


def test_nobody_at_an_address_cannot_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(Unreachable, match="Connection refused"):
        caller().post(f"http://127.0.0.1:{port}/", {}, b"")


def test_what_is_not_http_is_a_strange_answer() -> None:
    def serve(connection: socket.socket) -> None:
        # All of it: what is closed with something unread is reset, and the answer with it.
        sent = b""
        while not sent.endswith(b"{}"):
            sent += connection.recv(65536)
        connection.sendall(b"220 mail.example.com ESMTP\r\n")

    with listening(serve) as (address, _), pytest.raises(StrangeAnswer):
        caller().post(f"http://{address}/", {}, b"{}")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a certificate for this machine that nobody has signed."""
    file = tmp_path_factory.mktemp("tls") / "own.pem"
    command = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=own"
    )
    names = ["-addext", "subjectAltName=IP:127.0.0.1,DNS:own.example"]
    made = subprocess.run(
        [*command.split(), *names, "-keyout", str(file), "-out", str(file.with_suffix(".crt"))],
        capture_output=True,
    )
    assert made.returncode == 0, made.stderr
    file.write_bytes(file.read_bytes() + file.with_suffix(".crt").read_bytes())
    return file


def served_with(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def test_a_certificate_that_nobody_signed_is_refused(certificate: Path) -> None:
    with receiving(tls=served_with(certificate)) as receiver:
        with pytest.raises(UntrustedHost, match="self-signed"):
            caller().post(receiver.url, {}, b"{}")
        assert receiver.received == []


def test_the_certificate_has_to_be_for_the_name_that_is_called(certificate: Path) -> None:
    trusted = ssl.create_default_context(cafile=str(certificate))
    here = (ip_address("127.0.0.1"),)
    guard = Guard(["own.example", "other.example"], resolve=lambda name, port: here)
    with receiving(tls=served_with(certificate)) as receiver:
        known = Caller(guard, trusted=trusted)
        assert known.post(f"https://own.example:{receiver.port}/", {}, b"{}").status == 200
        with pytest.raises(UntrustedHost, match=r"other\.example"):
            known.post(f"https://other.example:{receiver.port}/", {}, b"{}")
    assert len(receiver.received) == 1


def test_headers_of_the_connection_are_ours() -> None:
    with receiving() as receiver:
        caller().post(receiver.url, {"hOST": "evil.example", "content-length": "1"}, b"{}")
    (received,) = receiver.received
    assert (received.headers["host"], received.body) == (receiver.address, b"{}")
