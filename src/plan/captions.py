"""Words become captions on the film's frames."""

from collections.abc import Sequence
from fractions import Fraction

from ..engines.subtitle.cues import CueRules, build_cues
from ..engines.subtitle.direction import Direction, direction_of
from ..engines.subtitle.layout import caption_width_px
from ..engines.subtitle.presets import presets, style_of
from ..media.fonts import OWN_FILE_WEIGHT, bolder, weight_of
from ..media.timebase import fps_of, ms_of_frames, samples_of_frames
from ..models.caption_plan import CaptionLook, Cue, Passage
from ..models.caption_style import CaptionStyle
from ..models.captions import Captions
from ..models.colors import rgba_of
from ..models.job import RenderJob
from ..models.words import TimedWord
from ..settings import Settings
from ..text.quantities import locale_of
from .caption_fonts import caption_fonts
from .facts import Facts
from .glyphs import Undrawn
from .shots import PlacedScene
from .voices import scene_language

#: Shorter side in pixels of the frame that sizes on the wire are meant for.
REFERENCE_SIDE_PX = 1080
#: Milliseconds of silence at the start of a film, at most, in which its first caption is seen already.
SHOWN_AHEAD_MS = 500
#: Milliseconds before the end of a film within which nothing but its last caption leaves: a feed begins anew.
STAYING_MS = 1000


def scaled_px(size: float, width: int, height: int) -> int:
    """Scale a size meant for a frame 1080 pixels wide to this one, by its shorter side."""
    return round(size * min(width, height) / REFERENCE_SIDE_PX)


def plan_look(job: RenderJob, facts: Facts, width: int, height: int) -> CaptionLook:
    """Decide how captions are drawn in a frame of this size."""
    look = look_of(facts.caption_style, (width, height), job.voice.language)
    font = caption_font(job, facts)
    changes = {
        "font": font,
        "emphasis_font": look.emphasis_font if font == look.font else "",
        "emphasis_weight": _own_weight(facts) if font != look.font else 0,
        "fallbacks": caption_fonts(job, facts, font).fallbacks if job.captions.enabled else (),
        "safe_area": job.captions.safe_area,
    }
    return look.model_copy(update=changes)


def caption_font(job: RenderJob, facts: Facts) -> str:
    """Name the family of the captions, or the sha256 of the job's own font."""
    own_font = facts.media.get("captions.font.src")
    return own_font.sha256 if own_font else facts.caption_style.font.family


def _own_weight(facts: Facts) -> int:
    """Choose the weight of emphasised words in an own font: as much bolder as the style has them; or 0."""
    own = min(OWN_FILE_WEIGHT, facts.heaviest or 0)
    weight = min(own + _asked_weight(facts.caption_style), facts.heaviest or 0)
    return weight if weight > own else 0


def _asked_weight(style: CaptionStyle) -> int:
    """Tell by how much a style has emphasised words bolder than others."""
    return max(0, (style.emphasis.weight or 0) - weight_of(style.font.family))


def emphasis_warnings(job: RenderJob, facts: Facts, look: CaptionLook) -> tuple[str, ...]:
    """Tell that words which are to be bolder are not: an own font may have no weight for that."""
    has_own = "captions.font.src" in facts.media and job.captions.enabled
    if not has_own or look.emphasis_weight or not _asked_weight(facts.caption_style):
        return ()
    if not _is_any_emphasised(facts):
        return ()
    also = "colour" if look.emphasis_percent == 100 else "colour and size"
    return (
        f"captions.font.src: the font has no bolder weight, so **words** stand out by their {also} alone",
    )


def _is_any_emphasised(facts: Facts) -> bool:
    if facts.captions:
        events = () if facts.captions.script else facts.captions.events
        return any(line.strong or "**" in line.text for event in events for line in event.lines)
    return any(word.emphasised for spoken in facts.spoken if spoken for word in spoken.words)


def refuse_unknown_style(captions: Captions, settings: Settings) -> None:
    """Refuse captions in a style that nobody has, before any work is spent.

    Raises:
        UnknownName: neither the program nor the operator has it.
        BadStyleFile: a file of the operator's own styles that is none.
    """
    style_of(captions, presets(settings.styles_folder))


