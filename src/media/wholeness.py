"""Whether a file of sound has all that its header promises; decoders take what there is without a word."""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from ..models.timeline import SAMPLE_RATE
from .probe import open_container
from .sound import sound_samples

#: Sizes from here on mean that whoever wrote the header did not know yet: streams say 2 or 4 GiB.
_UNKNOWN_BYTES = 0x7FFF0000
#: Share of the promised samples that may be missing: rounding of sample rates.
_SLACK = 0.005


class _Chunk(NamedTuple):
    """A part of a RIFF file."""

    name: bytes
    start: int
    size_bytes: int


def is_cut(file: Path) -> bool:
    """Tell whether a WAV or FLAC file ends before its time; of other formats, no header tells.

    Raises:
        UnreadableFile: there is no sound in it.
    """
    with file.open("rb") as stream:
        if stream.read(4) == b"RIFF":
            return _is_cut_wav(stream, file.stat().st_size)
    promised = _promised_seconds(file)
    return promised > 0 and sound_samples(file) < promised * SAMPLE_RATE * (1 - _SLACK)


def _promised_seconds(file: Path) -> float:
    """Read how long a FLAC file says that it is; 0 where nothing reliable tells."""
    with open_container(file, quick=False) as container:
        track = next(iter(container.streams.audio), None)
        if container.format.name != "flac" or not (track and track.duration and track.time_base):
            return 0.0
        return float(track.duration * track.time_base)


def _is_cut_wav(stream: BinaryIO, file_bytes: int) -> bool:
    for chunk in _chunks(stream, file_bytes):
        if chunk.name == b"data":
            is_known = 0 < chunk.size_bytes < _UNKNOWN_BYTES
            return is_known and chunk.start + chunk.size_bytes > file_bytes
    return True


def _chunks(stream: BinaryIO, file_bytes: int) -> Iterator[_Chunk]:
    """List the chunks of a RIFF file, each of which starts at an even byte."""
    start = 12
    while start + 8 <= file_bytes:
        stream.seek(start)
        name, size = stream.read(4), int.from_bytes(stream.read(4), "little")
        yield _Chunk(name, start + 8, size)
        start += 8 + size + size % 2
