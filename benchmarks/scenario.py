"""The job that is measured: photographs in motion, clips, crossfades, word captions, a voice and music."""

import json
from pathlib import Path
from typing import Any, NamedTuple

from PIL import Image

from . import landscape
from .camera import photograph
from .footage import FPS, film

#: Seconds of a scene: one picture each, as shorts cut.
SCENE_S = 5.0
#: Words a second that a voice of 170 words a minute says with room to spare, after a breath of 0.6 s.
WORDS_PER_S, BREATH_S = 2.5, 0.6
#: Shortest film in which two scenes can say something, and longest that the renderer makes unless told.
SHORTEST_S, LONGEST_S = 1.0, 180.0
#: Seconds by which a clip outlasts its scene, for the crossfades on both sides.
HANDLES_S = 1.0
#: JPEG quality of a phone.
JPEG_QUALITY = 92
#: Width of a 12-megapixel photograph, and its most over that of the frame: a small frame gets smaller ones.
PHOTO_WIDTH_PX, PHOTO_SCALE = 3000, 3000 / 720
#: When a picture comes again: how far its crop moves to the side (parts of its width), how far a clip is
#: trimmed (seconds, so little that six rounds stay within its handles). No segment equals another.
FOCUS_STEP, TRIM_STEP_S = 0.13, 0.08

#: The last one is in no film as it is, but comes in when a film is edited.
PHOTOS = (
    landscape.FJORD,
    landscape.HILLS,
    landscape.DESERT,
    landscape.LAKE,
    landscape.FJORD._replace(seed=81),
)
CLIPS = (landscape.HILLS._replace(seed=27), landscape.LAKE._replace(seed=54))
#: One picture a scene, over and over: file, and camera move of a photograph.
PICTURES = (
    ("photo-1.jpg", "zoom_in"),
    ("clip-1.mp4", ""),
    ("photo-2.jpg", "pan_left"),
    ("photo-3.jpg", "zoom_out"),
    ("clip-2.mp4", ""),
    ("photo-4.jpg", "pan_right"),
)
#: One line a scene, over and over, cut to the words that fit.
LINES = (
    "This water lay under ice for nine months, and now it moves.",
    "Walk up the hill early and you have the trees alone.",
    "Down in the valley, people count the days until the rain.",
    "Far south the land is red, and almost nothing grows here.",
    "A camera in your hand is enough to take it home.",
    "Come back in a year, and look at what has changed.",
)


class Scale(NamedTuple):
    """How large and how long the film is."""

    seconds: float = 30.0
    width: int = 1080
    height: int = 1920
    wanted_scene_s: float = SCENE_S

    @property
    def scenes(self) -> int:
        """Number of scenes, two at least, so that there is a crossfade."""
        return max(2, round(self.seconds / self.wanted_scene_s))

    @property
    def scene_s(self) -> float:
        """Seconds of one scene."""
        return self.seconds / self.scenes

    def times_as_long(self, factor: float) -> "Scale":
        """Make the film longer or shorter, as far as films go."""
        return self._replace(seconds=min(LONGEST_S, max(SHORTEST_S, self.seconds * factor)))


def write_material(folder: Path, scale: Scale) -> Path:
    """Write the job and the media that it names, unless they stand already; returns the job's file."""
    return write_job(folder, scale, job_of(scale), f"film-{scale.seconds:g}s")


def write_job(folder: Path, scale: Scale, job: dict[str, Any], name: str) -> Path:
    """Write a job of that scale under a name of its own, and the media that are still missing."""
    used = {visual["src"] for scene in job["scenes"] for visual in scene["visuals"]}
    for medium in sorted(used):
        if not (folder / medium).exists():
            unfinished = folder / f"unfinished-{medium}"
            _write_medium(unfinished, int(Path(medium).stem[-1]) - 1, scale)
            unfinished.rename(folder / medium)
    file = folder / f"{name}.json"
    file.write_text(json.dumps(job, indent=1), encoding="utf-8")
    return file


def job_of(scale: Scale) -> dict[str, Any]:
    """Describe the film as a render job."""
    return {
        "id": "benchmark",
        "output": {"width": scale.width, "height": scale.height, "fps": FPS, "quality": "standard"},
        "music": {"mood": "calm"},
        "captions": {"style": "highlight"},
        "defaults": {"transition": {"type": "fade", "duration": 0.5}},
        "scenes": [_scene(index, scale.scene_s) for index in range(scale.scenes)],
    }


def _scene(index: int, seconds: float) -> dict[str, Any]:
    words = LINES[index % len(LINES)].split()[: max(1, int((seconds - BREATH_S) * WORDS_PER_S))]
    text = " ".join(words).rstrip(".,") + "."
    return {"text": text, "duration": round(seconds, 3), "visuals": [_visual(index)]}


def _visual(index: int) -> dict[str, Any]:
    (src, effect), take = PICTURES[index % len(PICTURES)], index // len(PICTURES)
    if src.endswith(".mp4"):
        return {"type": "video", "src": src, "trim": round(take * TRIM_STEP_S, 3)}
    focus = [round((0.5 + take * FOCUS_STEP) % 1, 3), 0.5]
    return {"type": "image", "src": src, "motion": {"effect": effect, "amount": 0.15, "focus": focus}}


def _write_medium(file: Path, number: int, scale: Scale) -> None:
    if file.suffix == ".jpg":
        width = min(PHOTO_WIDTH_PX, round(scale.width * PHOTO_SCALE))
        picture = photograph(PHOTOS[number], width, round(width * 4 / 3))
        Image.fromarray(picture).save(file, "JPEG", quality=JPEG_QUALITY)
        return
    size = (scale.width, scale.height) if number == 0 else (scale.height, scale.width)
    film(CLIPS[number], size, round((scale.scene_s + HANDLES_S) * FPS), file)
