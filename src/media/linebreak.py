"""Breaking text into balanced lines."""

from collections.abc import Callable, Sequence

import regex

#: White space at which a line may break: all but the no-break ones.
_BREAK = regex.compile(r"[^\S\u00a0\u202f\u2007]+")
_GRAPHEME = regex.compile(r"\X")

Measure = Callable[[str], float]


def wrap_lines(text: str, measure: Measure, max_width_px: float) -> list[str]:
    """Break a text into the fewest lines that fit, as equal in width as they can be.

    Line breaks in the text are kept. A word wider than the line is broken between graphemes.
    """
    lines: list[str] = []
    for paragraph in text.splitlines():
        words = [word for word in _BREAK.split(paragraph) if word]
        lines += _wrap_words(
            [part for word in words for part in _pieces(word, measure, max_width_px)], measure, max_width_px
        )
    return lines


def _wrap_words(words: list[str], measure: Measure, max_width_px: float) -> list[str]:
    widths = [measure(word) for word in words]
    space_px = measure("x x") - 2 * measure("x")
    return [" ".join(words[first:end]) for first, end in balanced_lines(widths, space_px, max_width_px)]


def _pieces(word: str, measure: Measure, max_width_px: float) -> list[str]:
    if measure(word) <= max_width_px:
        return [word]
    pieces = [""]
    for grapheme in _GRAPHEME.findall(word):
        if pieces[-1] and measure(pieces[-1] + grapheme) > max_width_px:
            pieces.append("")
        pieces[-1] += grapheme
    return pieces


def balanced_lines(widths_px: Sequence[float], space_px: float, max_width_px: float) -> list[tuple[int, int]]:
    """Choose line breaks between words of known widths; each line is (first word, word after its last).

    The fewest lines that fit; among those, the ones whose squared rests are smallest. A word that is wider
    than the line stands alone.
    """
    # best[end]: lines, rest and start of the last line, of the best way to set the words before `end`.
    best: list[tuple[int, float, int]] = [(0, 0.0, 0)]
    for end in range(1, len(widths_px) + 1):
        choices = []
        width = -space_px
        for first in range(end - 1, -1, -1):
            width += widths_px[first] + space_px
            if width > max_width_px and first < end - 1:
                break
            lines, rest, _ = best[first]
            choices.append((lines + 1, rest + max(0.0, max_width_px - width) ** 2, first))
        best.append(min(choices))
    breaks: list[tuple[int, int]] = []
    end = len(widths_px)
    while end > 0:
        breaks.append((best[end][2], end))
        end = best[end][2]
    return breaks[::-1]
