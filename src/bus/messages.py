"""Messages that come from the broker, and those that go to it."""

import json
from typing import Any, NamedTuple

from pika import BasicProperties
from pika.adapters.blocking_connection import BlockingChannel

from .layout import RETRY_MS

_PERSISTENT = 2
#: Highest priority that a quorum queue tells from normal ones.
_HIGHEST_PRIORITY = 9
#: Characters of a reason, and bytes of a sender's headers: all of them have to fit into one frame of 128 KiB.
_MAX_REASON = 1000
_MAX_HEADER_BYTES = 64 * 1024


class Message(NamedTuple):
    """Something to be published."""

    body: bytes
    properties: BasicProperties


class Delivery(NamedTuple):
    """A message that is ours until it is accepted, or until its channel is closed."""

    body: bytes
    properties: BasicProperties
    tag: int
    channel: BlockingChannel

    @property
    def is_void(self) -> bool:
        """Tell whether the broker has taken it back."""
        return not self.channel.is_open

    @property
    def message_id(self) -> str:
        """Name that the sender gave it; empty if none."""
        return self.properties.message_id or ""

    @property
    def traceparent(self) -> str:
        """Header that says which trace it belongs to, as it came; empty if none."""
        told = _headers(self.properties).get("traceparent")
        return told if isinstance(told, str) else ""


def turn_message(job_id: str, priority: int, traceparent: str) -> Message:
    """Say that a job waits."""
    properties = BasicProperties(
        content_type="application/json",
        delivery_mode=_PERSISTENT,
        priority=max(0, min(priority, _HIGHEST_PRIORITY)),
        message_id=job_id,
        headers={"traceparent": traceparent} if traceparent else None,
    )
    return Message(json.dumps({"id": job_id}).encode(), properties)


def later(delivery: Delivery) -> Message:
    """Say the same again in a while."""
    return Message(delivery.body, _again(delivery.properties, {}, expiration=str(RETRY_MS)))


def dead_letter(delivery: Delivery, code: str, reason: str) -> Message:
    """Keep what cannot be a job, for people to look at."""
    told = {"x-neuroshorts-code": code, "x-neuroshorts-reason": reason[:_MAX_REASON]}
    return Message(delivery.body, _again(delivery.properties, told, expiration=None))


def _again(given: BasicProperties, headers: dict[str, Any], expiration: str | None) -> BasicProperties:
    # Not the sender's own expiration, and not its user: the broker refuses messages of other users.
    return BasicProperties(
        content_type=given.content_type,
        content_encoding=given.content_encoding,
        headers={**_passed_on(given), **headers} or None,
        delivery_mode=_PERSISTENT,
        priority=given.priority,
        correlation_id=given.correlation_id,
        reply_to=given.reply_to,
        expiration=expiration,
        message_id=given.message_id,
        timestamp=given.timestamp,
        type=given.type,
        app_id=given.app_id,
    )


def _headers(properties: BasicProperties) -> dict[str, Any]:
    return properties.headers or {}


def _passed_on(given: BasicProperties) -> dict[str, Any]:
    """Return the headers of a message, or of too many those that we read ourselves."""
    headers = _headers(given)
    if sum(map(len, BasicProperties(headers=headers).encode())) <= _MAX_HEADER_BYTES:
        return headers
    return {name: value for name, value in headers.items() if name == "traceparent" and len(str(value)) < 100}
