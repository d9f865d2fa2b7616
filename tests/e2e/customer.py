"""Somebody who has films made, through workflows of n8n or past them, and looks at what comes of it."""

import copy
import zlib
from abc import ABC, abstractmethod
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from src.media.probe import VideoFacts, probe_video
from tests.services.n8n_api import N8nApi, outputs
from tests.waiting import eventually

SHORT: dict[str, Any] = {
    "output": {"width": 180, "height": 320, "poster": None},
    "scenes": [{"text": "", "duration": 1}],
}
#: Rendered for some seconds, segment after segment.
LONG: dict[str, Any] = {
    "output": {"width": 360, "height": 640, "fps": 30},
    "scenes": [
        {"duration": 5, "visuals": [{"type": "procedural", "family": name}], "transition": {"type": "none"}}
        for name in ("aurora", "rain", "dunes", "voronoi", "flow")
    ],
}


class Customer(ABC):
    """Somebody who knows where n8n and the interface are, and has a key."""

    def __init__(self, url: str, key: str, n8n: N8nApi, folder: Path) -> None:
        self.url, self.key, self.n8n = url, key, n8n
        self._client = httpx.Client(base_url=url, headers={"Authorization": f"Bearer {key}"}, timeout=60)
        self._fetched = folder / "fetched.mp4"

    @abstractmethod
    def ends(self) -> Counter[str]:
        """Count how often each job ended, by the log of all processes."""

    def post(self, job: dict[str, Any]) -> None:
        """Hand a job in past n8n, as soon as somebody answers."""

        def is_kept() -> bool:
            with suppress(httpx.TransportError):
                return self._client.post("/render", json=job).status_code == 202
            return False

        eventually(is_kept)

    def hand_in(self, path: str, job: dict[str, Any]) -> str:
        """Start a workflow with a job; return the name of its execution."""
        answer = self.n8n.call(f"neuroshorts/{path}", job)
        assert answer.status_code == 202, answer.text
        return str(answer.json()["execution_id"])

    def jobs(self, metadata: dict[str, Any] | None = None) -> list[dict[str, Any]]:
        """List the jobs, the oldest first; those of one test by what its job carries."""
        answer = self._client.get("/jobs", params={"sort": "created_at", "limit": 100})
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["jobs"]
        return [job for job in found if metadata is None or job["metadata"] == metadata]

    def calls(self, id: str) -> list[dict[str, Any]]:
        """List the calls that told a job's end."""
        answer = self._client.get(f"/jobs/{id}/callbacks")
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["calls"]
        return found

    def film(self, url: str) -> VideoFacts:
        """Open a link as anybody may, and look at the film behind it."""
        answer = httpx.get(url, follow_redirects=True, timeout=60)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "video/mp4"
        self._fetched.write_bytes(answer.content)
        return probe_video(self._fetched, 10**8)

    def close(self) -> None:
        """Hang up."""
        self._client.close()


def job_of(test: str, job: dict[str, Any]) -> dict[str, Any]:
    """Have a job carry the name of its test, and look like no other: nothing of it is in the cache."""
    fresh = copy.deepcopy(job)
    for visual in (visual for scene in fresh["scenes"] for visual in scene.get("visuals", [])):
        visual["seed"] = zlib.crc32(test.encode())
    return {**fresh, "metadata": {"test": test}}


def check_film(customer: Customer, execution: dict[str, Any], job: dict[str, Any]) -> None:
    """Check that an execution and its one job ended well, once, with a link that plays."""
    assert execution["status"] == "success", execution["data"]["resultData"].get("error")
    (film,) = outputs(execution, "Film")
    width, height = job["output"]["width"], job["output"]["height"]
    facts = customer.film(film["url"])
    assert (facts.width, facts.height) == (width, height)
    assert film["duration"] == pytest.approx(sum(scene["duration"] for scene in job["scenes"]), abs=0.2)
    told = [status for status in customer.jobs(job["metadata"]) if status["id"] == film["id"]]
    assert [status["status"] for status in told] == ["done"]
    assert customer.ends()[film["id"]] == 1
