"""Cuts a Timeline into segments that can be rendered by themselves, in any order, anywhere.

Borders lie where shots and transitions begin and end, or would if a scene were put before the first, and
every few seconds inside long shots. A segment does not know where in the film it stands, so that an edit to
one scene leaves all other segments equal.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from ..models.caption_plan import CaptionLook, Cue, CueWord
from ..models.segment import Segment, SegmentShot, SegmentTransition
from ..models.timeline import OverlayPlan, Shot, Timeline
from ..models.words import Region
from ..text.casing import cased
from .scripts import slice_of

#: Seconds of the longest segment; longer shots are divided evenly.
LONGEST_SECONDS = 5


class PlacedSegment(NamedTuple):
    """A segment and its first frame in the film."""

    start_frame: int
    segment: Segment


def cut(timeline: Timeline) -> tuple[PlacedSegment, ...]:
    """Cut the film; the segments follow each other without gap or overlap."""
    return tuple(
        PlacedSegment(span.start, _segment(timeline, span, shots, joined))
        for span, shots, joined in _spans(timeline)
    )


def _spans(timeline: Timeline) -> Iterator[tuple[range, list[Shot], bool]]:
    """Yield frames, the shots seen in them, and whether a transition joins those."""
    joined_at = {transition.start_frame: transition for transition in timeline.transitions}
    place = 0
    for shot, following in zip(timeline.shots, [*timeline.shots[1:], None], strict=True):
        end = following.start_frame if following else timeline.frames
        for span in _divided(range(place, end), timeline.lead_in_frames, timeline.fps):
            yield span, [shot], False
        place = end
        if following and end in joined_at:
            place = end + joined_at[end].frames
            yield range(end, place), [shot, following], True


def _divided(span: range, border: int, fps: Fraction) -> Iterator[range]:
    """Divide a span at a border, if that lies in it, and each part evenly."""
    longest = max(1, int(LONGEST_SECONDS * fps))
    places = sorted({span.start, border if border in span else span.start, span.stop})
    for start, end in pairwise(places):
        frames, parts = end - start, -(-(end - start) // longest)
        for part in range(parts):
            yield range(start + frames * part // parts, start + frames * (part + 1) // parts)


def _segment(timeline: Timeline, span: range, shots: list[Shot], joined: bool) -> Segment:
    cues = tuple(
        _moved_cue(cue, -span.start)
        for cue in timeline.cues
        if timeline.draws_captions
        and not timeline.script
        and cue.start_frame < span.stop
        and cue.end_frame > span.start
    )
    transition = next((t for t in timeline.transitions if joined and t.start_frame == span.start), None)
    return Segment(
        width=timeline.width,
        height=timeline.height,
        fps_numerator=timeline.fps_numerator,
        fps_denominator=timeline.fps_denominator,
        frames=len(span),
        encoder=timeline.encoder,
        shots=tuple(
            SegmentShot(
                shot=shot.model_copy(update={"start_frame": 0}), first_frame=span.start - shot.start_frame
            )
            for shot in shots
        ),
        transition=SegmentTransition(type=transition.type, frames=transition.frames) if transition else None,
        overlays=tuple(_moved_overlay(o, -span.start) for o in timeline.overlays if _meets(o, span)),
        cues=cues,
        captions=_look(timeline.look, cues) if cues else None,
        script=slice_of(timeline.script, span, timeline.fps) if timeline.draws_captions else None,
    )


def _look(look: CaptionLook, cues: Sequence[Cue]) -> CaptionLook:
    """Keep of a look's fonts what these captions need: a script that another scene brings changes nothing."""
    shown: dict[Region | None, set[str]] = {}
    for cue in cues:
        lines = (*cue.lines, *(free.words for free in cue.free_lines), cue.reaching)
        letters = (char for line in lines for word in line for char in _letters(word, cue, look))
        shown.setdefault(cue.region, set()).update(letters)
    kept = [
        font.model_copy(
            update={
                "characters": "".join(sorted(shown.get(font.region, set()).intersection(font.characters)))
            }
        )
        for font in look.fallbacks
    ]
    return look.model_copy(update={"fallbacks": tuple(font for font in kept if font.characters)})


def _letters(word: CueWord, cue: Cue, look: CaptionLook) -> str:
    """List the letters of a word, as it is written and as it is drawn."""
    return word.written + cased(word.written, look.casing, cue.language or look.language)


def _meets(overlay: OverlayPlan, span: range) -> bool:
    return overlay.start_frame < span.stop and overlay.start_frame + overlay.frames > span.start


def _moved_overlay(overlay: OverlayPlan, by_frames: int) -> OverlayPlan:
    return overlay.model_copy(update={"start_frame": overlay.start_frame + by_frames})


def _moved_cue(cue: Cue, by_frames: int) -> Cue:
    lines = tuple(tuple(_moved_word(word, by_frames) for word in line) for line in cue.lines)
    return Cue(
        scene=0,
        start_frame=cue.start_frame + by_frames,
        end_frame=cue.end_frame + by_frames,
        start_ms=0,
        end_ms=0,
        lines=lines,
        language=cue.language,
        passages=cue.passages,
        region=cue.region,
        steady_lines=cue.steady_lines,
        steady_last=cue.steady_last,
        free_lines=cue.free_lines,
        reaching=cue.reaching,
    )


def _moved_word(word: CueWord, by_frames: int) -> CueWord:
    start, end = word.start_frame + by_frames, word.end_frame + by_frames
    return word.model_copy(update={"start_frame": start, "end_frame": end, "start_ms": 0, "end_ms": 0})
