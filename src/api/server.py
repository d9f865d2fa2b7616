"""The web server of `neuroshorts serve`: uvicorn, which lets go of followers when it stops."""

import socket

import uvicorn
from fastapi import FastAPI
from uvicorn._types import ASGISendEvent
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from .service import Service

#: Seconds that downloads have to end when the server stops.
_GRACE_SECONDS = 10


class _WebSockets(WebSocketsSansIOProtocol):
    """Answers a WebSocket that is not let in as HTTP does, and takes that for an end of the handshake.

    uvicorn 0.54 answers, too, and then logs an error about a handshake that was not completed.
    """

    async def send(self, message: ASGISendEvent) -> None:
        """Send a message of the application."""
        await super().send(message)
        if self.initial_response is not None and self.close_sent:
            self.handshake_complete = True


class Server(uvicorn.Server):
    """Serves an application until it is asked to stop."""

    def __init__(self, app: FastAPI) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                server_header=False,
                ws=_WebSockets,
                timeout_graceful_shutdown=_GRACE_SECONDS,
            )
        )
        self._service: Service = app.state.service

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End streams of events, which would go on for as long as their jobs, then everything else."""
        self._service.stopping.set()
        await super().shutdown(sockets)
