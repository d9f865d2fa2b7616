"""Why the message broker cannot be worked with."""

from ..errors import NeuroShortsError, Transient


class BadBrokerAddress(NeuroShortsError):
    """The operator's address of the broker is none."""

    code = "bad_broker_address"

    def __init__(self) -> None:
        super().__init__(
            "cannot read the address of the message broker: set NEUROSHORTS_BROKER_URL to"
            " amqp://USER:PASSWORD@HOST:5672/VHOST, or amqps://... for TLS; write / in VHOST as %2F"
        )


class BrokerAway(Transient):
    """The message broker does not answer."""

    code = "broker_away"

    def __init__(self, reason: str) -> None:
        super().__init__(f"the message broker does not answer ({reason}): check that it runs at its address")
