"""A film of `neuroshorts render` brought to the destinations that its job names."""

import threading
from collections.abc import Sequence

from ..delivery.catalogue import destinations_of
from ..delivery.parcel import Sender, pack
from ..delivery.round import Destination, Round, with_links
from ..models.job import RenderJob
from ..models.output import LocalDestination
from ..models.status import JobStatus, RenderResult
from ..pipeline.request import Progress, Report
from ..settings import Settings


class Delivery:
    """What becomes of the film after it was made; the command keeps its own file in any case."""

    def __init__(self, job: RenderJob, record: JobStatus, settings: Settings) -> None:
        """Find the destinations, before any work is spent.

        Raises:
            RejectedJob: one cannot be reached from here.
            DeliveryFailed: what the operator set cannot be used.
        """
        self._job, self._settings = job, settings
        self._sender = Sender(record.id, record.job_id, "", record.created_at)
        is_at_home = all(isinstance(asked, LocalDestination) for asked in job.output.destinations)
        self._destinations: Sequence[Destination] = (
            () if is_at_home else destinations_of(job.output, settings)
        )

    def carry_out(self, result: RenderResult, report: Report, stop: threading.Event) -> RenderResult:
        """Deliver; tell the result with its links.

        Raises:
            DestinationAway: a destination was away for too long.
            DeliveryFailed: one does not take the film.
            Interrupted: `stop` was set.
        """
        if not self._destinations:
            return result
        report(Progress("uploading", 0, 1))
        parcel = pack(self._sender, self._job.metadata, result)
        links = Round(parcel, self._destinations, self._settings.max_delivery_seconds).go(stop)
        return result.model_copy(update=with_links(links))
