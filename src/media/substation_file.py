"""Advanced SubStation Alpha, and what came before it: read by pysubs2, checked, written in one spelling.

What the drawing program reads is written here: nothing of a stranger's file gets there that was not parsed.
"""

import math
import re
import warnings as python_warnings
from collections.abc import Iterator, Sequence
from typing import TextIO, cast

import numpy as np
from pysubs2 import SSAEvent, SSAFile, SSAStyle
from pysubs2.formats.substation import EVENT_FORMAT_LINE, STYLE_FORMAT_LINE

from ..models.caption_plan import ScriptEvent
from ..models.subtitles import AttachedFont, CaptionFile, Script, TextEvent
from ..text.substation_text import changes, families_in, is_placed, said_lines
from ..text.timed_text import DamagedText

#: Most events and styles of a script, characters of an event, and attached fonts with their bytes.
MOST_EVENTS, MOST_STYLES, MOST_CHARACTERS = 20_000, 500, 20_000
MOST_FONTS, MOST_FONT_BYTES = 16, 16 * 1024**2
#: Characters of all events together, and of a heading.
MOST_IN_ALL, MOST_IN_HEADING = 4 * 1024**2, 200
#: What of `[Script Info]` decides how a script looks.
_LOOKS = (
    *("ScriptType", "PlayResX", "PlayResY", "LayoutResX", "LayoutResY"),
    *("WrapStyle", "ScaledBorderAndShadow", "Collisions", "Kerning", "Language"),
)
#: What places count in when a script does not say so.
_DEFAULT_SIZE = (384, 288)
#: Largest number that a style may hold, and the latest time, in milliseconds, that the format can write.
_MOST, _LATEST_MS = 10_000, 9 * 3600 * 1000
_FORMAT = re.compile(r"\s*Format\s*:", re.IGNORECASE)
_EVENT = re.compile(r"\s*(?:Dialogue|Comment):")
_LETTERS = re.compile(r"[^a-z,]")


class _Lines:
    """Lines of a text, which know how many of them have been read."""

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        for number, line in enumerate(self._lines, 1):
            self.number = number
            yield line


def read_substation(text: str) -> CaptionFile:
    """Read a script.

    Raises:
        DamagedText: a line of it cannot be read, or it is too large.
    """
    _refuse_unread(text)
    parsed = _parsed(text)
    _refuse_large(parsed)
    events = tuple(_script_event(event) for event in parsed.events if _is_seen(event))
    script = Script(_head(parsed), _size(parsed), events, _families(parsed), tuple(_fonts(parsed)))
    return CaptionFile(_said(parsed), script, ())


def _refuse_unread(text: str) -> None:
    """Refuse, before anything is read, what the library would read wrong, or for hours."""
    lines = [*STYLE_FORMAT_LINE.values(), *EVENT_FORMAT_LINE.values()]
    usual = {_LETTERS.sub("", _FORMAT.sub("", line).lower()) for line in lines}
    events = 0
    for number, line in enumerate(text.split("\n"), 1):
        if "[" in line.lstrip()[:4] and len(line) > MOST_IN_HEADING:
            raise DamagedText(number, f"a heading of more than {MOST_IN_HEADING} characters")
        if _FORMAT.match(line) and _LETTERS.sub("", _FORMAT.sub("", line).lower()) not in usual:
            raise DamagedText(
                number, f"its fields must stand in the usual order: {lines[2]!r}, or {lines[0]!r}"
            )
        events += bool(_EVENT.match(line))
        if events > MOST_EVENTS:
            raise DamagedText(number, f"more than {MOST_EVENTS:,} events: leave out what is not seen")


def _parsed(text: str) -> SSAFile:
    lines = _Lines(text)
    is_old = re.search(r"^\s*\[V4 Styles\]", text, re.IGNORECASE | re.MULTILINE) is not None
    with python_warnings.catch_warnings():
        # A field that cannot be read gets its default, as players do.
        python_warnings.simplefilter("ignore")
        try:
            # The library only iterates over what it is given.
            return SSAFile.from_file(cast(TextIO, lines), "ssa" if is_old else "ass")
        except (ValueError, TypeError, IndexError, OverflowError) as error:
            raise DamagedText(lines.number, f"cannot be read: {error}") from error


