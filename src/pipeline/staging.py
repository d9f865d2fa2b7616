"""Finished files put in place: all of them, or none, whatever ends the process in between.

What is about to be done is noted in the work folder before it is done. Whoever finds that note later, in
this process or after it was killed, takes back what was begun, or ends what was as good as done.
"""

import errno
import json
import logging
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple, Self

from ..errors import RenderFailed

_log = logging.getLogger(__name__)

#: What the system calls a disk, or a share of one, that is full.
FULL_DISK = (errno.ENOSPC, errno.EDQUOT)
_NOTE = "handover.json"
#: How often all is done again because somebody else has the same targets.
_TRIES = 10


class _Stamp(NamedTuple):
    """What tells a file from others that may be put in its place; renaming keeps it."""

    inode: int
    size_bytes: int
    modified_ns: int

    @classmethod
    def of(cls, file: Path) -> Self:
        stat = file.lstat()
        return cls(stat.st_ino, stat.st_size, stat.st_mtime_ns)


class _Move(NamedTuple):
    """One file on its way."""

    target: Path
    part: Path
    """Copy of the finished file, beside its target."""
    old: Path
    """Where a file that was at the target waits to be put back."""
    stamp: _Stamp | None
    """Of the copy; None until all copies are finished."""

    @classmethod
    def to(cls, target: Path, number: int, work_dir: Path, stamp: _Stamp | None = None) -> Self:
        # Names of their own length: that of the target may be as long as names can be.
        beside = f".{work_dir.name}-{number}"
        return cls(target, target.with_name(f"{beside}.part"), target.with_name(f"{beside}.old"), stamp)


def put_in_place(finished: Mapping[Path, Path], work_dir: Path) -> None:
    """Copy finished files beside their targets, then rename all of them over, in the order given.

    Nobody sees half a file, and where the last target stands, all of them do. What a target held before is
    put back unless all of them could be renamed. Of several that have the same targets at the same time, the
    last one has all of them.

    Args:
        finished: Files by their targets.
        work_dir: Folder of this render alone.

    Raises:
        RenderFailed: the disk is full or refuses, or others put their files there again and again.
    """
    for _ in range(_TRIES):
        if not _is_mixed(_put(finished, work_dir)):
            return
        _log.info("targets_shared", extra={"files": [str(target) for target in finished]})
    told = ", ".join(repr(target.name) for target in finished)
    raise RenderFailed(f"somebody else keeps writing {told}: name another file for the film")


def _put(finished: Mapping[Path, Path], work_dir: Path) -> Sequence[_Move]:
    """Copy and rename; tell what was moved."""
    moves = [_Move.to(target, number, work_dir) for number, target in enumerate(finished)]
    try:
        _note(moves, work_dir)
        for move, source in zip(moves, finished.values(), strict=True):
            _copy(source, move)
        moves = [move._replace(stamp=_Stamp.of(move.part)) for move in moves]
        _note(moves, work_dir)
        *before, last = moves
        for move in before:
            _replace(move)
        with telling_disk_trouble(last.target):
            os.replace(last.part, last.target)
        return moves
    finally:
        take_back(work_dir)


def _is_mixed(moves: Sequence[_Move]) -> bool:
    """Tell whether somebody else has put files at some of the targets, but not at all of them.

    Whoever renames last learns of it: who finds such a mixture does all again.
    """
    stamps = [(_stamp_at(move.target), move.stamp) for move in moves]
    ours = [there == own for there, own in stamps if there]
    return any(ours) and not all(ours)


def _stamp_at(target: Path) -> _Stamp | None:
    """Read the stamp of what is at a target; whoever takes films away as they come may have been faster."""
    try:
        return _Stamp.of(target)
    except FileNotFoundError:
        return None


