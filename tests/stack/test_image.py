"""Our image: small, and the same command as from a checkout."""

from tests.stack.engine import Engine
from tests.stack.record import Record

#: What it may weigh, its base included.
_MOST_BYTES = 900_000_000


def test_it_is_small(engine: Engine, image: str, record: Record) -> None:
    size_bytes = int(engine.docker("image", "inspect", "--format", "{{.Size}}", image))
    record.note("size of our image", f"{size_bytes / 1e6:.0f} MB")
    assert size_bytes < _MOST_BYTES
