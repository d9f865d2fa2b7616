"""Captions as sprites: which ones lie on a frame, and in which state."""

from collections import OrderedDict
from collections.abc import Sequence
from fractions import Fraction
from itertools import takewhile
from typing import NamedTuple

from ...media.lettering import FontStack
from ...media.planes import Sprite
from ...models.caption_plan import CaptionLook, Cue, CueWord, Passage
from ...models.words import Region
from ...text.soundless import is_emoji
from .art import CueArt
from .curves import CURVES
from .entrances import ENTRANCES, Arrival
from .layout import arrange
from .marks.mark import Moment
from .paint import copy_of, cropped, put_over
from .text import Standing, Texts, courses_of, standing_of, texts_of

#: Cues whose drawings are kept; frames mostly come in order, so one would nearly do.
_KEPT_CUES = 4


class _Set(NamedTuple):
    """All that decides where the words of a cue stand."""

    lines: Texts
    passages: tuple[Passage, ...]
    standing: Standing
    region: Region | None


class _State(NamedTuple):
    """What a cue shows on one frame."""

    active: int | None
    spoken: int
    """Words that have been said before, the active one included."""
    progress: float


class CaptionRenderer:
    """Draws the captions of one look at one frame size, for one thread."""

    def __init__(
        self,
        look: CaptionLook,
        width: int,
        height: int,
        fonts: FontStack,
        fps: Fraction = Fraction(30),
    ) -> None:
        self._look = look
        self._size = (width, height)
        self._fonts = fonts
        self._entrance_frames = round(look.entrance.duration_ms * fps / 1000)
        self._settling_frames = max(1, round(look.mark.duration_ms * fps / 1000))
        self._arts: OrderedDict[_Set, CueArt] = OrderedDict()

    def sprites(self, cues: tuple[Cue, ...], frame: int) -> Sequence[Sprite]:
        """Draw what lies on a frame, in order of blending; cues count frames from the same origin."""
        cue = next((cue for cue in cues if cue.start_frame <= frame < cue.end_frame), None)
        if cue is None:
            return ()
        art = self._art(cue)
        state = self._state([word for line in cue.lines for word in line], frame, art)
        drawn = [art.base(state.active, state.spoken)]
        if state.active is not None:
            drawn += art.active(state.active, state.progress)
        age, coming = frame - cue.start_frame, min(self._entrance_frames, _half(cue))
        is_still = cue.steady_lines + cue.steady_last >= len(cue.lines)
        if age < coming and self._look.entrance.kind != "none" and not is_still:
            drawn = self._entering(drawn, art, (age + 1) / (coming + 1), cue)
        return [cropped(sprite, art.area) for sprite in drawn]

    def _art(self, cue: Cue) -> CueArt:
        standing = standing_of(cue, self._look)
        key = _Set(texts_of(cue, self._look), cue.passages, standing, cue.region)
        if key not in self._arts:
            fonts = self._fonts.of_region(cue.region)
            arrangement = arrange(key.lines, self._look, fonts, self._size, cue.passages, standing)
            self._arts[key] = CueArt(arrangement, self._look)
            if len(self._arts) > _KEPT_CUES:
                self._arts.popitem(last=False)
        self._arts.move_to_end(key)
        return self._arts[key]

    def _state(self, words: list[CueWord], frame: int, art: CueArt) -> _State:
        spoken = sum(word.start_frame <= frame for word in words)
        active = next((at for at in range(spoken - 1, -1, -1) if not is_emoji(words[at].text)), None)
        if active is None or not art.mark.is_apart:
            return _State(None, spoken, 0.0)
        word, end_frame = words[active], _said_until(words, active)
        if frame >= end_frame:
            return _State(None, spoken, 0.0)
        moment = Moment(frame - word.start_frame + 1, end_frame - word.start_frame, self._settling_frames)
        return _State(active, spoken, art.mark.progress(moment, art))

    def _entering(self, sprites: list[Sprite], art: CueArt, share: float, cue: Cue) -> list[Sprite]:
        """Move what comes; lines that were there before stay as they are."""
        picture = copy_of(sprites[0])
        for sprite in sprites[1:]:
            put_over(sprite, picture)
        entrance = self._look.entrance
        is_rtl = courses_of(cue)[cue.steady_lines].base == "rtl"
        way = CURVES[entrance.easing].at(share)
        arrival = Arrival(entrance, way, art.proportions.size_px, art.area, is_rtl)
        above, coming, below = art.parts(picture, cue.steady_lines, len(cue.lines) - cue.steady_last)
        return [*above, *below, ENTRANCES[entrance.kind](coming, arrival)]


def _half(cue: Cue) -> int:
    return (cue.end_frame - cue.start_frame) // 2


def _said_until(words: Sequence[CueWord], at: int) -> int:
    """Find the first frame at which a word is over: emoji behind it have no sound, their time is its own."""
    end_frame = words[at].end_frame
    for word in takewhile(lambda word: is_emoji(word.text), words[at + 1 :]):
        end_frame = max(end_frame, word.end_frame)
    return end_frame
