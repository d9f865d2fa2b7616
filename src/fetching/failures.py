"""Why a medium could not be fetched."""

from ..errors import CallFailed, RejectedJob
from ..models.progress import Setback


class NotFound(RejectedJob):
    """There is nothing at the URL."""

    code = "not_found"

    def __init__(self, status: int) -> None:
        super().__init__(f"there is nothing there (HTTP {status}): mend the URL")


class AccessRefused(RejectedJob):
    """The server wants to know who asks."""

    code = "forbidden"

    def __init__(self, status: int) -> None:
        super().__init__(
            f"the server does not let us (HTTP {status}): make it public, or take a presigned URL"
            " that has not expired"
        )


class NotServed(RejectedJob):
    """The server answers that it will not give the medium."""

    code = "not_served"

    def __init__(self, status: int) -> None:
        super().__init__(f"the server answers with HTTP {status}: see whether the URL opens in a browser")


class TooManyRedirects(RejectedJob):
    """The URL leads from one place to the next."""

    code = "too_many_redirects"

    def __init__(self, most: int) -> None:
        super().__init__(f"it is redirected more than {most} times: name the URL that it ends at")


class WrongSha256(RejectedJob):
    """The bytes are others than the manifest says."""

    code = "wrong_sha256"

    def __init__(self, expected: str, found: str) -> None:
        super().__init__(
            f"its bytes have the sha256 {found}, the asset manifest says {expected}: mend the"
            " manifest, or put the right file there"
        )


class WrongType(RejectedJob):
    """It is something else than the job uses it as."""

    code = "wrong_type"

    def __init__(self, found: str, wanted: str) -> None:
        super().__init__(f"it is {found}, not {wanted}: name the file itself, not a page about it")


class WrongKind(RejectedJob):
    """An asset that is something else than the job uses it as."""

    code = "wrong_type"

    def __init__(self, kind: str, wanted: str) -> None:
        super().__init__(f"it is of the kind {kind!r}, and used as {wanted}: name another asset")


class AssetAway(RejectedJob):
    """An asset that should be on this machine."""

    code = "missing_file"

    def __init__(self) -> None:
        super().__init__("its file is not where the manifest says: the operator has to put it there")


class TooLarge(RejectedJob):
    """More bytes than the limits allow."""

    code = "media_too_large"

    def __init__(self, size_bytes: int, limit_bytes: int) -> None:
        super().__init__(
            f"it has {size_bytes:,} bytes or more; the limit is {limit_bytes:,}"
            " (NEUROSHORTS_MAX_MEDIA_BYTES): use a smaller file"
        )


class Truncated(CallFailed):
    """The connection ended before the medium did."""

    code = "truncated"

    def __init__(self, host: str, had_bytes: int, size_bytes: int | None) -> None:
        of = f" of {size_bytes:,}" if size_bytes else ""
        super().__init__(
            f"the connection to {host!r} ended after {had_bytes:,} bytes{of}: see what its server says"
        )


class TooSlow(CallFailed):
    """It comes in more slowly than anybody can wait."""

    code = "too_slow"

    def __init__(self, host: str, had_bytes: int) -> None:
        super().__init__(
            f"{host!r} is too slow, {had_bytes:,} bytes have come so far: try again later, or put it"
            " elsewhere"
        )


class ServerBroken(CallFailed):
    """The server has trouble of its own."""

    code = "server_error"

    def __init__(self, host: str, status: int, retry_after_seconds: float = 0.0) -> None:
        later = f"in {retry_after_seconds:.0f} s, as it asks" if retry_after_seconds else "later"
        super().__init__(f"{host!r} has trouble (HTTP {status}): try again {later}")
        self.retry_after_seconds = retry_after_seconds


class Packed(RejectedJob):
    """The body was compressed on the way although nobody asked for that."""

    code = "wrong_type"

    def __init__(self, coding: str) -> None:
        super().__init__(
            f"the server compresses it ({coding[:40]!r}) unasked: have it send the file as it is"
        )


class HeldUp(CallFailed):
    """Another job fetches the same, and does not come to an end."""

    code = "too_slow"

    def __init__(self, seconds: float) -> None:
        super().__init__(f"another job has been fetching it for more than {seconds:g} s: try again later")


def setback_of(failure: CallFailed, pause_seconds: float) -> Setback:
    """Tell a failure after which there is another attempt, by its host: a URL may be a secret."""
    return Setback(failure.code, f"{failure.message}; next attempt in {round(pause_seconds, 2):g} s")
