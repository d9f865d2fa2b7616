"""Ports for servers that take their time to start, or come back to the same port."""

import random
import socket
from contextlib import suppress

#: Below those that systems give to outgoing connections, which would take a port before its server does.
#: Source: Linux, ip_local_port_range: 32768 to 60999; IANA: from 49152.
_RANGE = range(20_000, 32_000)


def free_port() -> int:
    """Find a port of loopback that nobody has, and that nobody gets by chance."""
    while True:
        port = random.SystemRandom().choice(_RANGE)
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
