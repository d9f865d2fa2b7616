"""Which characters a font has glyphs for, read from its `cmap` table.

Source: OpenType specification 1.9, "Font file" and "cmap" (formats 4 and 12).
"""

import struct
from functools import lru_cache
from pathlib import Path

#: First bytes of TrueType, OpenType with CFF outlines, and Apple's TrueType.
_MAGICS = (b"\x00\x01\x00\x00", b"OTTO", b"true")
#: Platform and encoding of the subtables that hold Unicode, best first.
_UNICODE = ((3, 10), (0, 6), (0, 4), (3, 1), (0, 3), (0, 2), (0, 1), (0, 0))
#: Characters in Unicode: a map that claims more is damaged.
_MAX_CHARACTERS = 0x110000


class FontError(ValueError):
    """The bytes are no TrueType or OpenType font with a Unicode character map."""


@lru_cache(maxsize=32)
def characters_of(file: Path) -> frozenset[int]:
    """Read the code points that a font has glyphs for; of a collection, its first font's.

    Raises:
        FontError: when the file is no font, or is damaged.
        OSError: when it cannot be read.
    """
    data = file.read_bytes()
    try:
        return frozenset(_characters(data, _cmap_offset(data)))
    except (struct.error, IndexError) as error:
        raise FontError(f"{file.name} is damaged") from error


def _cmap_offset(data: bytes) -> int:
    start = struct.unpack_from(">I", data, 12)[0] if data[:4] == b"ttcf" else 0
    if data[start : start + 4] not in _MAGICS:
        raise FontError("not a TrueType or OpenType font")
    (tables,) = struct.unpack_from(">H", data, start + 4)
    for index in range(tables):
        tag, _, offset, _ = struct.unpack_from(">4sIII", data, start + 12 + 16 * index)
        if tag == b"cmap":
            return int(offset)
    raise FontError("the font has no character map")


def _characters(data: bytes, cmap: int) -> set[int]:
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


def _format_12(data: bytes, at: int) -> set[int]:
    (groups,) = struct.unpack_from(">I", data, at + 12)
    found: set[int] = set()
    for first, last, glyph in struct.iter_unpack(">III", data[at + 16 : at + 16 + 12 * groups]):
        if not first <= last < _MAX_CHARACTERS or len(found) + last - first > _MAX_CHARACTERS:
            raise FontError("the character map is damaged")
        found.update(range(first + (glyph == 0), last + 1))
    return found


def _format_4(data: bytes, at: int) -> set[int]:
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
