"""Text that the fonts can draw: symbols they lack are left out and told, letters are refused.

A character without a glyph would be drawn as an empty box; a film never shows one.
"""

import unicodedata
from collections.abc import Callable, Iterator, Sequence

import regex

from ..errors import UndrawableText
from ..media.faces import missing_graphemes
from ..media.fonts import TEXT_FAMILY, TITLE_FAMILY
from ..media.lettering import font_stack
from ..models.job import RenderJob, Scene
from ..models.visual import TextOverlay, TitleVisual
from .facts import Facts

#: Tells which characters of a text a font has no glyph for.
Missing = Callable[[str], Sequence[str]]
#: Unicode categories that carry the words themselves: letters, marks, numbers.
_WORDY = ("L", "M", "N")
_GRAPHEME = regex.compile(r"\X")


def title_missing(text: str) -> Sequence[str]:
    """Tell what the font of titles lacks."""
    return missing_graphemes(text, font_stack(TITLE_FAMILY, {}))


def text_missing(text: str) -> Sequence[str]:
    """Tell what the font of subtitles and text overlays lacks."""
    return missing_graphemes(text, font_stack(TEXT_FAMILY, {}))


def drawable(text: str, missing: Missing) -> str:
    """Leave out every grapheme of which the font lacks a part, and the space that then stands double."""
    lacking = set(missing(text))
    if not lacking:
        return text
    kept = "".join(part for part in _GRAPHEME.findall(text) if part not in lacking)
    return regex.sub(r"(?<=\s) +|^ +| +$", "", kept)


def check_text(job: RenderJob, facts: Facts) -> tuple[str, ...]:
    """Find what cannot be drawn; return a warning for every text from which symbols are left out.

    Raises:
        UndrawableText: a font lacks letters, so that words would be missing.
    """
    warnings = []
    for path, text, missing, instead in _texts(job, facts):
        lacking = missing(text)
        letters = [part for part in lacking if unicodedata.category(part[0]).startswith(_WORDY)]
        if letters:
            raise UndrawableText(letters, instead, path=path)
        if lacking:
            warnings.append(f"{path}: the font has no {' '.join(lacking)}; left out of the picture")
    return tuple(warnings)


def _texts(job: RenderJob, facts: Facts) -> Iterator[tuple[str, str, Missing, str]]:
    """Yield path, text, what its font lacks, and what to do about it."""
    outside = facts.captions
    if outside and not outside.script and job.captions.enabled:
        text = " ".join(line.text for event in outside.events for line in event.lines)
        yield "captions.src", text, facts.missing_glyphs, "name a font that has them in captions.font.src"
    for index, scene in enumerate(job.scenes):
        spoken = facts.spoken[index]
        if spoken and job.captions.enabled and not outside:
            text = " ".join(word.text for word in spoken.words)
            path = f"scenes[{index}].audio.words" if scene.audio else f"scenes[{index}].text"
            yield path, text, facts.missing_glyphs, "name a font that has them in captions.font.src"
        yield from _drawn_texts(scene, f"scenes[{index}]")


def _drawn_texts(scene: Scene, path: str) -> Iterator[tuple[str, str, Missing, str]]:
    instead = "write this text in Latin, Cyrillic or Greek letters, or draw it as an image"
    for place, visual in enumerate(scene.visuals):
        if isinstance(visual, TitleVisual):
            here = f"{path}.visuals[{place}]"
            yield f"{here}.text", visual.text, title_missing, instead
            yield f"{here}.subtitle", visual.subtitle, text_missing, instead
    for place, overlay in enumerate(scene.overlays):
        if isinstance(overlay, TextOverlay):
            yield f"{path}.overlays[{place}].text", overlay.text, text_missing, instead