def _refuse_large(parsed: SSAFile) -> None:
    if sum(len(event.text) for event in parsed.events) > MOST_IN_ALL:
        raise DamagedText(1, f"more than {MOST_IN_ALL:,} characters in all events together")
    if len(parsed.styles) > MOST_STYLES:
        raise DamagedText(1, f"more than {MOST_STYLES} styles")
    for number, event in enumerate(parsed.events, 1):
        if len(event.text) > MOST_CHARACTERS:
            raise DamagedText(1, f"event {number} has more than {MOST_CHARACTERS:,} characters")
        if event.start < 0 and _is_seen(event):
            raise DamagedText(1, f"event {number} begins before the film does: move it to 0 or later")
    for name, style in parsed.styles.items():
        if not all(math.isfinite(value) and abs(value) <= _MOST for value in _numbers(style)):
            raise DamagedText(1, f"the style {name[:40]!r} holds a number beyond {_MOST:,}")


def _numbers(style: SSAStyle) -> Iterator[float]:
    return (float(v) for v in style.as_dict().values() if isinstance(v, int | float))


def _is_seen(event: SSAEvent) -> bool:
    return event.type == "Dialogue" and event.end > event.start


def _script_event(event: SSAEvent) -> ScriptEvent:
    start_ms, effect = _tens(event.start), event.effect.strip()
    end_ms = max(_tens(event.end), start_ms + 10)
    margins = f"{event.marginl},{event.marginr},{event.marginv}"
    return ScriptEvent(
        start_ms=start_ms,
        end_ms=end_ms,
        layer=event.layer,
        rest=f"{event.style},{event.name},{margins},{event.effect},{event.text}",
        # An effect scrolls, or moves as a banner does.
        changes_ms=((0, end_ms - start_ms),) if effect else changes(event.text, end_ms - start_ms),
        is_placed=bool(effect) or is_placed(event.text),
    )


def _tens(ms: int) -> int:
    return min((ms + 5) // 10 * 10, _LATEST_MS)


def _head(parsed: SSAFile) -> str:
    """Write information and styles; names of events, which stand in lines of their own, follow."""
    told = SSAFile()
    told.info = {key: value for key, value in parsed.info.items() if key in _LOOKS} | {"ScriptType": "v4.00+"}
    told.styles = parsed.styles
    return told.to_string("ass", header_notice="").strip("\n") + "\n"


def _size(parsed: SSAFile) -> tuple[int, int]:
    """Tell what places count in; of one side that is missing a 4:3 picture is assumed, as by libass."""
    width, height = (_natural(parsed.info.get(key, "")) for key in ("PlayResX", "PlayResY"))
    if not width and not height:
        return _DEFAULT_SIZE
    return width or height * 4 // 3, height or width * 3 // 4


def _natural(written: str) -> int:
    return min(int(written), _MOST) if written.isascii() and written.isdigit() and len(written) < 9 else 0


def _families(parsed: SSAFile) -> tuple[str, ...]:
    used = {event.style for event in parsed.events if _is_seen(event)}
    named = [style.fontname for name, style in parsed.styles.items() if name in used]
    named += [family for event in parsed.events if _is_seen(event) for family in families_in(event.text)]
    return tuple(dict.fromkeys(name.strip().lstrip("@") for name in named if name.strip()))


def _said(parsed: SSAFile) -> tuple[TextEvent, ...]:
    """Tell what is said; the same text at the same time, a shadow of its own perhaps, is told once."""
    told: dict[tuple[int, int, tuple[str, ...]], TextEvent] = {}
    for number, event in enumerate(parsed.events, 1):
        lines = said_lines(event.text, event.start) if _is_seen(event) else ()
        if lines:
            key = event.start, event.end, tuple(line.text for line in lines)
            told.setdefault(key, TextEvent(event.start, event.end, lines, number))
    return tuple(sorted(told.values(), key=lambda event: event.start_ms))


def _fonts(parsed: SSAFile) -> Iterator[AttachedFont]:
    attached = parsed.fonts_opaque.items()
    if len(attached) > MOST_FONTS:
        raise DamagedText(1, f"more than {MOST_FONTS} attached fonts")
    sizes = sum(len(line) for _, lines in attached for line in lines) * 3 // 4
    if sizes > MOST_FONT_BYTES:
        raise DamagedText(1, f"attached fonts of more than {MOST_FONT_BYTES // 1024**2} MiB")
    for name, lines in attached:
        yield AttachedFont(name[:100], _unpacked(lines))


def _unpacked(lines: Sequence[str]) -> bytes:
    """Decode an attached file: four characters, 33 and up, hold six bits of three bytes each."""
    packed = np.frombuffer("".join(lines).encode("ascii", "replace"), np.uint8)
    sixes = np.pad((packed.astype(np.int32) - 33).clip(0) & 63, (0, -len(packed) % 4)).reshape(-1, 4)
    whole = sixes @ (1 << np.arange(18, -1, -6))
    unpacked = np.stack([whole >> 16, whole >> 8 & 255, whole & 255], axis=1).astype(np.uint8)
    return unpacked.tobytes()[: len(packed) * 6 // 8]
