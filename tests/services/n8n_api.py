"""What a caller of an n8n can do, wherever it runs: webhooks, its API, what its editor does."""

import secrets
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import httpx

from tests.waiting import eventually

#: What a caller of its API may do.
_SCOPES = ("execution:read", "execution:list", "workflow:read", "workflow:list")


class N8nApi:
    """A caller of one n8n."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._session = httpx.Client(base_url=url, timeout=60)

    def is_ready(self) -> bool:
        """Tell whether it takes requests."""
        with suppress(httpx.TransportError):
            return self._session.get("/healthz/readiness").status_code == 200
        return False

    def sign_up(self) -> None:
        """Make its owner, and a key for its API."""
        owner = {
            "email": "owner@films.example",
            "firstName": "Own",
            "lastName": "Er",
            "password": f"A{secrets.token_hex(12)}",
        }
        eventually(lambda: self._session.post("/rest/owner/setup", json=owner).status_code == 200)
        wanted = {"label": "tests", "scopes": _SCOPES, "expiresAt": None}
        answer = self._session.post("/rest/api-keys", json=wanted)
        assert answer.status_code == 200, answer.text
        self._session.headers["X-N8N-API-KEY"] = answer.json()["data"]["rawApiKey"]

    def cookies(self) -> list[dict[str, Any]]:
        """List what makes a browser its owner's."""
        return [
            {"name": name, "value": value, "url": self.url} for name, value in self._session.cookies.items()
        ]

    def workflows(self) -> list[dict[str, Any]]:
        """List its workflows."""
        answer = self._session.get("/api/v1/workflows")
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["data"]
        return found

    def call(self, path: str, body: Any) -> httpx.Response:
        """Call a workflow's webhook as soon as there is one."""

        def answer() -> httpx.Response | None:
            with suppress(httpx.TransportError):
                given = self._session.post(f"/webhook/{path}", json=body, timeout=60)
                return None if given.status_code == 404 else given
            return None

        return eventually(answer)

    def run(self, workflow_id: str, start: str) -> str:
        """Run a workflow from a node, as its editor does; return the name of the execution."""
        wanted = {"triggerToStartFrom": {"name": start}}
        answer = self._session.post(f"/rest/workflows/{workflow_id}/run", json=wanted)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["data"]["executionId"])

    def execution(self, id: str) -> dict[str, Any]:
        """Read an execution, with all that its nodes gave."""
        answer = self._session.get(f"/api/v1/executions/{id}", params={"includeData": "true"})
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def newest(self, workflow_id: str) -> str:
        """Name the newest execution of a workflow, as soon as there is one."""

        def ids() -> list[str]:
            answer = self._session.get("/api/v1/executions", params={"workflowId": workflow_id})
            assert answer.status_code == 200, answer.text
            return [str(execution["id"]) for execution in answer.json()["data"]]

        return max(eventually(ids), key=int)

    def until(self, id: str, *statuses: str, seconds: float = 180.0) -> dict[str, Any]:
        """Wait until an execution has one of the statuses."""

        def found() -> dict[str, Any] | None:
            with suppress(httpx.TransportError):
                now = self.execution(id)
                return now if now["status"] in statuses else None
            return None

        return eventually(found, seconds)

    def close(self) -> None:
        """Hang up."""
        self._session.close()


def outputs(execution: Mapping[str, Any], node: str) -> list[dict[str, Any]]:
    """List the items that a node gave in its last run, over all of its outputs."""
    runs = execution["data"]["resultData"]["runData"].get(node)
    branches = runs[-1]["data"]["main"] if runs else []
    return [item["json"] for branch in branches for item in branch or []]
