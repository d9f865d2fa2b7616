"""One file on its way into Google Drive, resumed wherever it was interrupted.

Google's own library for that (google-resumable-media) sleeps between its tries, for up to ten minutes, and
cannot be stopped; it takes a 308 without `Range`, a 201 and the answer to a question after the last byte for
errors.
"""

import logging
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from ..errors import DestinationAway
from ..stopping import raise_if_stopped
from .drive_answers import Answer, Progress, progress_after
from .drive_wire import Wire
from .parcel import Item
from .round import BEFORE_DELIVERY, Halt, Sent

_log = logging.getLogger(__name__)

#: Bytes of one request: a multiple of 256 KiB. Source: Google Drive API, "Resumable upload".
CHUNK_BYTES = 8 * 1024**2
#: Bytes that are read, and handed to the connection, at once.
_BLOCK_BYTES = 16 * 1024
#: Tries one after the other without a further byte arriving, after which Drive counts as away.
_TRIES = 5
#: Seconds after the first of these; twice as long after each further one.
_FIRST_PAUSE_SECONDS = 0.25


class SessionExpired(Exception):
    """Drive knows the upload no more."""


class Upload:
    """An upload that has begun; it can be gone on with at any time."""

    def __init__(self, wire: Wire, url: str, item: Item) -> None:
        self.url = url
        self.item = item
        self._wire = wire
        self._received_bytes, self._most_bytes = 0, 0
        self._is_sure = True

    def finish(self, halt: Halt, sent: Sent) -> dict[str, Any]:
        """Send what is missing; tell what Drive says of the file.

        Raises:
            SessionExpired: another upload has to be begun.
            DestinationAway: it may be gone on with later.
            DeliveryFailed: Drive refuses it.
            Interrupted: `halt` was set.
        """
        tally = _Tally(sent)
        tally.reach(self._received_bytes)
        in_vain = 0
        while True:
            asked = not self._is_sure
            progress, told = self._step(halt, tally)
            if progress.state == "done":
                tally.reach(self.item.size_bytes)
                return told
            if progress.state == "expired":
                raise SessionExpired
            tally.reach(self._received_bytes)
            if self._received_bytes > self._most_bytes:
                in_vain, self._most_bytes = 0, self._received_bytes
            elif not (asked and progress.state == "goes_on"):
                in_vain += 1
                self._pause(halt, in_vain)

    def _step(self, halt: Halt, tally: "_Tally") -> tuple[Progress, dict[str, Any]]:
        """Send the next bytes, or ask how many have arrived where that is not known."""
        is_sure, self._is_sure = self._is_sure, False
        size_bytes = self.item.size_bytes
        try:
            answer = self._send(halt, tally) if is_sure and size_bytes else self._ask(halt)
        except DestinationAway as error:
            _log.info("upload_interrupted", extra={"reason": error.message, "bytes": self._received_bytes})
            return Progress("broken"), {}
        progress = progress_after(answer, size_bytes, self._wire.where)
        if progress.state == "goes_on":
            self._received_bytes, self._is_sure = progress.received_bytes, True
        return progress, answer.told

    def _send(self, halt: Halt, tally: "_Tally") -> Answer:
        start, size_bytes = self._received_bytes, self.item.size_bytes
        end = min(start + CHUNK_BYTES, size_bytes)
        return self._wire.call(
            halt,
            "PUT",
            self.url,
            headers={"Content-Range": f"bytes {start}-{end - 1}/{size_bytes}"},
            content=_Slice(self.item, start, end, halt, tally),
        )

    def _ask(self, halt: Halt) -> Answer:
        """Ask how far the upload is; of an empty file that is all there is to send."""
        whole = {"Content-Range": f"bytes */{self.item.size_bytes}", "Content-Length": "0"}
        return self._wire.call(halt, "PUT", self.url, headers=whole)

    def _pause(self, halt: Halt, in_vain: int) -> None:
        if in_vain > _TRIES:
            raise DestinationAway(self._wire.where, "the upload is interrupted again and again")
        halt.wait(_FIRST_PAUSE_SECONDS * 2 ** (in_vain - 1))
        raise_if_stopped(halt, before=BEFORE_DELIVERY)


class _Tally:
    """Tells how far an upload is, also when it falls back."""

    def __init__(self, sent: Sent) -> None:
        self._sent, self._told_bytes = sent, 0

    def reach(self, position: int) -> None:
        """Take in where the upload is."""
        self._sent(position - self._told_bytes)
        self._told_bytes = position


class _Slice:
    """Some bytes of an item, read anew each time they are asked for: a request may have to be sent twice."""

    def __init__(self, item: Item, start: int, end: int, halt: Halt, tally: _Tally) -> None:
        self._item, self._start, self._end = item, start, end
        self._halt, self._tally = halt, tally

    def __len__(self) -> int:
        return self._end - self._start

    def __iter__(self) -> Iterator[bytes]:
        content = self._item.content
        with BytesIO(content) if isinstance(content, bytes) else content.open("rb") as file:
            file.seek(self._start)
            for position in range(self._start, self._end, _BLOCK_BYTES):
                raise_if_stopped(self._halt, before=BEFORE_DELIVERY)
                block = file.read(min(_BLOCK_BYTES, self._end - position))
                yield block
                self._tally.reach(position + len(block))
