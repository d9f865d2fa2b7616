"""Breaking text into balanced lines, in scripts with and without spaces."""

from collections.abc import Callable, Iterator, Sequence
from itertools import takewhile
from typing import NamedTuple

from ..text.segmentation import breakable, parted, spaced
from .bidi import is_right_to_left
from .faces import GRAPHEME, is_emoji

_RIGHT_TO_LEFT_MARK = "\u200f"

Measure = Callable[[str], float]


class _Piece(NamedTuple):
    """Text that stays on one line."""

    text: str
    joined: bool
    """Stands directly behind the piece before it."""
    held: bool = False
    """Stays with the one behind it where both fit."""


def wrap_lines(text: str, measure: Measure, max_width_px: float, held: Sequence[int] = ()) -> list[str]:
    """Break a text into the fewest lines that fit, as equal in width as they can be.

    Line breaks in the text are kept. Chinese, Japanese and Thai break between words; a word wider than the
    line is broken between graphemes. Emoji stay with the word before them where both fit, and so does what
    stands behind a word whose number, counted between spaces through all lines, is in `held`.
    """
    lines: list[str] = []
    words = 0
    for paragraph in text.splitlines():
        here = [number - words for number in held]
        wrapped = _wrap(_pieces(paragraph, measure, max_width_px, here), measure, max_width_px)
        words += len(spaced(paragraph))
        lines += map(_leaning, wrapped) if is_right_to_left(paragraph) else wrapped
    return lines


def unbreakable(text: str) -> list[str]:
    """List what would stay together on a line that is wide enough for it."""
    return [piece.text for line in text.splitlines() for piece in _pieces(line, lambda _: 0.0, 0.0)]


def _leaning(line: str) -> str:
    """Have a line run as its paragraph does, from right to left, whatever it begins with."""
    return line if is_right_to_left(line) else f"{_RIGHT_TO_LEFT_MARK}{line}"


def _wrap(pieces: Sequence[_Piece], measure: Measure, max_width_px: float) -> list[str]:
    widths = [measure(piece.text) for piece in pieces]
    space_px = measure("x x") - 2 * measure("x")
    gaps = [0.0 if piece.joined else space_px for piece in pieces]
    lines = balanced_lines(widths, gaps, max_width_px)
    return [_line(pieces[first:end]) for first, end in lines]


def _line(pieces: Sequence[_Piece]) -> str:
    return "".join(piece.text if piece.joined else f" {piece.text}" for piece in pieces).strip(" ")


def _pieces(paragraph: str, measure: Measure, max_width_px: float, held: Sequence[int] = ()) -> list[_Piece]:
    pieces = []
    for number, token in enumerate(spaced(paragraph)):
        texts = [piece for word in parted(token, "") for piece in _fitting(word, measure, max_width_px)]
        last = len(texts) - 1
        pieces += [
            _Piece(text, place > 0, number in held and place == last) for place, text in enumerate(texts)
        ]
    return list(_tied(pieces, measure, max_width_px))


def _tied(pieces: Sequence[_Piece], measure: Measure, max_width_px: float) -> Iterator[_Piece]:
    """Join emoji to the word that they follow, and what is held together."""
    before: _Piece | None = None
    for piece in pieces:
        told = piece.text if before and before.held else _leading_emoji(piece)
        joined = "" if before is None else before.text + ("" if piece.joined else " ") + told
        if before and told and measure(joined) <= max_width_px:
            rest = piece.text[len(told) :]
            before = before._replace(text=joined, held=piece.held and not rest)
            piece = _Piece(rest, True, piece.held)
            if not rest:
                continue
        if before:
            yield before
        before = piece
    if before:
        yield before


def _leading_emoji(piece: _Piece) -> str:
    """Find the emoji of the word before; those at the start of a word behind a space are its own."""
    if piece.text.isascii() or is_emoji(piece.text):
        return "" if piece.text.isascii() else piece.text
    found = takewhile(is_emoji, GRAPHEME.findall(piece.text)) if piece.joined else ()
    return "".join(found)


def _fitting(word: str, measure: Measure, max_width_px: float) -> list[str]:
    if measure(word) <= max_width_px:
        return [word]
    pieces = [""]
    for part in _narrowed(breakable(word), measure, max_width_px):
        if pieces[-1] and measure(pieces[-1] + part) > max_width_px:
            pieces.append("")
        pieces[-1] += part
    return pieces


def _narrowed(parts: Sequence[str], measure: Measure, max_width_px: float) -> Iterator[str]:
    """Break even what belongs together where it is wider than the line by itself."""
    for part in parts:
        yield from [part] if measure(part) <= max_width_px else GRAPHEME.findall(part)


def held_lines(
    widths_px: Sequence[float], gaps_px: Sequence[float], max_width_px: float, held: Sequence[bool]
) -> list[tuple[int, int]]:
    """Choose line breaks as `balanced_lines`; words that are held stay with the next one where both fit."""
    spans, widths = list[tuple[int, int]](), list[float]()
    for number, (width, gap) in enumerate(zip(widths_px, gaps_px, strict=True)):
        if number and held[number - 1] and widths[-1] + gap + width <= max_width_px:
            spans[-1] = (spans[-1][0], number + 1)
            widths[-1] += gap + width
        else:
            spans.append((number, number + 1))
            widths.append(width)
    lines = balanced_lines(widths, [gaps_px[first] for first, _ in spans], max_width_px)
    return [(spans[first][0], spans[end - 1][1]) for first, end in lines]


def balanced_lines(
    widths_px: Sequence[float],
    gaps_px: Sequence[float],
    max_width_px: float,
    tied: Sequence[bool] | None = None,
) -> list[tuple[int, int]]:
    """Choose line breaks between words of known widths; each line is (first word, word after its last).

    `gaps_px` tells for each word the space before it, which counts where no line begins with it; `tied` which
    words should rather share a line with the next one.

    The fewest lines that fit; among those, the ones that part the fewest tied words; among those, the ones
    whose squared rests are smallest. A word that is wider than the line stands alone.
    """
    # best[end]: lines, words parted, rest and start of the last line, of the best way to set the words before
    # `end`.
    best: list[tuple[int, int, float, int]] = [(0, 0, 0.0, 0)]
    for end in range(1, len(widths_px) + 1):
        choices = []
        width = 0.0
        for first in range(end - 1, -1, -1):
            width += widths_px[first] + (gaps_px[first + 1] if first < end - 1 else 0.0)
            if width > max_width_px and first < end - 1:
                break
            lines, parted_ties, rest, _ = best[first]
            parted_ties += bool(tied and first and tied[first - 1])
            choices.append((lines + 1, parted_ties, rest + max(0.0, max_width_px - width) ** 2, first))
        best.append(min(choices))
    breaks: list[tuple[int, int]] = []
    end = len(widths_px)
    while end > 0:
        breaks.append((best[end][-1], end))
        end = best[end][-1]
    return breaks[::-1]
