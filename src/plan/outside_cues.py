"""Captions from a file become captions on the film's frames: its times hold, and its lines where they fit.

Pure. Words are timed by the file where it tells that, and by their length elsewhere.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from ..engines.subtitle.cues import SHORTEST_GAP_MS, SHORTEST_MS
from ..engines.subtitle.direction import direction_of
from ..engines.subtitle.layout import caption_width_px
from ..engines.subtitle.wordbreak import Room, gaps_of, timed_parts
from ..media.linebreak import held_lines
from ..media.timebase import fps_of, frames_of_ms
from ..models.caption_plan import CaptionLook, Cue, CueWord, FreeLine, Passage
from ..models.job import RenderJob
from ..models.subtitles import CaptionFile, StyledLine, TextEvent
from ..text.soundless import is_emoji
from ..text.ties import holds_of
from ..text.words import words_of
from .caption_fonts import caption_fonts
from .caption_stack import Line, Piece, Place, Word, stacked
from .facts import Facts, Measure
from .glyphs import Undrawn
from .shots import PlacedScene


def plan_outside_cues(
    file: CaptionFile,
    job: RenderJob,
    scenes: Sequence[PlacedScene],
    facts: Facts,
    look: CaptionLook,
    frame: tuple[int, int],
) -> tuple[Cue, ...]:
    """Put the captions of a file on the frames of a film; what begins after its end is left out.

    A caption that does not fit into `max_lines` is seen in parts; those that are seen at the same time stand
    below each other. The captions of a script, which are drawn elsewhere, stay as they are.
    """
    is_drawn = job.captions.enabled and not file.script
    missing = caption_fonts(job, facts, look.font).missing if is_drawn else ()
    undrawn = Undrawn(missing, look.casing, job.voice.language)
    clock = _Clock(fps_of(job.output.fps), scenes)
    seen = [event for event in file.events if clock.frame(event.start_ms) < clock.frames]
    events = [(event, _timed(event, job.voice.language, undrawn)) for event in seen]
    if file.script:
        pieces = [Piece(event.start_ms, event.end_ms, lines) for event, lines in events if lines]
    else:
        setting = _Setting(
            facts.caption_style.max_lines,
            caption_width_px(*frame, look.safe_area),
            facts.caption_measure(look),
            facts.caption_measure(look.emphasised),
            facts.caption_style.font.least,
            job.voice.language,
        )
        parts = [piece for event, lines in events if lines for piece in _pieces(event, lines, setting)]
        pieces = list(stacked(_steady(parts), Place(look.position, frame, facts.caption_heights(look))))
    return tuple(_cue(piece, clock) for piece in pieces if clock.frame(piece.start_ms) < clock.frames)


def outside_warnings(file: CaptionFile, frames: int, fps: Fraction) -> tuple[str, ...]:
    """Tell what about a file of captions should be known to who made it."""
    late = sum(frames_of_ms(event.start_ms, fps) >= frames for event in file.events)
    told = list(file.warnings)
    if late:
        ends = f"{float(frames / fps):.2f} s"
        told.append(
            f"{late} of {len(file.events)} captions begin after the film's end at {ends} and are not seen"
        )
    return tuple(f"captions.src: {warning}" for warning in told)


def _timed(event: TextEvent, language: str, undrawn: Undrawn) -> list[list[Word]]:
    """Split the lines of a caption into words, each from its own time, or its letters', to the next."""
    lines = [list(_written(line, language, undrawn)) for line in event.lines]
    words = [word for line in lines for word in line]
    starts = _starts([word.start_ms for word in words], [len(word.text) for word in words], event)
    ends = [*starts[1:], event.end_ms]
    times = iter(zip(starts, ends, strict=True))
    timed = []
    for line in lines:
        spans = [next(times) for _ in line]
        timed.append(
            [
                word._replace(start_ms=a, end_ms=b)
                for word, (a, b) in zip(line, spans, strict=True)
                if word.text
            ]
        )
    return [line for line in timed if line]


