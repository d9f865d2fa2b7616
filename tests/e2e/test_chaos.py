"""Jobs while everything dies, one thing after the other: none is lost, none ends twice, every caller is told.

`--chaos-jobs 200` makes it a trial of several minutes; `make chaos` does that.
"""

import hashlib
import json
import random
import threading
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from src.models.status import State
from src.store.jobs.database import open_database
from src.store.jobs.desk import JobDesk
from src.store.jobs.listing import Wanted
from src.store.jobs.tables import outbox, webhook
from tests.e2e.fleet import Fleet, sailing
from tests.services import postgres, rabbitmq
from tests.services.missing import or_skipped
from tests.waiting import eventually

#: Seconds between two faults, in the long trial and in the short one, where each kind happens once.
EVERY_SECONDS, OFTEN_SECONDS = (3.0, 10.0), (0.5, 2.0)
SHORT_JOBS = 12
#: Kinds of faults.
KINDS = 5


def job_of(number: int, receiver_url: str) -> dict[str, Any]:
    return {
        "id": f"row-{number}",
        "webhook_url": f"{receiver_url}/row-{number}",
        "output": {"width": 180, "height": 320, "quality": "draft", "poster": None},
        "captions": {"enabled": False},
        "scenes": [{"text": "", "duration": 0.4 + number % 5 / 10}],
    }


def hand_in_all(fleet: Fleet, jobs: int) -> None:
    """Hand half of the jobs in by HTTP, the other half through the broker."""
    for number in range(jobs):
        hand_in = fleet.post if number % 2 else fleet.publish
        hand_in(job_of(number, fleet.receiver.url))


def bodies_by_path(fleet: Fleet) -> dict[str, set[bytes]]:
    found: defaultdict[str, set[bytes]] = defaultdict(set)
    for call in tuple(fleet.receiver.received):
        found[call.path].add(call.body)
    return found


def test_no_job_is_lost_or_ends_twice_whatever_dies(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    jobs: int = pytestconfig.getoption("--chaos-jobs")
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")
    over = threading.Event()
    is_short = jobs <= SHORT_JOBS
    every, most = (OFTEN_SECONDS, KINDS) if is_short else (EVERY_SECONDS, None)
    with (
        or_skipped(postgres.running(durable=True)) as database,
        or_skipped(rabbitmq.running()) as broker,
        sailing(tmp_path, database, broker) as fleet,
    ):
        striking = threading.Thread(target=fleet.strike, args=(seed, every, over), kwargs={"most": most})
        striking.start()
        try:
            hand_in_all(fleet, jobs)
            eventually(lambda: len(bodies_by_path(fleet)) == jobs, 20 * 60)
            if is_short:
                striking.join()
        finally:
            over.set()
            striking.join()
        print(dict(fleet.struck))
        engine = open_database(fleet.database_url)
        check_jobs(fleet, JobDesk(engine, 1), jobs)
        eventually(lambda: nothing_is_left_to_do(engine))
        engine.dispose()
        assert set(fleet.stop()) == {0}
    assert len(fleet.struck) == KINDS, "not every kind of fault has struck"


def check_jobs(fleet: Fleet, desk: JobDesk, jobs: int) -> None:
    bodies = bodies_by_path(fleet)
    ends = Counter(event["job_id"] for event in fleet.events("job_finished"))
    for number in range(jobs):
        (status,) = desk.page(wanted=Wanted(job_id=f"row-{number}")).jobs
        assert status.status is State.DONE, status
        assert status.result
        film = Path(status.result.url)
        assert hashlib.sha256(film.read_bytes()).hexdigest() == status.result.sha256
        assert ends[status.id] <= 1
        (body,) = bodies[f"/hook/row-{number}"]
        told = json.loads(body)
        assert (told["id"], told["status"], told["result"]["sha256"]) == (
            status.id,
            "done",
            status.result.sha256,
        )
        assert told["result"]["url"].startswith("https://films.example/share/")


def nothing_is_left_to_do(engine: sa.Engine) -> bool:
    with engine.connect() as connection:
        turns = connection.execute(sa.select(sa.func.count()).select_from(outbox)).scalar_one()
        calls = connection.execute(
            sa.select(sa.func.count()).select_from(webhook).where(webhook.c.state != "delivered")
        ).scalar_one()
    return turns == 0 and calls == 0
