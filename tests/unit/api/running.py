"""The service on a real socket and a real database, and jobs that a test moves along."""

import contextlib
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import sqlalchemy as sa
from fastapi import FastAPI

from src.api.app import create_app
from src.api.door import Door, Entry
from src.api.server import Server
from src.api.service import Parts
from src.metrics import Metrics
from src.models.status import JobError, MeasuredLoudness, RenderResult
from src.settings import Settings
from src.store.jobs.census import take_census
from src.store.jobs.database import database_url, open_database
from src.store.jobs.desk import JobDesk
from src.store.jobs.previews import Previews
from src.store.jobs.queue import Claim, JobQueue
from src.store.keys import KeyOrder, KeyRing
from src.store.webhooks import Webhooks
from src.worker.checkroom import CheckRoom
from src.worker.process import RENDER_COMMAND
from tests.waiting import PATIENCE_SECONDS

HELLO = {"scenes": [{"text": "Hello"}]}
JSON = {"Content-Type": "application/json"}


class TellingServer(Server):
    """A server that tells when it listens."""

    def __init__(self, app: Any) -> None:
        super().__init__(app)
        self.listens = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listens.set()


class Running(NamedTuple):
    """A service that answers."""

    client: httpx.Client
    settings: Settings
    desk: JobDesk
    queue: JobQueue
    previews: Previews
    woken: list[None]
    server: TellingServer
    thread: threading.Thread
    port: int
    ring: KeyRing
    door: Door

    def submit(self, headers: Mapping[str, str] | None = None, **fields: Any) -> str:
        """Hand a job in and return its id."""
        answer = self.client.post("/render", json={**HELLO, **fields}, headers=headers)
        assert answer.status_code == 202, answer.text
        id: str = answer.json()["id"]
        return id

    def key(self, name: str = "somebody", **fields: Any) -> dict[str, str]:
        """Make a key and return the header that presents it."""
        _, text = self.ring.create(KeyOrder(name, **fields))
        return {"Authorization": f"Bearer {text}"}

    def say(self, sent: bytes) -> bytes:
        """Send bytes as they are, and return all that comes back until the service hangs up."""
        heard = bytearray()
        with (
            socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_SECONDS) as caller,
            contextlib.suppress(ConnectionError),
        ):
            caller.sendall(sent)
            while part := caller.recv(65536):
                heard += part
        return bytes(heard)

    def claim(self, id: str) -> Claim:
        """Take a job up, with whatever waits before it."""
        while claim := self.queue.claim("test"):
            if claim.id == id:
                return claim
        raise AssertionError(f"{id} does not wait")

    def fail(self, id: str) -> None:
        """End a job badly."""
        self.queue.fail(self.claim(id), JobError(code="speech_failed", message="no sound"))

    def finish(self, id: str, film: bytes = b"film", **changes: Any) -> Path:
        """End a job well, with files in its folder; return the folder."""
        folder = self.settings.data_dir / "jobs" / id
        folder.mkdir(parents=True)
        (folder / "film.mp4").write_bytes(film)
        (folder / "film.jpg").write_bytes(b"poster")
        (folder / "film.srt").write_text("1\n00:00:00,000 --> 00:00:01,000\nHallo, Welt\n")
        claim = self.claim(id)
        self.queue.renew(claim, "rendering", 0.5)
        self.queue.uploading(claim)
        self.queue.finish(claim, result_in(folder, film).model_copy(update=changes))
        return folder

    def stop(self) -> None:
        """Ask the server to end and wait until it has."""
        self.server.should_exit = True
        self.thread.join(PATIENCE_SECONDS)
        assert not self.thread.is_alive()


def result_in(folder: Path, film: bytes) -> RenderResult:
    """Tell of a film in a folder."""
    return RenderResult(
        url=str(folder / "film.mp4"),
        urls=(str(folder / "film.mp4"),),
        poster_url=str(folder / "film.jpg"),
        sidecars={"srt": str(folder / "film.srt")},
        duration=1.0,
        width=64,
        height=64,
        fps=30.0,
        size_bytes=len(film),
        sha256="0" * 64,
        loudness=MeasuredLoudness(lufs=-14, true_peak_db=-1),
    )


def application(
    settings: Settings,
    engine: sa.Engine,
    desk: JobDesk,
    door: Door,
    *,
    wake: Callable[[], Any] = lambda: None,
    check_command: Sequence[str] = RENDER_COMMAND,
) -> FastAPI:
    """Build the application of real parts."""
    metrics, check = Metrics(partial(take_census, engine)), CheckRoom(settings, check_command).check
    parts = Parts(desk, door, metrics, Previews(engine), Webhooks(engine), check, wake)
    return create_app(settings, parts)


@contextlib.contextmanager
def running(
    folder: Path,
    *,
    entry: Entry = Entry.THIS_MACHINE,
    clock_ns: Callable[[], int] = time.monotonic_ns,
    check_command: Sequence[str] = RENDER_COMMAND,
    **settings: Any,
) -> Iterator[Running]:
    """Serve from a folder until the block ends."""
    known = Settings(data_dir=folder, **settings)
    engine = open_database(database_url(known))
    desk, woken = JobDesk(engine, known.max_queued_jobs), list[None]()
    ring = KeyRing(engine)
    door = Door(ring, entry, known, clock_ns)
    app = application(known, engine, desk, door, wake=lambda: woken.append(None), check_command=check_command)
    server = TellingServer(app)
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    assert server.listens.wait(PATIENCE_SECONDS)
    with httpx.Client(
        base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE_SECONDS, trust_env=False
    ) as client:
        service = Running(
            client,
            known,
            desk,
            JobQueue(engine, 30, 3),
            Previews(engine),
            woken,
            server,
            thread,
            port,
            ring,
            door,
        )
        yield service
    service.stop()
    listener.close()
    engine.dispose()


def problem(answer: httpx.Response) -> tuple[int, str]:
    """Return status and code of an answer that must be a problem document."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    told = answer.json()
    assert told["status"] == answer.status_code
    assert told["type"] == f"urn:neuroshorts:problem:{told['code']}"
    assert told["detail"]
    return answer.status_code, told["code"]


def job(**fields: Any) -> bytes:
    """Write a small job."""
    return json.dumps({**HELLO, **fields}).encode()
