"""What a service takes in: the same for a job by HTTP, for one of a batch, and for one through the broker."""

from functools import partial

from .models.callbacks import Callbacks
from .models.job import RenderJob
from .models.media_refs import media_refs
from .models.rejections import refuse_all
from .network.callbacks import refuse_forbidden
from .network.guard import Guard
from .network.media import refuse_unfetchable
from .plan.captions import refuse_unknown_style
from .plan.jobtext import job_in
from .plan.places import refuse_forbidden_places
from .plan.support import refuse_unsupported
from .plan.voices import chains
from .settings import Settings
from .speech.catalogue import refuse_unspoken
from .store.jobs.submission import Submission, submission_of


def admitted(body: bytes, owner: str, guard: Guard, settings: Settings) -> Submission:
    """Read a job and make it ready to be handed in, under its own id as the key.

    Raises:
        RejectedJob: it cannot be rendered as written, or not here; see `refuse_inadmissible`.
    """
    job = job_in(body)
    refuse_inadmissible(job, guard, settings)
    return submission_of(body, job, owner)


def refuse_inadmissible(job: RenderJob, guard: Guard, settings: Settings) -> None:
    """Refuse a job for all that is wrong with it as far as it says so itself; nothing is fetched or opened.

    Raises:
        ForbiddenHost, UncallableUrl: it wants somebody called, or fetched from, who may not be.
        ForbiddenBucket, ForbiddenFolder: its film is to go to a place that jobs may not name.
        UnknownName: its captions have a style that nobody has.
        NobodySpeaks: a text of it is for voices that nobody set up.
        RejectedJob: something else is wrong with it; an `InvalidJob` tells all that is.
    """
    refuse_all(
        partial(refuse_unsupported, job),
        partial(refuse_unknown_style, job.captions, settings),
        partial(refuse_forbidden, Callbacks.of(job), guard),
        partial(refuse_forbidden_places, job.output.destinations, settings),
        partial(refuse_unfetchable, tuple(media_refs(job)), guard, settings),
        partial(refuse_unspoken, chains(job), settings),
    )
