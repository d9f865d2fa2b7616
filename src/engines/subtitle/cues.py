"""From timed words to captions: which words stand together, how they break into lines, when they are seen.

Pure: the same words give the same cues. Pictures count in frames of the film, sidecars in milliseconds.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from ...media.linebreak import balanced_lines
from ...media.timebase import frames_of_samples, ms_of_frames, ms_of_samples
from ...models.caption_plan import Cue, CueWord
from ...models.caption_style import StyleFont
from ...models.timeline import SAMPLE_RATE
from ...models.words import TimedWord
from ...text.ties import ties_of
from .grouping import GroupLimits, group_words, lone_beside
from .tokens import join_punctuation
from .wordbreak import Beside, Room, gaps_of, timed_parts

#: Silence in samples after which a caption leaves before the next one comes; shorter ones are bridged.
BRIDGED_SAMPLES = SAMPLE_RATE * 35 // 100
#: Samples that a caption stays after its last word when a longer silence follows.
LINGER_SAMPLES = SAMPLE_RATE * 25 // 100
#: Milliseconds below which a caption only flashes; neighbours are taken in to avoid that.
SHORTEST_MS = 120
#: Milliseconds below which nothing between two captions only flickers.
SHORTEST_GAP_MS = 100


Measure = Callable[[str], float]


class CueRules(NamedTuple):
    """What a caption may hold."""

    max_words: int
    max_lines: int
    max_width_px: float
    fps: Fraction
    least_percent: int = StyleFont().least
    """See `StyleFont`."""
    language: str = "en"
    """BCP 47 tag; tells by which names units are known."""

    @property
    def room(self) -> Room:
        """What words far too wide are taken apart for."""
        return Room(self.max_width_px, self.max_lines, self.least_percent)

    @property
    def limits(self) -> GroupLimits:
        """What words are grouped by."""
        return GroupLimits(self.max_words, self.max_lines, BRIDGED_SAMPLES)


def build_cues(
    scene: int,
    words: Sequence[TimedWord],
    scene_frames: range,
    rules: CueRules,
    measure: Measure,
    strong: Measure | None = None,
) -> tuple[Cue, ...]:
    """Build the captions of one scene, none outside of `scene_frames` (frames of the film).

    `measure` tells the width in pixels of a line of words with everything that is drawn around them, `strong`
    that of emphasised ones if it is another. A word that is wider than `max_width_px` stands alone; drawing
    shrinks it, unless that would make it too small: then it is taken apart.
    """
    whole = _in_order(join_punctuation(words))
    if not whole or not scene_frames:
        return ()
    measured = {False: measure, True: strong or measure}
    spoken = [
        part
        for at, word in enumerate(whole)
        for part in _parts(word, rules.room, measured[word.emphasised], _besides(whole, at, measured))
    ]
    widths = [measured[word.emphasised](word.text + (word.carried or "")) for word in spoken]
    gaps = gaps_of(spoken, rules.max_width_px, measure)
    tied = ties_of([word.text for word in spoken], rules.language)

    def lines_of(first: int, end: int) -> list[tuple[int, int]]:
        return balanced_lines(widths[first:end], gaps[first:end], rules.max_width_px, tied[first:end])

    def span_of(first: int, end: int) -> _Span:
        following = spoken[end] if end < len(spoken) else None
        return _span(spoken[first], spoken[end - 1], following, clock)

    def flashes(first: int, end: int) -> bool:
        return span_of(first, end).is_shorter(SHORTEST_MS, rules.fps)

    clock = _Clock(scene_frames, rules.fps)
    cues = []
    for first, end in group_words(spoken, rules.limits, lambda a, b: len(lines_of(a, b)), flashes, tied):
        timed = _timed_words(spoken[first:end], spoken[end] if end < len(spoken) else None, clock)
        lines = tuple(timed[a:b] for a, b in lines_of(first, end))
        cues.append(Cue(scene=scene, lines=lines, **span_of(first, end)._asdict()))
    return tuple(cues)


def _besides(words: Sequence[TimedWord], at: int, measured: Mapping[bool, Measure]) -> Iterator[Beside]:
    """Tell who needs room beside a word that is divided, since a caption of its own is no place for it."""
    is_before, is_behind = lone_beside(words, at, BRIDGED_SAMPLES)
    plain = measured[False]
    gap_px = plain("x x") - 2 * plain("x")

    def px(place: int) -> float:
        return measured[words[place].emphasised](words[place].text) + gap_px

    both = Beside(px(at - 1) if is_before else 0.0, px(at + 1) if is_behind else 0.0)
    if is_before and is_behind:
        yield both
    if is_before:
        yield both._replace(behind_px=0.0)
    if is_behind:
        yield both._replace(before_px=0.0)


def _parts(word: TimedWord, room: Room, measure: Measure, besides: Iterable[Beside]) -> Iterator[TimedWord]:
    """Take a word apart, each part said for as long as its letters take."""
    span = (word.start_sample, word.end_sample)
    for part, start, end in timed_parts(word.text, span, room, measure, besides):
        joined = word.joined or part.continues
        yield word._replace(
            text=part.text, start_sample=start, end_sample=end, joined=joined, carried=part.carried
        )


def _in_order(words: Sequence[TimedWord]) -> list[TimedWord]:
    """Mend times that run backwards: a word starts no earlier than the one before it."""
    ordered: list[TimedWord] = []
    for word in words:
        start = max(word.start_sample, ordered[-1].start_sample if ordered else 0)
        ordered.append(word._replace(start_sample=start, end_sample=max(word.end_sample, start)))
    return ordered


class _Clock(NamedTuple):
    scene_frames: range
    fps: Fraction

    def start_frame(self, word: TimedWord) -> int:
        """Nearest frame to the word's start that the scene has."""
        frame = frames_of_samples(word.start_sample, self.fps)
        return min(max(frame, self.scene_frames.start), self.scene_frames.stop - 1)

    def end_frame(self, samples: int, start_frame: int, following: TimedWord | None) -> int:
        """Nearest frame border, at least one frame after the start, never past what follows."""
        limit = self.scene_frames.stop if following is None else self.start_frame(following)
        return max(start_frame, min(max(frames_of_samples(samples, self.fps), start_frame + 1), limit))


