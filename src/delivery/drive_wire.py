"""Calls of Google Drive that a delivery need not wait for to the end."""

import json
import logging
import threading
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import cached_property
from typing import Any, NamedTuple

from google.auth.credentials import Credentials
from google.auth.exceptions import GoogleAuthError, RefreshError, TransportError
from google.auth.transport.requests import AuthorizedSession
from requests import RequestException, Session
from requests.exceptions import InvalidSchema, InvalidURL, MissingSchema

from ..errors import DestinationAway, NeuroShortsError
from ..stopping import apart
from .drive_answers import Answer, failed
from .round import BEFORE_DELIVERY, Halt

_log = logging.getLogger(__name__)

#: Seconds for connecting or for sending one block, and for an answer: that to the last bytes of a large film
#: takes Drive a while.
CONNECT_SECONDS, ANSWER_SECONDS = 10.0, 60.0
#: Seconds that taking an upload back may take.
FAREWELL_SECONDS = 1.0


class Wire:
    """The way to Drive, for one thread at a time."""

    def __init__(self, credentials: Credentials, endpoint_url: str, where: str) -> None:
        self._credentials = credentials
        self._endpoint_url = endpoint_url.rstrip("/")
        self.where = where
        """What errors call the place."""

    def call(
        self,
        halt: Halt,
        method: str,
        url: str,
        *,
        query: Mapping[str, str] | None = None,
        told: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        content: Iterable[bytes] | None = None,
    ) -> Answer:
        """Send a request to a path of Drive, or to a URL that it gave.

        Raises:
            DestinationAway: there is no answer.
            DeliveryFailed: the credentials are refused.
            Interrupted: `halt` was set; the request is left to itself.
        """
        sent = dict(headers or {})
        body: Iterable[bytes] | bytes | None = content
        if told is not None:
            sent["Content-Type"] = "application/json; charset=UTF-8"
            body = json.dumps(told).encode()
        request = _Request(method, url if "://" in url else self._endpoint_url + url, query, sent, body)
        return apart(lambda: self._send(self._session, request), halt, name="drive", before=BEFORE_DELIVERY)

    def take_back(self, url: str) -> None:
        """End an upload, unless Drive takes too long for that: then it ends by itself, after a week."""
        over = threading.Event()

        def delete() -> None:
            with suppress(NeuroShortsError):
                # Another session: a call that was left to itself may still use the other one.
                self._send(_session_of(self._credentials), _Request("DELETE", url))
                _log.info("upload_taken_back")
            over.set()

        threading.Thread(target=delete, name="farewell", daemon=True).start()
        over.wait(FAREWELL_SECONDS)

    @cached_property
    def _session(self) -> Session:
        return _session_of(self._credentials)

    def _send(self, session: Session, request: "_Request") -> Answer:
        try:
            answer = session.request(
                request.method,
                request.url,
                params=request.query,
                headers=request.headers,
                data=request.body,
                timeout=(CONNECT_SECONDS, ANSWER_SECONDS),
                allow_redirects=False,
            )
        except (MissingSchema, InvalidSchema, InvalidURL) as error:
            raise failed("delivery_refused", self.where, type(error).__name__) from error
        except (RequestException, TransportError) as error:
            # Its text has the URL, and whoever has that of an upload may write there.
            raise DestinationAway(self.where, type(error).__name__) from None
        except GoogleAuthError as error:
            if isinstance(error, RefreshError) and error.retryable:
                raise DestinationAway(self.where, "no access token") from error
            reason = str(error.args[0] if error.args else error)
            raise failed("wrong_credentials", self.where, reason) from error
        told = answer.headers
        return Answer(answer.status_code, answer.content, told.get("Location", ""), told.get("Range", ""))


class _Request(NamedTuple):
    method: str
    url: str
    query: Mapping[str, str] | None = None
    headers: dict[str, str] | None = None
    body: Iterable[bytes] | bytes | None = None


def _session_of(credentials: Credentials) -> Session:
    make: Any = AuthorizedSession
    made: Session = make(credentials)
    return made
