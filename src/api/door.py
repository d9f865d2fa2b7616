"""Who is let in: with a key, or without one where that is allowed."""

import ipaddress
import time
from collections.abc import Callable, Iterator
from enum import Enum
from typing import NamedTuple
from urllib.parse import urlsplit

from ..settings import KeysRequired, Settings
from ..store.jobs.quotas import Quota
from ..store.keys import ApiKey, KeyRing, OwnLimits, Scope
from .pace import Pace
from .problems import Refusal

_HOW = "send it as `Authorization: Bearer ns_...` or `X-API-Key: ns_...`"
_MAKE_ONE = "`neuroshorts keys create NAME` makes one"


class Entry(Enum):
    """Who is let in without a key."""

    NOBODY = "nobody"
    THIS_MACHINE = "this machine"
    """Whoever asks for this machine, or the public address, by name. The page of another site, which can have
    its own name lead here, names itself."""
    ANYBODY = "anybody"


def entry_for(required: KeysRequired, unasked: Entry) -> Entry:
    """Decide who is let in without a key; `unasked` suits the address where nobody said."""
    if required == "auto":
        return unasked
    return Entry.NOBODY if required == "yes" else Entry.ANYBODY


class Caller(NamedTuple):
    """Somebody who was let in."""

    owner: str
    """Whose jobs those are that are handed in."""
    sees: str | None
    """Whose jobs can be seen; None is everybody's."""
    scopes: frozenset[Scope]
    quota: Quota
    key_id: str = ""
    """Empty for who needs none."""
    requests_a_minute: int = 0
    """0: as many as it likes."""


#: A caller without a key, where none is needed.
_ANONYMOUS = Caller("", "", frozenset(Scope), Quota())


class Door:
    """Lets callers in; safe to use from any thread."""

    def __init__(
        self,
        ring: KeyRing,
        entry: Entry,
        settings: Settings,
        clock_ns: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        self.entry = entry
        self._ring = ring
        self._usual = _usual_limits(settings)
        self._public_host = urlsplit(settings.public_url).hostname
        self._pace = Pace(clock_ns)

    def advice(self) -> Iterator[str]:
        """Tell an operator what is likely not meant."""
        if self.entry is Entry.NOBODY and all(key.revoked_ms is not None for key in self._ring.all()):
            yield f"Nobody is let in, since there is no key: {_MAKE_ONE}"
        if self.entry is Entry.THIS_MACHINE and self._public_host and not _is_loopback(self._public_host):
            yield (
                f"Whoever reaches this by the name {self._public_host} needs no key:"
                " NEUROSHORTS_API_KEYS_REQUIRED=yes changes that"
            )

    def admit(self, key_text: str) -> Caller:
        """Let in who presents a key.

        Raises:
            Refusal: 401, it is no key or was revoked; 429, it asked too often.
        """
        key = self._ring.find(key_text)
        if key is None:
            raise _unauthorised("key_invalid", f"this is no key of this service: {_HOW}", "invalid_token")
        if key.revoked_ms is not None:
            raise _unauthorised("key_revoked", f"this key was revoked: {_MAKE_ONE}", "invalid_token")
        limits = _limits_of(key, self._usual)
        seconds = self._pace.wait_seconds(key.id, limits.requests_a_minute or 0)
        if seconds:
            told = f"this key may ask {limits.requests_a_minute} times a minute: ask again in {seconds} s"
            raise Refusal(429, "rate_limited", told, {"Retry-After": str(seconds)})
        return _caller_of(key, limits)

    def count(self, caller: Caller, requests: int) -> None:
        """Count more requests of somebody who was let in with one; what follows waits for all of them."""
        self._pace.count(caller.key_id, caller.requests_a_minute, requests)

    def admit_without_key(self, host: str) -> Caller:
        """Let in who presents none, and asks for a host.

        Raises:
            Refusal: 401, a key is needed; 403, the host is another's.
        """
        if self.entry is Entry.NOBODY:
            raise _unauthorised("key_missing", f"a key is needed: {_HOW}; {_MAKE_ONE}")
        if self.entry is Entry.THIS_MACHINE and not self._is_own(host):
            told = f"{host[:80]!r} is not this machine: set NEUROSHORTS_PUBLIC_URL if it is, or use a key"
            raise Refusal(403, "wrong_host", told)
        return _ANONYMOUS

    def _is_own(self, host: str) -> bool:
        name = _name_in(host)
        return name is not None and (name == self._public_host or _is_loopback(name))


def _unauthorised(code: str, told: str, error: str = "") -> Refusal:
    """Refuse with the challenge that goes with it. Source: RFC 6750, 3."""
    challenge = f'Bearer error="{error}"' if error else "Bearer"
    return Refusal(401, code, told, {"WWW-Authenticate": challenge})


def _usual_limits(settings: Settings) -> OwnLimits:
    return OwnLimits(
        settings.key_requests_a_minute, settings.key_queued_jobs, settings.key_render_seconds_a_day
    )


def _limits_of(key: ApiKey, usual: OwnLimits) -> OwnLimits:
    """Take a key's own limits, and the usual ones where it has none."""
    return OwnLimits(
        *(own if own is not None else other for own, other in zip(key.limits, usual, strict=True))
    )


def _caller_of(key: ApiKey, limits: OwnLimits) -> Caller:
    is_admin = Scope.ADMIN in key.scopes
    scopes = frozenset(Scope) if is_admin else frozenset(key.scopes)
    quota = Quota(limits.queued_jobs or 0, limits.render_seconds_a_day or 0)
    sees = None if is_admin else key.owner
    return Caller(key.owner, sees, scopes, quota, key.id, limits.requests_a_minute or 0)


def _name_in(host: str) -> str | None:
    """Read the name or address in a `Host` header, without its port."""
    try:
        parts = urlsplit(f"//{host}")
        is_plain = parts.netloc == host and "@" not in host and (parts.port is None or parts.port > 0)
    except ValueError:
        return None
    return parts.hostname if is_plain else None


def _is_loopback(name: str) -> bool:
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        # Nobody can have these names lead elsewhere. Source: RFC 6761, 6.3.
        return name == "localhost" or name.endswith(".localhost")
