"""How long scenes and their visuals last, in whole frames."""

from collections.abc import Sequence
from fractions import Fraction

from ..errors import ContradictoryTimes
from ..media.timebase import frames_covering_samples, frames_of_seconds, samples_of_seconds
from ..models.job import Scene
from ..models.visual import VideoVisual, Visual
from .facts import Facts

#: Seconds that a still stays when nothing else says how long.
STILL_SECONDS = 3.0
#: Seconds of rest after what is said, between scenes and at the end of the film: there, music fades, and what
#: begins anew at once does not fall into its own last word.
REST_SECONDS, LAST_REST_SECONDS = 0.2, 0.7
#: Fewest frames of a visual.
MIN_FRAMES = 2


def scene_frames(index: int, scene: Scene, facts: Facts, fps: Fraction) -> int:
    """Decide how many frames a scene lasts.

    Raises:
        ContradictoryTimes: its own duration is shorter than what is said or shown in it.
    """
    path = f"scenes[{index}]"
    said = _narration_frames(index, scene, facts, fps)
    shown = _asked_frames(scene.visuals, fps)
    if scene.duration == "auto":
        if said:
            return max(said, shown)
        return sum(_visual_frames(path, scene.visuals, facts, fps)) or frames_of_seconds(STILL_SECONDS, fps)
    frames = max(MIN_FRAMES, frames_of_seconds(scene.duration, fps))
    spoken = facts.spoken[index]
    heard = frames_covering_samples(spoken.samples, fps) if spoken else 0
    for what, needed in (("its narration", heard), ("its visuals", shown)):
        if needed > frames:
            raise ContradictoryTimes(
                f"the scene lasts {scene.duration:g} s, {what} {float(needed / fps):.2f} s:"
                " raise the duration or leave it at auto",
                path=f"{path}.duration",
            )
    return frames


def _narration_frames(index: int, scene: Scene, facts: Facts, fps: Fraction) -> int:
    spoken = facts.spoken[index]
    if spoken is None or not spoken.samples:
        return 0
    usual = LAST_REST_SECONDS if index == len(facts.spoken) - 1 else REST_SECONDS
    rest = usual if scene.pad_end is None else scene.pad_end
    return frames_covering_samples(spoken.samples + samples_of_seconds(rest), fps)


def _asked_frames(visuals: Sequence[Visual], fps: Fraction) -> int:
    return sum(_at_least(visual.duration, fps) for visual in visuals if visual.duration != "auto")


def _at_least(seconds: float, fps: Fraction) -> int:
    return max(MIN_FRAMES, frames_of_seconds(seconds, fps))


def _visual_frames(path: str, visuals: Sequence[Visual], facts: Facts, fps: Fraction) -> list[int]:
    """Give each visual the time it asks for, clips their own length, stills a usual one."""
    found = []
    for index, visual in enumerate(visuals):
        if visual.duration != "auto":
            found.append(_at_least(visual.duration, fps))
        elif isinstance(visual, VideoVisual):
            clip = facts.media[f"{path}.visuals[{index}].src"]
            found.append(_at_least(clip.duration_ms / 1000 - visual.trim, fps))
        else:
            found.append(_at_least(STILL_SECONDS, fps))
    return found


def shared_frames(index: int, scene: Scene, frames: int, facts: Facts, fps: Fraction) -> list[int]:
    """Divide a scene's frames among its visuals: `auto` ones share what is left, else the last one fills.

    Raises:
        ContradictoryTimes: nothing is left for a visual.
    """
    path = f"scenes[{index}]"
    natural = _visual_frames(path, scene.visuals, facts, fps)
    if sum(natural) == frames:
        return natural
    waiting = [place for place, visual in enumerate(scene.visuals) if visual.duration == "auto"]
    left = frames - _asked_frames(scene.visuals, fps)
    if not waiting:
        return [*natural[:-1], natural[-1] + left]
    if left < MIN_FRAMES * len(waiting):
        raise ContradictoryTimes(
            "the other visuals of the scene leave no time for this one: shorten them",
            path=f"{path}.visuals[{waiting[0]}].duration",
        )
    for rank, place in enumerate(waiting):
        natural[place] = left * (rank + 1) // len(waiting) - left * rank // len(waiting)
    return natural
