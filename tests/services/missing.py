"""Services that are not installed: their tests are skipped, but fail in CI where `make test` brings them."""

import os
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import TypeVar

import pytest

T = TypeVar("T")


class Missing(Exception):
    """There is no server to be started; the message tells what to install."""


def _can_install() -> bool:
    """Tell whether this is root on Debian: there the Makefile leaves nothing missing."""
    return hasattr(os, "geteuid") and os.geteuid() == 0 and bool(shutil.which("apt-get"))


@contextmanager
def or_skipped(server: AbstractContextManager[T]) -> Iterator[T]:
    """Run a server, or skip the test that needs it."""
    with ExitStack() as stack:
        try:
            running = stack.enter_context(server)
        except Missing as missing:
            if os.environ.get("CI") and _can_install():
                pytest.fail(str(missing))
            pytest.skip(str(missing))
        yield running
