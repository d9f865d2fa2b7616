"""Clients of S3, or of a server that speaks its language."""

import threading
from functools import cache
from typing import Any

import boto3
from botocore.config import Config

from ..settings import Settings

#: Seconds for connecting, and between two signs of life of a connection.
_CONNECT_SECONDS, _READ_SECONDS = 5, 20
#: Tries of one request, one after the other: the connections of one large film may be cut more than once.
_TRIES = 5
#: Where no region is told, servers that are not Amazon's take this one.
_REGION = "us-east-1"
#: Clients may be used by any thread, but are made by one at a time. Source: boto3, "Multithreading".
_LOCK = threading.Lock()


def make_client(settings: Settings, endpoint_url: str = "") -> Any:
    """Make a client of the server that the operator set, or of the same one by another address.

    Raises:
        BotoCoreError, ValueError: the settings cannot be used.
    """
    endpoint = endpoint_url or settings.s3_endpoint_url or None
    config = Config(
        signature_version="s3v4",
        connect_timeout=_CONNECT_SECONDS,
        read_timeout=_READ_SECONDS,
        retries={"total_max_attempts": _TRIES, "mode": "standard"},
        s3={"addressing_style": "path" if settings.s3_path_style else "auto"},
        # Trailing checksums are Amazon's own: other servers take them for a part of the object.
        request_checksum_calculation="when_required" if endpoint else "when_supported",
        response_checksum_validation="when_required",
    )
    with _LOCK:
        session = _session()
        return session.client(
            "s3",
            endpoint_url=endpoint,
            region_name=settings.s3_region or session.region_name or _REGION,
            aws_access_key_id=settings.s3_access_key_id or None,
            aws_secret_access_key=settings.s3_secret_access_key.get_secret_value() or None,
            config=config,
        )


@cache
def _session() -> Any:
    """Read what describes S3 to boto3 once: that takes longer than an upload."""
    return boto3.session.Session()
