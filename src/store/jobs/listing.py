"""Jobs listed page by page."""

import base64
import re
from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa

from ...errors import RejectedJob
from ...models.status import JobStatus, State
from .rows import STATUS_COLUMNS, status_of
from .tables import job

#: Jobs of one page, unless fewer are asked for.
MOST_OF_A_PAGE = 100
#: What a cursor says: milliseconds and the id of the last job of its page.
_PLACE = re.compile("([0-9]{1,15}) ([0-9a-f]{32})")


class WrongCursor(RejectedJob):
    """A cursor that no page gave."""

    code = "wrong_cursor"

    def __init__(self, cursor: str) -> None:
        super().__init__(f"{cursor[:40]!r} is no cursor: take the one that the page before gave")


class Wanted(NamedTuple):
    """Which jobs are listed, and in which order."""

    states: Sequence[State] = ()
    """Only these; without any, all."""
    job_id: str | None = None
    """Only those that their caller calls so."""
    oldest_first: bool = False
    limit: int = MOST_OF_A_PAGE
    cursor: str | None = None
    """What the page before gave."""


ANY = Wanted()


class Page(NamedTuple):
    """Some jobs, in order."""

    jobs: tuple[JobStatus, ...]
    following: str | None
    """Cursor of the page that follows."""


def page_of(connection: sa.Connection, those: Sequence[sa.ColumnElement[bool]], wanted: Wanted) -> Page:
    """List those jobs that are wanted.

    Raises:
        WrongCursor: the cursor is not one that a page gave.
    """
    conditions = list(those)
    if wanted.states:
        conditions.append(job.c.status.in_([state.value for state in wanted.states]))
    if wanted.job_id is not None:
        conditions.append(job.c.job_id == wanted.job_id)
    place = sa.tuple_(job.c.created_ms, job.c.id)
    if wanted.cursor is not None:
        last = sa.tuple_(*_place_of(wanted.cursor))
        conditions.append(place > last if wanted.oldest_first else place < last)
    order = [
        column.asc() if wanted.oldest_first else column.desc() for column in (job.c.created_ms, job.c.id)
    ]
    limit = max(1, min(wanted.limit, MOST_OF_A_PAGE))
    query = sa.select(*STATUS_COLUMNS).where(*conditions).order_by(*order).limit(limit + 1)
    rows = connection.execute(query).mappings().all()
    following = _cursor_of(rows[limit - 1]) if len(rows) > limit else None
    return Page(tuple(status_of(row) for row in rows[:limit]), following)


def _cursor_of(row: sa.RowMapping) -> str:
    return base64.urlsafe_b64encode(f"{row['created_ms']} {row['id']}".encode()).decode()


def _place_of(cursor: str) -> tuple[int, str]:
    try:
        told = base64.urlsafe_b64decode(cursor).decode()
    except ValueError as error:
        raise WrongCursor(cursor) from error
    place = _PLACE.fullmatch(told)
    if place is None:
        raise WrongCursor(cursor)
    return int(place[1]), place[2]
