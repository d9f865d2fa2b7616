"""What the head of an answer says about a medium, and what is asked of the next one."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NamedTuple, Self
from urllib.parse import urljoin

from ..network.failures import StrangeAnswer
from ..network.retry_after import retry_after_seconds
from .failures import AccessRefused, NotFound, NotServed, Packed, ServerBroken, TooLarge, WrongType

_CONTENT_RANGE = re.compile(r"bytes (\d{1,18})-\d{1,18}/(\d{1,18}|\*)")
_NUMBER = re.compile(r"\d{1,18}")
_REDIRECTIONS = frozenset({301, 302, 303, 307, 308})
#: Answers of servers that are busy, or do not know better at this time.
_FOR_NOW = frozenset({408, 416, 421, 425, 429})
#: Errors of servers that will answer the same next time: they do not know how, or want something else first.
_FOR_EVER = frozenset({501, 505, 506, 510, 511})
#: What servers send where somebody has to log in or a file is gone; never a picture, a film or sound.
_PAGES = frozenset({"text/html", "application/xhtml+xml", "application/json"})

_NAMES = {"image": "a picture", "video": "a film", "sound": "sound", "font": "a font", "model": "a model"}


class Validators(NamedTuple):
    """What tells one version of a medium from others."""

    etag: str = ""
    last_modified: str = ""

    def conditions(self) -> dict[str, str]:
        """Ask for it only if it is another one by now."""
        told = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in told.items() if value}

    def can_resume(self) -> bool:
        """Tell whether the rest of this very version can be asked for; dates are too coarse for that."""
        return bool(self.etag) and not self.etag.startswith("W/")


class Head(NamedTuple):
    """Status and headers."""

    host: str
    status: int
    headers: Mapping[str, str]
    """By name in lower case."""

    def target(self, url: str) -> str | None:
        """Tell where it is instead, if it is somewhere else.

        Raises:
            StrangeAnswer: somewhere that is no place.
        """
        location = self.headers.get("location")
        if location is None or self.status not in _REDIRECTIONS:
            return None
        try:
            # Servers write letters that no header may hold as browsers read them: in UTF-8.
            return urljoin(url, location.encode("latin-1").decode("utf-8", "replace"))
        except ValueError as error:
            raise StrangeAnswer(self.host, "it redirects to what is no URL") from error

    @property
    def validators(self) -> Validators:
        """What tells this version from others."""
        return Validators(self.headers.get("etag", ""), self.headers.get("last-modified", ""))

    @property
    def tells_its_end(self) -> bool:
        """Whether a body that was cut can be told from a whole one."""
        return "content-length" in self.headers or "transfer-encoding" in self.headers

    def refuse_other_than(self, kind: str) -> None:
        """Refuse an answer that brings no medium.

        Raises:
            NotFound, AccessRefused, NotServed, Packed, WrongType: it never will.
            CallFailed: it may later.
        """
        status = self.status
        if status in _FOR_NOW or (status >= 500 and status not in _FOR_EVER):
            asked_seconds = retry_after_seconds(self.headers, datetime.now(UTC))
            raise ServerBroken(self.host, status, asked_seconds or 0.0)
        if status in (404, 410):
            raise NotFound(status)
        if status in (401, 403, 407):
            raise AccessRefused(status)
        if status not in (200, 206):
            raise NotServed(status)
        coding = self.headers.get("content-encoding", "identity").strip().lower()
        if coding not in ("", "identity"):
            raise Packed(coding)
        content_type = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        # What is said about a model is JSON.
        if content_type in _PAGES and (kind, content_type) != ("model", "application/json"):
            raise WrongType(f"{content_type!r} by its Content-Type", _NAMES.get(kind, "a medium"))


class Extent(NamedTuple):
    """Which bytes of a medium an answer brings."""

    start: int
    size_bytes: int | None
    """Of the whole medium; None if that is not told."""

    @classmethod
    def of(cls, head: Head) -> Self:
        """Read it from the head.

        Raises:
            StrangeAnswer: it contradicts itself.
        """
        if head.status != 206:
            told = head.headers.get("content-length", "")
            return cls(0, int(told) if _NUMBER.fullmatch(told) else None)
        found = _CONTENT_RANGE.fullmatch(head.headers.get("content-range", ""))
        if not found:
            raise StrangeAnswer(head.host, "a part without a Content-Range")
        return cls(int(found[1]), None if found[2] == "*" else int(found[2]))

    def refuse_larger(self, most_bytes: int) -> None:
        """Refuse what says itself that it is too large.

        Raises:
            TooLarge: it does.
        """
        if self.size_bytes is not None and self.size_bytes > most_bytes:
            raise TooLarge(self.size_bytes, most_bytes)
