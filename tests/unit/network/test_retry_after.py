"""What others ask for in `Retry-After`."""

from datetime import UTC, datetime

import pytest

from src.network.retry_after import retry_after_seconds

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("99999999999999999999", 999_999_999_999.0),
        ("Fri, 02 Jan 2026 03:05:05 GMT", 60.0),
        ("Friday, 02-Jan-26 03:05:05 GMT", 60.0),
        ("Fri Jan  2 03:05:05 2026", 60.0),
        ("Thu, 01 Jan 2026 03:05:05 GMT", 0.0),
        ("Mon, 01 Jan 99999999999999999999 00:00:00 GMT", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("٣", None),
        ("", None),
    ],
)
def test_seconds_and_dates_are_read(told: str, seconds: float | None) -> None:
    assert retry_after_seconds({"retry-after": told}, NOW) == seconds


def test_who_says_nothing_asks_for_nothing() -> None:
    assert retry_after_seconds({}, NOW) is None
