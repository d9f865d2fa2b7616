"""How high lines of captions are: what those that meet on screen need to keep their places."""

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from ...media.lettering import FontStack
from ...models.caption_plan import CaptionLook
from ...text.casing import cased
from .layout import centred_room_px, safe_rect
from .proportions import Proportions
from .text import Piece


class _Heightened(Protocol):
    @property
    def written(self) -> str: ...

    @property
    def emphasised(self) -> bool: ...


_W = TypeVar("_W", bound=_Heightened)


class LineHeights:
    """Measures lines of one look at its full size."""

    def __init__(self, look: CaptionLook, fonts: FontStack) -> None:
        self._look = look
        self._proportions = Proportions(look, fonts, look.size_px)

    def reaching(self, words: Iterable[_W]) -> tuple[_W, _W]:
        """Choose the word that reaches highest, and the one that reaches lowest."""
        different = list({(word.written, word.emphasised): word for word in words}.values())
        rises = [self._proportions.ink_rise([self._piece(word)]) for word in different]
        highest, lowest = (max(range(len(rises)), key=lambda at: rises[at][way]) for way in (0, 1))
        return different[highest], different[lowest]

    def most_rows(self, words: Sequence[_W], frame: tuple[int, int]) -> int:
        """Tell how many lines a frame of (width, height) has room for that reach as far as these words."""
        area = safe_rect(*frame, self._look.safe_area)
        room_px = area.bottom - area.top
        if self._look.position == "center":
            room_px = centred_room_px(area, frame[1])
        line = tuple(self._piece(word) for word in words)
        one_px = self._proportions.block_height((line,))
        return max(1, 1 + (room_px - one_px) // self._proportions.pitch_px(line, line))

    def _piece(self, word: _Heightened) -> Piece:
        return Piece(cased(word.written, self._look.casing, self._look.language), word.emphasised)