def take_back(work_dir: Path) -> None:
    """Take back what a render began to put in place; if only tidying was left to do, do that."""
    note = work_dir / _NOTE
    moves = _noted(note)
    is_done = all(move.stamp and not os.path.lexists(move.part) for move in moves)
    for move in moves:
        if not is_done and move.stamp:
            _restore(move)
        _remove(move.old)
        _remove(move.part)
    _remove(note)


def _note(moves: Sequence[_Move], work_dir: Path) -> None:
    note = work_dir / _NOTE
    unfinished = note.with_suffix(".part")
    told = [[str(move.target), move.stamp] for move in moves]
    with telling_disk_trouble(note):
        unfinished.write_text(json.dumps(told), encoding="utf-8")
        os.replace(unfinished, note)


def _noted(note: Path) -> list[_Move]:
    """Read a note; one that a power cut damaged tells of nothing that could be found again."""
    try:
        told = enumerate(json.loads(note.read_bytes()))
        return [
            _Move.to(Path(target), number, note.parent, _Stamp(*stamp) if stamp else None)
            for number, (target, stamp) in told
        ]
    except FileNotFoundError:
        return []
    except (ValueError, TypeError) as error:
        _log.warning("handover_note_damaged", extra={"file": str(note), "reason": str(error)})
        return []


def _copy(source: Path, move: _Move) -> None:
    """Copy a finished file beside its target, down to the disk."""
    with telling_disk_trouble(move.target):
        move.target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, move.part)
        with move.part.open("rb+") as copied:
            os.fsync(copied.fileno())


def _replace(move: _Move) -> None:
    """Rename a copy over its target; set aside what was there."""
    with telling_disk_trouble(move.target):
        if os.path.lexists(move.target):
            # Somebody else may be moving it at this moment.
            with suppress(FileNotFoundError):
                os.replace(move.target, move.old)
        os.replace(move.part, move.target)


def _restore(move: _Move) -> None:
    """Put back what was at a target before, unless somebody else has put a file there since."""
    is_ours = not os.path.lexists(move.part)
    try:
        if os.path.lexists(move.target) and not (is_ours and _Stamp.of(move.target) == move.stamp):
            return
        if os.path.lexists(move.old):
            os.replace(move.old, move.target)
        elif is_ours:
            _remove(move.target)
    except OSError as error:
        _log.warning("file_not_put_back", extra={"file": str(move.target), "reason": str(error)})


def _remove(file: Path) -> None:
    """Remove a file that is not wanted any more; one that stays changes nothing about the film."""
    try:
        file.unlink(missing_ok=True)
    except OSError as error:
        _log.warning("file_left_behind", extra={"file": str(file), "reason": str(error)})


@contextmanager
def telling_disk_trouble(target: Path) -> Iterator[None]:
    """Tell what to do about a file that cannot be written.

    Raises:
        RenderFailed: instead of `OSError`.
    """
    try:
        yield
    except OSError as error:
        place = str(target.parent)
        if error.errno in FULL_DISK:
            reason = f"no space left for {target.name!r}: free space in {place!r}, or choose another folder"
        else:
            why = error.strerror or error
            reason = (
                f"cannot write {target.name!r} ({why}): check that {place!r} and its files may be changed"
            )
        raise RenderFailed(reason) from error


@contextmanager
def telling_full_disk(folder: Path) -> Iterator[None]:
    """Tell what to do when the folder of the work in progress has no space left, or is gone.

    Raises:
        RenderFailed: instead of that `OSError`; others pass.
    """
    try:
        yield
    except OSError as error:
        if not folder.exists():
            told = f"the folder of the work in progress, {str(folder)!r}, was removed: render the job again"
            raise RenderFailed(told) from error
        if error.errno not in FULL_DISK:
            raise
        raise RenderFailed(
            f"no space left for the work in progress: free space in {str(folder.parent)!r} (neuroshorts cache"
            " prune --all gives up finished parts), or choose another folder with NEUROSHORTS_CACHE_DIR"
        ) from error
