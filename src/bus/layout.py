"""Which queues the broker has, and the document that sets them up.

Queues that others publish to are declared without arguments: whoever declares one again with other arguments
is refused by the broker. What may be tuned comes from policies. Nothing depends on a policy to be correct.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from pika.adapters.blocking_connection import BlockingConnection
from pika.exceptions import ChannelClosedByBroker

#: Jobs as raw JSON, from n8n and others.
JOBS = "neuroshorts.jobs"
#: Turns: some job waits for a worker.
WORK = "neuroshorts.work"
#: Jobs for which there was no room; they come back.
RETRY = "neuroshorts.retry"
#: What cannot be a job, with the reason in its headers.
DEAD = "neuroshorts.dead"

#: Milliseconds that a job waits for room.
RETRY_MS = 30_000
#: How often a job that somebody sent may cost its consumer the connection.
_DELIVERY_LIMIT = 20
#: The same for turns, which harm nobody: without a number the broker would take 20.
_TURN_DELIVERY_LIMIT = 1_000_000
#: Where retried jobs go back to. This queue is ours alone, so that it may have arguments; were they a policy,
#: jobs would be stuck or lost without it.
_BACK_TO_JOBS = MappingProxyType({"x-dead-letter-exchange": "", "x-dead-letter-routing-key": JOBS})
_NOT_FOUND = 404

QUEUES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {JOBS: MappingProxyType({}), WORK: MappingProxyType({}), RETRY: _BACK_TO_JOBS, DEAD: MappingProxyType({})}
)


def declare(connection: BlockingConnection) -> None:
    """Make the queues that are missing; take those that are there as the operator made them."""
    for name, arguments in QUEUES.items():
        channel = connection.channel()
        try:
            channel.queue_declare(name, passive=True)
        except ChannelClosedByBroker as error:
            if error.reply_code != _NOT_FOUND:
                raise
            channel = connection.channel()
            channel.queue_declare(name, durable=True, arguments=dict(arguments))
        channel.close()


def definitions(vhost: str = "/") -> dict[str, Any]:
    """Describe queues and policies for `rabbitmqctl import_definitions` and `load_definitions`."""
    dead = {"dead-letter-exchange": "", "dead-letter-routing-key": DEAD}
    certain = {"dead-letter-strategy": "at-least-once", "overflow": "reject-publish"}
    policies: dict[str, dict[str, str | int]] = {
        JOBS: {"delivery-limit": _DELIVERY_LIMIT, **dead, **certain},
        WORK: {"delivery-limit": _TURN_DELIVERY_LIMIT},
        # Where the queue came without its arguments, these stand in.
        RETRY: {
            "message-ttl": RETRY_MS,
            "dead-letter-exchange": "",
            "dead-letter-routing-key": JOBS,
            **certain,
        },
    }
    return {
        "vhosts": [
            {"name": vhost, "metadata": {"default_queue_type": "quorum", "description": "", "tags": []}}
        ],
        "queues": [_queue(name, vhost, arguments) for name, arguments in QUEUES.items()],
        "policies": [_policy(name, vhost, definition) for name, definition in policies.items()],
    }


def _queue(name: str, vhost: str, arguments: Mapping[str, str]) -> dict[str, Any]:
    # RabbitMQ 3.10 does not apply the vhost's default type to queues of such a document.
    own = {"x-queue-type": "quorum", **arguments}
    return {"name": name, "vhost": vhost, "durable": True, "auto_delete": False, "arguments": own}


def _policy(name: str, vhost: str, definition: Mapping[str, str | int]) -> dict[str, Any]:
    pattern = "^" + name.replace(".", r"\.") + "$"
    return {
        "name": name,
        "vhost": vhost,
        "pattern": pattern,
        "apply-to": "queues",
        "priority": 0,
        "definition": dict(definition),
    }