def look_of(style: CaptionStyle, frame: tuple[int, int], language: str) -> CaptionLook:
    """Set a style for a frame of (width, height), and for words of a language."""
    said = style.said_color or (style.active_color if style.mark.kind == "fill" else style.color)
    return CaptionLook(
        font=style.font.family,
        size_px=max(4, scaled_px(style.font.size, *frame)),
        casing=style.casing,
        language="" if style.casing == "as_written" else language,
        color=rgba_of(style.color),
        active_color=rgba_of(style.active_color),
        emphasis_color=rgba_of(style.emphasis_color),
        said_color=rgba_of(said),
        stroke_px=scaled_px(style.stroke, *frame),
        stroke_color=rgba_of(style.stroke_color) if style.stroke_color else None,
        shadow=style.shadow,
        box=style.box,
        mark=style.mark,
        entrance=style.entrance,
        words=style.words,
        position=style.position,
        align=style.align,
        line_height_percent=style.line_height,
        safe_area=True,
        tracking=style.font.tracking,
        emphasis_font=bolder(style.font.family, style.emphasis.weight or 0) or "",
        emphasis_percent=style.emphasis.scale,
    )


def plan_cues(
    job: RenderJob, scenes: Sequence[PlacedScene], facts: Facts, look: CaptionLook, frame: tuple[int, int]
) -> tuple[Cue, ...]:
    """Break what is said into captions, scene by scene."""
    fps = fps_of(job.output.fps)
    width_px = caption_width_px(*frame, look.safe_area)
    style = facts.caption_style
    rules = CueRules(style.max_words, style.max_lines, width_px, fps, style.font.least)
    measure, strong = facts.caption_measure(look), facts.caption_measure(look.emphasised)
    fonts = caption_fonts(job, facts, look.font) if job.captions.enabled else None
    cues: list[Cue] = []
    for placed in scenes:
        language = scene_language(job, placed.scene)
        lacking = Undrawn(fonts.missing if fonts else (), look.casing, language)
        words = _film_words(placed, facts, lacking, fps)
        shown = range(placed.start_frame, placed.start_frame + placed.frames)
        own = {
            "language": language if look.casing != "as_written" and language != look.language else "",
            "region": fonts.regions[placed.number] if fonts else None,
        }
        direction = _direction(words, language)
        in_language = rules._replace(language=language)
        built = build_cues(placed.number, words, shown, in_language, measure, strong)
        for cue in built:
            passage = Passage(lines=len(cue.lines), direction=direction)
            cues.append(cue.model_copy(update={**own, "passages": (passage,)}))
    return _to_the_last_frame(_from_the_first_frame(cues, look, fps), scenes[-1], fps)


def _from_the_first_frame(cues: Sequence[Cue], look: CaptionLook, fps: Fraction) -> tuple[Cue, ...]:
    """Show the first caption at once when it comes soon: a feed stands on the first frame of a film.

    Nothing moves where it is seen before it is said; words that appear one by one wait for their voice.
    """
    if not cues or cues[0].scene or look.words == "spoken":
        return tuple(cues)
    if not 0 < cues[0].start_frame * 1000 <= SHOWN_AHEAD_MS * fps:
        return tuple(cues)
    changes = {"start_frame": 0, "start_ms": 0, "steady_lines": len(cues[0].lines)}
    return (cues[0].model_copy(update=changes), *cues[1:])


def _to_the_last_frame(cues: tuple[Cue, ...], last: PlacedScene, fps: Fraction) -> tuple[Cue, ...]:
    """Leave the last caption until the film ends, if the film rests after it as long as it usually does."""
    end_frame = last.start_frame + last.frames
    is_usual = last.scene.pad_end is None and last.scene.duration == "auto"
    if not cues or cues[-1].scene != last.number or not is_usual:
        return cues
    if (end_frame - cues[-1].end_frame) * 1000 > STAYING_MS * fps:
        return cues
    changes = {"end_frame": end_frame, "end_ms": ms_of_frames(end_frame, fps)}
    return (*cues[:-1], cues[-1].model_copy(update=changes))


def _direction(words: Sequence[TimedWord], language: str) -> Direction | None:
    """Tell how the text of a scene runs: as its language does, or else as its first letter.

    A caption that begins with a foreign name runs as its sentence does.
    """
    told = [direction_of(word.text) for word in words]
    # What is known of a language takes longer to read than a film to plan: most texts need none of it.
    locale = locale_of(language) if "rtl" in told else None
    if locale and locale.character_order == "right-to-left":
        return "rtl"
    return next(filter(None, told), None)


def _film_words(placed: PlacedScene, facts: Facts, undrawn: Undrawn, fps: Fraction) -> list[TimedWord]:
    spoken = facts.spoken[placed.number]
    if spoken is None:
        return []
    start = samples_of_frames(placed.start_frame, fps)
    shown = [word._replace(text=undrawn.left(word.text)) for word in spoken.words]
    return [
        word._replace(start_sample=word.start_sample + start, end_sample=word.end_sample + start)
        for word in shown
        if word.text
    ]
