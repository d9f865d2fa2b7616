"""`neuroshorts serve`: the HTTP interface in this process."""

from importlib.util import find_spec

from .console import ExitCode, say_plainly


def serve_command(host: str, port: int) -> ExitCode:
    """Answer HTTP until interrupted; tell what to install when the web framework is missing."""
    if not (find_spec("uvicorn") and find_spec("fastapi")):
        say_plainly(
            "error: the HTTP service is not installed: run `make serve`, or install neuroshorts[service]"
        )
        return ExitCode.FAILED
    import uvicorn

    uvicorn.run("src.main:app", host=host, port=port)
    return ExitCode.DONE
