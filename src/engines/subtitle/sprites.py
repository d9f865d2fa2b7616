"""Captions as sprites: which ones lie on a frame, and in which state."""

from collections import OrderedDict
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from ...media.lettering import FontStack
from ...media.planes import Sprite
from ...models.timeline import CaptionLook, Cue, CueWord
from .art import CueArt
from .layout import Texts, arrange
from .paint import copy_of, cropped, put_over, scaled

#: Cues whose drawings are kept; frames mostly come in order, so one would nearly do.
_KEPT_CUES = 4
#: Seconds over which a cue grows to its size, and the sizes it starts from.
_ENTRANCE = Fraction(1, 15)
_ENTRANCE_SCALE = 0.90
#: Seconds over which a spoken word of the style `pop` finds its size.
_POP = Fraction(1, 6)
#: Strength of the overshoot: 3.0 goes a fifth beyond the end.
_BACK = 3.0


class _Moment(NamedTuple):
    """What a cue shows on one frame."""

    active: int | None
    spoken: int
    """Words that have been said before."""
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
        self._entrance_frames = round(_ENTRANCE * fps)
        self._pop_frames = max(1, round(_POP * fps))
        self._arts: OrderedDict[Texts, CueArt] = OrderedDict()

    def sprites(self, cues: tuple[Cue, ...], frame: int) -> Sequence[Sprite]:
        """Draw what lies on a frame, in order of blending; cues count frames from the same origin."""
        cue = next((cue for cue in cues if cue.start_frame <= frame < cue.end_frame), None)
        if cue is None:
            return ()
        art = self._art(cue)
        moment = self._moment([word for line in cue.lines for word in line], frame)
        drawn = [art.base(moment.active, moment.spoken)]
        if moment.active is not None:
            drawn += art.active(moment.active, moment.progress)
        age = frame - cue.start_frame
        if age < self._entrance_frames < cue.end_frame - cue.start_frame:
            drawn = [_entering(drawn, (age + 1) / (self._entrance_frames + 1))]
        return [cropped(sprite, art.area) for sprite in drawn]

    def _art(self, cue: Cue) -> CueArt:
        texts = tuple(tuple(word.text for word in line) for line in cue.lines)
        if texts not in self._arts:
            arrangement = arrange(texts, self._look, self._fonts, self._size)
            self._arts[texts] = CueArt(arrangement, self._look)
            if len(self._arts) > _KEPT_CUES:
                self._arts.popitem(last=False)
        self._arts.move_to_end(texts)
        return self._arts[texts]

    def _moment(self, words: list[CueWord], frame: int) -> _Moment:
        spoken = sum(word.start_frame <= frame for word in words)
        if spoken == 0 or self._look.style == "phrase":
            return _Moment(None, spoken, 0.0)
        word = words[spoken - 1]
        if frame >= word.end_frame:
            return _Moment(None, spoken, 0.0)
        return _Moment(spoken - 1, spoken, self._progress(word, frame))

    def _progress(self, word: CueWord, frame: int) -> float:
        age = frame - word.start_frame + 1
        if self._look.style == "karaoke":
            return age / (word.end_frame - word.start_frame)
        if self._look.style == "pop":
            return _overshoot(min(1.0, age / self._pop_frames))
        return 0.0


def _overshoot(share: float) -> float:
    """Ease from 0 to 1, beyond it and back.

    Source: R. Penner, "back" easing out.
    """
    rest = share - 1
    return 1 + (_BACK + 1) * rest**3 + _BACK * rest**2


def _entering(sprites: list[Sprite], share: float) -> Sprite:
    picture = copy_of(sprites[0])
    for sprite in sprites[1:]:
        put_over(sprite, picture)
    return scaled(picture, _ENTRANCE_SCALE + (1 - _ENTRANCE_SCALE) * share)
