"""What links and webhooks are signed with: set by the operator, or made once and kept in the data folder."""

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from ..errors import NeuroShortsError
from ..settings import PREFIX, Settings

_FILE_NAME = "secret_key"
_BYTES = 32
#: Keeps the derived secret apart from all else that is made of the same one.
_WEBHOOKS = b"neuroshorts webhook secret"


class SecretUnusable(NeuroShortsError):
    """The kept secret cannot be read or made."""

    code = "secret_unusable"

    def __init__(self, file: Path, reason: str) -> None:
        super().__init__(f"{file}: {reason}; mend or delete it, or set {PREFIX}SECRET_KEY")


def signing_secret(settings: Settings) -> bytes:
    """Return the secret; make one that all processes on this data folder share if there is none.

    Raises:
        SecretUnusable: the file can be neither read nor made, or is damaged.
    """
    if given := settings.secret_key.get_secret_value():
        return given.encode()
    file = settings.data_dir / _FILE_NAME
    try:
        if not file.exists():
            _make(file)
        kept = file.read_bytes()
    except OSError as error:
        raise SecretUnusable(file, error.strerror or str(error)) from error
    if len(kept) != 2 * _BYTES:
        raise SecretUnusable(file, "is damaged")
    return kept


def webhook_secret(settings: Settings) -> str:
    """Return what calls of webhooks are signed with: the operator's own, or one derived from the secret.

    Raises:
        SecretUnusable: it is to be derived from a file that can be neither read nor made, or is damaged.
    """
    given = settings.webhook_secret.get_secret_value()
    return given or hmac.digest(signing_secret(settings), _WEBHOOKS, hashlib.sha256).hex()


def _make(file: Path) -> None:
    """Put a new secret in place whole, unless another process was first."""
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f".{_FILE_NAME}-{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(secrets.token_hex(_BYTES))
            out.flush()
            os.fsync(out.fileno())
        os.link(beside, file)
    except FileExistsError:
        pass
    finally:
        beside.unlink(missing_ok=True)
