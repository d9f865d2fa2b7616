"""How long somebody who was called asks to be left alone. Source: RFC 9110, 10.2.3."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def retry_after_seconds(headers: Mapping[str, str], now: datetime) -> float | None:
    """Read the seconds, or the date, of an answer's `Retry-After`; None where it says nothing.

    Args:
        headers: by name in lower case.
        now: with its time zone.
    """
    asked = headers.get("retry-after", "").strip()
    if asked.isascii() and asked.isdecimal():
        return float(asked[:12])
    try:
        date = parsedate_to_datetime(asked)
    except (ValueError, OverflowError):
        return None
    return max(0.0, (date.replace(tzinfo=date.tzinfo or UTC) - now).total_seconds())
