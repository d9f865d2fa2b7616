"""Films whose tracks lie in another file, as QuickTime can tell: that file is never opened."""

import os
import struct
from pathlib import Path

import pytest

from src.media.probe import UnreadableFile, probe_video
from src.media.sound import sound_samples
from tests.synthetic import write_clip

_NESTED = {b"moov", b"trak", b"mdia", b"minf", b"dinf"}
_END = 0xFFFF


def box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(body), name) + body


def alias(target: bytes) -> bytes:
    """Write the alias record of a file in the same folder, as the one entry of a table.

    Source: Inside Macintosh: Files, "Alias Manager"; FFmpeg, libavformat/mov.c.
    """
    path = b"vol/" + target
    record = bytes(14) + bytes([3]) + b"vol".ljust(27, b"\0") + bytes(12)
    record += bytes([len(target)]) + target.ljust(63, b"\0") + bytes(16)
    # One level up from here, and one down to there.
    record += struct.pack(">HH", 1, 1) + bytes(16)
    record += struct.pack(">HH", 2, len(path)) + path + bytes(len(path) % 2) + struct.pack(">HH", _END, 0)
    return struct.pack(">II", 0, 1) + box(b"alis", record)


def with_references(data: bytes, table: bytes) -> bytes:
    """Put another table of data references into a film whose index stands at its end."""
    out, at = b"", 0
    while at < len(data):
        size, name = struct.unpack_from(">I4s", data, at)
        body = data[at + 8 : at + size]
        if name == b"dref":
            body = table
        elif name in _NESTED:
            body = with_references(body, table)
        out, at = out + box(name, body), at + size
    return out


@pytest.mark.parametrize("ending", [".mov", ".mp4", ""])
def test_a_track_in_another_file_is_not_followed(ending: str, tmp_path: Path) -> None:
    secret = write_clip(tmp_path / "secret.mp4", sound=True)
    film = tmp_path / f"film{ending}"
    film.write_bytes(with_references(secret.read_bytes(), alias(secret.name.encode())))
    # Old enough that the system notes when it is read next.
    os.utime(secret, (0, 0))

    with pytest.raises(UnreadableFile):
        probe_video(film, 10**6)
    with pytest.raises(UnreadableFile):
        sound_samples(film, 10**6)

    assert secret.stat().st_atime == 0
