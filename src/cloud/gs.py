"""Links to objects in Google Cloud Storage that are valid for a while."""

from datetime import timedelta
from typing import Any

from google.auth.credentials import Signing
from google.cloud import storage

from ..settings import Settings
from .google import STORAGE_SCOPE, WrongCredentials, google_credentials

#: Longest time that a link of this kind is valid. Source: Google Cloud Storage, "Signed URLs".
MAX_SECONDS = 604_800
_ENDPOINT = "https://storage.googleapis.com"
#: Signing needs none, but without one the library asks the metadata server.
_PROJECT = "-"


def signed_url(settings: Settings, bucket: str, key: str, seconds: int) -> str:
    """Sign a link for fetching an object; this is done here, and nobody is asked whether it exists.

    Raises:
        WrongCredentials: there are none, or none that can sign.
    """
    credentials: Any = google_credentials(settings, STORAGE_SCOPE)
    if not isinstance(credentials, Signing):
        raise WrongCredentials(
            "these credentials for Google cannot sign links to Cloud Storage: set"
            " NEUROSHORTS_GOOGLE_CREDENTIALS_FILE to the key of a service account"
        )
    client = storage.Client(project=_PROJECT, credentials=credentials)
    link: str = (
        client.bucket(bucket)
        .blob(key)
        .generate_signed_url(
            version="v4",
            method="GET",
            expiration=timedelta(seconds=min(seconds, MAX_SECONDS)),
            credentials=credentials,
            api_access_endpoint=settings.gs_endpoint_url.rstrip("/") or _ENDPOINT,
        )
    )
    return link
