"""What a line of Advanced SubStation Alpha says, and when its picture changes.

Source: Aegisub manual, "ASS tags"; ASS File Format Specification of libass.
"""

import re
from collections.abc import Collection
from itertools import pairwise, zip_longest

import regex

from ..models.subtitles import StyledLine

_BLOCK = re.compile(r"\{([^{}]*)\}")
#: The same, kept when a text is split at it.
_SAID = re.compile(r"(\{[^{}]*\})")
_GRAPHEME = regex.compile(r"\X")
_DRAWING = re.compile(r"\\p(\d+)")
_STRONG = re.compile(r"\\[bi](\d+)")
_SYLLABLE = re.compile(r"\\(?:[kK]|kf|ko)(\d+)")
#: Overrides after which a picture differs from frame to frame, with the numbers that tell how long; those of
#: karaoke, and among them the ones whose syllables light up at once; and those that place it.
_MOVING = re.compile(r"\\(t|move|fade|fad)\(([^()]*)")
_KARAOKE = re.compile(r"\\[kK][^\\]*")
_STEP = re.compile(r"\\ko?(\d{1,6})\s*")
_PLACED = re.compile(r"\\(?:pos|move)\(")
_FAMILY = re.compile(r"\\fn([^\\{}]+)")
_BREAK = re.compile(r"\\[Nn]")


def changes(text: str, lasts_ms: int) -> tuple[tuple[int, int], ...]:
    """Tell between which milliseconds of a line its picture changes, borders included; rather too much."""
    spans, now_ms = [], 0
    for block in _BLOCK.findall(text):
        for name, written in _MOVING.findall(block):
            spans += _moving_spans(name, [_natural(part) for part in written.split(",")], lasts_ms)
        for syllable in _KARAOKE.findall(block):
            step = _STEP.fullmatch(syllable)
            if step is None:
                return ((0, lasts_ms),)
            # A syllable lights up when those before it are over.
            spans.append((now_ms, now_ms))
            now_ms += int(step[1]) * 10
    return tuple(span for span in dict.fromkeys(spans) if span[0] <= lasts_ms)


def _moving_spans(name: str, numbers: list[int | None], lasts_ms: int) -> list[tuple[int, int]]:
    """Read the times of one override; one that tells none, or none that can be read, takes the whole line."""
    whole = [(0, lasts_ms)]
    match name, numbers:
        case "fad", [int(coming), int(going)]:
            return [(0, coming), (max(0, lasts_ms - going), lasts_ms)]
        case "move", [_, _, _, _, int(first), int(end)] if 0 < end > first:
            return [(first, end)]
        case "t", [int(first), int(end), *_] if 0 < end > first:
            return [(first, end)]
    return whole


def _natural(written: str) -> int | None:
    written = written.strip()
    return int(written) if written.isascii() and written.isdigit() and len(written) < 10 else None


def is_placed(text: str) -> bool:
    """Tell whether a line stands at a place of its own, whatever else is seen."""
    return any(_PLACED.search(block) for block in _BLOCK.findall(text))


def without(text: str, lacking: Collection[str]) -> str:
    """Leave out graphemes of what a line says."""
    if not any(grapheme in text for grapheme in lacking):
        return text
    parts = _SAID.split(text)
    kept = ("".join(g for g in _GRAPHEME.findall(part) if g not in lacking) for part in parts[::2])
    return "".join(part for pair in zip_longest(kept, parts[1::2], fillvalue="") for part in pair)


def families_in(text: str) -> tuple[str, ...]:
    """List the families that overrides name."""
    return tuple(name.strip() for block in _BLOCK.findall(text) for name in _FAMILY.findall(block))


def said_lines(text: str, start_ms: int) -> tuple[StyledLine, ...]:
    """Take overrides and drawings off a line; syllables of karaoke become times of words."""
    plain, strong, stamps = "", list[tuple[int, int]](), list[tuple[int, int]]()
    is_drawing, is_strong, now_ms, place = False, False, start_ms, 0
    for block in [*_BLOCK.finditer(text), None]:
        part = text[place : block.start() if block else len(text)].replace("\\h", " ")
        if not is_drawing:
            strong += [(len(plain), len(plain) + len(part))] if is_strong else []
            plain += part
        if block is None:
            break
        place = block.end()
        for level in _DRAWING.findall(block[1]):
            is_drawing = level != "0"
        for value in _STRONG.findall(block[1]):
            is_strong = value != "0"
        for centiseconds in _SYLLABLE.findall(block[1]):
            stamps.append((len(plain), now_ms))
            now_ms += int(centiseconds[:6]) * 10
    return _broken(plain, strong, stamps)


def _broken(
    plain: str, strong: list[tuple[int, int]], stamps: list[tuple[int, int]]
) -> tuple[StyledLine, ...]:
    """Break the text where it says so; empty lines are left out."""
    borders = [(0, 0), *((found.start(), found.end()) for found in _BREAK.finditer(plain)), (len(plain),) * 2]
    lines = []
    for (_, start), (end, _) in pairwise(borders):
        text = plain[start:end]
        kept = text.strip()
        if kept:
            lead = text.index(kept)
            lines.append(
                StyledLine(
                    kept,
                    _within(strong, start + lead, len(kept)),
                    tuple((at - start - lead, ms) for at, ms in stamps if start + lead <= at < end),
                )
            )
    return tuple(lines)


def _within(spans: list[tuple[int, int]], start: int, length: int) -> tuple[tuple[int, int], ...]:
    moved = ((max(0, first - start), min(length, end - start)) for first, end in spans)
    return tuple((first, end) for first, end in moved if first < end)
