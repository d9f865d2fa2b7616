"""Sound kept on the disk, so that a long film needs no more memory than a short one."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryFile
from typing import Generic, NamedTuple, Self, TypeVar

import numpy as np
import numpy.typing as npt

from ...media.sound import CHUNK_SAMPLES, Pcm

Sample = TypeVar("Sample", np.int16, np.float32)


class Recording(Generic[Sample]):
    """Stereo sound in a file without a name: written from its start to its end, read anywhere.

    The file goes with its object, or with the process.
    """

    def __init__(self, folder: Path, sample: type[Sample]) -> None:
        self._file = TemporaryFile(dir=folder)  # noqa: SIM115  (closed by __exit__)
        self._sample: type[Sample] = sample
        self._frame_bytes = 2 * np.dtype(sample).itemsize
        self.samples = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def append(self, sound: npt.NDArray[Sample]) -> None:
        """Write (n, 2) samples after those that are there."""
        self._file.seek(self.samples * self._frame_bytes)
        self._file.write(np.ascontiguousarray(sound).data)
        self.samples += len(sound)

    def read(self, start: int, end: int) -> npt.NDArray[Sample]:
        """Read samples that have been written, as an array of one's own."""
        sound = np.empty((end - start, 2), self._sample)
        self._file.seek(start * self._frame_bytes)
        self._file.readinto(sound.data)
        return sound


class Take(NamedTuple):
    """One sound in a recording of many."""

    recording: Recording[np.int16]
    start_sample: int
    samples: int

    def read(self, start: int, end: int) -> Pcm:
        """Read from `start` to `end`, counted from the take's own start; outside of it there is silence."""
        found = np.zeros((end - start, 2), np.int16)
        first, last = max(0, start), min(self.samples, end)
        if first < last:
            there = self.recording.read(self.start_sample + first, self.start_sample + last)
            found[first - start : last - start] = there
        return found

    def blocks(self, start: int = 0) -> Iterator[Pcm]:
        """Read all of it from `start`, which may lie ahead of it, a second at a time."""
        for first in range(start, self.samples, CHUNK_SAMPLES):
            yield self.read(first, min(self.samples, first + CHUNK_SAMPLES))
