"""Credentials for Google come from a file, which may be wrong in many ways."""

import json
from pathlib import Path
from typing import Any

import pytest

from src.cloud.google import WrongCredentials, drive_credentials
from src.settings import Settings
from tests.google_account import GoogleAccounts


@pytest.fixture
def accounts() -> GoogleAccounts:
    return GoogleAccounts("http://127.0.0.1:1")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "cannot read"),
        ("not JSON", "cannot read"),
        ("[]", "holds no credentials"),
        ("{}", "is of the type None"),
        ('{"type": "external_account"}', "is of the type 'external_account'"),
        ('{"type": "service_account"}', "make them anew"),
        (
            '{"type": "service_account", "client_email": "a", "token_uri": "https://c", "private_key": "x"}',
            "make them anew",
        ),
        ('{"type": "authorized_user", "client_id": "a"}', "make them anew"),
    ],
)
def test_a_file_that_cannot_be_used_is_told(tmp_path: Path, content: str | None, told: str) -> None:
    file = tmp_path / "credentials.json"
    if content is not None:
        file.write_text(content, encoding="utf-8")

    with pytest.raises(WrongCredentials, match=told) as caught:
        drive_credentials(Settings(google_credentials_file=file))

    assert str(file) in str(caught.value)


def test_without_credentials_the_operator_is_told_what_to_set() -> None:
    with pytest.raises(WrongCredentials, match="NEUROSHORTS_GOOGLE_CREDENTIALS_FILE"):
        drive_credentials(Settings())


def test_a_part_of_the_three_settings_is_told() -> None:
    with pytest.raises(WrongCredentials, match="NEUROSHORTS_GDRIVE_REFRESH_TOKEN"):
        drive_credentials(Settings(gdrive_client_id="client"))


def test_only_a_service_account_acts_for_somebody_else(tmp_path: Path, accounts: GoogleAccounts) -> None:
    file = accounts.person_file(tmp_path)

    with pytest.raises(WrongCredentials, match="NEUROSHORTS_GDRIVE_SUBJECT"):
        drive_credentials(Settings(google_credentials_file=file, gdrive_subject="dave@films.example"))


def test_the_variable_of_googles_libraries_is_heeded(
    tmp_path: Path, accounts: GoogleAccounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = accounts.service_account_file(tmp_path)
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(file))

    found: Any = drive_credentials(Settings(gdrive_subject="dave@films.example"))

    assert found.service_account_email == json.loads(file.read_text())["client_email"]
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "none.json"))
    with pytest.raises(WrongCredentials, match="GOOGLE_APPLICATION_CREDENTIALS"):
        drive_credentials(Settings())
