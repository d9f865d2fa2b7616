"""Models that speak or listen, as they lie on this machine."""

from pathlib import Path
from typing import NamedTuple


class ModelFile(NamedTuple):
    """A model, or what belongs to one."""

    file: Path
    sha256: str
