"""Publishes messages, and knows that the broker has them."""

import threading

from pika.adapters.blocking_connection import BlockingChannel

from .failures import BrokerAway
from .layout import declare
from .line import AWAY, Line, reason_of
from .messages import Message


class Publisher:
    """Publishes one message after the other over a connection of its own; any thread may use it."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._lock = threading.Lock()
        self._channel: BlockingChannel | None = None

    @property
    def pause_seconds(self) -> float:
        """Seconds to wait before the next try."""
        return self._line.pause_seconds

    def publish(self, queue: str, message: Message) -> None:
        """Publish a message; when this returns, the broker has it on its disk.

        Raises:
            BrokerAway: it may or may not have it.
        """
        with self._lock:
            try:
                self._opened().basic_publish("", queue, message.body, message.properties, mandatory=True)
            except AWAY as error:
                raise self._away(error) from error

    def depth(self, queue: str) -> int:
        """Count the messages of a queue that nobody has.

        Raises:
            BrokerAway: the broker does not answer, or has no such queue.
        """
        with self._lock:
            try:
                declared = self._opened().queue_declare(queue, passive=True)
                return int(declared.method.message_count)
            except AWAY as error:
                raise self._away(error) from error

    def tend(self) -> None:
        """Answer heartbeats: to be called every few seconds when nothing is published."""
        with self._lock:
            if self._channel is None:
                return
            try:
                self._channel.connection.process_data_events(0)
            except AWAY as error:
                self._away(error)

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            self._drop()

    def _opened(self) -> BlockingChannel:
        if self._channel is None or not self._channel.is_open:
            self._drop()
            connection = self._line.open()
            self._channel = connection.channel()
            self._channel.confirm_delivery()
            declare(connection)
            self._line.note_up()
        return self._channel

    def _away(self, error: Exception) -> BrokerAway:
        self._drop()
        self._line.note_away(error)
        return BrokerAway(reason_of(error))

    def _drop(self) -> None:
        channel, self._channel = self._channel, None
        if channel is not None:
            try:
                channel.connection.close()
            except AWAY:
                # It was closed already, which is what was wanted.
                return
