"""Everything that is wrong with a job, told at once."""

from collections.abc import Callable, Sequence

from ..errors import InvalidJob, NeuroShortsError, Problem, RejectedJob
from .job import RenderJob
from .problems import place_of


def raise_all(errors: Sequence[NeuroShortsError]) -> None:
    """Raise what is wrong with a job, if anything is; of equal problems one is told.

    Raises:
        NeuroShortsError: the only error.
        InvalidJob: telling all by their places in the job, if there are several.
    """
    told: dict[Problem, NeuroShortsError] = {}
    for error in errors:
        for problem in _problems_of(error):
            told.setdefault(problem, error)
    if len(told) > 1:
        raise InvalidJob(sorted(told, key=lambda problem: place_of(problem.path, RenderJob)))
    for error in told.values():
        raise error


def rejections(*checks: Callable[[], object]) -> list[RejectedJob]:
    """Make checks that do not depend on each other, and tell why they refuse the job."""
    found = []
    for check in checks:
        try:
            check()
        except RejectedJob as error:
            found.append(error)
    return found


def refuse_all(*checks: Callable[[], object]) -> None:
    """Refuse a job for all that is wrong with it; see `rejections` and `raise_all`."""
    raise_all(rejections(*checks))


def _problems_of(error: NeuroShortsError) -> Sequence[Problem]:
    if isinstance(error, InvalidJob):
        return error.problems
    return (Problem(error.path, error.code, error.message),)
