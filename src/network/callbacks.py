"""Addresses of a job that will be called, looked at before the job is taken in."""

from ..models.callbacks import Callbacks
from .guard import Guard


def refuse_forbidden(callbacks: Callbacks | None, guard: Guard) -> None:
    """Refuse addresses that can never be called, by what they say; names are looked up when they are called.

    Raises:
        UncallableUrl: a URL that nobody can be called at.
        ForbiddenHost: a host that calls may not reach.
    """
    if callbacks:
        for path, url in (("webhook_url", callbacks.webhook_url), ("progress_url", callbacks.progress_url)):
            if url:
                guard.refuse_spelt(url, path)
