"""The cache that a render works with, as the operator wants it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..cloud.signing import Signer
from ..pipeline.cache import Cache
from ..settings import Settings
from ..stopping import Stop
from ..store.cache import DiskCache


@contextmanager
def opened_cache(settings: Settings, work_dir: Path, signer: Signer, stop: Stop) -> Iterator[Cache]:
    """Give the cache of this machine, shared with others if the operator wants that, until `stop` is set."""
    local = DiskCache(settings.cache_dir, settings.cache_max_bytes, work_dir)
    if not settings.shared_cache_url:
        yield local
        return
    # What calls over the network takes a while to import.
    from .cache import SharedCache
    from .depot import Depot

    shared = SharedCache(local, Depot(settings.shared_cache_url, signer), work_dir, stop)
    try:
        yield shared
    except KeyboardInterrupt:
        shared.leave()
        raise
    finally:
        shared.close()
