"""What messages say, without a broker."""

import json
from unittest.mock import Mock

import pytest
from pika import BasicProperties

from src.bus.failures import BadBrokerAddress
from src.bus.layout import QUEUES, RETRY, definitions
from src.bus.line import parameters_of
from src.bus.messages import Delivery, dead_letter, later, turn_message

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def delivery(**properties: object) -> Delivery:
    return Delivery(b"{}", BasicProperties(**properties), 1, Mock())


def test_a_turn_names_its_job_and_outlasts_a_restart() -> None:
    message = turn_message("a" * 32, 12, TRACE)
    assert json.loads(message.body) == {"id": "a" * 32}
    told = message.properties
    assert (told.delivery_mode, told.priority, told.message_id) == (2, 9, "a" * 32)
    assert told.headers == {"traceparent": TRACE}


@pytest.mark.parametrize("header", [None, 5, b"00"])
def test_a_trace_that_is_no_text_is_none(header: object) -> None:
    assert delivery(headers={"traceparent": header}).traceparent == ""
    assert delivery().traceparent == ""


def test_a_trace_is_told() -> None:
    assert delivery(headers={"traceparent": TRACE}).traceparent == TRACE


def test_a_dead_letter_keeps_what_came_and_adds_the_reason() -> None:
    given = delivery(headers={"workflow": "7"}, message_id="m", expiration="1", user_id="n8n", app_id="n8n")
    told = dead_letter(given, "bad_json", "not JSON").properties
    assert told.headers == {
        "workflow": "7",
        "x-neuroshorts-code": "bad_json",
        "x-neuroshorts-reason": "not JSON",
    }
    assert (told.message_id, told.app_id, told.delivery_mode) == ("m", "n8n", 2)
    assert told.expiration is None, "what people are to look at may not vanish"
    assert told.user_id is None, "the broker refuses messages in the name of another user"


def test_a_job_that_is_tried_later_expires_into_its_queue() -> None:
    assert later(delivery()).properties.expiration == "30000"
    assert QUEUES[RETRY]["x-dead-letter-routing-key"] == "neuroshorts.jobs"


@pytest.mark.parametrize(
    "url", ["", "no url", "http://host", "amqp://", "amqp://host:port", "amqp://h:99999"]
)
def test_an_address_that_cannot_be_read_is_told_with_its_setting(url: str) -> None:
    with pytest.raises(BadBrokerAddress, match="NEUROSHORTS_BROKER_URL"):
        parameters_of(url, "test")


def test_an_address_may_ask_for_another_heartbeat() -> None:
    assert parameters_of("amqp://host", "test").heartbeat == 30
    assert parameters_of("amqp://host?heartbeat=7", "test").heartbeat == 7
    assert parameters_of("amqps://host", "test").ssl_options is not None


def test_definitions_speak_of_one_vhost() -> None:
    told = definitions("films")
    assert {part["vhost"] for part in told["queues"] + told["policies"]} == {"films"}
    assert [vhost["name"] for vhost in told["vhosts"]] == ["films"]