#: Stands for a time that the file does not tell.
_UNKNOWN = -1


def _written(line: StyledLine, language: str, undrawn: Undrawn) -> Iterator[Word]:
    """Give the words of a line; each starts at the last stamp before its end that no word had yet."""
    place, stamps = 0, list(line.stamps)
    for word in words_of(line.text, language):
        start = max(place, line.text.find(word.shown, place))
        place = start + len(word.shown)
        own = [ms for at, ms in stamps if at < place]
        stamps = stamps[len(own) :]
        strong = any(first < place and end > start for first, end in line.strong)
        begins = own[0] if own else _UNKNOWN
        yield Word(undrawn.left(word.shown), begins, _UNKNOWN, strong or word.emphasised, word.joined)


def _starts(stamps: Sequence[int], weights: Sequence[int], event: TextEvent) -> list[int]:
    """Fill in the starts that are not told, by the letters between those that are."""
    known = {0: event.start_ms}
    for place, ms in enumerate(stamps):
        # Source: W3C WebVTT: a time within the text lies within the caption's own, and they increase.
        if place and event.start_ms < ms < event.end_ms and ms > max(known.values()):
            known[place] = ms
    places = [*known, len(stamps)]
    starts = []
    for first, end in pairwise(places):
        until = known.get(end, event.end_ms)
        whole = sum(weights[first:end]) or 1
        for place in range(first, end):
            starts.append(known[first] + (until - known[first]) * sum(weights[first:place]) // whole)
    return starts


class _Setting(NamedTuple):
    """What lines may hold."""

    max_lines: int
    max_width_px: float
    measure: Measure
    strong: Measure
    """Of emphasised words."""
    least_percent: int
    language: str
    """Of the captions."""

    def of(self, word: Word) -> Measure:
        """Choose what measures a word."""
        return self.strong if word.emphasised else self.measure

    def fits(self, lines: Sequence[Line]) -> bool:
        """Tell whether lines can be seen as they are."""
        return len(lines) <= self.max_lines and all(self._width(line) <= self.max_width_px for line in lines)

    def _width(self, line: Line) -> float:
        larger = (self.strong(word.text) - self.measure(word.text) for word in line if word.emphasised)
        return self.measure(_text(line)) + sum(larger)

    def broken(self, words: Line) -> list[Line]:
        """Break words into balanced lines, and take those apart that no line has room for."""
        room = Room(self.max_width_px, self.max_lines, self.least_percent)
        parts, held = list[Word](), list[bool]()
        for word, is_held in zip(words, _held(words, self.language), strict=True):
            parts += _parts(word, room, self.of(word))
            held += [False] * (len(parts) - len(held) - 1) + [is_held]
        widths = [self.of(part)(part.text + (part.carried or "")) for part in parts]
        gaps = gaps_of(parts, self.max_width_px, self.measure)
        return [parts[a:b] for a, b in held_lines(widths, gaps, self.max_width_px, held)]


def _held(words: Line, language: str) -> list[bool]:
    """Tell which words stay on the line of the next one: numbers with what they count, all before emoji."""
    texts = [word.text for word in words]
    together = zip(holds_of(texts, language), [*texts[1:], ""], strict=True)
    return [is_held or is_emoji(after) for is_held, after in together]


def _parts(word: Word, room: Room, measure: Measure) -> Iterator[Word]:
    """Take a word apart, each part said for as long as its letters take."""
    for part, start_ms, end_ms in timed_parts(word.text, (word.start_ms, word.end_ms), room, measure):
        joined = word.joined or part.continues
        yield word._replace(
            text=part.text, start_ms=start_ms, end_ms=end_ms, joined=joined, carried=part.carried
        )


def _text(line: Line) -> str:
    return "".join(("" if word.joined else " ") + word.text for word in line).strip()


def _pieces(event: TextEvent, lines: Sequence[Line], setting: _Setting) -> list[Piece]:
    """Keep a caption whole where it fits; otherwise show as many lines at a time as may be."""
    direction = direction_of(" ".join(map(_text, lines)))
    if setting.fits(lines):
        return [Piece(event.start_ms, event.end_ms, lines, [Passage(lines=len(lines), direction=direction)])]
    broken = setting.broken([word for line in lines for word in line])
    parts = -(-len(broken) // setting.max_lines)
    borders = [len(broken) * part // parts for part in range(parts + 1)]
    groups = [broken[a:b] for a, b in pairwise(borders)]
    starts = [event.start_ms, *(group[0][0].start_ms for group in groups[1:])]
    ends = [*starts[1:], event.end_ms]
    return [
        Piece(start, end, group, [Passage(lines=len(group), direction=direction)])
        for start, end, group in zip(starts, ends, groups, strict=True)
    ]


def _steady(pieces: Sequence[Piece]) -> list[Piece]:
    """Lengthen what would only flash, bridge gaps that would, and cut overlaps that would."""
    ordered = sorted(pieces, key=lambda piece: piece.start_ms)
    steady = []
    for piece, after in zip(ordered, [*ordered[1:], None], strict=False):
        end_ms = piece.end_ms
        free_ms = after.start_ms if after else end_ms + SHORTEST_MS
        if piece.start_ms == end_ms:
            # A part of a caption that is far too short for all of its words.
            continue
        if piece.start_ms == free_ms:
            end_ms = max(end_ms, piece.start_ms + SHORTEST_MS)
        elif free_ms >= end_ms:
            end_ms = max(end_ms, min(piece.start_ms + SHORTEST_MS, free_ms))
            if after and free_ms - end_ms < SHORTEST_GAP_MS:
                end_ms = free_ms
        elif after and piece.start_ms < free_ms and end_ms <= min(after.end_ms, free_ms + SHORTEST_MS):
            # Nobody means captions below each other for so short a time.
            end_ms = free_ms
        steady.append(piece._replace(end_ms=end_ms))
    return steady


class _Clock(NamedTuple):
    fps: Fraction
    scenes: Sequence[PlacedScene]

    @property
    def frames(self) -> int:
        """Frames of the film."""
        return self.scenes[-1].start_frame + self.scenes[-1].frames

    def frame(self, ms: int) -> int:
        """Nearest frame."""
        return frames_of_ms(ms, self.fps)

    def scene(self, frame: int) -> int:
        """Index of the scene that a frame belongs to."""
        return max(place for place, scene in enumerate(self.scenes) if scene.start_frame <= frame)


def _cue(piece: Piece, clock: _Clock) -> Cue:
    start_frame = clock.frame(piece.start_ms)
    return Cue(
        scene=clock.scene(start_frame),
        start_frame=start_frame,
        end_frame=min(max(clock.frame(piece.end_ms), start_frame + 1), clock.frames),
        start_ms=piece.start_ms,
        end_ms=piece.end_ms,
        lines=tuple(tuple(_cue_word(word, clock) for word in line) for line in piece.lines),
        passages=tuple(piece.passages),
        steady_lines=piece.steady_lines,
        steady_last=piece.steady_last,
        free_lines=tuple(FreeLine(above=above, words=_untimed(line, clock)) for above, line in piece.free),
        reaching=_untimed(piece.reaching, clock),
    )


def _untimed(line: Line, clock: _Clock) -> tuple[CueWord, ...]:
    return tuple(_cue_word(word._replace(start_ms=0, end_ms=0), clock) for word in line)


def _cue_word(word: Word, clock: _Clock) -> CueWord:
    return CueWord(
        text=word.text,
        start_frame=clock.frame(word.start_ms),
        end_frame=clock.frame(word.end_ms),
        start_ms=word.start_ms,
        end_ms=word.end_ms,
        emphasised=word.emphasised,
        joined=word.joined,
        carried=word.carried,
    )
