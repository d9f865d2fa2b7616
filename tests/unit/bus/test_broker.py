"""Consumers and publishers on the real broker, which stops, forgets and disconnects."""

import threading
from collections.abc import Callable

import pytest

from src.bus.failures import BrokerAway
from src.bus.layout import DEAD, JOBS, QUEUES, RETRY, WORK, declare
from src.bus.line import Line
from src.bus.messages import turn_message
from src.bus.publisher import Publisher
from tests.services.rabbitmq import RabbitMQ
from tests.unit.bus.conftest import Consuming
from tests.waiting import eventually


def turn(number: int) -> bytes:
    return f'{{"id": "{number}"}}'.encode()


def refuses(publish: Callable[[], None]) -> bool:
    """Tell whether a publish fails."""
    try:
        publish()
    except BrokerAway:
        return True
    return False


def test_a_message_is_gone_once_it_is_accepted(
    rabbitmq: RabbitMQ, consuming: Consuming, publisher: Publisher
) -> None:
    consumer = consuming()
    publisher.publish(WORK, turn_message("1", 5, ""))
    delivery = eventually(consumer.next)
    assert (delivery.body, delivery.message_id) == (turn(1), "1")
    consumer.accept(delivery)
    consumer.stop()
    eventually(lambda: rabbitmq.depth(WORK) == 0)


def test_each_place_has_one_message_at_a_time(
    rabbitmq: RabbitMQ, consuming: Consuming, publisher: Publisher
) -> None:
    for number in range(4):
        publisher.publish(WORK, turn_message(str(number), 5, ""))
    consumer = consuming(places=2)
    first, second = eventually(consumer.next), eventually(consumer.next)
    eventually(lambda: rabbitmq.depth(WORK) == 2)
    consumer.accept(second)
    assert eventually(consumer.next).body == turn(2)
    assert consumer.next() is None
    assert not first.is_void


def test_messages_that_are_not_accepted_come_back(
    rabbitmq: RabbitMQ, consuming: Consuming, publisher: Publisher
) -> None:
    for number in range(2):
        publisher.publish(WORK, turn_message(str(number), 5, ""))
    consumer = consuming(places=2)
    eventually(lambda: rabbitmq.depth(WORK) == 0)
    eventually(consumer.next)
    consumer.stop()
    eventually(lambda: rabbitmq.depth(WORK) == 2)


def test_leaving_gives_back_what_nobody_took_and_keeps_what_is_worked_on(
    rabbitmq: RabbitMQ, consuming: Consuming, publisher: Publisher
) -> None:
    for number in range(3):
        publisher.publish(WORK, turn_message(str(number), 5, ""))
    consumer = consuming(places=2)
    taken = eventually(consumer.next)
    consumer.leave()
    eventually(lambda: rabbitmq.depth(WORK) == 2)
    assert consumer.next() is None
    assert not taken.is_void
    consumer.accept(taken)
    consumer.stop()
    eventually(lambda: rabbitmq.depth(WORK) == 2)


def test_a_message_that_is_put_back_is_taken_next(consuming: Consuming, publisher: Publisher) -> None:
    consumer = consuming()
    publisher.publish(WORK, turn_message("1", 5, ""))
    delivery = eventually(consumer.next)
    consumer.keep(delivery)
    assert consumer.next() is delivery


def test_a_consumer_is_subscribed_again_after_an_overdue_acknowledgement(
    rabbitmq: RabbitMQ, consuming: Consuming, publisher: Publisher
) -> None:
    with rabbitmq.acknowledging_within(1000):
        slow = consuming()
        publisher.publish(WORK, turn_message("1", 5, ""))
        late = eventually(slow.next)
        eventually(lambda: rabbitmq.depth(WORK) == 1)
    # Whoever subscribes from here on has time.
    quick = consuming()
    again = eventually(quick.next)
    assert again.body == late.body
    quick.accept(again)
    slow.accept(late)
    quick.stop()
    publisher.publish(WORK, turn_message("2", 5, ""))
    assert eventually(slow.next).body == turn(2)


def test_a_place_at_work_takes_no_message_when_the_broker_closed_its_channel(
    rabbitmq: RabbitMQ, consuming: Consuming, publisher: Publisher
) -> None:
    consumer = consuming()
    publisher.publish(WORK, turn_message("1", 5, ""))
    first = eventually(consumer.next)
    rabbitmq.disconnect_all()
    eventually(lambda: first.is_void)
    eventually(lambda: rabbitmq.depth(WORK) == 1)
    assert consumer.next() is None
    consumer.accept(first)
    assert eventually(consumer.next).body == turn(1)


