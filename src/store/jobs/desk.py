"""Where jobs are handed in and asked after: what the HTTP interface needs of the store."""

import hashlib
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import NamedTuple

import sqlalchemy as sa

from ...errors import InvalidJob, KeyReused, UnknownJob
from ...models.status import TERMINAL, JobError, JobStatus, State, advance
from .database import WRITES
from .depth import QueueDepth
from .ledger import Ledger
from .listing import ANY, Page, Wanted, page_of
from .quotas import refuse_over_quota
from .rows import now_ms, status_of
from .submission import Submission
from .tables import job

#: Most jobs before one that are counted: of a position this far back nobody needs the exact number.
MOST_COUNTED = 1000


class Receipt(NamedTuple):
    """What was handed in, and how many are before it."""

    status: JobStatus
    position: int
    """Jobs that will be taken up before it, 1000 standing for more, too; 0 when it is not queued."""
    is_new: bool


class JobDesk:
    """Takes jobs in, and tells how they are; safe to use from any thread and process.

    An owner is told of its own jobs only; None asks for everybody's.
    """

    def __init__(self, engine: sa.Engine, most_queued: int, *, has_outbox: bool = False) -> None:
        self._engine = engine
        self._writing = engine.execution_options(**{WRITES: True})
        self._depth = QueueDepth(most_queued)
        self._ledger = Ledger(has_outbox=has_outbox)

    def submit(self, handed_in: Submission) -> Receipt:
        """Take a job in for good: when this returns, it is on the disk.

        Raises:
            KeyReused: its key belongs to another job.
            UnknownJob: the job that it is in place of is not there any more.
            QueueFull: too many jobs wait already.
            QuotaReached: as many of its owner's do as may, or they were rendered for long enough.
        """

        def submitted(connection: sa.Connection, digest: str) -> Receipt:
            refuse_over_quota(connection, handed_in.owner, handed_in.quota)
            self._depth.take_place(connection)
            status = _new_status(handed_in)
            self._ledger.add(connection, _under_key_of_former(connection, handed_in), status, digest)
            return Receipt(status, _position(connection, status.id), is_new=True)

        return self._once(handed_in, submitted)

    def refuse(self, handed_in: Submission, error: InvalidJob) -> JobStatus:
        """Record a job that cannot be rendered as failed, for a caller who cannot be answered directly.

        Raises:
            KeyReused: its key belongs to another job.
        """

        def refused(connection: sa.Connection, digest: str) -> Receipt:
            told = JobError.of(error)
            status = advance(_new_status(handed_in), State.FAILED, error.code, error=told)
            self._ledger.add(connection, handed_in, status, digest)
            return Receipt(status, 0, is_new=True)

        return self._once(handed_in, refused).status

    def _once(self, handed_in: Submission, add: Callable[[sa.Connection, str], Receipt]) -> Receipt:
        """Add a job, unless there is one of the same key."""
        digest = hashlib.sha256(handed_in.body).hexdigest()

        try:
            return self._known_or_added(handed_in, digest, add)
        except sa.exc.IntegrityError:
            # Somebody else handed in the same key at the same time, and was first.
            return self._known_or_added(handed_in, digest, add)

    def _known_or_added(
        self, handed_in: Submission, digest: str, add: Callable[[sa.Connection, str], Receipt]
    ) -> Receipt:
        with self._writing.begin() as connection:
            known = _under_key(connection, handed_in)
            if known is None:
                return add(connection, digest)
            if known["body_sha256"] != digest:
                raise KeyReused(handed_in.idempotency_key or "", known["id"])
            return Receipt(status_of(known), _position(connection, known["id"]), is_new=False)

    def status(self, id: str, owner: str | None = "") -> JobStatus:
        """Tell how a job is.

        Raises:
            UnknownJob: there is none, or it is somebody else's.
        """
        with self._engine.connect() as connection:
            return status_of(_row(connection, id, owner))

    def shared_status(self, id: str) -> JobStatus:
        """Tell how a job is, whosever it is: for those who were given a signed link to it.

        Raises:
            UnknownJob: there is none.
        """
        return self.status(id, None)

    def position(self, id: str) -> int:
        """Tell how many jobs will be taken up before one that is queued."""
        with self._engine.connect() as connection:
            return _position(connection, id)

    def owner_of(self, id: str) -> str:
        """Tell whose a job is.

        Raises:
            UnknownJob: there is none.
        """
        with self._engine.connect() as connection:
            owner: str = _row(connection, id, None)["owner"]
            return owner

    def body(self, id: str, owner: str | None = "") -> bytes:
        """Return a job as it was handed in.

        Raises:
            UnknownJob: there is none, or it is somebody else's.
        """
        with self._engine.connect() as connection:
            body: bytes = _row(connection, id, owner)["body"]
            return body

    def page(self, owner: str | None = "", wanted: Wanted = ANY) -> Page:
        """List jobs.

        Raises:
            WrongCursor: the cursor is not one that a page gave.
        """
        with self._engine.connect() as connection:
            return page_of(connection, _of(owner), wanted)

    def cancel(self, id: str, owner: str | None = "") -> JobStatus:
        """End a job that waits, have its worker end one that is worked on; leave one that has ended.

        Raises:
            UnknownJob: there is none, or it is somebody else's.
        """
        with self._writing.begin() as connection:
            row = _row(connection, id, owner, lock=True)
            status = status_of(row)
            if status.status is State.QUEUED:
                status = advance(status, State.CANCELLED, "cancelled while queued")
                self._ledger.write(connection, row, status, is_unwanted=True)
            elif status.status not in TERMINAL:
                connection.execute(job.update().where(job.c.id == id).values(is_unwanted=True))
        return status

    def ended(self, before_ms: int) -> tuple[str, ...]:
        """List the ids of jobs that ended before a time: what `forget` would delete."""
        with self._engine.connect() as connection:
            return tuple(connection.execute(sa.select(job.c.id).where(*_ended(before_ms))).scalars())

    def forget(self, ended_before_ms: int) -> int:
        """Delete jobs that ended before a time; tell how many."""
        with self._writing.begin() as connection:
            return connection.execute(job.delete().where(*_ended(ended_before_ms))).rowcount


