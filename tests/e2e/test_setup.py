"""`neuroshorts setup`, `keys add` and `health`: what makes a stack ready, and tells that it is."""

import json
import subprocess
import uuid
from pathlib import Path

import pytest
import sqlalchemy as sa

from src.bus.layout import QUEUES
from src.settings import PREFIX
from src.store.jobs.database import open_database
from src.store.keys import KeyRing
from tests.e2e.command import TIMEOUT_SECONDS, start
from tests.fileserver import Offer, serving_files
from tests.services.ceph import Ceph
from tests.services.rabbitmq import RabbitMQ

#: Where the policies of these tests are.
VHOST = "films"
KEY = f"ns_{'0a' * 8}_{'s' * 43}"


def told(folder: Path, *arguments: str, stdin: str = "") -> tuple[int, str]:
    """Run the command; tell its exit code and what it says to people."""
    process = start(folder, *arguments, stdin=subprocess.PIPE)
    out, err = process.communicate(stdin, timeout=TIMEOUT_SECONDS)
    return process.returncode, out + err


@pytest.fixture
def servers(rabbitmq: RabbitMQ, ceph: Ceph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Name servers that have nothing yet; tell the name of a bucket that does not exist."""
    bucket = f"films-{uuid.uuid4().hex}"
    given = {
        "BROKER_URL": rabbitmq.url,
        "S3_ENDPOINT_URL": ceph.url,
        "S3_BUCKET": bucket,
        "SHARED_CACHE_URL": f"s3://{bucket}/segments",
        "S3_ACCESS_KEY_ID": ceph.user.access_key_id,
        "S3_SECRET_ACCESS_KEY": ceph.user.secret_access_key,
        "S3_PATH_STYLE": "yes",
        "DATABASE_URL": f"sqlite:///{tmp_path}/jobs.sqlite3",
    }
    for name, value in given.items():
        monkeypatch.setenv(PREFIX + name, value)
    return bucket


def test_tables_queues_policies_and_buckets_are_made_and_stay(
    servers: str, rabbitmq: RabbitMQ, ceph: Ceph, tmp_path: Path
) -> None:
    management = ("--broker-management-url", rabbitmq.management_url)
    assert told(tmp_path, "setup", *management) == (
        0,
        "database: its tables are up to date\n"
        "broker: queues and policies are there\n"
        f"bucket {servers}: made\n",
    )
    assert f"bucket {servers}: was there" in told(tmp_path, "setup", *management)[1]
    ceph.client().head_bucket(Bucket=servers)
    policies = json.loads(rabbitmq.control("list_policies", "-p", VHOST, "--formatter", "json"))
    assert {policy["name"] for policy in policies} == {
        "neuroshorts.jobs",
        "neuroshorts.work",
        "neuroshorts.retry",
    }
    assert all(map(rabbitmq.has, QUEUES))


def test_a_management_interface_that_refuses_is_told(
    servers: str, rabbitmq: RabbitMQ, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"{PREFIX}BROKER_URL", f"amqp://nobody:wrong@127.0.0.1:{rabbitmq.ports.amqp}/%2F")
    code, said = told(tmp_path, "setup", "--broker-management-url", rabbitmq.management_url)
    assert code != 0
    assert "administrator" in said
    assert "wrong@" not in said


def test_a_bucket_that_may_not_be_made_is_told(
    servers: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"{PREFIX}S3_SECRET_ACCESS_KEY", "wrong")
    monkeypatch.setenv(f"{PREFIX}BROKER_URL", "")
    code, said = told(tmp_path, "setup")
    assert code != 0
    assert servers in said
    assert "NEUROSHORTS_S3_" in said


def test_a_key_from_a_script_is_kept(servers: str, tmp_path: Path) -> None:
    for _ in range(2):
        assert told(tmp_path, "keys", "add", "n8n", stdin=f"{KEY}\n")[0] == 0
    code, said = told(tmp_path, "keys", "add", "n8n", stdin="hunter2\n")
    assert code != 0
    assert "hunter2" not in said
    engine = open_database(str(sa.make_url(f"sqlite:///{tmp_path}/jobs.sqlite3")))
    try:
        found = KeyRing(engine).find(KEY)
    finally:
        engine.dispose()
    assert found
    assert found.owner == "n8n"


def test_health_is_told_by_the_exit_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    with serving_files() as files:
        assert told(tmp_path, "health", files.offer("/readyz", Offer(b"{}"))) == (0, "")
        assert "HTTP 503" in told(tmp_path, "health", files.offer("/sick", Offer(status=503)))[1]
        gone = files.offer("/readyz", Offer(b"{}"))
    code, said = told(tmp_path, "health", gone)
    assert code == 1
    assert "does not answer" in said
