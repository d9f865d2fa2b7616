"""Who asks. The one place that knows: every route names its caller by one of the two types below."""

from typing import Annotated

from fastapi import Depends


async def anonymous() -> str:
    """Name the owner of all jobs of a service without keys."""
    return ""


#: Owner on whose behalf jobs are handed in, cancelled, retried and shared.
Submitter = Annotated[str, Depends(anonymous)]
#: Owner whose jobs and films are read; also asked for by WebSockets.
Reader = Annotated[str, Depends(anonymous)]
