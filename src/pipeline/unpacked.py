"""Models that come packed, unpacked once for all renders of this machine."""

import os
import shutil
import time
import uuid
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, Self

from ..engines.audio.whisper import MODEL_FILES, OTHER_FILES
from ..errors import RejectedJob
from ..media.archive import UnusableArchive, unpack
from ..models.model_files import ModelFile
from ..settings import Settings

#: Seconds after which a model that nobody used is removed: 30 days.
_KEPT_SECONDS = 30 * 24 * 3600
#: Seconds after its last use for which a model may still be loading.
_LOADING_SECONDS = 300
#: Seconds for which one may be unpacked: more than a render may take.
_UNPACKING_SECONDS = 24 * 3600


class Stock(NamedTuple):
    """What is kept."""

    models: int
    size_bytes: int


class BadSpeechModel(RejectedJob):
    """An archive that holds no model of faster-whisper."""

    code = "bad_speech_model"

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"the model {name!r} cannot be used: {reason}")


def unpacked(model: ModelFile, name: str, settings: Settings) -> Path:
    """Find the folder of a model, unpacking it if no render has before.

    Raises:
        BadSpeechModel: it is no archive of such a model, or too large.
    """
    models = UnpackedModels(settings.cache_dir).folder
    folder = models / model.sha256
    is_new = not folder.is_dir()
    if is_new:
        models.mkdir(parents=True, exist_ok=True)
        part = models / f"{model.sha256}.{uuid.uuid4().hex}.part"
        part.mkdir()
        try:
            _unpack(model, name, part, settings.max_media_bytes)
            _put_in_place(part, folder)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    os.utime(folder)
    if is_new:
        UnpackedModels(settings.cache_dir).prune(settings.fetch_cache_max_bytes)
    return folder


def _unpack(model: ModelFile, name: str, part: Path, most_bytes: int) -> None:
    try:
        held = unpack(model.file, part, MODEL_FILES | OTHER_FILES, most_bytes)
    except UnusableArchive as error:
        raise BadSpeechModel(name, str(error)) from error
    if missing := MODEL_FILES - held:
        raise BadSpeechModel(name, f"there is no {' and no '.join(sorted(missing))} in it")


def _put_in_place(part: Path, folder: Path) -> None:
    try:
        part.rename(folder)
    except OSError:
        # Another render was faster: what it unpacked is the same.
        if not folder.is_dir():
            raise


class _Kept(NamedTuple):
    """A model, or what a killed render left of one."""

    used_at: float
    """Seconds since 1970."""
    size_bytes: int
    folder: Path

    def is_spared(self, now: float) -> bool:
        """Tell whether somebody may be at it just now."""
        return now - self.used_at < (_UNPACKING_SECONDS if self.is_part else _LOADING_SECONDS)

    @property
    def is_part(self) -> bool:
        """Whether it is not whole."""
        return self.folder.suffix == ".part"

    @classmethod
    def at(cls, folder: Path) -> Self | None:
        """Look at a folder; another render may have put it in place, or removed it, since it was listed."""
        try:
            size_bytes = sum(file.stat().st_size for file in folder.iterdir())
            return cls(folder.stat().st_mtime, size_bytes, folder)
        except (FileNotFoundError, NotADirectoryError):
            return None


class UnpackedModels:
    """All models of this machine that were unpacked."""

    def __init__(self, cache_dir: Path) -> None:
        self.folder = cache_dir / "models"

    def stock(self) -> Stock:
        """Count what is here."""
        found = self._found()
        return Stock(len(found), sum(kept.size_bytes for kept in found))

    def prune(self, limit_bytes: int) -> int:
        """Remove what nobody used for long, and what was used least until the rest fits; tell how many.

        One that may be loading just now stays: once it is loaded, nobody needs its files.
        """
        now, room, removed = time.time(), limit_bytes, 0
        for kept in sorted(self._found(), reverse=True):
            is_old = kept.is_part or now - kept.used_at > _KEPT_SECONDS
            if (is_old or kept.size_bytes > room) and not kept.is_spared(now):
                _remove(kept.folder)
                removed += 1
            else:
                room -= kept.size_bytes
        return removed

    def _found(self) -> Sequence[_Kept]:
        folders = self.folder.iterdir() if self.folder.is_dir() else ()
        return [kept for folder in folders if (kept := _Kept.at(folder))]


def _remove(folder: Path) -> None:
    """Remove a model under another name: nobody shall find half of one."""
    leaving = folder.with_name(f"{folder.name[:64]}.{uuid.uuid4().hex}.part")
    with suppress(OSError):
        folder.rename(leaving)
        shutil.rmtree(leaving, ignore_errors=True)
