"""Scripts of Advanced SubStation Alpha: planned whole, and cut for one segment. Pure.

A slice has a clock of its own, on which no time is negative and all are whole hundredths of a second, as the
format wants them: moving a script together with the film leaves its slices equal.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from fractions import Fraction
from math import ceil, gcd
from typing import NamedTuple

from ..models.caption_plan import ScriptEvent, ScriptPlan
from ..models.job import RenderJob
from ..models.segment import ScriptSlice
from ..text.substation_text import without
from .facts import Facts

#: Lines before a segment that are drawn for the places that they took, at most.
_MOST_BEFORE = 64
_EVENTS = "[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
#: Style, name, margins and effect.
_FIELDS_BEFORE_TEXT = 6
#: Characters that no font has which one warning names.
_MOST_NAMED = 8
#: How far the shape of a script may be from that of the film, as a ratio.
_SHAPE_TOLERANCE = 1.02


def plan_script(facts: Facts) -> ScriptPlan | None:
    """Take over the script that a job brings, if it brings one."""
    script = facts.captions.script if facts.captions else None
    if script is None or facts.script_fonts is None:
        return None
    return ScriptPlan(
        sha256=facts.media["captions.src"].sha256,
        fonts=facts.script_fonts.sha256,
        head=script.head,
        events=tuple(
            _drawable(event, facts.script_fonts.lacking)
            for event in sorted(script.events, key=lambda event: event.start_ms)
        ),
    )


def _drawable(event: ScriptEvent, lacking: Collection[str]) -> ScriptEvent:
    """Leave out what no font has: it would be an empty box."""
    *fields, text = event.rest.split(",", _FIELDS_BEFORE_TEXT)
    kept = without(text, lacking)
    return event if kept == text else event.model_copy(update={"rest": ",".join([*fields, kept])})


def script_warnings(job: RenderJob, facts: Facts, frame: tuple[int, int]) -> tuple[str, ...]:
    """Tell why a script may look different from what its author saw."""
    script = facts.captions.script if facts.captions else None
    if script is None or facts.script_fonts is None or not job.captions.enabled:
        return ()
    told = [f"no font {family!r}: another one is used; attach it" for family in facts.script_fonts.missing]
    told += [f"the attached font {name!r} cannot be used" for name in facts.script_fonts.unusable]
    if lacking := facts.script_fonts.lacking:
        named = ", ".join(f"{part} (U+{ord(part[0]):04X})" for part in lacking[:_MOST_NAMED])
        told.append(f"no font that a script can use has {named}; left out of the picture; attach one")
    shape = Fraction(*script.size) / Fraction(*frame)
    if max(shape, 1 / shape) > _SHAPE_TOLERANCE:
        sizes = f"{script.size[0]} x {script.size[1]}, the film has {frame[0]} x {frame[1]}"
        told.append(f"its places count in {sizes}: set PlayResX and PlayResY to that shape")
    return tuple(f"captions.src: {reason}" for reason in told)


def slice_of(script: ScriptPlan | None, span: range, fps: Fraction) -> ScriptSlice | None:
    """Cut out what is seen in a span of the film's frames; None when nothing is."""
    lines = [_Line(event, _frames(event, fps)) for event in script.events] if script else []
    seen = [line for line in lines if line.frames and line.start < span.stop and line.stop > span.start]
    if script is None or not seen:
        return None
    kept = _before(lines, seen, span.start) + seen
    origin_frame = _origin(min(line.event.start_ms for line in kept), span.start, fps)
    moved_ms = round((origin_frame - span.start) * 1000 / fps)
    return ScriptSlice(
        text=f"{script.head}\n{_EVENTS}" + "".join(_written(line.event, moved_ms) for line in kept),
        fonts=script.fonts,
        origin_frame=origin_frame,
        frames=tuple(frame - span.start for frame in _drawn(kept, span, fps)),
    )


class _Line(NamedTuple):
    """An event, and the frames on which it is seen: those that begin while it lasts."""

    event: ScriptEvent
    frames: range

    @property
    def start(self) -> int:
        return self.frames.start

    @property
    def stop(self) -> int:
        return self.frames.stop


def _frames(event: ScriptEvent, fps: Fraction) -> range:
    rate, per_ms = fps.numerator, 1000 * fps.denominator
    return range(-(-event.start_ms * rate // per_ms), -(-event.end_ms * rate // per_ms))


def _before(lines: Sequence[_Line], seen: Sequence[_Line], start_frame: int) -> list[_Line]:
    """Find lines that are over, which others kept clear of when they came, and still do."""
    reach: dict[int, int] = {}
    for line in seen:
        if not line.event.is_placed:
            reach[line.event.layer] = min(line.start, reach.get(line.event.layer, line.start))
    before: list[_Line] = []
    for line in reversed(lines):
        is_over = line.frames and line.stop <= start_frame and not line.event.is_placed
        if is_over and line.stop > reach.get(line.event.layer, start_frame):
            before.append(line)
            reach[line.event.layer] = min(line.start, reach[line.event.layer])
    return before[_MOST_BEFORE - 1 :: -1]


def _origin(first_ms: int, start_frame: int, fps: Fraction) -> int:
    """Choose which frame of its own clock a slice begins with.

    It is the least from which no event begins before 0, and lies off the film's by frames that last whole
    hundredths of a second.
    """
    step = fps.numerator // gcd(fps.numerator, 100 * fps.denominator)
    least = max(0, ceil(start_frame - first_ms * fps / 1000))
    return least + (start_frame - least) % step


def _written(event: ScriptEvent, moved_ms: int) -> str:
    start, end = _clock(event.start_ms + moved_ms), _clock(event.end_ms + moved_ms)
    return f"Dialogue: {event.layer},{start},{end},{event.rest}\n"


def _clock(ms: int) -> str:
    return f"{ms // 3_600_000}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}.{ms % 1000 // 10:02}"


def _drawn(lines: Sequence[_Line], span: range, fps: Fraction) -> list[int]:
    """List the frames whose picture differs from the one before, and those at which earlier lines began."""
    drawn = {span.start}
    crowded = Counter(line.event.layer for line in lines if not line.event.is_placed)
    for line in lines:
        drawn |= {frame for frame in (line.start, line.stop) if frame in span}
        for first_ms, last_ms in line.event.changes_ms:
            changing = _changing(line, first_ms, last_ms, fps)
            drawn |= set(range(max(changing.start, span.start), min(changing.stop, span.stop)))
        if not line.event.is_placed and crowded[line.event.layer] > 1:
            drawn.add(min(line.start, span.start))
    return sorted(drawn)


def _changing(line: _Line, first_ms: int, last_ms: int, fps: Fraction) -> range:
    """Frames of a line that may differ from the one before; one after the last change shows its end."""
    start_ms = line.event.start_ms
    first, after = start_ms + first_ms, start_ms + last_ms
    return range(max(line.start, int(first * fps / 1000)), min(line.stop, int(after * fps / 1000) + 2))
