"""What becomes of a wish for a URL when whoever gives the machine its role does not."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from src.cloud import s3_client
from src.cloud.signing import StoreSigner
from src.errors import NeuroShortsError
from src.settings import Settings
from tests.services.tcp_proxy import proxied

PROFILES = """
[profile away]
role_arn = arn:aws:iam::123456789012:role/films
source_profile = own
[profile own]
aws_access_key_id = known
aws_secret_access_key = secret
"""


@pytest.fixture
def nowhere() -> str:
    """Name a server that is no more."""
    with proxied(lambda: 1) as way:
        return f"http://127.0.0.1:{way.port}"


@pytest.fixture(autouse=True)
def _own_session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let boto3 look for credentials anew, in what the test sets only."""
    (tmp_path / "config").write_text(PROFILES)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    s3_client._session.cache_clear()
    yield
    s3_client._session.cache_clear()


class Refusing(BaseHTTPRequestHandler):
    """Gives nobody a role."""

    def do_POST(self) -> None:
        told = b"<Error><Code>AccessDenied</Code><Message>Not you.</Message></Error>"
        body = b"<ErrorResponse>" + told + b"</ErrorResponse>"
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(403)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def refusing() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Refusing) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def refusal() -> NeuroShortsError:
    with pytest.raises(NeuroShortsError) as refused:
        StoreSigner(Settings()).signed("GET", "s3://media/a.png")
    return refused.value


@pytest.mark.parametrize(
    ("variable", "more"),
    [
        ("AWS_CONTAINER_CREDENTIALS_FULL_URI", {}),
        ("AWS_ENDPOINT_URL_STS", {"AWS_PROFILE": "away", "AWS_DEFAULT_REGION": "us-east-1"}),
    ],
)
def test_a_role_that_cannot_be_asked_for_now_may_be_had_later(
    variable: str, more: dict[str, str], nowhere: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {variable: nowhere, **more}.items():
        monkeypatch.setenv(name, value)
    error = refusal()
    assert (error.code, error.retryable) == ("credentials_away", True)


@pytest.mark.parametrize("profile", ["", "unknown"])
def test_credentials_that_are_nowhere_are_told(profile: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if profile:
        monkeypatch.setenv("AWS_PROFILE", profile)
    error = refusal()
    assert (error.code, error.retryable) == ("wrong_credentials", False)


def test_a_role_that_is_refused_is_told_at_once(refusing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", refusing)
    monkeypatch.setenv("AWS_PROFILE", "away")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    error = refusal()
    assert (error.code, error.retryable) == ("wrong_credentials", False)
    assert "Not you." in error.message
