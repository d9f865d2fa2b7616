"""Films of one scene, and their frames."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from src.models.job import parse_job
from src.pipeline import film as pipeline
from src.pipeline.request import Request
from src.settings import Settings
from src.store.cache import DiskCache

FRAME = {"width": 96, "height": 160, "fps": 20}


def request_of(scene: dict[str, Any], folder: Path, **job: object) -> Request:
    work = folder / "work"
    work.mkdir(exist_ok=True)
    text = json.dumps({"output": FRAME, "scenes": [scene], **job})
    cache = DiskCache(folder / "cache", 0, work)
    return Request(parse_job(text), folder, work, folder / "film.mp4", Settings(workers=1), cache)


def frames_of(visual: dict[str, Any], folder: Path, seconds: float = 1.0) -> list[np.ndarray]:
    """Return the luma of every frame of a film of one visual."""
    request = request_of({"duration": seconds, "visuals": [visual]}, folder)
    return [frame.y.copy() for frame in pipeline.raw_frames(request)]
