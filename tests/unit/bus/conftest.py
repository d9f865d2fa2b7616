"""Consumers and publishers on the real broker."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from src.bus.consumer import Consumer
from src.bus.layout import WORK
from src.bus.line import Line
from src.bus.publisher import Publisher
from tests.services.rabbitmq import RabbitMQ

Consuming = Callable[..., Consumer]


@pytest.fixture
def consuming(rabbitmq: RabbitMQ) -> Iterator[Consuming]:
    """Start consumers that are stopped afterwards."""
    with ExitStack() as ending:

        def start(queue: str = WORK, places: int = 1, parameters: str = "") -> Consumer:
            consumer = Consumer(Line(rabbitmq.url + parameters, "test"), queue, places)
            ending.callback(consumer.stop)
            consumer.start(lambda: None)
            return consumer

        yield start


@pytest.fixture
def publisher(rabbitmq: RabbitMQ) -> Iterator[Publisher]:
    made = Publisher(Line(rabbitmq.url, "test"))
    yield made
    made.close()
