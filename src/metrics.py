"""What is counted and measured, for Prometheus; docs/metrics.md tells each by name.

Source: Prometheus, "Metric and label naming": base units, `_total` behind what only grows.
"""

import logging
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from prometheus_client import (
    CONTENT_TYPE_PLAIN_0_0_4,
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from .models.status import JobError, RenderResult, State
from .pipeline.stages import STAGE_SHARES
from .store.jobs.census import Census
from .store.jobs.database import AWAY

_log = logging.getLogger(__name__)

#: Media type of the text that `Metrics.text` writes.
TEXT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
#: Seconds for which the store is not counted again, however often somebody asks.
CENSUS_SECONDS = 1.0

_NAMESPACE = "neuroshorts"
_STAGE_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 90, 180, 360, 600, 1200)
#: From a film out of the cache to a large one on a slow machine; 1 is as fast as the film plays.
_FACTOR_BUCKETS = (0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10, 20)
_MEMORY_BUCKETS = tuple(
    mebibytes * 1024.0**2 for mebibytes in (128, 192, 256, 384, 512, 768, 1024, 2048, 4096)
)
#: Handing a job in is to take less than 20 ms.
_REQUEST_BUCKETS = (0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_NO_FOLDERS: Mapping[str, Path] = MappingProxyType({})


class Work(NamedTuple):
    """What an attempt that ended its job took."""

    stage_seconds: Mapping[str, float]
    """Wall seconds of each stage; some go on beside each other."""
    seconds: float
    """Wall seconds of the attempt."""
    most_memory_bytes: int
    """Highest memory that was seen; 0 where that is not known."""


class Metrics:
    """All numbers of one process, on a registry of their own; safe to use from any thread."""

    def __init__(
        self, census: Callable[[], Census] | None = None, folders: Mapping[str, Path] = _NO_FOLDERS
    ) -> None:
        self.registry = CollectorRegistry()
        """For a server of metrics."""
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=self.registry)
        if census:
            self.registry.register(_StoreCollector(census))
        self.registry.register(_DiskCollector(folders))
        self._declare_endings()
        self._declare_work()
        # What may happen begins at 0: a number that first appears as 1 has not grown for Prometheus.
        for state in (State.DONE, State.CANCELLED):
            self._ended.labels(state.value, "")
        for stage in STAGE_SHARES:
            self._stages.labels(stage)
        for source in ("cache", "rendered"):
            self._segments.labels(source)
        for outcome in ("delivered", "again", "given_up"):
            self._webhooks.labels(outcome)

    def _declare_endings(self) -> None:
        self._ended = self._counter("jobs_ended", "Jobs that this process ended.", "state", "code")
        self._webhooks = self._counter("webhook_attempts", "Webhooks that were sent.", "outcome")
        self._requests = self._histogram(
            "http_request_duration_seconds",
            "Seconds until a request began to be answered.",
            _REQUEST_BUCKETS,
            "method",
            "route",
            "status",
        )

    def _declare_work(self) -> None:
        self._slots = self._gauge("worker_slots", "Jobs that this process renders at the same time.")
        self._busy = self._gauge("worker_slots_busy", "Jobs that this process renders now.")
        self._stages = self._histogram(
            "stage_seconds", "Wall seconds of a stage of a job that ended.", _STAGE_BUCKETS, "stage"
        )
        self._factor = self._histogram(
            "render_realtime_factor", "Seconds of rendering over seconds of film.", _FACTOR_BUCKETS
        )
        self._memory = self._histogram(
            "render_memory_bytes", "Peak memory of a render with all its processes.", _MEMORY_BUCKETS
        )
        self._cpu = self._counter("render_cpu_seconds", "CPU seconds of rendering finished films.")
        self._film = self._counter("film_seconds", "Seconds of finished films.")
        self._film_bytes = self._counter("film_bytes", "Bytes of finished films.")
        self._segments = self._counter("segments", "Segments of finished films.", "source")
        self._fetched = self._counter("fetch_bytes", "Bytes fetched for finished films.")

    def text(self) -> bytes:
        """Write all numbers in Prometheus' text format."""
        return generate_latest(self.registry)

    def slots_opened(self, slots: int) -> None:
        """Note how many jobs this process renders at the same time."""
        self._slots.set(slots)

    def slot_busy(self) -> AbstractContextManager[object]:
        """Count a job as being rendered until the block ends."""
        return self._busy.track_inprogress()

    def job_ended(self, state: State, error: JobError | None = None) -> None:
        """Count a job that has reached its last state."""
        self._ended.labels(state.value, error.code if error else "").inc()

    def work_ended(self, work: Work, result: RenderResult | None) -> None:
        """Count what the last attempt at a job took, and what came out of it."""
        for stage, seconds in work.stage_seconds.items():
            self._stages.labels(stage).observe(seconds)
        if work.most_memory_bytes:
            self._memory.observe(work.most_memory_bytes)
        if result:
            self._segments.labels("cache").inc(result.cache.segments_hit)
            self._segments.labels("rendered").inc(result.cache.segments_rendered)
            self._fetched.inc(result.bytes_fetched)
            self._cpu.inc(result.cpu_seconds)
            self._film.inc(result.duration)
            self._film_bytes.inc(result.size_bytes)
            self._factor.observe(work.seconds / result.duration)

    def webhook_attempted(self, outcome: str) -> None:
        """Count a webhook that was sent; the outcome is one of a few fixed words."""
        self._webhooks.labels(outcome).inc()

    def request_answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request; the route is its template, not what was asked."""
        self._requests.labels(method, route, str(status)).observe(seconds)

    def _counter(self, name: str, told: str, *labels: str) -> Counter:
        return Counter(name, told, labels, namespace=_NAMESPACE, registry=self.registry)

    def _gauge(self, name: str, told: str) -> Gauge:
        return Gauge(name, told, namespace=_NAMESPACE, registry=self.registry)

    def _histogram(self, name: str, told: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
        return Histogram(name, told, labels, namespace=_NAMESPACE, buckets=buckets, registry=self.registry)


class _StoreCollector(Collector):
    """Counts what is in the store when somebody asks; when the store is away, tells that alone."""

    def __init__(self, census: Callable[[], Census]) -> None:
        self._take_census = census
        self._lock = threading.Lock()
        self._census: Census | None = None
        self._taken: float | None = None

    def describe(self) -> Iterator[Metric]:
        """Tell nothing in advance: the registry would ask the store for it."""
        yield from ()

    def collect(self) -> Iterator[Metric]:
        """Tell what there is."""
        census = self._present()
        yield _gauge("store_up", "Whether the database of jobs answers.", 0 if census is None else 1)
        if census is None:
            return
        yield _by("state", "jobs", "Jobs in the store by state.", census.jobs)
        yield _gauge("queue_depth", "Jobs that wait.", census.jobs[State.QUEUED.value])
        yield _gauge(
            "oldest_queued_job_age_seconds", "Age of the oldest job that waits.", census.oldest_queued_seconds
        )
        yield _by("state", "webhooks", "Webhooks in the store by state.", census.webhooks)

    def _present(self) -> Census | None:
        with self._lock:
            now = time.monotonic()
            if self._taken is None or now - self._taken >= CENSUS_SECONDS:
                self._census, self._taken = self._counted(), now
            return self._census

    def _counted(self) -> Census | None:
        try:
            return self._take_census()
        except AWAY as error:
            _log.warning("database_away", extra={"reason": str(error)})
            return None


class _DiskCollector(Collector):
    """Looks at the disks below folders when somebody asks; a folder that is not there is left out."""

    def __init__(self, folders: Mapping[str, Path]) -> None:
        self._folders = folders

    def describe(self) -> Iterator[Metric]:
        """Tell nothing in advance."""
        yield from ()

    def collect(self) -> Iterator[Metric]:
        """Tell how large each disk is, and what is left for us; its reserve for the system is not."""
        free = _by("folder", "disk_free_bytes", "Bytes that are left on the disk of a folder.", {})
        size = _by("folder", "disk_size_bytes", "Bytes of the disk of a folder.", {})
        for name, folder in self._folders.items():
            try:
                usage = shutil.disk_usage(folder)
            except OSError as error:
                _log.warning("disk_not_known", extra={"folder": str(folder), "reason": str(error)})
                continue
            free.add_metric([name], usage.free)
            size.add_metric([name], usage.total)
        yield from (free, size)


def _gauge(name: str, told: str, value: float) -> Metric:
    return GaugeMetricFamily(f"{_NAMESPACE}_{name}", told, value)


def _by(label: str, name: str, told: str, counts: Mapping[str, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"{_NAMESPACE}_{name}", told, labels=[label])
    for value, count in counts.items():
        family.add_metric([value], count)
    return family