def _ended(before_ms: int) -> tuple[sa.ColumnElement[bool], ...]:
    return job.c.status.in_([state.value for state in TERMINAL]), job.c.finished_ms < before_ms


def _new_status(handed_in: Submission) -> JobStatus:
    return JobStatus(
        id=uuid.uuid4().hex,
        job_id=handed_in.job_id,
        metadata=handed_in.metadata,
        created_at=datetime.fromtimestamp(now_ms() / 1000, UTC),
    )


#: Statements of every submission, built once: SQLAlchemy takes longer to build one than to run it.
_SAME_KEY = sa.select(job).where(
    job.c.owner == sa.bindparam("owner"), job.c.idempotency_key == sa.bindparam("key")
)


def _under_key(connection: sa.Connection, handed_in: Submission) -> sa.RowMapping | None:
    if handed_in.idempotency_key is None:
        return None
    same = {"owner": handed_in.owner, "key": handed_in.idempotency_key}
    return connection.execute(_SAME_KEY, same).mappings().one_or_none()


def _under_key_of_former(connection: sa.Connection, handed_in: Submission) -> Submission:
    """Have a job take over the key of the one that it is in place of: who asks under it finds the newest.

    Of several that are in place of the same job at the same time the first takes it, the others have none.
    """
    if not handed_in.in_place_of:
        return handed_in
    former = _row(connection, handed_in.in_place_of, handed_in.owner, lock=True)
    if former["idempotency_key"] is None:
        return handed_in
    connection.execute(job.update().where(job.c.id == former["id"]).values(idempotency_key=None))
    return handed_in._replace(idempotency_key=former["idempotency_key"])


def _of(owner: str | None) -> tuple[sa.ColumnElement[bool], ...]:
    return () if owner is None else (job.c.owner == owner,)


def _row(connection: sa.Connection, id: str, owner: str | None, *, lock: bool = False) -> sa.RowMapping:
    query = sa.select(job).where(job.c.id == id, *_of(owner))
    row = connection.execute(query.with_for_update() if lock else query).mappings().one_or_none()
    if row is None:
        raise UnknownJob(id)
    return row


def _counting_before() -> sa.Select[int]:
    """Count the queued jobs before one that is queued, in the order in which workers claim them."""
    this, other = job.alias(), job.alias()
    place = sa.tuple_(other.c.created_ms, other.c.id) < sa.tuple_(this.c.created_ms, this.c.id)
    is_before = sa.or_(
        other.c.priority > this.c.priority, sa.and_(other.c.priority == this.c.priority, place)
    )
    queued = State.QUEUED.value
    before = (
        sa.select(other.c.id)
        .select_from(this)
        .join(other, sa.and_(other.c.status == queued, is_before))
        .where(this.c.id == sa.bindparam("id"), this.c.status == queued)
        .limit(MOST_COUNTED)
    )
    return sa.select(sa.func.count()).select_from(before.subquery())


_COUNT_BEFORE = _counting_before()


def _position(connection: sa.Connection, id: str) -> int:
    return connection.execute(_COUNT_BEFORE, {"id": id}).scalar_one()
