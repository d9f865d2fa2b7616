"""Signed links to Google Cloud Storage hold what its documentation says that they hold."""

import hashlib
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlsplit

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from src.cloud.google import WrongCredentials
from src.cloud.gs import signed_url
from src.settings import Settings
from tests.google_account import ROBOT, GoogleAccounts


@pytest.fixture
def accounts() -> GoogleAccounts:
    return GoogleAccounts("http://127.0.0.1:1")


def assert_signed(url: str, accounts: GoogleAccounts) -> None:
    """Check a link as the server does. Source: Google Cloud Storage, "V4 signing process"."""
    parts = urlsplit(url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    signature = bytes.fromhex(dict(query)["X-Goog-Signature"])
    signed = sorted((key, value) for key, value in query if key != "X-Goog-Signature")
    canonical_query = "&".join(f"{quote(key, safe='')}={quote(value, safe='')}" for key, value in signed)
    canonical = "\n".join(
        ["GET", parts.path, canonical_query, f"host:{parts.netloc}", "", "host", "UNSIGNED-PAYLOAD"]
    )
    told = dict(query)
    scope = told["X-Goog-Credential"].partition("/")[2]
    to_sign = "\n".join(
        [
            "GOOG4-RSA-SHA256",
            told["X-Goog-Date"],
            scope,
            hashlib.sha256(canonical.encode()).hexdigest(),
        ]
    )
    accounts.key.public_key().verify(signature, to_sign.encode(), padding.PKCS1v15(), hashes.SHA256())


@pytest.mark.parametrize("endpoint", ["", "http://127.0.0.1:4443", "http://127.0.0.1:4443/"])
def test_a_link_carries_the_signature_of_its_request(
    tmp_path: Path, accounts: GoogleAccounts, endpoint: str
) -> None:
    file = accounts.service_account_file(tmp_path)
    settings = Settings(google_credentials_file=file, gs_endpoint_url=endpoint)

    url = signed_url(settings, "music", "calm/a song + ä.mp3", 600)

    parts = urlsplit(url)
    assert f"{parts.scheme}://{parts.netloc}" == (endpoint.rstrip("/") or "https://storage.googleapis.com")
    assert parts.path == "/music/calm/a%20song%20%2B%20%C3%A4.mp3"
    told = dict(parse_qsl(parts.query))
    day = told["X-Goog-Date"][:8]
    assert told["X-Goog-Credential"] == f"{ROBOT}/{day}/auto/storage/goog4_request"
    assert (told["X-Goog-Expires"], told["X-Goog-SignedHeaders"]) == ("600", "host")
    assert_signed(url, accounts)
    with pytest.raises(InvalidSignature):
        assert_signed(url.replace("X-Goog-Expires=600", "X-Goog-Expires=601"), accounts)


def test_a_link_is_valid_for_a_week_at_most(tmp_path: Path, accounts: GoogleAccounts) -> None:
    settings = Settings(google_credentials_file=accounts.service_account_file(tmp_path))

    assert "X-Goog-Expires=604800" in signed_url(settings, "music", "a.mp3", 10**9)


def test_a_person_cannot_sign_links(tmp_path: Path, accounts: GoogleAccounts) -> None:
    settings = Settings(google_credentials_file=accounts.person_file(tmp_path))

    with pytest.raises(WrongCredentials, match="key of a service account"):
        signed_url(settings, "music", "a.mp3", 600)
