"""What captions are drawn with: fonts that step in, and whose Chinese characters each scene has."""

from typing import NamedTuple

from ..models.caption_plan import FallbackFont
from ..models.job import RenderJob
from ..models.words import Region
from ..text.casing import cased
from ..text.scripts import has_chinese_characters, region_of
from .facts import Facts, FontsFact, Lacking
from .glyphs import captioned
from .voices import scene_language


class CaptionFonts(NamedTuple):
    """Fonts beside the one that leads."""

    fallbacks: tuple[FallbackFont, ...]
    regions: tuple[Region | None, ...]
    """One a scene; all None where the film has one only."""
    missing: tuple[Lacking, ...]
    """What of the captions, as they are drawn, no font has."""


class _Said(NamedTuple):
    """What captions say in one scene, or in all of them."""

    text: str
    """As it is drawn."""
    region: Region | None
    """None without any Chinese characters."""


def caption_fonts(job: RenderJob, facts: Facts, font: str) -> CaptionFonts:
    """Choose the fonts of all captions beside `font`, a family's name or the sha256 of a file.

    Scenes in the shapes of different regions get fonts of their own each.
    """
    said = _said(job, facts)
    regions = tuple(dict.fromkeys(part.region for part in said if part.region)) or ("SC",)
    chosen = {
        region: facts.fonts(
            font, " ".join(part.text for part in said if (part.region or regions[0]) == region), region
        )
        for region in regions
    }
    missing = dict.fromkeys(lacking for fact in chosen.values() for lacking in fact.missing)
    if len(chosen) == 1:
        return CaptionFonts(chosen[regions[0]].fallbacks, (None,) * len(job.scenes), tuple(missing))
    fallbacks = tuple(face for region, fact in chosen.items() for face in _marked(fact, region))
    return CaptionFonts(fallbacks, tuple(part.region or regions[0] for part in said), tuple(missing))


def _marked(fact: FontsFact, region: Region) -> tuple[FallbackFont, ...]:
    return tuple(face.model_copy(update={"region": region}) for face in fact.fallbacks)


def _said(job: RenderJob, facts: Facts) -> list[_Said]:
    """Tell what is said scene by scene; captions from a file belong to none."""
    around, casing = captioned(facts), facts.caption_style.casing
    if facts.captions:
        told = [(around.split(), job.voice.language)]
    else:
        words = ([word.text for word in spoken.words] if spoken else [] for spoken in facts.spoken)
        told = [(texts, scene_language(job, scene)) for texts, scene in zip(words, job.scenes, strict=True)]
    said = []
    for texts, language in told:
        text = " ".join(cased(word, casing, language) for word in texts)
        said.append(_Said(text, region_of(text, language, around) if has_chinese_characters(text) else None))
    return said
