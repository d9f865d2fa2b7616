"""`neuroshorts validate` and `plan`: everything short of rendering."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ..runtime import importing
from ..stopping import Stop
from .console import Desk, open_desk
from .jobfile import film_path, read_job
from .workfolder import open_workshop

if TYPE_CHECKING:
    from ..pipeline.film import Request


def validate_command(given: str) -> None:
    """Check a job; raises what is wrong with it."""
    desk = open_desk()
    with open_request(desk, given) as request:
        from ..pipeline.film import check

        warnings = check(request)
    for warning in warnings:
        desk.say(f"warning: {warning}", "yellow")
    scenes = len(request.job.scenes)
    desk.say(f"valid: {scenes} {'scene' if scenes == 1 else 'scenes'}", "green")


def plan_command(given: str) -> None:
    """Print the timeline of a job; raises what is wrong with it."""
    with open_request(open_desk(), given) as request:
        from ..pipeline.film import make_timeline

        timeline = make_timeline(request)
    sys.stdout.write(timeline.model_dump_json(indent=2) + "\n")


@contextmanager
def open_request(desk: Desk, given: str, stop: Stop | None = None) -> Iterator["Request"]:
    """Read a job and give what it takes to look into it, until `stop` is set."""
    # The job is read before the renderer is imported: most mistakes are in the JSON and are told at once.
    found = read_job(given)
    film_file = film_path(found, None, desk.settings.data_dir)
    with open_workshop(desk, stop) as shop:
        with importing():
            from ..fetching.ondemand import OnDemandFetcher
            from ..pipeline.film import Request
            from ..speech.ondemand import OnDemandVoices

        yield Request(
            found.job,
            found.base_dir,
            shop.work_dir,
            film_file,
            desk.settings,
            shop.cache,
            OnDemandFetcher(desk.settings, shop.signer),
            OnDemandVoices(desk.settings),
        )
