"""The `neuroshorts` command: what it takes and which code answers.

Each command imports what it needs when it runs, so that help and errors come at once.
"""

import io
import logging
import sys
from pathlib import Path
from typing import Annotated

import typer

from .. import __version__, log
from ..errors import NeuroShortsError
from ..models.quality import Quality
from ..runtime import importing
from ..worker.closing import GRACE_SECONDS
from .assets import assets_app
from .broker import broker_app
from .cache import cache_app
from .console import (
    BadSettings,
    ExitCode,
    error_lines,
    exit_code_of,
    print_rows,
    say_plainly,
    unexpected_line,
)
from .google_login import delivery_app
from .keys import keys_app
from .signals import handled, interrupt

app = typer.Typer(
    name="neuroshorts",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Turn a JSON job into a finished vertical short.",
)

app.add_typer(assets_app)
app.add_typer(broker_app)
app.add_typer(cache_app)
app.add_typer(delivery_app)
app.add_typer(keys_app)

_log = logging.getLogger(__name__)

JobArgument = Annotated[str, typer.Argument(metavar="JOB", help="Job file, or - for standard input.")]
MetricsPort = Annotated[
    int | None, typer.Option(min=0, max=65535, help="Port to tell Prometheus' metrics on; 0: any free one.")
]
MetricsHost = Annotated[str, typer.Option(help="Address to tell metrics on.")]


def run(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code; no error leaves it as a traceback."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    try:
        with handled(interrupt):
            app(arguments)
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else ExitCode.DONE
    except BadSettings as error:
        return _told(str(error).splitlines(), ExitCode.REJECTED)
    except NeuroShortsError as error:
        return _told(error_lines(error), exit_code_of(error))
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except Exception as error:
        log_file = log.file_in_use()
        if log_file:
            _log.exception("command_broke")
        return _told([unexpected_line(error, log_file)], ExitCode.FAILED)
    finally:
        log.reset()
    return ExitCode.DONE


def _told(lines: list[str], code: ExitCode) -> int:
    for line in lines:
        say_plainly(f"error: {line}")
    return code


@app.command()
def render(
    job: JobArgument,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", help="Film to write, or a folder for it.", show_default="output/NAME.mp4"
        ),
    ] = None,
    quality: Annotated[
        Quality | None, typer.Option(help="Instead of what the job says; draft: half the size, quickly.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=0, max=256, help="Segments rendered at once; 0: one for each core.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the status as JSON on stdout.")] = False,
    keep_work: Annotated[bool, typer.Option(help="Leave the files of the work in progress.")] = False,
) -> None:
    """Render a job to a film."""
    with importing():
        from .render import RenderOptions, render_command

    raise typer.Exit(render_command(RenderOptions(job, out, quality, workers, as_json, keep_work)))


@app.command()
def validate(job: JobArgument) -> None:
    """Check a job and everything that it names, without rendering."""
    from .dryrun import validate_command

    validate_command(job)


@app.command()
def plan(job: JobArgument) -> None:
    """Print the planned timeline of a job as JSON."""
    from .dryrun import plan_command

    plan_command(job)


@app.command()
def preview(
    job: JobArgument,
    at: Annotated[float | None, typer.Option(min=0, help="Seconds from the start of the film.")] = None,
    sheet: Annotated[bool, typer.Option("--sheet", help="The middle of each scene on one page.")] = False,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", help="Picture to write: .png, .jpg or .webp.", show_default="output/NAME-3.2s.png"
        ),
    ] = None,
) -> None:
    """Draw one frame of a job's film, or a sheet of all scenes, without rendering it."""
    from .preview import PreviewOptions, preview_command

    raise typer.Exit(preview_command(PreviewOptions(job, at, sheet, out)))


@app.command()
def schema() -> None:
    """Print the JSON Schema of a job."""
    from .catalogue import schema_text

    typer.echo(schema_text())


