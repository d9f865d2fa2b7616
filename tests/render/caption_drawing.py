"""Captions drawn over a plain picture."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from src.engines.subtitle.cues import CueRules, build_cues
from src.engines.subtitle.layout import caption_measure, caption_width_px
from src.engines.subtitle.presets import presets
from src.engines.subtitle.sprites import CaptionRenderer
from src.media.colour import rgb_to_yuv, yuv_to_rgb
from src.media.lettering import FontStack, font_stack
from src.media.planes import Sprite, blend
from src.models.caption_plan import CaptionLook, Cue, CueWord
from src.models.caption_style import CaptionPosition
from src.models.planned import Rgba
from src.models.words import TimedWord
from src.plan.captions import look_of

STYLES = tuple(presets())
#: The ones that show white words over the picture by themselves, without a box of their own.
PLAIN = ("highlight", "karaoke", "pop", "phrase")
MARKING: tuple[str, ...] = ("highlight", "karaoke", "pop")
FPS = Fraction(30)
SIZE = (270, 480)
#: A colour that neither text nor background has.
GREEN = (0, 230, 60, 255)
Rgb8 = npt.NDArray[np.uint8]


def look(
    style: str,
    size_px: int = 18,
    stroke_px: int = 1,
    active: Rgba = GREEN,
    position: CaptionPosition = "bottom",
    safe: bool = True,
) -> CaptionLook:
    changes = {
        "size_px": size_px,
        "active_color": active,
        "said_color": active if style == "karaoke" else (255, 255, 255, 255),
        "stroke_px": stroke_px,
        "position": position,
        "safe_area": safe,
    }
    return look_of(presets()[style], SIZE, "en").model_copy(update=changes)


def renderer(of: CaptionLook, size: tuple[int, int] = SIZE) -> CaptionRenderer:
    fonts = FontStack((*font_stack(of.font, {}).faces, *font_stack("Heebo ExtraBold", {}).faces))
    return CaptionRenderer(of, *size, fonts)


def cues_of(text: str, of: CaptionLook, size: tuple[int, int] = SIZE, frames: int = 8) -> tuple[Cue, ...]:
    texts, step = text.split(), frames * 1600
    words = [TimedWord(word, (i + 1) * step, (i + 2) * step - 1000) for i, word in enumerate(texts)]
    limits = CueRules(4, 2, caption_width_px(*size, of.safe_area), FPS)
    measure = caption_measure(of, font_stack(of.font, {}))
    return build_cues(0, words, range(0, (len(texts) + 3) * frames), limits, measure)


def picture(sprites: Sequence[Sprite], background: int = 128, size: tuple[int, int] = SIZE) -> Rgb8:
    out = rgb_to_yuv(np.full((size[1], size[0], 3), background, np.uint8))
    for sprite in sprites:
        blend(sprite, out)
    return yuv_to_rgb(out)


def green_columns(rgb: Rgb8) -> npt.NDArray[np.intp]:
    red, green, blue = (rgb[:, :, channel].astype(int) for channel in range(3))
    marked: npt.NDArray[np.intp] = np.flatnonzero(((green > red + 90) & (green > blue + 60)).any(axis=0))
    return marked


def words_of(cues: Sequence[Cue]) -> Iterator[tuple[Cue, CueWord]]:
    return ((cue, word) for cue in cues for line in cue.lines for word in line)
