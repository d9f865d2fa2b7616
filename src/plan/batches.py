"""Groups the segments that one worker had better render one after the other."""

from collections.abc import Sequence

from .segments import PlacedSegment

#: Seconds that end a group, so that other workers find something to do.
_LONGEST_SECONDS = 10


def batches(segments: Sequence[PlacedSegment], wanted: Sequence[int]) -> list[list[int]]:
    """Group the segments whose numbers are `wanted`, in rising order; the longest group comes first.

    Those that read on in the same clip belong together: the parts of a long shot, and the transition at its
    end.
    """
    grouped: list[list[int]] = []
    for index in wanted:
        follows = bool(grouped) and grouped[-1][-1] == index - 1
        if follows and _reads_on(segments[index - 1], segments[index], _frames_of(grouped[-1], segments)):
            grouped[-1].append(index)
        else:
            grouped.append([index])
    return sorted(grouped, key=lambda group: -_frames_of(group, segments))


def _reads_on(placed_before: PlacedSegment, placed: PlacedSegment, frames: int) -> bool:
    before, segment = placed_before.segment, placed.segment
    left, taken_up = before.shots[-1].shot.source, segment.shots[0].shot.source
    if left != taken_up or left.kind != "video":
        return False
    if before.transition:
        # The end of the clip before belongs to that clip's group, or a film of clips would be one group.
        return before.shots[0].shot.source.kind != "video"
    return segment.transition is not None or frames + segment.frames <= _LONGEST_SECONDS * segment.fps


def _frames_of(indexes: Sequence[int], segments: Sequence[PlacedSegment]) -> int:
    return sum(segments[index].segment.frames for index in indexes)
