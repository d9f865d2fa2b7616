"""`neuroshorts broker`: the message broker, set up and looked at."""

import json
from importlib.util import find_spec
from typing import Annotated

import typer

from ..bus.failures import BadBrokerAddress
from ..errors import RenderFailed
from .console import ExitCode, open_desk

broker_app = typer.Typer(name="broker", no_args_is_help=True, help="Set up and look at the message broker.")


@broker_app.command()
def definitions(
    vhost: Annotated[str, typer.Option(help="Virtual host that the queues are in.")] = "/",
) -> None:
    """Print queues and policies for `rabbitmqctl import_definitions`, or for `load_definitions`."""
    _need_pika()
    from ..bus.layout import definitions

    typer.echo(json.dumps(definitions(vhost), indent=2))


@broker_app.command()
def check() -> None:
    """Connect, make the queues that are missing, and tell how many messages wait in each."""
    _need_pika()
    from ..bus.layout import QUEUES
    from ..bus.line import Line
    from ..bus.publisher import Publisher

    url = open_desk().settings.broker_url.get_secret_value()
    if not url:
        raise BadBrokerAddress
    publisher = Publisher(Line(url, "check"))
    try:
        depths = {name: publisher.depth(name) for name in QUEUES}
    finally:
        publisher.close()
    for name, depth in depths.items():
        typer.echo(f"{name:<18} {depth:>8}")
    raise typer.Exit(ExitCode.DONE)


def _need_pika() -> None:
    if not find_spec("pika"):
        raise RenderFailed(
            "the client of the message broker is not installed: run `make serve`, or install"
            " neuroshorts[service]"
        )
