"""Media of a job that can never be fetched, refused before the job is taken in."""

from collections.abc import Iterator, Sequence

from ..errors import NeuroShortsError
from ..models.media_refs import MediaRef, is_url
from ..models.rejections import raise_all
from ..plan.media_buckets import is_in_bucket, refused_bucket
from ..settings import Settings
from .guard import Guard


def refuse_unfetchable(refs: Sequence[MediaRef], guard: Guard, settings: Settings) -> None:
    """Refuse URLs by what they say; names are looked up, and ids of assets known, where media are fetched.

    Raises:
        UncallableUrl, ForbiddenHost, ForbiddenMediaBucket: one of them may not be fetched, or cannot.
        InvalidJob: telling all, if there are several.
    """
    raise_all(list(_refusals(refs, guard, settings)))


def _refusals(refs: Sequence[MediaRef], guard: Guard, settings: Settings) -> Iterator[NeuroShortsError]:
    for ref in refs:
        if is_in_bucket(ref.src):
            if refusal := refused_bucket(ref, settings):
                yield refusal
        elif is_url(ref.src):
            try:
                guard.refuse_spelt(ref.src, ref.path)
            except NeuroShortsError as error:
                yield error
