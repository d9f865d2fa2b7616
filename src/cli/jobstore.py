"""What the commands of the service share: the database of jobs, and a worker on it."""

from typing import TYPE_CHECKING

from ..errors import RenderFailed
from ..settings import Settings
from .jobfile import make_writable_folder

if TYPE_CHECKING:
    import sqlalchemy as sa

    from ..worker.supervisor import Supervisor


def open_jobs(settings: Settings) -> "sa.Engine":
    """Open the database of jobs, beside folders that can be written.

    Raises:
        RejectedJob: the data folder or the cache folder cannot be written.
        RenderFailed: the database cannot be opened.
    """
    import sqlalchemy as sa

    from ..store.jobs.database import database_url, open_database

    for folder in (settings.data_dir, settings.cache_dir):
        make_writable_folder(folder)
    try:
        return open_database(database_url(settings))
    except (sa.exc.SQLAlchemyError, ImportError, OSError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        told = f"cannot open the database of jobs ({reason}): check NEUROSHORTS_DATABASE_URL"
        raise RenderFailed(told) from error


def make_supervisor(
    engine: "sa.Engine", settings: Settings, slots: int, grace_seconds: float
) -> "Supervisor":
    """Make a worker of several slots; it begins when it is started."""
    from ..store.jobs.desk import JobDesk
    from ..store.jobs.queue import JobQueue
    from ..worker.supervisor import Supervisor

    return Supervisor(
        JobDesk(engine, settings.max_queued_jobs),
        JobQueue(engine, settings.lease_seconds, settings.max_attempts),
        settings,
        slots=slots,
        grace_seconds=grace_seconds,
    )
