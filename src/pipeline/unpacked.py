"""Models that come packed, unpacked once for all renders of this machine."""

import os
import shutil
import time
import uuid
from contextlib import suppress
from pathlib import Path

from ..engines.audio.whisper import MODEL_FILES, OTHER_FILES
from ..errors import RejectedJob
from ..media.archive import UnusableArchive, unpack
from ..models.model_files import ModelFile
from ..settings import Settings

#: Days after which a model that nobody used is removed, when another one is unpacked.
_KEPT_DAYS = 30


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
    models = settings.cache_dir / "models"
    folder = models / model.sha256
    if not folder.is_dir():
        models.mkdir(parents=True, exist_ok=True)
        _forget_unused(models)
        part = models / f"{model.sha256}.{uuid.uuid4().hex}.part"
        part.mkdir()
        try:
            _unpack(model, name, part, settings.max_media_bytes)
            _put_in_place(part, folder)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    os.utime(folder)
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


def _forget_unused(models: Path) -> None:
    """Remove what nobody used for long, and what renders that were killed left behind."""
    oldest = time.time() - _KEPT_DAYS * 24 * 3600
    for folder in models.iterdir():
        # Another render may have put it in place, or removed it, since it was listed.
        with suppress(FileNotFoundError):
            if folder.stat().st_mtime < oldest:
                shutil.rmtree(folder, ignore_errors=True)
