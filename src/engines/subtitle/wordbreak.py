"""Words far too wide for a line, taken apart so that they stand over several."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple, Protocol

from ...text.division import Border, borders

#: What each part costs, and one that is not as wide as the others, times the squared share that it differs.
_PART, _UNEVEN = 2.0, 4.0
#: How much wider than the others a part may be.
_WIDEST = 1.1


class Room(NamedTuple):
    """What a line, and a caption, have room for."""

    width_px: float
    lines: int
    least_percent: int
    """Size, against that of the style, below which words are not set."""


class Beside(NamedTuple):
    """Pixels that neighbours take of the first and of the last line of a word, gaps included."""

    before_px: float = 0.0
    behind_px: float = 0.0


_ALONE = Beside()


class Part(NamedTuple):
    """A part of a word, for a line of its own."""

    text: str
    carried: str | None
    """What is written behind it because its word goes on in the next line; None for the last part."""
    continues: bool = False
    """It is not the first part."""


class _Placed(Protocol):
    @property
    def joined(self) -> bool: ...
    @property
    def carried(self) -> str | None: ...


def word_parts(
    text: str, room: Room, measure: Callable[[str], float], besides: Iterable[Beside] = ()
) -> tuple[Part, ...]:
    """Take a word apart that would be set too small to be read; any other is one part.

    `measure` tells the width of a line of words in pixels, with everything that is drawn around them.
    The first of `besides` that makes no more parts, at borders no worse, has room on the same lines.
    """
    width = measure(text)
    if width * room.least_percent <= 100 * room.width_px:
        return (Part(text, None),)
    lines = -int(-width // room.width_px)
    if lines > room.lines > 1 and width * _WIDEST * room.least_percent <= 100 * room.width_px * room.lines:
        lines = room.lines
    cuts = _cuts(text, lines, room, measure)
    for beside in besides:
        closer = _cuts(text, lines, room, measure, beside)
        fits = len(closer) == len(cuts) and width + sum(beside) <= lines * room.width_px
        if fits and _harm(closer) <= _harm(cuts):
            cuts = closer
            break
    starts = [0, *(cut.at for cut in cuts)]
    ends = [*starts[1:], len(text)]
    marks = [*(cut.mark for cut in cuts), None]
    return tuple(
        Part(text[start:end], mark, start > 0) for start, end, mark in zip(starts, ends, marks, strict=True)
    )


def timed_parts(
    text: str,
    span: tuple[int, int],
    room: Room,
    measure: Callable[[str], float],
    besides: Iterable[Beside] = (),
) -> Iterator[tuple[Part, int, int]]:
    """Take a word apart; each part has the share of the word's time that its letters are of the word."""
    start, last = span
    done = 0
    for part in word_parts(text, room, measure, besides):
        done += len(part.text)
        end = span[0] + (last - span[0]) * done // max(1, len(text))
        yield part, start, end
        start = end


def gaps_of(words: Sequence[_Placed], width_px: float, measure: Callable[[str], float]) -> list[float]:
    """Tell the space before each word of a line; parts of one word never share a line of this width."""
    apart_px, tied_px = (measure(text) - 2 * measure("x") for text in ("x x", "xx"))
    goes_on = [False, *(word.carried is not None for word in words)]
    return [
        width_px if continues else tied_px if word.joined else apart_px
        for word, continues in zip(words, goes_on, strict=False)
    ]


def _harm(cuts: Sequence[Border]) -> float:
    return sum(cut.cost for cut in cuts)


def _cuts(
    text: str, lines: int, room: Room, measure: Callable[[str], float], beside: Beside = _ALONE
) -> list[Border]:
    """Choose the borders of least cost; parts come out about as wide as each other."""
    around_px = 2 * measure("x") - measure("xx")
    places = [Border(0, "", 0.0), *borders(text), Border(len(text), "", 0.0)]
    inner = [measure(text[a.at : b.at]) - around_px for a, b in pairwise(places)]
    inner[0], inner[-1] = inner[0] + beside.before_px, inner[-1] + beside.behind_px
    mark_px = measure("-") - around_px
    even_px = max(1.0, sum(inner) / lines)
    most_px = room.width_px - around_px
    if even_px > most_px:
        most_px = even_px * _WIDEST
    # best[place]: cost of the best way to divide what stands before it, and where its last part begins.
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(places)):
        choices, width = [], 0.0
        for first in range(end - 1, -1, -1):
            width += inner[first]
            if width + mark_px * bool(places[end].mark) > most_px and first < end - 1:
                break
            uneven = _UNEVEN * (width / even_px - 1) ** 2
            choices.append((best[first][0] + _PART + uneven + places[end].cost, first))
        best.append(min(choices))
    cuts: list[Border] = []
    place = best[-1][1]
    while place > 0:
        cuts.append(places[place])
        place = best[place][1]
    return cuts[::-1]
