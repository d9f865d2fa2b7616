"""Clips that stay open between the segments of one worker."""

from fractions import Fraction
from pathlib import Path
from typing import Self

from ...media.video import VideoReader

#: Open clips that wait; each holds up to sixteen decoded pictures.
_MOST_IDLE = 2


class Readers:
    """Hands out clips for reading, if it can one that stands where reading goes on; used by one thread.

    Reaching a place in a clip means decoding from the keyframe before it, which may be seconds away: a
    segment that follows another one in the same shot takes up its clip where that one left it.
    """

    def __init__(self) -> None:
        self._idle: list[tuple[Path, VideoReader]] = []

    def take(self, file: Path, time: Fraction) -> VideoReader:
        """Return an open clip, the one that stands nearest before `time` if there is one."""
        waiting = [entry for entry in self._idle if entry[0] == file and entry[1].position <= time]
        if not waiting:
            return VideoReader(file)
        nearest = max(waiting, key=lambda entry: entry[1].position)
        self._idle.remove(nearest)
        return nearest[1]

    def give_back(self, file: Path, reader: VideoReader) -> None:
        """Keep a clip open for whoever reads on."""
        self._idle.append((file, reader))
        while len(self._idle) > _MOST_IDLE:
            self._idle.pop(0)[1].close()

    def close(self) -> None:
        """Close all clips that wait."""
        while self._idle:
            self._idle.pop()[1].close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
