"""What a worker works with: made by whoever starts it, and shared by all of its slots."""

from collections.abc import Sequence
from typing import NamedTuple

from ..metrics import Metrics
from ..settings import Settings
from ..speech.calls import Calls
from ..store.jobs.desk import JobDesk
from ..store.jobs.previews import Previews
from ..store.jobs.queue import JobQueue
from .closing import Closing
from .courier import Courier
from .dispatch import Dispatch, Lines
from .reach import Reach
from .signatory import Signatory


class Equipment(NamedTuple):
    """What is there before the work begins."""

    settings: Settings
    desk: JobDesk
    queue: JobQueue
    previews: Previews
    """Where frames of films in the making are shown."""
    metrics: Metrics
    courier: Courier
    """Who tells callers how their jobs come along and end."""
    signatory: Signatory
    """Who lets the processes that render into stores of objects."""
    calls: Calls
    """Who asks services to speak for them."""
    lines: Lines | None
    """The way to the broker; without one, jobs are looked for in the database."""


class Shop(NamedTuple):
    """What slots share while they work."""

    equipment: Equipment
    command: Sequence[str]
    """What renders an order, see `process.RENDER_COMMAND`."""
    closing: Closing
    reach: Reach
    dispatch: Dispatch
    """Where jobs come from."""
