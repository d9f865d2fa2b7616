"""Credentials for Google's services."""

import json
import os
from pathlib import Path
from typing import Any

import google.auth
from google.auth.credentials import Credentials
from google.auth.exceptions import GoogleAuthError
from google.oauth2 import credentials as people
from google.oauth2 import service_account

from ..errors import NeuroShortsError
from ..settings import Settings

#: Reading and writing in Drive. The narrower `drive.file` sees no folder that somebody made by hand.
DRIVE_SCOPE = "https://www.googleapis.com/auth/drive"
#: Reading objects of Cloud Storage.
STORAGE_SCOPE = "https://www.googleapis.com/auth/devstorage.read_only"
#: Where refresh tokens are exchanged, unless a file names another place.
TOKEN_URL = "https://oauth2.googleapis.com/token"

#: Type of a file that holds the key of a service account, and of one that a person consented to.
_SERVICE_ACCOUNT, _PERSON = "service_account", "authorized_user"
#: Tells Google's libraries of a file. Source: Google Cloud, "How Application Default Credentials works".
_DEFAULT_FILE = "GOOGLE_APPLICATION_CREDENTIALS"
_WHAT_TO_SET = (
    "set NEUROSHORTS_GOOGLE_CREDENTIALS_FILE to the key of a service account, or to what"
    " `neuroshorts delivery google-login` wrote"
)
_TRIPLE = (
    "NEUROSHORTS_GDRIVE_CLIENT_ID, NEUROSHORTS_GDRIVE_CLIENT_SECRET and NEUROSHORTS_GDRIVE_REFRESH_TOKEN"
)


class WrongCredentials(NeuroShortsError):
    """The operator's credentials are missing, unreadable or of no use for this."""

    code = "wrong_credentials"


def drive_credentials(settings: Settings) -> Credentials:
    """Make the credentials with which films are put into Drive; ask nobody yet.

    Raises:
        WrongCredentials: there are none, or they cannot be read.
    """
    triple = (
        settings.gdrive_client_id,
        settings.gdrive_client_secret.get_secret_value(),
        settings.gdrive_refresh_token.get_secret_value(),
    )
    if all(triple):
        client_id, client_secret, refresh_token = triple
        return _person(
            {"client_id": client_id, "client_secret": client_secret, "refresh_token": refresh_token}
        )
    if any(triple):
        raise WrongCredentials(f"set all of {_TRIPLE}, or none of them")
    return google_credentials(settings, DRIVE_SCOPE, settings.gdrive_subject)


def google_credentials(settings: Settings, scope: str, subject: str = "") -> Credentials:
    """Make credentials from the file that the operator named, to himself or to Google's libraries.

    The metadata server of Google's machines is never asked: elsewhere that lookup hangs.

    Raises:
        WrongCredentials: there are none, or they cannot be read.
    """
    file = settings.google_credentials_file
    if file:
        return _from_file(file, scope, subject)
    if not os.environ.get(_DEFAULT_FILE):
        raise WrongCredentials(f"there are no credentials for Google: {_WHAT_TO_SET}")
    try:
        found, _ = google.auth.default(scopes=[scope])
    except (GoogleAuthError, ValueError) as error:
        raise WrongCredentials(f"cannot use the file in {_DEFAULT_FILE} ({error}): {_WHAT_TO_SET}") from error
    return _acting_for(found, subject)


def _from_file(file: Path, scope: str, subject: str) -> Credentials:
    told = _read(file)
    try:
        if told.get("type") == _SERVICE_ACCOUNT:
            account: Any = service_account.Credentials
            return _acting_for(account.from_service_account_info(told, scopes=[scope]), subject)
        if told.get("type") == _PERSON:
            return _acting_for(_person(told), subject)
    except (GoogleAuthError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise WrongCredentials(
            f"cannot use the credentials in {str(file)!r} ({error}): make them anew"
        ) from error
    known = f"{_SERVICE_ACCOUNT!r} or {_PERSON!r}"
    raise WrongCredentials(f"{str(file)!r} is of the type {told.get('type')!r}, not {known}: {_WHAT_TO_SET}")


def _read(file: Path) -> dict[str, Any]:
    try:
        told = json.loads(file.read_bytes())
    except (OSError, ValueError) as error:
        raise WrongCredentials(f"cannot read {str(file)!r} ({error}): {_WHAT_TO_SET}") from error
    if not isinstance(told, dict):
        raise WrongCredentials(f"{str(file)!r} holds no credentials: {_WHAT_TO_SET}")
    return told


def _person(told: dict[str, Any]) -> Credentials:
    # Naming scopes here would ask for more than the person may have consented to, which is refused.
    make: Any = people.Credentials
    made: Credentials = make(
        None,
        refresh_token=told["refresh_token"],
        token_uri=told.get("token_uri") or TOKEN_URL,
        client_id=told["client_id"],
        client_secret=told["client_secret"],
    )
    return made


def _acting_for(found: Any, subject: str) -> Credentials:
    if not subject:
        made: Credentials = found
        return made
    if not isinstance(found, service_account.Credentials):
        raise WrongCredentials(
            "only a service account acts for somebody else: leave NEUROSHORTS_GDRIVE_SUBJECT empty, or "
            + _WHAT_TO_SET
        )
    stand_in: Any = found
    made = stand_in.with_subject(subject)
    return made
