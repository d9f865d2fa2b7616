"""Which characters a font has glyphs for, read from its `cmap` table, and whether they are pictures.

Source: OpenType specification 1.9, "Font file" and "cmap" (formats 4 and 12).
"""

import mmap
import struct
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

#: First bytes of TrueType, OpenType with CFF outlines, and Apple's TrueType.
_MAGICS = (b"\x00\x01\x00\x00", b"OTTO", b"true")
#: Platform and encoding of the subtables that hold Unicode, best first.
_UNICODE = ((3, 10), (0, 6), (0, 4), (3, 1), (0, 3), (0, 2), (0, 1), (0, 0))
#: Characters in Unicode: a map that claims more is damaged.
_MAX_CHARACTERS = 0x110000


class FontError(ValueError):
    """The bytes are no TrueType or OpenType font with a Unicode character map."""


class _Map(NamedTuple):
    characters: frozenset[int]
    has_pictures: bool


def characters_of(file: Path, index: int = 0) -> frozenset[int]:
    """Read the code points that a font has glyphs for; `index` is its place in a collection.

    Raises:
        FontError: when the file is no font, or is damaged.
        OSError: when it cannot be read.
    """
    return _map(file, index).characters


def has_pictures(file: Path) -> bool:
    """Tell whether a font's glyphs are pictures in their own colours, as Google's font of emoji has them.

    Other kinds of coloured fonts (COLR, sbix, SVG) are drawn by nothing here and count as fonts without.
    """
    return _map(file, 0).has_pictures


@lru_cache(maxsize=96)
def _map(file: Path, index: int) -> _Map:
    # Fonts of Chinese have 20 MB, of which little is looked at.
    with file.open("rb") as stream:
        try:
            with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
                tables = _tables(data, index)
                if b"cmap" not in tables:
                    raise FontError("the font has no character map")
                return _Map(frozenset(_characters(data, tables[b"cmap"])), b"CBDT" in tables)
        except (struct.error, IndexError, ValueError) as error:
            if isinstance(error, FontError):
                raise
            raise FontError(f"{file.name} is damaged") from error


def _tables(data: mmap.mmap, index: int) -> dict[bytes, int]:
    start = struct.unpack_from(">I", data, 12 + 4 * index)[0] if data[:4] == b"ttcf" else 0
    if data[start : start + 4] not in _MAGICS:
        raise FontError("not a TrueType or OpenType font")
    (count,) = struct.unpack_from(">H", data, start + 4)
    records = (struct.unpack_from(">4sIII", data, start + 12 + 16 * place) for place in range(count))
    return {tag: offset for tag, _, offset, _ in records}


def _characters(data: mmap.mmap, cmap: int) -> set[int]:
    (subtables,) = struct.unpack_from(">H", data, cmap + 2)
    records = [struct.unpack_from(">HHI", data, cmap + 4 + 8 * index) for index in range(subtables)]
    offsets = {(platform, encoding): cmap + offset for platform, encoding, offset in records}
    for encoding in _UNICODE:
        if encoding in offsets:
            (form,) = struct.unpack_from(">H", data, offsets[encoding])
            if form == 12:
                return _format_12(data, offsets[encoding])
            if form == 4:
                return _format_4(data, offsets[encoding])
    raise FontError("the font has no Unicode character map")


def _format_12(data: mmap.mmap, at: int) -> set[int]:
    (groups,) = struct.unpack_from(">I", data, at + 12)
    found: set[int] = set()
    for first, last, glyph in struct.iter_unpack(">III", data[at + 16 : at + 16 + 12 * groups]):
        if not first <= last < _MAX_CHARACTERS or len(found) + last - first > _MAX_CHARACTERS:
            raise FontError("the character map is damaged")
        found.update(range(first + (glyph == 0), last + 1))
    return found


def _format_4(data: mmap.mmap, at: int) -> set[int]:
    segments = struct.unpack_from(">H", data, at + 6)[0] // 2
    columns = [at + 14, at + 16 + 2 * segments, at + 16 + 4 * segments, at + 16 + 6 * segments]
    ends, starts, deltas, offsets = (struct.unpack_from(f">{segments}H", data, column) for column in columns)
    found: set[int] = set()
    for index, (start, end, delta, offset) in enumerate(zip(starts, ends, deltas, offsets, strict=True)):
        for char in range(start, min(end, 0xFFFE) + 1):
            glyph = char
            if offset:
                (glyph,) = struct.unpack_from(
                    ">H", data, columns[3] + 2 * index + offset + 2 * (char - start)
                )
            if (offset and glyph and (glyph + delta) & 0xFFFF) or (not offset and (glyph + delta) & 0xFFFF):
                found.add(char)
    return found
