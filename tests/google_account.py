"""The part of Google that hands out tokens: to service accounts, to refresh tokens, to people who consent."""

import base64
import json
import secrets
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

ROBOT = "films@project.iam.gserviceaccount.com"
PERSON = "carol@films.example"
CLIENT_ID, CLIENT_SECRET = "films.apps.example", "a client's secret"
#: Whom assertions are for, wherever they are sent to.
_AUDIENCE = "https://oauth2.googleapis.com/token"
_JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"


class Answered(NamedTuple):
    """What is answered: a status, a JSON object and where to go."""

    status: int
    told: dict[str, Any]
    location: str = ""


class GoogleAccounts:
    """A service account, a person, and the tokens that they have."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.token_url = f"{address}/token"
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.refresh_token = secrets.token_hex(8)
        self.tokens: dict[str, str] = {}
        """Access tokens that are valid, and whose they are."""
        self.asked_scopes: list[str] = []
        self.delegates_to = {PERSON}
        """Whom the service account may act for."""
        self.denies = False
        """Whether the person does not consent."""
        self._codes: set[str] = set()

    def service_account_file(self, folder: Path) -> Path:
        """Write the key of the service account."""
        pem = self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        told = {
            "type": "service_account",
            "client_email": ROBOT,
            "private_key_id": "key-1",
            "private_key": pem.decode(),
            "token_uri": self.token_url,
        }
        return _written(folder / "robot.json", told)

    def person_file(self, folder: Path) -> Path:
        """Write what the person consented to."""
        told = {
            "type": "authorized_user",
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "refresh_token": self.refresh_token,
            "token_uri": self.token_url,
        }
        return _written(folder / "person.json", told)

    def client_file(self, folder: Path) -> Path:
        """Write the OAuth client as Google's console hands it out."""
        told = {
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "auth_uri": f"{self.address}/auth",
            "token_uri": self.token_url,
            "redirect_uris": ["http://localhost"],
        }
        return _written(folder / "client.json", {"installed": told})

    def consent(self, asked: Mapping[str, str]) -> Answered:
        """Answer the page where a person consents: this one does so at once."""
        self.asked_scopes.append(asked["scope"])
        if self.denies:
            back = {"error": "access_denied", "state": asked["state"]}
            return Answered(302, {}, f"{asked['redirect_uri']}?{urlencode(back)}")
        assert asked["client_id"] == CLIENT_ID
        code = secrets.token_hex(8)
        self._codes.add(code)
        back = {"code": code, "state": asked["state"], "scope": asked["scope"]}
        return Answered(302, {}, f"{asked['redirect_uri']}?{urlencode(back)}")

    def grant(self, asked: Mapping[str, str]) -> Answered:
        """Exchange something for an access token."""
        if asked.get("grant_type") == _JWT_BEARER:
            return self._grant_robot(asked["assertion"])
        if (asked.get("client_id"), asked.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            return Answered(401, {"error": "invalid_client", "error_description": "Unauthorized"})
        if asked["grant_type"] == "authorization_code" and asked["code"] in self._codes:
            more = {"refresh_token": self.refresh_token, "scope": self.asked_scopes[-1]}
            return self._granted(PERSON, more)
        if asked.get("refresh_token") == self.refresh_token:
            return self._granted(PERSON)
        return Answered(400, {"error": "invalid_grant", "error_description": "Token has been revoked."})

    def _grant_robot(self, assertion: str) -> Answered:
        head, claims, signature = assertion.split(".")
        try:
            self.key.public_key().verify(
                _decoded(signature), f"{head}.{claims}".encode(), padding.PKCS1v15(), hashes.SHA256()
            )
        except InvalidSignature:
            return Answered(400, {"error": "invalid_grant", "error_description": "Invalid JWT Signature."})
        told = json.loads(_decoded(claims))
        assert (told["iss"], told["aud"]) == (ROBOT, _AUDIENCE)
        assert told["iat"] - 60 < time.time() < told["exp"] <= told["iat"] + 3600
        self.asked_scopes.append(told["scope"])
        who = told.get("sub", ROBOT)
        if who not in {ROBOT, *self.delegates_to}:
            return Answered(401, {"error": "unauthorized_client", "error_description": "Not delegated."})
        return self._granted(who)

    def _granted(self, who: str, more: Mapping[str, str] | None = None) -> Answered:
        token = secrets.token_hex(8)
        self.tokens[token] = who
        return Answered(
            200, {"access_token": token, "token_type": "Bearer", "expires_in": 3599, **(more or {})}
        )


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _written(file: Path, told: Mapping[str, Any]) -> Path:
    file.write_text(json.dumps(told), encoding="utf-8")
    return file
