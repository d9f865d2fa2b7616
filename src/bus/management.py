"""The HTTP interface of RabbitMQ's management plugin, which takes queues and policies in."""

import base64
import json
import time
import urllib.error
import urllib.request
from typing import Any

import pika

from ..errors import NeuroShortsError
from .failures import BrokerAway

#: Seconds for one request.
_SECONDS = 10.0
_PAUSE_SECONDS = 0.5


class ManagementRefused(NeuroShortsError):
    """The operator's fault: the interface does not take what it was sent."""

    code = "broker_management_refused"

    def __init__(self, url: str, status: int) -> None:
        why = "the user of NEUROSHORTS_BROKER_URL needs the tag administrator" if status in (401, 403) else ""
        super().__init__(f"{url} answers with HTTP {status}: {why or 'see the log of the broker'}")


def import_definitions(
    url: str, user: pika.ConnectionParameters, definitions: dict[str, Any], patience_seconds: float
) -> None:
    """Make queues and policies, or change them; what is not named stays.

    Raises:
        BrokerAway: nobody answered in time.
        ManagementRefused: the definitions were not taken.
    """
    password = f"{user.credentials.username}:{user.credentials.password}"
    headers = {
        "Authorization": "Basic " + base64.b64encode(password.encode()).decode(),
        "Content-Type": "application/json",
    }
    place = f"{url.rstrip('/')}/api/definitions"
    asked = urllib.request.Request(place, json.dumps(definitions).encode(), headers, method="POST")
    until = time.monotonic() + patience_seconds
    while True:
        try:
            with urllib.request.urlopen(asked, timeout=_SECONDS):
                return
        except urllib.error.HTTPError as error:
            raise ManagementRefused(place, error.code) from error
        except OSError as error:
            if time.monotonic() >= until:
                raise BrokerAway(f"{place}: {error}") from error
        time.sleep(_PAUSE_SECONDS)
