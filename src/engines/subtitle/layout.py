"""Where captions stand: the part of the frame that is theirs, and every word's place in it."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from ...media.lettering import FontStack
from ...models.caption_plan import CaptionLook, Passage
from ...text.casing import cased
from .direction import Course, courses, visual_order
from .geometry import Rect, Word
from .proportions import SMALLEST_PX, Proportions
from .text import ALONE, Piece, Standing, Texts

#: Share of a phone-shaped frame that platforms cover with their own buttons and titles: top, bottom and the
#: wider one of left and right (the block stays centred, so its width is limited on both sides alike).
#: Source: TikTok covers about 14 % on top, 6 % left, 12 % right; Shorts covers the lowest 25 %.
COVERED_TOP, COVERED_BOTTOM, COVERED_SIDE = 0.14, 0.25, 0.12
#: Height over width from which a frame fills a phone; wider frames are shown beside the buttons.
PHONE_SHAPE = 1.5
#: Share of the frame that stays free on each side of other frames, and without the safe area.
MARGIN = 0.05


class Arrangement(NamedTuple):
    """A cue set at one size; `words` are in order of reading, whatever side they stand on."""

    proportions: Proportions
    words: tuple[Word, ...]
    block: Rect
    """What is drawn on, all lines with everything around them."""
    area: Rect
    """What nothing may be drawn outside of."""

    def border_px(self, line: int) -> int:
        """Find the even row of the frame midway between the letters of a line and of the one above it."""
        uppers = [word for word in self.words if word.line == line - 1]
        lowers = [word for word in self.words if word.line == line]
        down = self.proportions.ink_rise(uppers)[1]
        up = self.proportions.ink_rise(lowers)[0]
        return (uppers[0].baseline + down + lowers[0].baseline - up) // 4 * 2


def safe_rect(width: int, height: int, safe_area: bool) -> Rect:
    """Find the part of the frame that captions may use; its corners are even."""
    covered = safe_area and height >= PHONE_SHAPE * width
    top, bottom, side = (COVERED_TOP, COVERED_BOTTOM, COVERED_SIDE) if covered else (MARGIN, MARGIN, MARGIN)
    left, upper = -(-int(width * side) // 2) * 2, -(-int(height * top) // 2) * 2
    return Rect(left, upper, width - left, height - -(-int(height * bottom) // 2) * 2)


def caption_width_px(width: int, height: int, safe_area: bool) -> int:
    """Tell how wide a line of captions may be."""
    area = safe_rect(width, height, safe_area)
    return area.right - area.left


def caption_measure(look: CaptionLook, fonts: FontStack) -> Callable[[str], float]:
    """Make the function that tells how wide a line of words is, with all that is drawn around it."""
    proportions = Proportions(look, fonts, look.size_px)

    def measure(text: str) -> float:
        words = cased(text, look.casing, look.language).split()
        return proportions.line_width([Piece(word) for word in words])

    return measure


def arrange(
    lines: Texts,
    look: CaptionLook,
    fonts: FontStack,
    size: tuple[int, int],
    passages: Sequence[Passage] = (),
    standing: Standing = ALONE,
) -> Arrangement:
    """Place the words of a cue in a frame of (width, height); what does not fit is set smaller."""
    area = safe_rect(*size, look.safe_area)
    numbered = _numbered(lines, standing)
    rows = tuple(pieces for _, pieces in numbered)
    # All lines of one height: what stands stays where it is, whatever letters come beside it.
    heights = (standing.reaching,) * len(rows) if standing.reaching else rows
    proportions = _fitting(rows, heights, Proportions(look, fonts, look.size_px), area)
    top = _block_top(proportions.block_height(heights), look, area, size[1])
    words: list[Word] = []
    told = courses([[piece.text for piece in pieces] for pieces in lines], passages)
    for (number, pieces), baseline in zip(numbered, proportions.baselines(heights), strict=True):
        if number is not None:
            words += _place_line(pieces, told[number], number, top + baseline, proportions, area)
    rise, fall = proportions.block_rise_px(lines[0], lines[-1])
    block = Rect(
        min(word.x for word in words) - proportions.side_px,
        words[0].baseline - rise,
        max(word.x + word.width_px for word in words) + proportions.side_px,
        words[-1].baseline + fall,
    )
    return Arrangement(proportions, tuple(words), block, area)


def _numbered(lines: Texts, standing: Standing) -> list[tuple[int | None, tuple[Piece, ...]]]:
    """Put free lines between the drawn ones; only these have numbers."""
    rows: list[tuple[int | None, tuple[Piece, ...]]] = []
    for number in range(len(lines) + 1):
        rows += [(None, line.pieces) for line in standing.free if line.above == number]
        rows += [(number, pieces) for pieces in lines[number : number + 1]]
    return rows


def _fitting(lines: Texts, heights: Texts, proportions: Proportions, area: Rect) -> Proportions:
    while proportions.size_px > SMALLEST_PX:
        width = max(proportions.line_width(texts) for texts in lines)
        height = proportions.block_height(heights)
        room = min((area.right - area.left) / width, (area.bottom - area.top) / height)
        if room >= 1:
            break
        proportions = proportions.at_size(min(proportions.size_px - 1, int(proportions.size_px * room)))
    return proportions


def _block_top(height: int, look: CaptionLook, area: Rect, frame_height: int) -> int:
    tops = {"top": area.top, "center": (frame_height - height) // 2, "bottom": area.bottom - height}
    return max(area.top, min(tops[look.position], area.bottom - height))


def centred_room_px(area: Rect, frame_height: int) -> int:
    """Tell how high a block may be that stands in the middle of the frame."""
    return 2 * min(frame_height // 2 - area.top, area.bottom - frame_height // 2)


def _place_line(
    pieces: Sequence[Piece],
    course: Course,
    number: int,
    baseline: int,
    proportions: Proportions,
    area: Rect,
) -> list[Word]:
    widths = [proportions.word_width(piece) for piece in pieces]
    order = visual_order(course)
    touching = _touching(pieces, order)
    x = _line_start(pieces, course, proportions, area)
    starts = [0] * len(pieces)
    for place, index in enumerate(order):
        starts[index] = x
        later = pieces[max(order[place : place + 2])]
        x += widths[index] + (proportions.gap_before(later) if touching[place] else proportions.gap_px)
    words = []
    for index, piece in enumerate(pieces):
        place = order.index(index)
        tied = place > 0 and touching[place - 1], touching[place]
        words.append(Word(piece.text, starts[index], baseline, widths[index], piece.emphasised, number, tied))
    return words


def _touching(pieces: Sequence[Piece], order: Sequence[int]) -> list[bool]:
    """Tell for each place from left to right whether the next one follows without a gap."""
    touching = []
    for here, there in zip(order, [*order[1:], -1], strict=True):
        later = max(here, there)
        touching.append(there >= 0 and abs(here - there) == 1 and pieces[later].joined)
    return touching


def _line_start(pieces: Sequence[Piece], course: Course, proportions: Proportions, area: Rect) -> int:
    side_px = proportions.side_px
    width = proportions.line_width(pieces) - 2 * side_px
    edges = {"center": "center", "start": {"ltr": "left", "rtl": "right"}[course.base]}
    edges["end"] = {"ltr": "right", "rtl": "left"}[course.base]
    starts = {
        "left": area.left + side_px,
        "right": area.right - side_px - width,
        "center": (area.left + area.right) // 2 - width // 2,
    }
    return starts[edges[proportions.look.align]]
