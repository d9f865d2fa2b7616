"""Where everything random in a film comes from: the job's id, and what a scene is, never where it stands.

So a correction repaints nothing but the scene that is corrected, and scenes that are moved keep their looks.
"""

import hashlib
from collections import Counter

from ..models.job import RenderJob


def film_seed(job: RenderJob) -> int:
    """Derive the seed of what a whole film shares; 32 bits."""
    return _seed(job.id)


def scene_seeds(job: RenderJob) -> tuple[int, ...]:
    """Derive one seed a scene from its id or else its text; those that are alike are told apart in order."""
    seen: Counter[str] = Counter()
    seeds = []
    for scene in job.scenes:
        name = scene.id or scene.text
        seeds.append(_seed(job.id, name, str(seen[name])))
        seen[name] += 1
    return tuple(seeds)


def choice_seed(job: RenderJob, name: str) -> int:
    """Derive how well one of several things suits a film; a job without an id is known by its words."""
    return _seed("choice", job.id or "\n".join(scene.text for scene in job.scenes), name)


def _seed(*parts: str) -> int:
    return int.from_bytes(hashlib.sha256("\n".join(parts).encode()).digest()[:4], "big")
