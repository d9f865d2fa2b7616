"""What the commands of the service share: the database of jobs, and a worker on it."""

import logging
import time
from functools import partial
from typing import TYPE_CHECKING

from ..errors import RenderFailed
from ..settings import Settings
from .jobfile import make_writable_folder

if TYPE_CHECKING:
    import sqlalchemy as sa

    from ..metrics import Metrics
    from ..network.guard import Guard
    from ..store.jobs.desk import JobDesk
    from ..worker.courier import Courier
    from ..worker.dispatch import Lines
    from ..worker.shop import Equipment
    from ..worker.supervisor import Supervisor

_log = logging.getLogger(__name__)

#: Seconds for which a server is waited for at the start: it may be starting, too.
PATIENCE_SECONDS = 60.0
_PAUSE_SECONDS = 0.5


def open_jobs(settings: Settings) -> "sa.Engine":
    """Open the database of jobs, beside folders that can be written; wait a while for a server that is away.

    Raises:
        RejectedJob: the data folder or the cache folder cannot be written.
        RenderFailed: the database cannot be opened.
    """
    import sqlalchemy as sa

    from ..store.jobs.database import database_url

    for folder in (settings.data_dir, settings.cache_dir):
        make_writable_folder(folder)
    try:
        return _opened(sa.make_url(database_url(settings)))
    except (sa.exc.SQLAlchemyError, ImportError, OSError, ValueError) as error:
        told = f"cannot open the database of jobs ({_reason_of(error)}): check NEUROSHORTS_DATABASE_URL"
        raise RenderFailed(told) from error


def _opened(url: "sa.URL") -> "sa.Engine":
    import sqlalchemy as sa

    from ..store.jobs.database import open_database

    until, told = time.monotonic() + PATIENCE_SECONDS, False
    while True:
        try:
            return open_database(url.render_as_string(hide_password=False))
        except (sa.exc.OperationalError, sa.exc.InterfaceError) as error:
            if url.get_backend_name() == "sqlite" or time.monotonic() >= until:
                raise
            if not told:
                _log.warning("database_away", extra={"reason": _reason_of(error), "next": "tried again"})
            told = True
            time.sleep(_PAUSE_SECONDS)


def _reason_of(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def make_desk(engine: "sa.Engine", settings: Settings) -> "JobDesk":
    """Make the place where jobs are handed in; with a broker, it is told of each."""
    from ..store.jobs.desk import JobDesk

    return JobDesk(engine, settings.max_queued_jobs, has_outbox=_has_broker(settings))


def make_metrics(engine: "sa.Engine", settings: Settings) -> "Metrics":
    """Make what counts and measures in this process, and looks at the store and the disks when asked."""
    from ..metrics import Metrics
    from ..store.jobs.census import take_census

    return Metrics(partial(take_census, engine), {"data": settings.data_dir, "cache": settings.cache_dir})


def make_supervisor(
    engine: "sa.Engine", settings: Settings, slots: int, grace_seconds: float, metrics: "Metrics"
) -> "Supervisor":
    """Make a worker of several slots; it begins when it is started.

    Raises:
        BadBrokerAddress: the broker's address cannot be read.
        SecretUnusable: there is no secret to sign with, and none can be kept.
        WrongAllowance: the setting of hosts that may be called cannot be understood.
    """
    from ..worker.supervisor import Supervisor

    return Supervisor(equip(engine, settings, slots, metrics), slots=slots, grace_seconds=grace_seconds)


def equip(engine: "sa.Engine", settings: Settings, slots: int, metrics: "Metrics") -> "Equipment":
    """Make what a worker works with; raises what `make_supervisor` does."""
    from ..network.guard import Guard
    from ..speech.attempts import DirectCalls
    from ..store.jobs.previews import Previews
    from ..store.jobs.queue import JobQueue
    from ..worker.shop import Equipment
    from ..worker.signatory import Signatory

    has_broker, guard = _has_broker(settings), Guard(settings.fetch_allow_hosts)
    return Equipment(
        settings,
        make_desk(engine, settings),
        JobQueue(engine, settings.lease_seconds, settings.max_attempts, has_outbox=has_broker),
        Previews(engine),
        metrics,
        _courier(engine, settings, guard, metrics),
        Signatory(settings),
        DirectCalls(settings),
        _lines(engine, settings, slots, guard) if has_broker else None,
    )


def _courier(engine: "sa.Engine", settings: Settings, guard: "Guard", metrics: "Metrics") -> "Courier":
    from ..network.calls import Caller
    from ..network.letters import Letters
    from ..store.links import ShareLinks
    from ..store.secret import signing_secret, webhook_secret
    from ..store.webhooks import Webhooks
    from ..worker.courier import Courier, Mail

    letters = Letters(Caller(guard), webhook_secret(settings))
    links = ShareLinks(signing_secret(settings))
    return Courier(Mail(Webhooks(engine), letters, links, settings.public_url, metrics))


def _has_broker(settings: Settings) -> bool:
    return bool(settings.broker_url.get_secret_value())


def _lines(engine: "sa.Engine", settings: Settings, slots: int, guard: "Guard") -> "Lines":
    from ..bus.consumer import Consumer
    from ..bus.layout import JOBS, WORK
    from ..bus.line import Line
    from ..bus.publisher import Publisher
    from ..store.jobs.outbox import Outbox
    from ..worker.dispatch import Lines
    from ..worker.intake import PLACES, Inlet

    url = settings.broker_url.get_secret_value()
    publisher = Publisher(Line(url, "publisher"))
    inlet = Inlet(
        Consumer(Line(url, "jobs"), JOBS, PLACES), publisher, settings.ingress_owner, guard, settings
    )
    return Lines(Outbox(engine), publisher, inlet, Consumer(Line(url, "turns"), WORK, slots))
