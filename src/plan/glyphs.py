"""Text that fonts can draw: what they lack is left out and told, words that would vanish are refused.

A character without a glyph would be drawn as an empty box; a film never shows one.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import regex

from ..errors import UndrawableText
from ..media.faces import GRAPHEME, is_pictured
from ..media.fonts import TEXT_FAMILY, TITLE_FAMILY
from ..models.caption_plan import FallbackFont
from ..models.job import RenderJob, Scene
from ..models.visual import TextOverlay, TitleVisual
from ..text.casing import Casing, cased
from ..text.scripts import region_of
from ..text.segmentation import segmented
from ..text.ties import held_words
from .facts import Facts, Lacking
from .voices import scene_language

#: What carries the words themselves.
_WORDY = regex.compile(r"[\p{L}\p{N}]")
#: What to do about letters that nothing joins and orders.
_SHAPER = (
    "install FriBiDi, which shapes them (Debian: apt-get install libfribidi0; macOS: brew install fribidi)"
)
#: Most characters that one message names.
_MOST_NAMED = 8


class Lettered(NamedTuple):
    """A text that can be drawn."""

    text: str
    fallbacks: tuple[FallbackFont, ...]
    held: tuple[int, ...]
    """Words, counted between spaces, that are read with the next one."""


class _Set(NamedTuple):
    """A text of the job that is drawn."""

    path: str
    font: str
    words: Sequence[str]
    """As they are drawn."""
    language: str
    is_caption: bool = False


class Undrawn(NamedTuple):
    """What no font has of words that are drawn in a case of their own."""

    missing: Sequence[Lacking]
    casing: Casing = "as_written"
    language: str = ""

    def left(self, text: str) -> str:
        """Leave that out of a text as it is written, and the space that then stands double."""
        lacking = {lacked.grapheme for lacked in self.missing}
        if not lacking:
            return text
        kept = "".join(part for part in GRAPHEME.findall(text) if lacking.isdisjoint(self._drawn(part)))
        return regex.sub(r"(?<=\s) +|^ +| +$", "", kept)

    def _drawn(self, grapheme: str) -> Sequence[str]:
        return GRAPHEME.findall(cased(grapheme, self.casing, self.language))


def drawable(text: str, missing: Sequence[Lacking]) -> str:
    """Leave out of a text, as it is drawn, what no font has."""
    return Undrawn(missing).left(text)


def captioned(facts: Facts) -> str:
    """Collect all that captions say, unless a script draws them by itself."""
    if facts.captions:
        events = () if facts.captions.script else facts.captions.events
        return " ".join(line.text for event in events for line in event.lines)
    return " ".join(word.text for spoken in facts.spoken if spoken for word in spoken.words)


def lettered(text: str, font: str, facts: Facts, language: str) -> Lettered:
    """Leave out what no font has, and choose the fonts for all else."""
    fonts = facts.fonts(font, text, region_of(text, language, captioned(facts)))
    shown = drawable(text, fonts.missing)
    return Lettered(shown, fonts.fallbacks, held_words(shown, language))


def check_text(job: RenderJob, facts: Facts, caption_font: str) -> tuple[str, ...]:
    """Find what cannot be drawn; return a warning for every text from which something is left out.

    Raises:
        UndrawableText: whole words would be missing, or letters would stand in the wrong order and shape.
    """
    warnings = []
    for set_text in _texts(job, facts, caption_font):
        text = " ".join(set_text.words)
        fonts = facts.fonts(set_text.font, text, region_of(text, set_text.language, captioned(facts)))
        if fonts.unshaped:
            raise UndrawableText(_named(fonts.unshaped), _SHAPER, path=set_text.path)
        if lost := _lost(set_text.words, fonts.missing):
            raise UndrawableText(
                _named([lacked.grapheme for lacked in lost]), _remedy(lost, set_text), path=set_text.path
            )
        if fonts.missing:
            told = ", ".join(_named([lacked.grapheme for lacked in fonts.missing]))
            remedy = _remedy(fonts.missing, set_text)
            warnings.append(f"{set_text.path}: no font here has {told}; left out of the picture; {remedy}")
    return tuple(warnings)


def _lost(words: Iterable[str], missing: Sequence[Lacking]) -> list[Lacking]:
    """Find what is lacking of words of which no letter and no digit would be left."""
    lost = "".join(word for word in words if _says(word) and not _says(drawable(word, missing)))
    return [lacked for lacked in missing if lacked.grapheme in lost and _says(lacked.grapheme)]


def _says(text: str) -> bool:
    """Tell whether a text has letters or digits; that of a keycap is a picture."""
    return any(_WORDY.search(part) and not is_pictured(part) for part in GRAPHEME.findall(text))


def _named(graphemes: Sequence[str]) -> list[str]:
    named = [f"{grapheme} ({_name(grapheme)})" for grapheme in graphemes[:_MOST_NAMED]]
    return named + ([f"{len(graphemes) - _MOST_NAMED} more"] if len(graphemes) > _MOST_NAMED else [])


def _name(grapheme: str) -> str:
    return ", ".join(f"U+{ord(char):04X} {unicodedata.name(char, '')}".strip() for char in grapheme)


def _remedy(missing: Sequence[Lacking], set_text: _Set) -> str:
    packages = " ".join(sorted({lacked.package for lacked in missing}))
    own = ", or bring one in captions.font.src" if set_text.is_caption else ""
    return (
        f"install a font that has it (Debian: apt-get install {packages}) or name its folder in "
        f"NEUROSHORTS_FONT_FOLDERS{own}"
    )


def _texts(job: RenderJob, facts: Facts, caption_font: str) -> Iterator[_Set]:
    outside, casing = facts.captions, facts.caption_style.casing
    if outside and not outside.script and job.captions.enabled:
        language = job.voice.language
        words = [cased(word, casing, language) for word in segmented(captioned(facts), language)]
        yield _Set("captions.src", caption_font, words, language, True)
    for index, scene in enumerate(job.scenes):
        spoken, language = facts.spoken[index], scene_language(job, scene)
        if spoken and job.captions.enabled and not outside:
            given = scene.audio and scene.audio.words
            path = f"scenes[{index}].audio.words" if given else f"scenes[{index}].text"
            words = [cased(word.text, casing, language) for word in spoken.words]
            yield _Set(path, caption_font, words, language, True)
        yield from _drawn_texts(scene, f"scenes[{index}]", language)


def _drawn_texts(scene: Scene, path: str, language: str) -> Iterator[_Set]:
    for place, visual in enumerate(scene.visuals):
        if isinstance(visual, TitleVisual):
            here = f"{path}.visuals[{place}]"
            yield _Set(f"{here}.text", TITLE_FAMILY, segmented(visual.text, language), language)
            yield _Set(f"{here}.subtitle", TEXT_FAMILY, segmented(visual.subtitle, language), language)
    for place, overlay in enumerate(scene.overlays):
        if isinstance(overlay, TextOverlay):
            here, words = f"{path}.overlays[{place}].text", segmented(overlay.text, language)
            yield _Set(here, TEXT_FAMILY, words, language)
