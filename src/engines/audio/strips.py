"""Sources on the film's samples, played in windows: a window is exactly what the whole has at its place."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple, Protocol

import numpy as np

from ...media.sound import CHUNK_SAMPLES, Pcm
from ...models.timeline import SAMPLE_RATE
from .editor import (
    SAMPLES_PER_MS,
    AudioSegment,
    Sound,
    Track,
    cut,
    looped,
    pcm_of,
    ramped,
    samples_of,
    seam_of,
    segment_of,
    tiled,
    with_fades,
)
from .recording import Recording, Take

#: Fades are drawn in pieces of this length, always the same ones wherever a window begins.
_PIECE_MS = 500
#: A source that repeats is read over and over: shorter ones are repeated beforehand until they are this long.
_SHORTEST_PERIOD = 2 * SAMPLE_RATE


class Source(Protocol):
    """Sound that can be read anywhere."""

    def read(self, start: int, end: int) -> Pcm:
        """Read from `start` to `end`, counted from its own start."""
        ...


class Loop(NamedTuple):
    """A take that repeats for ever, its end melting into its beginning."""

    take: Take
    seam: Pcm
    """What the repetitions begin with; its end and its beginning in one, as long as they overlap."""

    def read(self, start: int, end: int) -> Pcm:
        """Read from `start` to `end`, counted from the first time it begins."""
        period = self.take.samples - len(self.seam)
        parts = []
        while start < end:
            inside = start % period
            part = self.take.read(inside, min(period, inside + end - start))
            if start >= period:
                seam = self.seam[inside : inside + len(part)]
                part[: len(seam)] = seam
            parts.append(part)
            start += len(part)
        return np.concatenate(parts)


class Fade(NamedTuple):
    """A straight line between silence and full level."""

    start_sample: int
    ms: int
    is_in: bool

    def pieces(self, start: int, end: int) -> "Iterator[_Piece]":
        """Find the pieces that a window needs, as a whole."""
        for first_ms in range(0, self.ms, _PIECE_MS):
            last_ms = min(self.ms, first_ms + _PIECE_MS)
            first, last = (self.start_sample + ms * SAMPLES_PER_MS for ms in (first_ms, last_ms))
            if first < end and last > start:
                gains = [ms / self.ms if self.is_in else 1 - ms / self.ms for ms in (first_ms, last_ms)]
                yield _Piece(first, last, *gains)


class _Piece(NamedTuple):
    """A stretch of a fade, and the gains at its ends."""

    start_sample: int
    end_sample: int
    start_gain: float
    end_gain: float


class Strip(NamedTuple):
    """A source on the film's samples."""

    start_sample: int
    samples: int
    source: Source
    gain_db: float = 0.0
    fades: tuple[Fade, ...] = ()
    """On the strip's own samples."""

    def window(self, start: int, end: int) -> AudioSegment:
        """Play from `start` to `end`, counted from the strip's own start."""
        pieces = [piece for fade in self.fades for piece in fade.pieces(start, end)]
        first = min([start, *(piece.start_sample for piece in pieces)])
        last = max([end, *(piece.end_sample for piece in pieces)])
        segment = segment_of(self.source.read(first, last), self.gain_db)
        for piece in pieces:
            ms = (piece.end_sample - piece.start_sample) // SAMPLES_PER_MS
            at = piece.start_sample - first
            segment = ramped(segment, at, ms, piece.start_gain, piece.end_gain)
        return cut(segment, start - first, end - first)


def played(strips: Iterable[Strip], start: int, end: int) -> Sound:
    """Lay a window of the film out of the strips that meet it."""
    track = Track(end - start)
    for strip in strips:
        first = max(start, strip.start_sample)
        last = min(end, strip.start_sample + strip.samples)
        if first < last:
            window = strip.window(first - strip.start_sample, last - strip.start_sample)
            track.lay(window, first - start)
    return track.sound()


def edges(samples: int, in_samples: int, out_samples: int) -> tuple[Fade, ...]:
    """Fade a strip in at its start and out at its end."""
    in_ms, out_ms = (min(fade, samples) // SAMPLES_PER_MS for fade in (in_samples, out_samples))
    return Fade(0, in_ms, is_in=True), Fade(samples - out_ms * SAMPLES_PER_MS, out_ms, is_in=False)


def recorded(blocks: Iterable[Pcm], recording: Recording[np.int16]) -> Take:
    """Keep a sound in a recording of many."""
    start = recording.samples
    for block in blocks:
        recording.append(block)
    return Take(recording, start, recording.samples - start)


def crossfaded(take: Take, crossfade_samples: int) -> Loop:
    """Repeat a take, fading its end into its beginning; a short one gets short crossfades."""
    if take.samples < _SHORTEST_PERIOD:
        longer = looped(segment_of(take.read(0, take.samples)), _SHORTEST_PERIOD, crossfade_samples)
        take = recorded([pcm_of(longer)], take.recording)
    fade = min(crossfade_samples, take.samples // 2)
    head, tail = take.read(0, fade), take.read(take.samples - fade, take.samples)
    return Loop(take, pcm_of(seam_of(segment_of(tail), segment_of(head), fade)))


def repeated(take: Take, edge_samples: int = 0) -> Loop:
    """Repeat a take end to end, fading each repetition in and out."""
    if take.samples < _SHORTEST_PERIOD:
        once = with_fades(segment_of(take.read(0, take.samples)), edge_samples, edge_samples)
        take = recorded([pcm_of(tiled(once, -(-_SHORTEST_PERIOD // samples_of(once))))], take.recording)
    elif edge_samples:
        take = recorded(_with_edges(take, edge_samples), take.recording)
    return Loop(take, np.zeros((0, 2), np.int16))


def _with_edges(take: Take, edge_samples: int) -> Iterator[Pcm]:
    strip = Strip(0, take.samples, take, fades=edges(take.samples, edge_samples, edge_samples))
    for start in range(0, take.samples, CHUNK_SAMPLES):
        yield pcm_of(strip.window(start, min(take.samples, start + CHUNK_SAMPLES)))
