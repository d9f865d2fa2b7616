"""Jobs of pictures alone."""

from typing import Any

from tests.e2e.house import TINY


def job_of(*srcs: str) -> dict[str, Any]:
    """Make a job that shows pictures, each for half a second."""
    scenes = [{"duration": 0.5, "visuals": [{"type": "image", "src": src}]} for src in srcs]
    return {"output": TINY, "scenes": scenes}
