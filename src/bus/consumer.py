"""Takes messages from the broker, in a thread that does nothing slow: so heartbeats are answered in time."""

import logging
import queue
import threading
from collections import deque
from collections.abc import Callable
from functools import partial

from pika import BasicProperties
from pika.adapters.blocking_connection import BlockingChannel, BlockingConnection
from pika.exceptions import ConnectionWrongStateError
from pika.spec import Basic

from .layout import declare
from .line import AWAY, Line
from .messages import Delivery

_log = logging.getLogger(__name__)

#: Longest time in seconds until a channel that the broker closed is noticed.
_LOOK_SECONDS = 0.5
#: Seconds that the thread gets to say goodbye.
_GOODBYE_SECONDS = 5.0


class _Place:
    """Room for one message, on a channel of its own.

    A place whose message is being worked on is not subscribed again, whatever became of its channel: the next
    message is for somebody who has time for it.
    """

    def __init__(self) -> None:
        self.channel: BlockingChannel | None = None
        self.delivery: Delivery | None = None
        self.is_cancelled = False

    @property
    def is_subscribed(self) -> bool:
        return self.channel is not None and self.channel.is_open and not self.is_cancelled

    def cancel(self, _: object) -> None:
        """Note that the broker sends no more, as it does when an acknowledgement is overdue."""
        self.is_cancelled = True

    @property
    def is_overdue(self) -> bool:
        """Tell whether the broker has lost patience: newer ones cancel, older ones close the channel."""
        return self.delivery is not None and not self.is_subscribed

    def close(self) -> None:
        channel, self.channel, self.is_cancelled = self.channel, None, False
        if channel is not None and channel.is_open:
            channel.close()


class Consumer:
    """Hands out messages of one queue, as many at a time as it has places; any thread may take them."""

    def __init__(self, line: Line, queue_name: str, places: int) -> None:
        self._line, self._queue = line, queue_name
        self._places = tuple(_Place() for _ in range(places))
        self._waiting: deque[Delivery] = deque()
        self._accepted: queue.SimpleQueue[Delivery] = queue.SimpleQueue()
        self._connection: BlockingConnection | None = None
        self._leaving, self._stopping = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"consumer-{queue_name}", daemon=True)
        self._ring: Callable[[], None] = lambda: None

    def start(self, ring: Callable[[], None]) -> None:
        """Begin to take messages; `ring` is called for each, and has to return at once."""
        self._ring = ring
        self._thread.start()

    def next(self) -> Delivery | None:
        """Take a message; None when none is here."""
        while (delivery := self._popped()) and delivery.is_void:
            self.accept(delivery)
        return delivery

    def keep(self, delivery: Delivery) -> None:
        """Put a message back to be taken next."""
        self._waiting.appendleft(delivery)
        if self._leaving.is_set():
            self._wake()

    def accept(self, delivery: Delivery) -> None:
        """Acknowledge a message; nothing happens if the broker has taken it back."""
        self._accepted.put(delivery)
        self._wake()

    def leave(self) -> None:
        """Take no more messages, and give those back that nobody took; returns at once."""
        self._leaving.set()
        self._wake()

    def stop(self) -> None:
        """Give everything back that was not accepted, and close the connection."""
        self._leaving.set()
        self._stopping.set()
        self._wake()
        if self._thread.is_alive():
            self._thread.join(_GOODBYE_SECONDS)

    def _wake(self) -> None:
        connection = self._connection
        if connection is not None:
            try:
                connection.add_callback_threadsafe(lambda: None)
            except ConnectionWrongStateError:
                # The thread is at the end of this connection and looks by itself.
                return

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                with self._line.open() as connection:
                    self._connection = connection
                    self._serve(connection)
            except AWAY as error:
                self._line.note_away(error)
            except Exception:
                _log.exception("consumer_broke", extra={"queue": self._queue})
            self._connection = None
            if not self._stopping.is_set():
                self._stopping.wait(self._line.pause_seconds)

    def _serve(self, connection: BlockingConnection) -> None:
        declare(connection)
        while not self._stopping.is_set():
            self._acknowledge()
            if self._leaving.is_set():
                self._give_back()
            for place in self._places:
                self._tend(place, connection)
            self._line.note_up()
            connection.process_data_events(_LOOK_SECONDS)
        self._acknowledge()

    def _tend(self, place: _Place, connection: BlockingConnection) -> None:
        if place.delivery is not None:
            return
        if self._leaving.is_set():
            place.close()
        elif not place.is_subscribed:
            place.close()
            place.channel = connection.channel()
            place.channel.basic_qos(prefetch_count=1)
            place.channel.add_on_cancel_callback(place.cancel)
            place.channel.basic_consume(self._queue, partial(self._take_in, place))

    def _take_in(
        self,
        place: _Place,
        channel: BlockingChannel,
        method: Basic.Deliver,
        properties: BasicProperties,
        body: bytes,
    ) -> None:
        place.delivery = Delivery(body, properties, int(method.delivery_tag or 0), channel)
        self._waiting.append(place.delivery)
        self._ring()

    def _acknowledge(self) -> None:
        while not self._accepted.empty():
            delivery = self._accepted.get()
            self._free(delivery)
            if not delivery.is_void:
                delivery.channel.basic_ack(delivery.tag)

    def _give_back(self) -> None:
        """Free the places of what nobody took; the broker has it back when their channels are closed."""
        while delivery := self._popped():
            self._free(delivery)

    def _popped(self) -> Delivery | None:
        try:
            return self._waiting.popleft()
        except IndexError:
            return None

    def _free(self, delivery: Delivery) -> None:
        for place in self._places:
            if place.delivery is delivery:
                if place.is_overdue:
                    _log.info("delivery_taken_back", extra={"queue": self._queue})
                place.delivery = None
