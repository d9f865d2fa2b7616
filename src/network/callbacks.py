"""Addresses of a job that will be called, looked at before the job is taken in."""

from functools import partial

from ..models.callbacks import Callbacks
from ..models.rejections import refuse_all
from .guard import Guard


def refuse_forbidden(callbacks: Callbacks | None, guard: Guard) -> None:
    """Refuse addresses that can never be called, by what they say; names are looked up when they are called.

    Raises:
        UncallableUrl: a URL that nobody can be called at.
        ForbiddenHost: a host that calls may not reach.
        InvalidJob: telling both, if both are wrong.
    """
    if callbacks:
        urls = (("webhook_url", callbacks.webhook_url), ("progress_url", callbacks.progress_url))
        refuse_all(*(partial(guard.refuse_spelt, url, path) for path, url in urls if url))
