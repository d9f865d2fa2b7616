"""What Google Drive answers, and what that means for a delivery."""

import json
import re
from typing import Any, Literal, NamedTuple

from ..errors import DeliveryFailed, DestinationAway, NeuroShortsError

#: Ours for each reason of theirs that stays. Source: Google Drive API, "Resolve errors".
_FINAL = {
    "authError": "wrong_credentials",
    "insufficientPermissions": "no_rights",
    "insufficientFilePermissions": "no_rights",
    "insufficientParentPermissions": "no_rights",
    "appNotAuthorizedToFile": "no_rights",
    "accessNotConfigured": "no_rights",
    "forbidden": "no_rights",
    "storageQuotaExceeded": "drive_full",
    "teamDriveFileLimitExceeded": "drive_full",
    "numChildrenInNonRootLimitExceeded": "drive_full",
    "notFound": "missing_folder",
}
#: Reasons of refusals of the kind 4xx that pass.
_PASSING = {"rateLimitExceeded", "userRateLimitExceeded", "sharingRateLimitExceeded", "dailyLimitExceeded"}
_TOLD = {
    "wrong_credentials": "Google refuses the credentials: the operator makes them anew, with"
    " `neuroshorts delivery google-login` or as a key of a service account",
    "no_rights": "the credentials do not allow this: share the folder with whom they belong to, as an editor,"
    " and enable the Drive API in their project",
    "drive_full": "there is no room: a service account has no storage of its own, it needs a folder of a"
    " shared drive or a person to act for (NEUROSHORTS_GDRIVE_SUBJECT); a person makes room",
    "missing_folder": "there is no such folder, or it is not shared with whom the credentials belong to",
    "sharing_forbidden": "its link may not be opened to anyone there: say share: private, or have the"
    " administrator of the domain or the shared drive allow it",
    "delivery_refused": "Google refuses the request: look at its message",
}
_UNAUTHORIZED, _NOT_FOUND, _TIMEOUT, _TOO_MANY_REQUESTS = 401, 404, 408, 429
_RECEIVED = re.compile(r"bytes=0-(\d+)")


class Answer(NamedTuple):
    """An answer over HTTP."""

    status: int
    body: bytes = b""
    location: str = ""
    range: str = ""

    @property
    def told(self) -> dict[str, Any]:
        """Its body, if that is a JSON object."""
        try:
            told = json.loads(self.body)
        except ValueError:
            return {}
        return told if isinstance(told, dict) else {}


class Progress(NamedTuple):
    """Where an upload stands after an answer."""

    state: Literal["done", "goes_on", "expired", "broken"]
    received_bytes: int = 0


def progress_after(answer: Answer, size_bytes: int, where: str) -> Progress:
    """Tell where an upload stands. Source: Google Drive API, "Resumable upload".

    Raises:
        DestinationAway: it is too busy, or tells nonsense.
        DeliveryFailed: it refuses.
    """
    match answer.status:
        case 200 | 201:
            return Progress("done", size_bytes)
        case 308:
            received = _RECEIVED.fullmatch(answer.range)
            received_bytes = int(received[1]) + 1 if received else 0
            if received_bytes > size_bytes:
                raise DestinationAway(where, "it claims more bytes than there are")
            return Progress("goes_on", received_bytes)
        case 404 | 410 | 499:
            return Progress("expired")
        case status if status >= 500 or status == _TIMEOUT:
            return Progress("broken")
    raise meaning(answer, where)


def meaning(answer: Answer, where: str) -> NeuroShortsError:
    """Tell what a refusal means: whether to try again, and what to do about it."""
    reason, message = _reason(answer)
    told = f"{answer.status} {reason} {message}".strip()
    if answer.status >= 500 or answer.status in (_TIMEOUT, _TOO_MANY_REQUESTS) or reason in _PASSING:
        return DestinationAway(where, told)
    by_status = {_UNAUTHORIZED: "wrong_credentials", _NOT_FOUND: "missing_folder"}.get(answer.status)
    return failed(_FINAL.get(reason) or by_status or "delivery_refused", where, told)


def meaning_for_sharing(answer: Answer, where: str) -> NeuroShortsError:
    """Tell what it means that a link was not opened to anyone."""
    error = meaning(answer, where)
    if error.code in ("delivery_refused", "no_rights"):
        reason, message = _reason(answer)
        return failed("sharing_forbidden", where, f"{answer.status} {reason} {message}".strip())
    return error


def failed(code: str, where: str, reason: str) -> DeliveryFailed:
    """Make the error of a code."""
    return DeliveryFailed(code, f"cannot deliver to {where}: {_TOLD[code]} ({reason})")


def _reason(answer: Answer) -> tuple[str, str]:
    error = answer.told.get("error")
    if not isinstance(error, dict):
        return "", ""
    each = error.get("errors")
    first = each[0] if isinstance(each, list) and each and isinstance(each[0], dict) else {}
    return str(first.get("reason", "")), str(error.get("message", ""))
