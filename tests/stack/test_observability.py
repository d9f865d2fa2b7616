"""What an operator sees of the stack: everybody is scraped, every rule is loaded, no panel is empty.

Grafana itself is not started: its image is not to be had without a registry.
"""

import time
from typing import Any

import boto3
import pika
import pytest
import yaml
from botocore.config import Config

from src.bus.layout import JOBS
from tests.e2e.customer import SHORT, job_of
from tests.e2e.panels import until_full
from tests.services.prometheus import SHIPPED
from tests.stack.record import Record
from tests.stack.stack import Stack
from tests.waiting import eventually

#: Four times the interval of prometheus.yml.
_RATE_INTERVAL = "60s"
#: Seconds that a few scrapes, and the rules after them, take.
_PATIENCE_SECONDS = 240.0
#: Who is scraped; each as often as it runs.
_JOBS = {"api", "worker", "rabbitmq", "prometheus"}


def broken_picture(stack: Stack) -> str:
    """Put a medium into the store that is none; tell where it is."""
    client = boto3.client(
        "s3",
        endpoint_url=stack.s3_url,
        region_name="us-east-1",
        aws_access_key_id=stack.settings["S3_ACCESS_KEY_ID"],
        aws_secret_access_key=stack.settings["S3_SECRET_ACCESS_KEY"],
        config=Config(s3={"addressing_style": "path"}),
    )
    client.put_object(
        Bucket="neuroshorts", Key="media/broken.png", Body=b"no picture", ContentType="image/png"
    )
    return "s3://neuroshorts/media/broken.png"


def publish_garbage(stack: Stack) -> None:
    """Publish what cannot be a job."""
    who = pika.PlainCredentials("neuroshorts", stack.settings["RABBITMQ_PASSWORD"])
    where = pika.ConnectionParameters(stack.container("rabbitmq").address, credentials=who)
    with pika.BlockingConnection(where) as connection:
        connection.channel().basic_publish("", JOBS, b"this is no job")


def ended(stack: Stack, job: dict[str, Any]) -> str:
    """Have a film made past n8n; tell how that ended."""
    stack.post(job)

    def state() -> str | None:
        (told,) = stack.jobs(job["metadata"])
        return str(told["status"]) if told["finished_at"] else None

    return eventually(state, 120)


def until_scraped(stack: Stack) -> None:
    """Wait until everybody has been scraped: what was before is no growth."""

    def are_up() -> bool:
        targets = stack.prometheus.targets()
        return set(targets) == _JOBS and all(set(health) == {"up"} for health in targets.values())

    eventually(are_up, _PATIENCE_SECONDS)


def test_everybody_is_scraped(stack: Stack) -> None:
    until_scraped(stack)


def test_every_rule_is_loaded_and_evaluated(stack: Stack) -> None:
    files = [yaml.safe_load(file.read_text("utf-8")) for file in sorted((SHIPPED / "rules").glob("*.yml"))]
    shipped = [rule for file in files for group in file["groups"] for rule in group["rules"]]
    names = sorted(rule.get("alert") or rule["record"] for rule in shipped)

    def are_evaluated() -> bool:
        rules = stack.prometheus.rules()
        assert sorted(name for name, _ in rules) == names
        return {health for _, health in rules} == {"ok"}

    eventually(are_evaluated, _PATIENCE_SECONDS)


@pytest.mark.parametrize("service", ["api", "worker"])
def test_metrics_are_told_to_other_containers_only(stack: Stack, service: str) -> None:
    assert all(port != 9000 for _, port in stack.container(service).published())


def test_no_panel_is_empty_after_films_a_failure_and_a_film_from_the_cache(
    stack: Stack, record: Record
) -> None:
    until_scraped(stack)
    begin = time.time()
    picture = {"type": "image", "src": broken_picture(stack)}
    film = job_of("seen by its operator", SHORT)
    states = [
        ended(stack, film),
        ended(stack, {**film, "metadata": {"test": "seen again"}}),
        ended(stack, {"scenes": [{"duration": 1, "visuals": [picture]}], "metadata": {"test": "broken"}}),
    ]
    assert states == ["done", "done", "failed"]
    execution = stack.hand_in("render", job_of("told to n8n", SHORT))
    assert stack.n8n.until(execution, "success", "error")["status"] == "success"
    publish_garbage(stack)
    with record.timed("every panel has something to show"):
        until_full(stack.prometheus, begin, _RATE_INTERVAL, _PATIENCE_SECONDS)
