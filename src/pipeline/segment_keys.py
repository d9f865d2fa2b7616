"""Under which key a finished segment is kept."""

import json
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ..engines.visuals.moviepy_clip import factories
from ..media.probe import sha256_of
from ..models.segment import Segment
from ..models.timeline import MoviePySource
from .cache import files_digest, key_of


def segment_key(segment: Segment) -> str:
    """Make the key of a segment: all that it shows, and what the clips that others bring are made from."""
    foreign = [part for used in segment.shots for part in _foreign(used.shot.source)]
    return key_of(segment.model_dump(mode="json"), foreign)


def _foreign(source: object) -> Iterator[str]:
    """Digest the package of a MoviePy clip's factory, and the files that the clip's parameters name."""
    if isinstance(source, MoviePySource):
        yield package_digest(factories()[source.factory].module)
        yield from (sha256_of(file) for file in _named_files(json.loads(source.params_json)))


@cache
def package_digest(module: str) -> str:
    """Digest all files of the package that holds a module, without importing it."""
    package = find_spec(module.partition(".")[0])
    if package and package.submodule_search_locations:
        return " ".join(files_digest(Path(folder), "*") for folder in package.submodule_search_locations)
    file = Path(package.origin) if package and package.has_location and package.origin else None
    return files_digest(file, "*") if file and file.is_file() else module


def _named_files(value: Any) -> Iterator[Path]:
    """Find the strings in a JSON value that are paths of files."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            yield from _named_files(part)
    elif isinstance(value, str) and 0 < len(value) < 1000 and "\0" not in value and Path(value).is_file():
        yield Path(value)
