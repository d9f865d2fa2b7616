"""What captions cost in every style: drawn and blended alone, frame after frame, without film and encoder.

`python -m benchmarks.captioning STYLE WIDTH HEIGHT SECONDS` draws one style and prints the figures as JSON.
"""

import json
import sys
import time
from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from typing import Any

import cv2

from src.engines.subtitle.cues import CueRules, build_cues
from src.engines.subtitle.layout import caption_measure, caption_width_px
from src.engines.subtitle.presets import presets
from src.engines.subtitle.sprites import CaptionRenderer
from src.media.lettering import font_stack
from src.media.planes import Yuv, blend
from src.models.timeline import SAMPLE_RATE
from src.models.words import TimedWord
from src.plan.captions import look_of

from .process_tree import measure
from .scenario import Scale
from .trial import Made, Part, made_of
from .workshop import Workshop

#: Most milliseconds of CPU time of one frame, in every style.
BAR_MS = 1.5
#: What is said over and over: two sentences in which captions of every length occur.
_TEXT = (
    "Every night the *mountains* burn brighter than fire, and nobody in the valley below knows why. "
    "But one old shepherd *remembers* what happened there, long ago, when the river still sang."
)
#: Samples of each word: brisk, as in shorts.
_WORD_SAMPLES = SAMPLE_RATE * 28 // 100
_FPS = Fraction(30)
#: A grey picture, as (y, u, v).
_PICTURE = (110, 124, 132)


def captioning_part(shop: Workshop, scale: Scale) -> Part:
    """Draw the captions of a film in every style."""
    runs = {name: partial(_measured, shop, name, scale) for name in presets()}
    size = {"width": scale.width, "height": scale.height, "seconds": scale.seconds}
    return Part("captions alone", {"film": size, "bar_ms_a_frame": BAR_MS}, runs, ())


def _measured(shop: Workshop, style: str, scale: Scale) -> Made:
    size = [str(scale.width), str(scale.height), str(scale.seconds)]
    outcome = measure([sys.executable, "-m", "benchmarks.captioning", style, *size], shop.folder)
    return made_of(outcome, **json.loads(outcome.stdout))


def draw(style_name: str, width: int, height: int, seconds: float) -> dict[str, Any]:
    """Draw all frames with one thread; what is told is without the start of the interpreter and the plan."""
    cv2.setNumThreads(1)
    style = presets()[style_name]
    look = look_of(style, (width, height), "en")
    fonts = font_stack(look.font, {}, strong=look.emphasis_font)
    rules = CueRules(style.max_words, style.max_lines, caption_width_px(width, height, True), _FPS)
    frames = int(seconds * _FPS)
    measures = caption_measure(look, fonts), caption_measure(look.emphasised, fonts.emphasised)
    cues = build_cues(0, list(_words(seconds)), range(frames), rules, *measures)
    picture = Yuv.filled(width, height, _PICTURE)
    before = time.process_time()
    renderer = CaptionRenderer(look, width, height, fonts, _FPS)
    for frame in range(frames):
        for sprite in renderer.sprites(cues, frame):
            blend(sprite, picture)
    spent = time.process_time() - before
    return {"frames": frames, "cues": len(cues), "ms_a_frame": round(spent * 1000 / frames, 3)}


def _words(seconds: float) -> Iterator[TimedWord]:
    words = _TEXT.split()
    for place in range(int(seconds * SAMPLE_RATE / _WORD_SAMPLES)):
        text = words[place % len(words)]
        start = place * _WORD_SAMPLES
        yield TimedWord(text.strip("*"), start, start + _WORD_SAMPLES, text.startswith("*"))


if __name__ == "__main__":
    print(json.dumps(draw(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]))))
