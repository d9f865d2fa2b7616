"""`neuroshorts setup`: what the service needs on its servers, made where it is missing."""

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from ..errors import RenderFailed
from ..settings import Settings
from .console import ExitCode, open_desk
from .jobstore import PATIENCE_SECONDS, open_jobs

if TYPE_CHECKING:
    from botocore.exceptions import BotoCoreError, ClientError

_PAUSE_SECONDS = 0.5


class SetupOptions(NamedTuple):
    """What `neuroshorts setup` was asked for."""

    broker_management_url: str = ""
    """Management interface of RabbitMQ; without it, queues are made without their policies."""


def setup_command(options: SetupOptions) -> ExitCode:
    """Make tables, queues and buckets; may be repeated at any time.

    Raises:
        RenderFailed: a server does not let us, or was away for too long.
        BrokerAway: the broker was.
    """
    desk = open_desk()
    open_jobs(desk.settings).dispose()
    desk.say("database: its tables are up to date")
    for told in (*_queues(desk.settings, options.broker_management_url), *_buckets(desk.settings)):
        desk.say(told)
    return ExitCode.DONE


def _queues(settings: Settings, management_url: str) -> Iterator[str]:
    url = settings.broker_url.get_secret_value()
    if not url:
        return
    from ..bus.layout import definitions
    from ..bus.line import parameters_of
    from ..bus.management import import_definitions

    user = parameters_of(url, "setup")
    if not management_url:
        yield "broker: workers make the queues; policies need --broker-management-url, or see docs/broker.md"
        return
    import_definitions(management_url, user, definitions(user.virtual_host), PATIENCE_SECONDS)
    yield "broker: queues and policies are there"


def _buckets(settings: Settings) -> Iterator[str]:
    from ..cloud.s3_buckets import buckets_of

    for name in buckets_of(settings):
        made = _ensured(settings, name)
        yield f"bucket {name}: {'made' if made else 'was there'}"


def _ensured(settings: Settings, name: str) -> bool:
    """Make a bucket; wait a while for a server that is away."""
    from botocore.exceptions import BotoCoreError, ClientError

    from ..cloud.s3_buckets import ensure_bucket

    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return ensure_bucket(settings, name)
        except (BotoCoreError, ClientError) as error:
            if not _may_pass(error) or time.monotonic() >= until:
                raise RenderFailed(
                    f"cannot make the bucket {name!r} ({error}): see NEUROSHORTS_S3_*"
                ) from error
        time.sleep(_PAUSE_SECONDS)


def _may_pass(error: "BotoCoreError | ClientError") -> bool:
    from botocore.exceptions import ClientError, ConnectionError, HTTPClientError

    if isinstance(error, ClientError):
        return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)) >= 500
    return isinstance(error, ConnectionError | HTTPClientError)
