"""Streams of events that may be open at the same time."""

import pytest

from src.api.followers import Followers
from src.errors import Busy


def test_one_stream_more_than_may_be_is_refused_until_one_ends() -> None:
    followers = Followers(most=2)
    with followers.one_more():
        followers.refuse_more()
        with followers.one_more(), pytest.raises(Busy):
            followers.refuse_more()
        followers.refuse_more()
