"""What a job names, and what may be told of it."""

import pytest

from src.models.media_refs import MediaRef


@pytest.mark.parametrize(
    ("src", "shown"),
    [
        ("https://me:pw@a.example:8/b.png?sig=1#x", "https://a.example:8/b.png"),
        ("https://a.example?sig=1", "https://a.example"),
        ("http://[::1", "http://[::1"),
        ("photos/what?.png", "photos/what?.png"),
        ("hero", "hero"),
    ],
)
def test_a_url_is_shown_without_what_may_be_secret(src: str, shown: str) -> None:
    assert MediaRef("music.src", src, "sound").shown == shown
