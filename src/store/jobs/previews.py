"""The latest frame of each job that is worked on."""

from typing import NamedTuple

import sqlalchemy as sa

from ...models.status import State
from .database import WRITES
from .rows import now_ms
from .tables import job, preview

#: States in which a worker may show frames.
AT_WORK = frozenset({State.FETCHING, State.RENDERING, State.UPLOADING})


class Preview(NamedTuple):
    """A frame of a film in the making."""

    jpeg: bytes
    shown_ms: int
    """When, in milliseconds since 1970 UTC."""


class Previews:
    """Keeps one frame for each job; safe to use from any thread and process."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._writing = engine.execution_options(**{WRITES: True})

    def keep(self, id: str, token: str, jpeg: bytes) -> bool:
        """Put a frame in the place of the one before, under a claim; tell whether that is still held."""
        held = sa.select(job.c.id).where(job.c.id == id, job.c.claim == token).with_for_update()
        frame = {"jpeg": jpeg, "shown_ms": now_ms()}
        with self._writing.begin() as connection:
            if connection.execute(held).one_or_none() is None:
                return False
            # The row of the job is locked: nobody else puts a frame of it here meanwhile.
            if not connection.execute(
                preview.update().where(preview.c.job_id == id).values(**frame)
            ).rowcount:
                connection.execute(preview.insert().values(job_id=id, **frame))
        return True

    def get(self, id: str) -> Preview | None:
        """Find the latest frame of a job."""
        query = sa.select(preview.c.jpeg, preview.c.shown_ms).where(preview.c.job_id == id)
        with self._engine.connect() as connection:
            found = connection.execute(query).one_or_none()
        return Preview(found.jpeg, found.shown_ms) if found else None

    def shown_ms(self, id: str) -> int | None:
        """Tell when the latest frame of a job was shown."""
        with self._engine.connect() as connection:
            query = sa.select(preview.c.shown_ms).where(preview.c.job_id == id)
            return connection.execute(query).scalar_one_or_none()

    def clear(self) -> int:
        """Remove the frames of all jobs that nobody works on; tell how many."""
        at_work = sa.select(job.c.id).where(job.c.status.in_([state.value for state in AT_WORK]))
        with self._writing.begin() as connection:
            return connection.execute(preview.delete().where(preview.c.job_id.not_in(at_work))).rowcount
