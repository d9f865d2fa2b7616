"""A specimen of a caption style: the moments in which it shows what it does."""

from fractions import Fraction
from typing import NamedTuple

from ...media.lettering import FontStack
from ...media.planes import Yuv, blend
from ...models.caption_plan import CaptionLook, Cue
from ...models.caption_style import CaptionStyle
from ...models.timeline import SAMPLE_RATE
from ...models.words import TimedWord
from .cues import CueRules, build_cues
from .layout import caption_measure, caption_width_px
from .sprites import CaptionRenderer

#: What is said in it, the word that is emphasised, and the one that many see first in a style with few words.
WORDS = ("Every", "night", "the", "mountains", "burn", "brighter", "than", "fire")
EMPHASISED = "mountains"
#: Samples of each word.
_WORD_SAMPLES = SAMPLE_RATE * 36 // 100
_FPS = Fraction(30)


class Specimen(NamedTuple):
    """Captions to draw, and the frames that are worth a look."""

    renderer: CaptionRenderer
    cues: tuple[Cue, ...]
    frames: tuple[int, ...]
    """While the first caption comes, while a word of it is spoken, and while the emphasised one is seen."""

    def draw(self, frame: int, out: Yuv) -> None:
        """Draw a frame's captions over a picture."""
        for sprite in self.renderer.sprites(self.cues, frame):
            blend(sprite, out)


def specimen_of(style: CaptionStyle, look: CaptionLook, fonts: FontStack, size: tuple[int, int]) -> Specimen:
    """Set the specimen of a style for pictures of (width, height)."""
    words = [
        TimedWord(word, place * _WORD_SAMPLES, (place + 1) * _WORD_SAMPLES - 2000, word == EMPHASISED)
        for place, word in enumerate(WORDS)
    ]
    width_px = caption_width_px(*size, look.safe_area)
    rules = CueRules(style.max_words, style.max_lines, width_px, _FPS, style.font.least)
    scene = range(0, int(len(WORDS) * _WORD_SAMPLES * _FPS / SAMPLE_RATE) + 10)
    strong = caption_measure(look.emphasised, fonts.emphasised)
    cues = build_cues(0, words, scene, rules, caption_measure(look, fonts), strong)
    return Specimen(CaptionRenderer(look, *size, fonts, _FPS), cues, _frames(cues))


def _frames(cues: tuple[Cue, ...]) -> tuple[int, ...]:
    first = cues[0]
    words = [word for cue in cues for line in cue.lines for word in line]
    second = words[1]
    told = next(cue for cue in cues if any(word.emphasised for line in cue.lines for word in line))
    last = told.lines[-1][-1]
    return first.start_frame + 1, second.start_frame + 5, last.start_frame + 7