def test_a_broker_that_was_away_has_what_it_had(
    rabbitmq: RabbitMQ, consuming: Consuming, publisher: Publisher, caplog: pytest.LogCaptureFixture
) -> None:
    consumer = consuming()
    publisher.publish(WORK, turn_message("1", 5, ""))
    eventually(consumer.next)
    caplog.clear()
    with caplog.at_level("INFO"):
        rabbitmq.stop()
        with pytest.raises(BrokerAway):
            publisher.publish(WORK, turn_message("2", 5, ""))
        rabbitmq.start()
        eventually(lambda: not refuses(lambda: publisher.publish(WORK, turn_message("3", 5, ""))))
        eventually(lambda: rabbitmq.depth(WORK) == 2)
        told = eventually(lambda: states(caplog, 4))
    assert sorted(told) == ["broker_away", "broker_away", "broker_connected", "broker_connected"]


def states(caplog: pytest.LogCaptureFixture, count: int) -> list[str]:
    told = [r.getMessage() for r in caplog.records if r.name.startswith("src.bus")]
    return told if len(told) >= count else []


def test_heartbeats_are_answered_while_the_work_takes_long(
    rabbitmq: RabbitMQ, consuming: Consuming, publisher: Publisher
) -> None:
    consumer = consuming(parameters="?heartbeat=2")
    publisher.publish(WORK, turn_message("1", 5, ""))
    delivery = eventually(consumer.next)
    # The broker gives a silent connection up after two heartbeats.
    threading.Event().wait(6)
    assert not delivery.is_void
    consumer.accept(delivery)
    consumer.stop()
    eventually(lambda: rabbitmq.depth(WORK) == 0)


def test_queues_that_were_deleted_are_made_again(
    rabbitmq: RabbitMQ, consuming: Consuming, publisher: Publisher
) -> None:
    consumer = consuming()
    publisher.publish(WORK, turn_message("1", 5, ""))
    consumer.accept(eventually(consumer.next))
    rabbitmq.delete_queues()
    eventually(lambda: not refuses(lambda: publisher.publish(WORK, turn_message("3", 5, ""))))
    assert eventually(consumer.next).body == turn(3)


def test_a_publisher_with_nothing_to_publish_keeps_its_connection(rabbitmq: RabbitMQ) -> None:
    publisher = Publisher(Line(rabbitmq.url + "?heartbeat=2", "test"))
    publisher.publish(WORK, turn_message("1", 5, ""))
    pause = threading.Event()
    for _ in range(12):
        pause.wait(0.5)
        publisher.tend()
    publisher.publish(WORK, turn_message("2", 5, ""))
    publisher.close()
    eventually(lambda: rabbitmq.depth(WORK) == 2)


def test_the_definitions_make_queues_that_we_and_others_can_declare(rabbitmq: RabbitMQ) -> None:
    rabbitmq.delete_queues()
    rabbitmq.set_up()
    assert rabbitmq.queues("name", "type", "policy") == {
        (JOBS, "quorum", JOBS),
        (WORK, "quorum", WORK),
        (RETRY, "quorum", RETRY),
        (DEAD, "quorum", ""),
    }
    with rabbitmq.channel() as channel:
        declare(channel.connection)
        channel.queue_declare(JOBS, durable=True)


def test_queues_of_another_kind_are_taken_as_they_are(rabbitmq: RabbitMQ, publisher: Publisher) -> None:
    rabbitmq.delete_queues()
    with rabbitmq.channel() as channel:
        channel.queue_declare(WORK, durable=True, arguments={"x-max-length": 5})
    eventually(lambda: not refuses(lambda: publisher.publish(WORK, turn_message("1", 5, ""))))
    eventually(lambda: rabbitmq.depth(WORK) == 1)
    rabbitmq.delete_queues()


def test_a_job_in_the_retry_queue_comes_back_without_any_policy(rabbitmq: RabbitMQ) -> None:
    with rabbitmq.channel() as channel:
        declare(channel.connection)
    rabbitmq.publish(RETRY, b"{}", expiration="100")
    eventually(lambda: rabbitmq.depth(JOBS) == 1)


def test_every_queue_outlasts_a_restart(rabbitmq: RabbitMQ, publisher: Publisher) -> None:
    for name in QUEUES:
        publisher.publish(name, turn_message("1", 5, ""))
    rabbitmq.stop()
    rabbitmq.start()
    eventually(lambda: [rabbitmq.depth(name) for name in QUEUES] == [1, 1, 1, 1])
