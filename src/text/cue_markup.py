"""The text of one caption of SubRip or WebVTT: tags, entities, times of words.

Source: W3C WebVTT, "WebVTT cue text parsing rules"; SubRip has no standard, players know the tags of HTML and
overrides in the manner of SubStation.
"""

import html
import re

from ..models.subtitles import StyledLine

#: A time within the text, an override, or a tag.
_MARK = re.compile(
    r"<(?P<stamp>(?:\d{1,6}:)?\d{1,2}:\d{1,2}[.,]\d{1,3})>"
    r"|\{\\(?P<override>[^{}]*)\}"
    r"|<(?P<end>/?)(?P<tag>[A-Za-z]+)[^<>]*>"
    r"|</>"
)
_STAMP = re.compile(r"(?:(\d{1,6}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})")
_BOLD = re.compile(r"\\([bi])(\d+)")
#: Tags whose text stands out.
_STRONG = frozenset({"b", "i", "em", "strong"})
#: The tag of what is written above other letters, to tell how those are read.
_READING = "rt"
#: Characters that draw nothing and that no format means.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def ms_of_clock(clock: str) -> int | None:
    """Read `HH:MM:SS,mmm` or `MM:SS.mmm`; None for anything else."""
    found = _STAMP.fullmatch(clock)
    if found is None or int(found[2]) > 59 or int(found[3]) > 59:
        return None
    return ((int(found[1] or 0) * 60 + int(found[2])) * 60 + int(found[3])) * 1000 + int(
        found[4].ljust(3, "0")
    )


class CueText:
    """Takes the lines of one caption in; what a tag opens goes on in the next line."""

    def __init__(self) -> None:
        self._depth = dict.fromkeys((*_STRONG, _READING), 0)

    def line(self, written: str) -> StyledLine:
        """Take the marks off a line."""
        self._text, self._strong, self._stamps = "", list[tuple[int, int]](), list[tuple[int, int]]()
        place = 0
        for mark in _MARK.finditer(written):
            self._add(written[place : mark.start()])
            self._obey(mark)
            place = mark.end()
        self._add(written[place:])
        return _stripped(self._text, self._strong, self._stamps)

    def _add(self, part: str) -> None:
        if self._depth[_READING]:
            return
        start = len(self._text)
        self._text += _CONTROL.sub(" ", html.unescape(part))
        if len(self._text) > start and any(self._depth[name] for name in _STRONG):
            self._strong.append((start, len(self._text)))

    def _obey(self, mark: re.Match[str]) -> None:
        if mark["stamp"]:
            ms = ms_of_clock(mark["stamp"])
            if ms is not None:
                self._stamps.append((len(self._text), ms))
        for name, value in _BOLD.findall("\\" + (mark["override"] or "")):
            self._depth[name] = int(value != "0")
        tag = (mark["tag"] or "").lower()
        if tag in self._depth:
            self._depth[tag] = max(0, self._depth[tag] + (-1 if mark["end"] else 1))
        elif tag == "ruby" and mark["end"]:
            self._depth[_READING] = 0


def _stripped(text: str, strong: list[tuple[int, int]], stamps: list[tuple[int, int]]) -> StyledLine:
    """Leave out white space at both ends, and stamps that run backwards."""
    lead, kept = len(text) - len(text.lstrip()), text.strip()

    def moved(place: int) -> int:
        return min(max(place - lead, 0), len(kept))

    rising: list[tuple[int, int]] = []
    for place, ms in stamps:
        if not rising or ms > rising[-1][1]:
            rising.append((moved(place), ms))
    spans = tuple((moved(start), moved(end)) for start, end in strong if moved(start) < moved(end))
    return StyledLine(kept, spans, tuple(rising))
