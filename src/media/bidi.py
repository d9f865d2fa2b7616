"""Levels of direction: which parts of a line run from right to left.

FriBiDi finds them. It is the library of the system with which Pillow orders text; where Pillow has none,
everything runs from left to right, and `neuroshorts doctor` says so.
Source: Unicode Standard Annex 9; fribidi-bidi.h of FriBiDi 1.0.
"""

import ctypes
from functools import lru_cache

import regex

from .fonts import has_raqm

#: Names under which Pillow looks for it as well.
_NAMES = (
    "libfribidi.so.0",
    "libfribidi.so",
    "libfribidi.0.dylib",
    "libfribidi.dylib",
    "fribidi",
    "fribidi-0",
)
#: FRIBIDI_PAR_ON: the first letter decides, left to right when there is none.
_BY_FIRST_LETTER = 0x40
#: What can make a line run from right to left: letters, and the marks that say so.
_RIGHT_TO_LEFT = regex.compile(r"[\p{Bidi_Class=R}\p{Bidi_Class=AL}\p{Bidi_Class=AN}\u202b\u202e\u2067]")
_LETTER = regex.compile(r"[\p{Bidi_Class=L}\p{Bidi_Class=R}\p{Bidi_Class=AL}]")


def levels_of(text: str) -> tuple[int, ...]:
    """Tell each character's level: odd ones run from right to left."""
    library = _library() if _RIGHT_TO_LEFT.search(text) else None
    if library is None:
        return (0,) * len(text)
    length = len(text)
    characters = (ctypes.c_uint32 * length)(*map(ord, text))
    types, brackets = (ctypes.c_uint32 * length)(), (ctypes.c_uint32 * length)()
    levels, base = (ctypes.c_int8 * length)(), ctypes.c_uint32(_BY_FIRST_LETTER)
    library.fribidi_get_bidi_types(characters, length, types)
    library.fribidi_get_bracket_types(characters, length, types, brackets)
    library.fribidi_get_par_embedding_levels_ex(types, brackets, length, ctypes.byref(base), levels)
    return tuple(levels)


def is_right_to_left(text: str) -> bool:
    """Tell whether the first letter of a text runs from right to left (rules P2, P3)."""
    found = _LETTER.search(text)
    return bool(found and _RIGHT_TO_LEFT.match(found[0]))


def visual_order(levels: list[int]) -> list[int]:
    """List the places of runs of these levels from left to right (rule L2)."""
    order = list(range(len(levels)))
    for level in range(max(levels, default=0), 0, -1):
        start = 0
        while start < len(order):
            end = start
            while end < len(order) and levels[order[end]] >= level:
                end += 1
            order[start:end] = order[start:end][::-1]
            start = end + 1
    return order


@lru_cache(maxsize=1)
def _library() -> ctypes.CDLL | None:
    if not has_raqm():
        return None
    for name in _NAMES:
        try:
            return ctypes.CDLL(name)
        except OSError:
            continue
    return None
