"""Under which key a finished segment is kept."""

from importlib.metadata import EntryPoint
from importlib.util import find_spec
from pathlib import Path

from ..engines.visuals.moviepy_clip import factories
from ..models.segment import Segment
from .cache import code_digest, key_of


def segment_key(segment: Segment) -> str:
    """Make the key of a segment: all that it shows, and the code of the clips that others bring."""
    names = {used.shot.source.factory for used in segment.shots if used.shot.source.kind == "moviepy"}
    foreign = [factory_digest(factories()[name]) for name in sorted(names)]
    return key_of(segment.model_dump(mode="json"), foreign)


def factory_digest(factory: EntryPoint) -> str:
    """Digest the code of the package that holds a factory, without importing it."""
    package = find_spec(factory.module.partition(".")[0])
    folders = package.submodule_search_locations if package else None
    if folders:
        return " ".join(code_digest(Path(folder)) for folder in folders)
    return code_digest(Path(package.origin)) if package and package.origin else str(factory)
