"""Everything that is wrong with a job, told at once."""

from collections.abc import Sequence

from ..errors import InvalidJob, NeuroShortsError, Problem


def raise_all(errors: Sequence[NeuroShortsError]) -> None:
    """Raise what is wrong with a job, if anything is.

    Raises:
        NeuroShortsError: the only error.
        InvalidJob: telling all, if there are several.
    """
    if len(errors) > 1:
        raise InvalidJob([Problem(error.path, error.code, error.message) for error in errors])
    for error in errors:
        raise error