def _is_bridged(word: TimedWord, following: TimedWord | None) -> bool:
    return following is not None and following.start_sample - word.end_sample < BRIDGED_SAMPLES


def _spoken_until(word: TimedWord, following: TimedWord | None) -> int:
    """Sample until which a word counts as spoken: over a short silence it stays until the next one."""
    return following.start_sample if following and _is_bridged(word, following) else word.end_sample


def _timed_words(
    words: Sequence[TimedWord], following: TimedWord | None, clock: _Clock
) -> tuple[CueWord, ...]:
    timed = []
    for word, after in pairwise([*words, following]):
        assert word is not None
        start_frame = clock.start_frame(word)
        timed.append(
            CueWord(
                text=word.text,
                start_frame=start_frame,
                end_frame=clock.end_frame(_spoken_until(word, after), start_frame, after),
                start_ms=ms_of_samples(word.start_sample),
                end_ms=ms_of_samples(min(word.end_sample, after.start_sample) if after else word.end_sample),
                emphasised=word.emphasised,
                joined=word.joined,
                carried=word.carried,
            )
        )
    return tuple(timed)


class _Span(NamedTuple):
    """From when until when a caption is seen, in the film and in a sidecar."""

    start_frame: int
    end_frame: int
    start_ms: int
    end_ms: int

    def is_shorter(self, ms: int, fps: Fraction) -> bool:
        """Tell whether it is too short in either of them."""
        return self.end_ms - self.start_ms < ms or (self.end_frame - self.start_frame) * 1000 < ms * fps


def _span(first: TimedWord, last: TimedWord, following: TimedWord | None, clock: _Clock) -> _Span:
    start_frame, start_ms = clock.start_frame(first), ms_of_samples(first.start_sample)
    until = _spoken_until(last, following)
    if not _is_bridged(last, following):
        until += LINGER_SAMPLES
    end_frame = clock.end_frame(until, start_frame, following)
    scene_end_ms = ms_of_frames(clock.scene_frames.stop, clock.fps)
    end_ms = max(ms_of_samples(last.end_sample), min(ms_of_samples(until), scene_end_ms), start_ms)
    span = _Span(start_frame, end_frame, start_ms, end_ms)
    if following is None:
        return span
    next_frame, next_ms = clock.start_frame(following), ms_of_samples(following.start_sample)
    if _Span(end_frame, next_frame, end_ms, next_ms).is_shorter(SHORTEST_GAP_MS, clock.fps):
        return span._replace(end_frame=next_frame, end_ms=next_ms)
    return span
