"""What stores of objects say when they do not give one."""

import re
from html import unescape

import httpcore

from ..cloud.refusal import StoreRefused
from .failures import NotFound

#: Bytes of an answer that are read for its reason.
_MOST_BYTES = 16 * 1024
_CODE = re.compile(r"<Code>([A-Za-z0-9]{1,80})</Code>")
_MESSAGE = re.compile(r"<Message>([^<]{0,300})")


def beginning_of(response: httpcore.Response) -> str:
    """Read the first characters of an answer's body.

    Raises:
        httpcore.NetworkError, httpcore.ProtocolError: it was cut.
    """
    read = bytearray()
    for part in response.iter_stream():
        read += part
        if len(read) >= _MOST_BYTES:
            break
    return read[:_MOST_BYTES].decode("utf-8", "replace")


def raise_refusal(status: int, body: str) -> None:
    """Raise what a refusal means, if its body tells that; its status tells the rest.

    Source: Amazon S3 API Reference, "Error Responses".

    Raises:
        NotFound: there is no such object.
        StoreRefused: the store does not let us, however often it is asked.
    """
    code = _CODE.search(body)
    if code and code[1] == "NoSuchKey":
        raise NotFound(status)
    message = _MESSAGE.search(body)
    refused = StoreRefused.answered(code[1], unescape(message[1]) if message else "") if code else None
    if refused:
        raise refused
