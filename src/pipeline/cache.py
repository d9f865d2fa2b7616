"""What the pipeline asks of a cache, and the keys under which it keeps finished parts.

A key is a digest of everything that a part depends on. Nothing that it does not depend on goes in: a segment
does not know where in the film it stands, sound does not know the pictures beside it.
"""

import fnmatch
import hashlib
import json
import os
import platform
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple, Protocol

#: What computes pixels and samples beside our own code.
_LIBRARIES = (
    "av",
    "babel",
    "budoux",
    "espeakng-loader",
    "fontpkg-anton",
    "fontpkg-archivo-black",
    "fontpkg-bebas-neue",
    "fontpkg-heebo",
    "fontpkg-inter",
    "fontpkg-luckiest-guy",
    "fontpkg-montserrat",
    "fontpkg-noto-sans",
    "fontpkg-noto-sans-arabic",
    "fontpkg-noto-sans-devanagari",
    "fontpkg-noto-sans-tamil",
    "fontpkg-noto-sans-thai",
    "fontpkg-poppins",
    "imageio-ffmpeg",
    "moviepy",
    "numpy",
    "opencv-python-headless",
    "pillow",
    "pydub",
    "regex",
)


class Found(NamedTuple):
    """An entry of the cache."""

    notes: dict[str, Any]
    """JSON that was kept with it."""
    content: bytes


class Cache(Protocol):
    """Keeps finished parts from one render to the next; may forget any of them at any time."""

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a person should know about the cache."""
        ...

    def expect(self, kind: str, keys: Iterable[str]) -> None:
        """Learn which entries are going to be asked for soon: several can be brought at once."""
        ...

    def has(self, kind: str, key: str) -> bool:
        """Tell whether there is an entry, without a look at whether it is whole."""
        ...

    def load(self, kind: str, key: str) -> Found | None:
        """Read an entry into memory; None when there is none, or a damaged one."""
        ...

    def fetch(self, kind: str, key: str, into: Path) -> dict[str, Any] | None:
        """Copy the content of an entry to a file and return its notes; None when there is none."""
        ...

    def keep(self, kind: str, key: str, notes: dict[str, Any], content: bytes | Path) -> None:
        """Keep bytes, or a copy of a file, with notes that JSON can hold."""
        ...


def key_of(*parts: object) -> str:
    """Make the key of something that is computed by this renderer from `parts`, which JSON can hold."""
    told = json.dumps([renderer_digest(), *parts], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(told.encode()).hexdigest()


def lasting_key_of(*parts: object) -> str:
    """Make the key of something that comes from elsewhere: other versions of this renderer can use it."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


@cache
def renderer_digest() -> str:
    """Digest our own code and the versions of all libraries that compute pixels and samples.

    The code itself counts, not its version: nobody has to remember that a change needs a new one.
    """
    from PIL import features  # a wrong job is told without waiting for it

    libraries = [f"{name} {version(name)}" for name in _LIBRARIES]
    # What Pillow shapes text with is the system's, and may be installed later.
    shapers = [f"{name} {features.version(name)}" for name in ("raqm", "fribidi", "harfbuzz", "freetype2")]
    python = [platform.machine(), *platform.python_version_tuple()[:2]]
    return files_digest(Path(__file__).parent.parent, "*.py", [*libraries, *shapers, *python])


def files_digest(folder: Path, pattern: str, also: Iterable[str] = ()) -> str:
    """Digest a file, or all below a folder that fit a pattern, by name and content."""
    digest = hashlib.sha256("\n".join(also).encode())
    for name, file in sorted(_files(folder, pattern)):
        with open(file, "rb") as opened:
            content = opened.read()
        digest.update(f"\n{name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def _files(folder: Path, pattern: str) -> Iterator[tuple[str, str]]:
    """Find files by what they are called from the folder on; as paths, hundreds take twice as long."""
    if not folder.is_dir():
        yield folder.name, str(folder)
        return
    for place, _, names in os.walk(folder):
        inside = place.removeprefix(str(folder)).replace(os.sep, "/")
        for name in fnmatch.filter(names, pattern):
            file = os.path.join(place, name)
            if not name.endswith(".pyc") and os.path.isfile(file):
                yield f"{inside}/{name}", file
