"""Facts about media that do not exist: planning needs no files."""

from src.engines.subtitle.heights import LineHeights
from src.engines.subtitle.presets import presets, style_of
from src.media.faces import GRAPHEME
from src.media.lettering import font_stack
from src.media.timebase import samples_of_seconds
from src.models.job import RenderJob, parse_job
from src.models.media_refs import media_refs
from src.models.words import Region, TimedWord
from src.plan.facts import Facts, FontsFact, Lacking, MediaFact, SpokenFact

#: Seconds between the starts of two words of a made-up voice.
WORD_SECONDS = 0.3


def digest(number: int) -> str:
    """Make a sha256 that is easy to tell in a failed comparison."""
    return f"{number:064x}"


def job_of(text: str) -> RenderJob:
    """Read a job."""
    return parse_job(text)


def facts_for(job: RenderJob, *, clip_seconds: float = 4.0, has_sound: bool = False) -> Facts:
    """Make up facts: clips of equal length, and a voice that speaks evenly."""
    media = {
        ref.path: MediaFact(digest(place + 1), round(clip_seconds * 1000), has_sound=has_sound)
        for place, ref in enumerate(media_refs(job))
    }
    spoken = tuple(_spoken(index, scene.text) for index, scene in enumerate(job.scenes))
    style = style_of(job.captions, presets())
    return Facts(
        media,
        spoken,
        style,
        lambda look: lambda text: len(text) * look.size_px * 0.6,
        lambda look: LineHeights(look, font_stack(look.font, {})),
        _fonts,
    )


def _spoken(index: int, text: str) -> SpokenFact | None:
    tokens = text.split()
    if not tokens:
        return None
    step = samples_of_seconds(WORD_SECONDS)
    words = tuple(TimedWord(token, place * step, (place + 1) * step) for place, token in enumerate(tokens))
    return SpokenFact(digest(1000 + index), len(tokens) * step, words)


def _fonts(_: str, text: str, __: Region) -> FontsFact:
    """Pretend that there are Latin letters only."""
    lacking = dict.fromkeys(
        part for part in GRAPHEME.findall(text) if any(ord(char) > 0x24F for char in part)
    )
    return FontsFact(missing=tuple(Lacking(part, "fonts-noto-core") for part in lacking))
