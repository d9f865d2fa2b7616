"""What a job will come to, before anything is rendered.

The model is simple on purpose: a fixed cost, a cost for each second of film (sound, captions, inspection),
and one for each pixel that is painted and encoded, which depends on the quality. Pictures that move a lot,
grain and large photographs cost more, still ones less; docs/metrics.md tells how far off it was.
"""

from collections.abc import Container, Mapping, Sequence
from typing import NamedTuple

from ..models.outlook import Outlook
from ..models.timeline import Timeline
from ..plan.segments import PlacedSegment, cut
from .cache import Cache
from .prepare import prepare_quietly
from .request import Request
from .segment_keys import segment_key

#: CPU seconds of a render beside its pictures: starting, preparing, joining; and for each second of film.
_FIXED_SECONDS, _SECONDS_A_SECOND = 0.5, 0.04
#: Bits a second of the film's sound.
_SOUND_BITS = 192_000


class _Cost(NamedTuple):
    """What a million pixels cost."""

    cpu_seconds: float
    bits: float


#: By x264 preset, which stands for a quality. Source: docs/benchmarks.md, and the examples.
_COSTS = {
    "ultrafast": _Cost(0.0092, 62_000),
    "superfast": _Cost(0.0115, 85_000),
    "faster": _Cost(0.031, 92_000),
}


def look_ahead(request: Request) -> Outlook:
    """Do everything short of rendering, and tell what the render will come to; services are asked nothing.

    Raises:
        RejectedJob: the job cannot be rendered as written.
        SpeechFailed: the voice gave no usable sound.
    """
    prepared = prepare_quietly(request._replace(estimates_speech=True))
    timeline, segments = prepared.timeline, cut(prepared.timeline)
    keys = [segment_key(placed.segment) for placed in segments]
    cached = _cached_bytes(prepared.cache, keys)
    return Outlook(
        scenes=len(request.job.scenes),
        duration=round(float(timeline.frames / timeline.fps), 6),
        frames=timeline.frames,
        width=timeline.width,
        height=timeline.height,
        fps=round(float(timeline.fps), 6),
        estimated=prepared.is_estimated,
        warnings=timeline.warnings + prepared.cache.warnings,
        segments_total=len(segments),
        segments_cached=sum(key in cached for key in keys),
        estimated_cpu_seconds=_cpu_seconds(timeline, _frames_to_paint(segments, keys, cached)),
        estimated_bytes=_bytes(timeline, segments, keys, cached),
    )


def _cached_bytes(cache: Cache, keys: Sequence[str]) -> dict[str, int]:
    """Tell the size of each segment that an earlier render has finished, and that is whole."""
    found = ((key, cache.load("segment", key)) for key in dict.fromkeys(keys))
    return {key: len(entry.content) for key, entry in found if entry}


def _frames_to_paint(segments: Sequence[PlacedSegment], keys: Sequence[str], cached: Container[str]) -> int:
    """Add up the frames of segments that nobody has rendered; equal ones are painted once."""
    frames = {key: placed.segment.frames for key, placed in zip(keys, segments, strict=True)}
    return sum(count for key, count in frames.items() if key not in cached)


def _cpu_seconds(timeline: Timeline, frames: int) -> float:
    megapixels = timeline.width * timeline.height * frames / 1e6
    pictures = megapixels * _COSTS[timeline.encoder.preset].cpu_seconds
    sound = float(timeline.frames / timeline.fps) * _SECONDS_A_SECOND
    return round(_FIXED_SECONDS + sound + pictures, 1)


def _bytes(
    timeline: Timeline, segments: Sequence[PlacedSegment], keys: Sequence[str], cached: Mapping[str, int]
) -> int:
    """Add up what is known of the segments, and what the others and the sound will likely have."""
    unknown = (placed.segment.frames for key, placed in zip(keys, segments, strict=True) if key not in cached)
    megapixels = timeline.width * timeline.height * sum(unknown) / 1e6
    sound_bits = float(timeline.frames / timeline.fps) * _SOUND_BITS
    estimated_bits = megapixels * _COSTS[timeline.encoder.preset].bits + sound_bits
    return round(estimated_bits / 8) + sum(cached.get(key, 0) for key in keys)
