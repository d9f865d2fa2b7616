"""API keys: made, listed, revoked, and found again by what a caller presents."""

import hashlib
import re
import secrets
from enum import StrEnum
from hmac import compare_digest
from typing import Any, NamedTuple

import sqlalchemy as sa

from ..errors import RejectedJob
from .jobs.database import WRITES
from .jobs.rows import now_ms
from .jobs.tables import api_key

_ID_BYTES, _SECRET_BYTES = 8, 32
_TEXT = re.compile(r"ns_(?P<id>[0-9a-f]{16})_(?P<secret>[A-Za-z0-9_-]{43})")
#: Letters of a name or an owner: as many as the column of owners holds.
_MOST_LETTERS = 64
#: What no secret has as its digest: compared with when there is no key, so that both take the same time.
_NO_DIGEST = "-" * 64


class UnknownKey(RejectedJob):
    """No API key of that id."""

    code = "unknown_key"

    def __init__(self, id: str) -> None:
        super().__init__(f"there is no key {id[:80]!r}: `neuroshorts keys list` names them by their ids")


class WrongKeyName(RejectedJob):
    """A name or an owner that no API key can have."""

    code = "wrong_key_name"

    def __init__(self, name: str, most_letters: int) -> None:
        super().__init__(f"{name[:80]!r} is no name for a key: take 1 to {most_letters} printable letters")


class WrongKeyText(RejectedJob):
    """What is said to be an API key and is none that can be kept."""

    code = "wrong_key_text"

    def __init__(self) -> None:
        super().__init__(
            "this is no key that can be kept: it reads ns_, 16 hexadecimal digits, _ and 43 letters of"
            " base64url, and its digits belong to no other key"
        )


class Scope(StrEnum):
    """What a key is good for."""

    SUBMIT = "submit"
    """Handing jobs in; alone, it sees nothing, not even those jobs."""
    READ = "read"
    """Seeing its owner's jobs and films; with `submit`, also cancelling and retrying them."""
    ADMIN = "admin"
    """Everything, and with everybody's jobs."""


DEFAULT_SCOPES = (Scope.SUBMIT, Scope.READ)


class OwnLimits(NamedTuple):
    """Limits of one key: 0 is none, and None leaves it to the operator's settings."""

    requests_a_minute: int | None = None
    queued_jobs: int | None = None
    render_seconds_a_day: int | None = None


class KeyOrder(NamedTuple):
    """A key that is wanted."""

    name: str
    """For people: who or what carries it."""
    owner: str = ""
    """Whose jobs it hands in and sees; empty means its name. Several keys may have one owner."""
    scopes: tuple[Scope, ...] = DEFAULT_SCOPES
    limits: OwnLimits = OwnLimits()


class ApiKey(NamedTuple):
    """A key as it is kept, which is without its secret."""

    id: str
    name: str
    owner: str
    scopes: tuple[Scope, ...]
    created_ms: int
    revoked_ms: int | None
    limits: OwnLimits


class KeyRing:
    """Keeps the keys; safe to use from any thread and process."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._writing = engine.execution_options(**{WRITES: True})

    def create(self, order: KeyOrder) -> tuple[ApiKey, str]:
        """Make a key; its text is told here and never again.

        Raises:
            WrongKeyName: its name or its owner is empty, too long, or cannot be printed.
        """
        text = f"ns_{secrets.token_hex(_ID_BYTES)}_{secrets.token_urlsafe(_SECRET_BYTES)}"
        return self.adopt(order, text), text

    def adopt(self, order: KeyOrder, text: str) -> ApiKey:
        """Keep a key whose text was made elsewhere; one that is kept already stays as it is.

        Raises:
            WrongKeyName: its name or its owner is empty, too long, or cannot be printed.
            WrongKeyText: the text is none of a key, or has the id of another one.
        """
        owner, told = order.owner or order.name, _TEXT.fullmatch(text)
        for name in (order.name, owner):
            if not (name.strip() and name.isprintable() and len(name) <= _MOST_LETTERS):
                raise WrongKeyName(name, _MOST_LETTERS)
        if told is None:
            raise WrongKeyText
        scopes = tuple(scope for scope in Scope if scope in order.scopes)
        key = ApiKey(told["id"], order.name, owner, scopes, now_ms(), None, order.limits)
        values = _values_of(key) | {"secret_sha256": _digest(told["secret"])}
        try:
            with self._writing.begin() as connection:
                connection.execute(api_key.insert().values(**values))
        except sa.exc.IntegrityError as error:
            kept = self.find(text)
            if kept is None:
                raise WrongKeyText from error
            return kept
        return key

    def all(self) -> tuple[ApiKey, ...]:
        """List all keys, the oldest first; those that were revoked, too."""
        query = sa.select(api_key).order_by(api_key.c.created_ms, api_key.c.id)
        with self._engine.connect() as connection:
            return tuple(_key_of(row) for row in connection.execute(query).mappings())

    def revoke(self, id: str) -> ApiKey:
        """Make a key useless from now on; one that is so already stays as it is.

        Raises:
            UnknownKey: there is none of that id.
        """
        with self._writing.begin() as connection:
            valid = (api_key.c.id == id, api_key.c.revoked_ms.is_(None))
            connection.execute(api_key.update().where(*valid).values(revoked_ms=now_ms()))
            row = connection.execute(_NAMED, {"id": id}).mappings().one_or_none()
        if row is None:
            raise UnknownKey(id)
        return _key_of(row)

    def find(self, text: str) -> ApiKey | None:
        """Find the key of a text that a caller presents, revoked or not; None when it is no key's."""
        presented = _TEXT.fullmatch(text)
        if presented is None:
            return None
        with self._engine.connect() as connection:
            row = connection.execute(_NAMED, {"id": presented["id"]}).mappings().one_or_none()
        digest = row["secret_sha256"] if row else _NO_DIGEST
        is_its_secret = compare_digest(digest, _digest(presented["secret"]))
        return _key_of(row) if row and is_its_secret else None


#: Asked with every request, and so built once.
_NAMED = sa.select(api_key).where(api_key.c.id == sa.bindparam("id"))


def _digest(secret: str) -> str:
    """Digest a secret for keeping: of 256 random bits nobody tries all, so the digest need not be slow."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _values_of(key: ApiKey) -> dict[str, Any]:
    told = key._asdict() | key.limits._asdict()
    del told["limits"]
    return told | {"scopes": [scope.value for scope in key.scopes]}


def _key_of(row: sa.RowMapping) -> ApiKey:
    limits = OwnLimits(*(row[name] for name in OwnLimits._fields))
    told = {name: row[name] for name in ApiKey._fields if name not in {"limits", "scopes"}}
    return ApiKey(**told, scopes=tuple(map(Scope, row["scopes"])), limits=limits)
