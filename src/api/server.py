"""The web server of `neuroshorts serve`: uvicorn, which lets go of followers when it stops."""

import socket

import uvicorn
from fastapi import FastAPI

from .service import Service

#: Seconds that downloads have to end when the server stops.
_GRACE_SECONDS = 10


class Server(uvicorn.Server):
    """Serves an application until it is asked to stop."""

    def __init__(self, app: FastAPI) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                server_header=False,
                ws="websockets-sansio",
                timeout_graceful_shutdown=_GRACE_SECONDS,
            )
        )
        self._service: Service = app.state.service

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End streams of events, which would go on for as long as their jobs, then everything else."""
        self._service.stopping.set()
        await super().shutdown(sockets)
