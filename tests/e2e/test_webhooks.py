"""Jobs through a worker whose callers are told, as they would see it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from src.cli.jobstore import make_supervisor, open_jobs
from src.metrics import Metrics
from src.models.status import JobStatus, State
from src.network.signature import signature
from src.settings import Settings
from src.store.jobs.desk import JobDesk
from src.store.secret import webhook_secret
from src.store.webhooks import Webhooks
from tests.receiver import Reply, receiving
from tests.submissions import nobodys
from tests.unit.api.running import running
from tests.waiting import eventually

TINY = {"width": 64, "height": 112, "fps": 10}
PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


class House:
    """A database and a worker, as the commands put them together."""

    def __init__(self, folder: Path, **more: object) -> None:
        folders = {name: folder / name for name in ("data_dir", "cache_dir", "log_dir")}
        self.settings = Settings(**{**folders, "workers": 1, "fetch_allow_hosts": "127.0.0.1", **more})  # type: ignore[arg-type]
        self.engine = open_jobs(self.settings)
        self.desk, self.webhooks = JobDesk(self.engine, 100), Webhooks(self.engine)

    def submit(self, **fields: object) -> str:
        job = {"id": "row-1", "output": TINY, "scenes": [{"text": "Hello there."}], **fields}
        body = json.dumps(job).encode()
        submission = nobodys(body)
        handed_in = submission._replace(base_url="https://films.example", traceparent=PARENT)
        return self.desk.submit(handed_in).status.id

    @contextmanager
    def working(self) -> Iterator[None]:
        supervisor = make_supervisor(self.engine, self.settings, 1, 0.0, Metrics())
        supervisor.start()
        try:
            yield
        finally:
            supervisor.stop()
            self.engine.dispose()


def test_a_caller_is_told_what_the_service_answers_and_can_check_who_tells(tmp_path: Path) -> None:
    with running(tmp_path, fetch_allow_hosts="127.0.0.1", workers=1) as service:
        engine = open_jobs(service.settings)
        supervisor = make_supervisor(engine, service.settings, 1, 0.0, Metrics())
        supervisor.start()
        with receiving() as receiver, receiving() as progress:
            id = service.submit(
                output=TINY,
                webhook_url=receiver.url,
                progress_url=progress.url,
                webhook_headers={"X-Row": "42"},
            )
            eventually(lambda: receiver.received)
            supervisor.stop()
            engine.dispose()
        status = service.client.get(f"/jobs/{id}").json()
        (received,) = receiver.received
        assert json.loads(received.body) == status
        assert (status["status"], service.client.get(status["result"]["url"]).status_code) == ("done", 200)
        header, secret = received.headers["x-neuroshorts-signature"], webhook_secret(service.settings)
    at = int(header.split(",")[0].removeprefix("t="))
    assert header == signature(secret.encode(), received.body, at)
    assert received.headers["x-row"] == "42"
    states = [json.loads(call.body)["status"] for call in progress.received]
    # Of what happens while a call is under way only the latest is told.
    assert {"fetching", "rendering"} & set(states)
    assert not {"done", "failed", "cancelled"} & set(states)


def test_a_receiver_that_is_away_for_a_while_gets_the_same_body(tmp_path: Path) -> None:
    answers = [503, 503, 200]
    house = House(tmp_path, public_url="https://public.example/")
    with receiving(lambda n, _: Reply(answers[n - 1])) as receiver, house.working():
        house.submit(
            webhook_url=receiver.url, scenes=[{"visuals": [{"type": "image", "src": "/etc/passwd"}]}]
        )
        eventually(lambda: len(receiver.received) == 3)
    assert len({received.body for received in receiver.received}) == 1
    told = JobStatus.model_validate_json(receiver.received[0].body)
    assert {received.headers["traceparent"] for received in receiver.received} == {PARENT}
    assert (told.status, told.error and told.error.code) == (State.FAILED, "forbidden_path")


def test_a_name_that_leads_to_this_machine_is_not_called(tmp_path: Path) -> None:
    house = House(tmp_path, fetch_allow_hosts="")
    with receiving() as receiver, house.working():
        url = receiver.url.replace("127.0.0.1", "localhost")
        id = house.submit(webhook_url=url, scenes=[{"visuals": [{"type": "image", "src": "/etc/passwd"}]}])
        eventually(lambda: [report.calls for report in house.webhooks.of_job(id) if report.calls])
        (report,) = house.webhooks.of_job(id)
    assert [call.code for call in report.calls] == ["forbidden_host"]
    assert receiver.received == []
