"""The HTTP interface, asked over a real socket."""

import json
import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn

from src.main import app


class _Server(uvicorn.Server):
    """A server that tells when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listens = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listens.set()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    listener = socket.create_server(("127.0.0.1", 0))
    server = _Server(uvicorn.Config(app, log_config=None, lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    assert server.listens.wait(20)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join(20)
    listener.close()


def ask(url: str, body: bytes | None = None) -> tuple[int, str, Any]:
    """Return status, media type and the JSON of an answer."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body), timeout=20) as answer:
            return answer.status, answer.headers["content-type"], json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers["content-type"], json.load(error)


def test_the_process_answers(address: str) -> None:
    assert ask(f"{address}/healthz")[2]["status"] == "ok"


def test_capabilities_name_what_a_job_may_ask_for(address: str) -> None:
    told = ask(f"{address}/capabilities")[2]
    assert "aurora" in told["backgrounds"]
    assert "highlight" in told["caption_styles"]
    assert "scenes" in told["job_schema"]["properties"]


def test_a_good_job_is_valid(address: str) -> None:
    assert ask(f"{address}/render/validate", b'{"scenes":[{"text":"Hello"}]}')[::2] == (
        200,
        {"valid": True, "scenes": 1},
    )


@pytest.mark.parametrize(
    ("body", "code", "path"),
    [
        (b"", "bad_json", ""),
        (b"\xff\xfe", "bad_json", ""),
        (b"[" * 100_000, "bad_json", ""),
        (b'{"scenes":[{"duration":NaN}]}', "bad_json", ""),
        (b'{"scenes":[],"scenes":[]}', "bad_json", ""),
        (b'{"scenes":[{"text":"a"}],"color":1}', "unknown_field", "color"),
        (b'{"scenes":[{"text":"a"}],"output":{"codec":"av1"}}', "not_supported", "output.codec"),
    ],
)
def test_a_wrong_job_is_told_as_a_problem_document(address: str, body: bytes, code: str, path: str) -> None:
    status, media_type, told = ask(f"{address}/render/validate", body)
    assert (status, media_type, told["code"]) == (422, "application/problem+json", code)
    assert told["problems"][0]["path"] == path


def test_a_body_beyond_the_limit_is_not_read_on(address: str) -> None:
    status, _, told = ask(f"{address}/render/validate", b" " * (5 * 1024 * 1024))
    assert (status, told["code"]) == (413, "job_too_large")
