"""From timed words to captions: which words stand together, how they break into lines, when they are seen.

Pure: the same words give the same cues. Pictures count in frames of the film, sidecars in milliseconds.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from ...media.linebreak import balanced_lines
from ...media.timebase import frames_of_samples, ms_of_frames, ms_of_samples
from ...models.timeline import SAMPLE_RATE, Cue, CueWord
from ...models.words import TimedWord
from .grouping import GroupLimits, group_words
from .tokens import join_punctuation

#: Silence in samples after which a caption leaves before the next one comes; shorter ones are bridged.
BRIDGED_SAMPLES = SAMPLE_RATE * 35 // 100
#: Samples that a caption stays after its last word when a longer silence follows.
LINGER_SAMPLES = SAMPLE_RATE * 25 // 100
#: Samples below which a caption only flashes; neighbours are taken in to avoid that.
SHORTEST_SAMPLES = SAMPLE_RATE * 12 // 100


class CueRules(NamedTuple):
    """What a caption may hold."""

    max_words: int
    max_lines: int
    max_width_px: float
    fps: Fraction


def build_cues(
    scene: int,
    words: Sequence[TimedWord],
    scene_frames: range,
    rules: CueRules,
    measure: Callable[[str], float],
) -> tuple[Cue, ...]:
    """Build the captions of one scene, none outside of `scene_frames` (frames of the film).

    `measure` tells the width in pixels of a line of words with everything that is drawn around them. A word
    that is wider than `max_width_px` stands alone; drawing shrinks it.
    """
    spoken = _in_order(join_punctuation(words))
    if not spoken or not scene_frames:
        return ()
    widths = [measure(word.text) for word in spoken]
    space_px = measure("x x") - 2 * measure("x")

    def lines_of(first: int, end: int) -> list[tuple[int, int]]:
        return balanced_lines(widths[first:end], space_px, rules.max_width_px)

    limits = GroupLimits(rules.max_words, rules.max_lines, SHORTEST_SAMPLES, BRIDGED_SAMPLES)
    groups = group_words(spoken, limits, lambda first, end: len(lines_of(first, end)))
    clock = _Clock(scene_frames, rules.fps)
    nexts = [spoken[first] for first, _ in groups[1:]]
    cues = []
    for (first, end), following in zip(groups, [*nexts, None], strict=True):
        timed = _timed_words(spoken[first:end], following, clock)
        lines = tuple(timed[a:b] for a, b in lines_of(first, end))
        cues.append(_cue(scene, lines, spoken[end - 1], following, clock))
    return tuple(cues)


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
            )
        )
    return tuple(timed)


def _cue(
    scene: int,
    lines: tuple[tuple[CueWord, ...], ...],
    last: TimedWord,
    following: TimedWord | None,
    clock: _Clock,
) -> Cue:
    first_word, last_word = lines[0][0], lines[-1][-1]
    until = _spoken_until(last, following)
    if not _is_bridged(last, following):
        until += LINGER_SAMPLES
    end_frame = max(clock.end_frame(until, first_word.start_frame, following), last_word.end_frame)
    end_ms = min(ms_of_samples(until), ms_of_frames(clock.scene_frames.stop, clock.fps))
    return Cue(
        scene=scene,
        start_frame=first_word.start_frame,
        end_frame=end_frame,
        start_ms=first_word.start_ms,
        end_ms=max(end_ms, last_word.end_ms),
        lines=lines,
    )
