"""Services that are not installed: their tests are skipped, but fail in CI, which has to install them."""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import TypeVar

import pytest

T = TypeVar("T")


class Missing(Exception):
    """There is no server to be started; the message tells what to install."""


@contextmanager
def or_skipped(server: AbstractContextManager[T]) -> Iterator[T]:
    """Run a server, or skip the test that needs it."""
    with ExitStack() as stack:
        try:
            running = stack.enter_context(server)
        except Missing as missing:
            if os.environ.get("CI"):
                pytest.fail(str(missing))
            pytest.skip(str(missing))
        yield running
