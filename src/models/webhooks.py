"""How calls of a webhook went, as they are kept and told."""

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class WebhookState(StrEnum):
    """Where the telling of an ended job stands."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"


class CallOutcome(BaseModel):
    """What came of one call."""

    model_config = ConfigDict(frozen=True)

    attempt: int
    """Which call of this webhook it was, from 1."""
    at: datetime
    """When it was over."""
    status: int | None = None
    """Status of HTTP; null when there was no answer."""
    code: str = ""
    """Why there was no answer, stable across versions."""
    text: str = ""
    """First characters of the answer, or why there was none, for people."""
    since: datetime
    """Since when every call came to the same."""
    decision: str = ""
    """What follows from it."""


class WebhookReport(BaseModel):
    """One telling of an ended job, with its latest calls."""

    model_config = ConfigDict(frozen=True)

    id: str
    """Sent along as `X-NeuroShorts-Delivery`, the same in every call."""
    url: str
    state: WebhookState
    attempts: int
    """Calls so far."""
    created_at: datetime
    due_at: datetime | None
    """When it is called next."""
    ended_at: datetime | None
    calls: tuple[CallOutcome, ...]
    """The latest calls, in their order."""
