"""`neuroshorts delivery google-login` writes what proves that a person consented."""

import json
import threading
import webbrowser
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from src.cli.app import run
from src.cloud.google import DRIVE_SCOPE, drive_credentials
from src.settings import Settings
from tests.drive import Drive
from tests.drive_http import drive_in

Output = pytest.CaptureFixture[str]


class Browser:
    """A browser whose user follows every link."""

    def open(self, url: str, **_: object) -> None:
        # The command answers the redirect only after this returns.
        threading.Thread(
            target=httpx.get, args=(url,), kwargs={"follow_redirects": True, "timeout": 60}, daemon=True
        ).start()


@pytest.fixture
def drive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Drive]:
    monkeypatch.setattr(webbrowser, "get", lambda _: Browser())
    # Google is spoken to by HTTPS; this one is not.
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    with drive_in(tmp_path / "drive") as running:
        yield running


def test_who_consents_gets_a_file_that_delivers(drive: Drive, tmp_path: Path, capsys: Output) -> None:
    client, out = drive.accounts.client_file(tmp_path), tmp_path / "me.json"
    out.write_text("from before")

    assert run(["delivery", "google-login", "--client", str(client), "--out", str(out)]) == 0

    assert json.loads(out.read_text()) == json.loads(drive.accounts.person_file(tmp_path).read_text())
    assert out.stat().st_mode & 0o777 == 0o600
    assert drive.accounts.asked_scopes == [DRIVE_SCOPE]
    told = capsys.readouterr()
    assert "NEUROSHORTS_GOOGLE_CREDENTIALS_FILE" in told.out
    assert drive.accounts.refresh_token not in told.out + told.err
    drive_credentials(Settings(google_credentials_file=out))


def test_who_does_not_consent_gets_nothing(drive: Drive, tmp_path: Path, capsys: Output) -> None:
    drive.accounts.denies = True
    client, out = drive.accounts.client_file(tmp_path), tmp_path / "me.json"

    assert run(["delivery", "google-login", "--client", str(client), "--out", str(out)]) == 1

    assert "nobody consented" in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.parametrize("content", ["", "{}", "[]"])
def test_a_file_that_is_no_client_is_told(tmp_path: Path, capsys: Output, content: str) -> None:
    client = tmp_path / "client.json"
    client.write_text(content)

    assert run(["delivery", "google-login", "--client", str(client)]) == 2

    assert "download the client" in capsys.readouterr().err
