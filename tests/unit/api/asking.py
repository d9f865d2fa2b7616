"""Every address of the service, and what it answers to a caller: HTTP and WebSockets alike."""

import json
import pkgutil
from importlib import import_module
from typing import NamedTuple

from fastapi import APIRouter
from fastapi.routing import APIRoute, APIWebSocketRoute
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

import src.api
from tests.unit.api.running import HELLO, Running

#: How the open of a WebSocket is told among the methods of HTTP.
WEBSOCKET = "WEBSOCKET"


class Route(NamedTuple):
    """One address and what can be done there."""

    method: str
    path: str

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


class Answer(NamedTuple):
    """What a caller is told; the code is that of a problem, and empty where there is none to be read."""

    status: int
    code: str = ""
    challenge: str = ""


def routes() -> list[Route]:
    """Find all that the modules of the interface serve, also what its description leaves out."""
    found = set()
    for module in pkgutil.iter_modules(src.api.__path__):
        router = getattr(import_module(f"src.api.{module.name}"), "router", None)
        for route in router.routes if isinstance(router, APIRouter) else ():
            if isinstance(route, APIWebSocketRoute):
                found.add(Route(WEBSOCKET, route.path))
            else:
                assert isinstance(route, APIRoute), route
                found |= {Route(method, route.path) for method in route.methods or ()}
    return sorted(found)


def ask(service: Running, route: Route, headers: dict[str, str], id: str = "0" * 32) -> Answer:
    """Ask at an address on behalf of whom the headers name."""
    path = route.path.format(id=id, kind="srt", token="x", name="x")
    if route.method == WEBSOCKET:
        return _open(f"ws://127.0.0.1:{service.port}{path}", headers)
    body = (json.dumps([HELLO] if path.endswith("batch") else HELLO)) if "/render" in path else None
    given = headers | ({"Content-Type": "application/json"} if body else {})
    answer = service.client.request(route.method, path, headers=given, content=body)
    is_problem = answer.content and answer.status_code >= 400
    code = answer.json()["code"] if is_problem else ""
    return Answer(answer.status_code, code, answer.headers.get("www-authenticate", ""))


def _open(address: str, headers: dict[str, str]) -> Answer:
    try:
        with connect(address, additional_headers=headers, proxy=None) as socket:
            told = json.loads(socket.recv(10))
            return Answer(told["status"], told["code"]) if "code" in told else Answer(101)
    except InvalidStatus as refused:
        response = refused.response
        code = json.loads(response.body or b"{}").get("code", "")
        return Answer(response.status_code, code, response.headers.get("www-authenticate", ""))
