"""SubRip and WebVTT: blocks of times and text.

Read here and not by a library: pysubs2 takes notes and names of captions for text, and tells no line.

Source: W3C WebVTT, "WebVTT file structure"; SubRip has no standard.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..models.subtitles import TextEvent
from .cue_markup import CueText, ms_of_clock

#: Most captions of a file, and characters of one: a film lasts minutes.
MOST_EVENTS, MOST_CHARACTERS = 5_000, 1_000
#: Captions that may be seen at the same time.
MOST_AT_ONCE = 8
_ARROW = "-->"
#: A line that tells times, right or wrong; text may hold an arrow, too.
_TIMES = re.compile(r"\s*(-?\d+:\S*)\s*-->\s*(\S*)")
_NUMBER = re.compile(r"\s*\d+\s*")
#: What blocks of WebVTT begin with that are no captions.
_NO_CAPTION = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s|$)")


class DamagedText(ValueError):
    """A file that cannot be read; the message tells the line, for people."""

    def __init__(self, number: int, reason: str) -> None:
        super().__init__(f"line {number}: {reason}")


class _Block(NamedTuple):
    """Times, and the lines that belong to them."""

    number: int
    start_ms: int
    end_ms: int
    lines: Sequence[str]


def subrip_events(text: str) -> tuple[TextEvent, ...]:
    """Read SubRip.

    Raises:
        DamagedText: times that are none, or what is no caption.
    """
    return _events(_subrip_blocks(text.split("\n")))


def webvtt_events(text: str) -> tuple[TextEvent, ...]:
    """Read WebVTT; notes, styles, regions, names and settings of captions are left out.

    Raises:
        DamagedText: times that are none.
    """
    return _events(_webvtt_blocks(text.split("\n")))


def _subrip_blocks(lines: Sequence[str]) -> Iterator[_Block]:
    """Take everything up to the next times for text, empty lines and the next number left out."""
    places = [place for place, line in enumerate(lines) if _TIMES.match(line)]
    for place, line in enumerate(lines[: places[0]] if places else lines, 1):
        if line.strip() and not _NUMBER.fullmatch(line):
            raise DamagedText(
                place, "neither the number of a caption nor its times (00:00:01,000 --> 00:00:02,000)"
            )
    for place, following in zip(places, [*places[1:], None], strict=False):
        below = lines[place + 1 : following]
        if following is not None and below and _NUMBER.fullmatch(below[-1]):
            below = below[:-1]
        yield _Block(place + 1, *_times(lines[place], place + 1), below)


def _webvtt_blocks(lines: Sequence[str]) -> Iterator[_Block]:
    place = 1
    while place < len(lines):
        line = lines[place]
        if _NO_CAPTION.match(line) and _ARROW not in line:
            place = _end_of_block(lines, place)
        elif _ARROW in line:
            end = _end_of_block(lines, place)
            yield _Block(place + 1, *_times(line, place + 1), lines[place + 1 : end])
            place = end
        else:
            place += 1


def _end_of_block(lines: Sequence[str], place: int) -> int:
    return next((at for at in range(place, len(lines)) if not lines[at].strip()), len(lines))


def _times(line: str, number: int) -> tuple[int, int]:
    found = _TIMES.match(line)
    if found is None:
        raise DamagedText(number, f"no times: {line.strip()[:60]!r}")
    if found[1].startswith("-") or found[2].startswith("-"):
        raise DamagedText(number, "a time before the start of the film: move the captions to 0 or later")
    start_ms, end_ms = ms_of_clock(found[1]), ms_of_clock(found[2])
    if start_ms is None or end_ms is None:
        wrong = found[1] if start_ms is None else found[2]
        raise DamagedText(number, f"{wrong[:40]!r} is no time: write hours, minutes, seconds, milliseconds")
    if end_ms <= start_ms:
        raise DamagedText(number, f"it ends at {found[2]}, which is not after its start at {found[1]}")
    return start_ms, end_ms


def _events(blocks: Iterator[_Block]) -> tuple[TextEvent, ...]:
    events = []
    for count, block in enumerate(blocks, 1):
        if count > MOST_EVENTS:
            raise DamagedText(block.number, f"more than {MOST_EVENTS:,} captions: leave out what is not seen")
        if sum(map(len, block.lines)) > MOST_CHARACTERS:
            raise DamagedText(block.number, f"more than {MOST_CHARACTERS:,} characters in one caption")
        reader = CueText()
        lines = tuple(line for line in map(reader.line, block.lines) if line.text)
        if lines:
            events.append(TextEvent(block.start_ms, block.end_ms, lines, block.number))
    events.sort(key=lambda event: event.start_ms)
    _refuse_crowds(events)
    return tuple(events)


def _refuse_crowds(events: Sequence[TextEvent]) -> None:
    seen: list[TextEvent] = []
    for event in events:
        seen = [other for other in seen if other.end_ms > event.start_ms] + [event]
        if len(seen) > MOST_AT_ONCE:
            raise DamagedText(event.number, f"more than {MOST_AT_ONCE} captions at the same time")
