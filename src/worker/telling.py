"""What the process that renders tells its worker: messages, and events for the log."""

import json
import logging
import threading
import traceback
from typing import Any, BinaryIO

from .. import log
from .messages import Message


class Teller:
    """Writes messages to the worker; safe to use from any thread."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._lock = threading.Lock()

    def tell(self, kind: str, **fields: Any) -> None:
        """Write one message."""
        self._write(json.dumps({"kind": kind, **fields}, default=str))

    def pass_on(self, message: Message) -> None:
        """Write a message that is one already."""
        self._write(message.model_dump_json())

    def _write(self, line: str) -> None:
        with self._lock:
            self._out.write(line.encode() + b"\n")
            self._out.flush()


class LogTeller(logging.Handler):
    """Has events logged by the worker, in its way and with its fields."""

    def __init__(self, teller: Teller) -> None:
        super().__init__()
        self._teller = teller

    def emit(self, record: logging.LogRecord) -> None:
        """Tell the worker of an event."""
        fields = log.fields_of(record)
        if record.exc_info:
            fields["traceback"] = "".join(traceback.format_exception(*record.exc_info))
        self._teller.tell(
            "event", logger=record.name, level=record.levelno, event=record.getMessage(), fields=fields
        )