@app.command()
def voices() -> None:
    """List the voices that can speak: name, language, gender; and services, with their usual voice."""
    from .catalogue import voice_rows
    from .console import open_desk

    print_rows(voice_rows(open_desk().settings))


@app.command()
def fonts() -> None:
    """List the font families that captions can use."""
    from .catalogue import font_rows

    print_rows(font_rows())


@app.command()
def backgrounds() -> None:
    """List moving backgrounds, their palettes, picture effects and MoviePy clips."""
    from .catalogue import background_rows

    print_rows(background_rows())


@app.command()
def styles(
    sheet: Annotated[
        Path | None,
        typer.Option("--sheet", help="Draw all caption styles to a .png, .jpg or .webp.", show_default=False),
    ] = None,
) -> None:
    """List caption styles, transitions, camera moves and music moods."""
    from .styles import styles_command

    styles_command(sheet)


@app.command()
def doctor() -> None:
    """Check what this machine has, and tell how to get what is missing."""
    from .doctor import doctor_command

    raise typer.Exit(doctor_command())


@app.command()
def serve(
    host: Annotated[
        str, typer.Option(help="Address to listen on; localhost is this machine by IPv4 and IPv6.")
    ] = "localhost",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0: any free one.")] = 8000,
    uds: Annotated[
        Path | None, typer.Option(help="Socket in the file system to listen at, instead.", show_default=False)
    ] = None,
    insecure_no_keys: Annotated[
        bool, typer.Option("--insecure-no-keys", help="Let everybody in who reaches the address.")
    ] = False,
    slots: Annotated[
        int, typer.Option(min=0, max=64, help="Jobs rendered at the same time; 0: other processes do.")
    ] = 1,
    grace: Annotated[
        float, typer.Option(min=0, help="Seconds that running jobs get when the service is to stop.")
    ] = GRACE_SECONDS,
    metrics_port: MetricsPort = None,
    metrics_host: MetricsHost = "127.0.0.1",
) -> None:
    """Answer HTTP and render: take jobs in, tell how they are, play films; its pages are at /docs."""
    from .exposition import Exposition
    from .service import ServeOptions, serve_command

    told = Exposition(metrics_host, metrics_port)
    options = ServeOptions(host, port, uds, insecure_no_keys, slots, grace, told)
    raise typer.Exit(serve_command(options))


@app.command()
def worker(
    slots: Annotated[int, typer.Option(min=1, max=64, help="Jobs rendered at the same time.")] = 1,
    grace: Annotated[
        float, typer.Option(min=0, help="Seconds that running jobs get when the worker is to stop.")
    ] = GRACE_SECONDS,
    metrics_port: MetricsPort = None,
    metrics_host: MetricsHost = "127.0.0.1",
) -> None:
    """Render the jobs of the database until SIGTERM or Ctrl-C."""
    from .exposition import Exposition
    from .worker import WorkerOptions, worker_command

    told = Exposition(metrics_host, metrics_port)
    raise typer.Exit(worker_command(WorkerOptions(slots, grace, told)))


@app.command()
def setup(
    broker_management_url: Annotated[
        str, typer.Option(help="Of RabbitMQ, such as http://rabbitmq:15672: policies are made there.")
    ] = "",
) -> None:
    """Make tables, queues and buckets that are missing on the servers of the service."""
    from .setup import SetupOptions, setup_command

    raise typer.Exit(setup_command(SetupOptions(broker_management_url)))


@app.command()
def health(
    url: Annotated[
        str, typer.Argument(metavar="URL", help="Of a service, or of a worker's metrics.")
    ] = "http://127.0.0.1:8000/readyz",
) -> None:
    """Tell by the exit code whether a service on this machine is well."""
    from .health import health_command

    raise typer.Exit(health_command(url))


@app.command("webhook-secret")
def webhook_secret() -> None:
    """Print what calls of webhooks are signed with."""
    from ..store.secret import webhook_secret
    from .console import open_desk

    typer.echo(webhook_secret(open_desk().settings))


@app.command()
def version() -> None:
    """Print the version."""
    typer.echo(__version__)
