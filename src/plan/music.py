"""Which piece of the asset manifest is the bed of a film: one with the tags, or the mood, of the job."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ..errors import RejectedJob
from ..models.job import RenderJob
from ..models.media_refs import MediaRef
from .facts import Facts, MediaFact
from .seeds import choice_seed

#: Where a job may say what its music is.
_PATHS = ("music.src", "music.tags", "music.mood")
#: Tags that an error lists: a large collection has more than anybody reads.
_MOST_TOLD = 60


class Piece(NamedTuple):
    """A piece of music that jobs may ask for without its name."""

    id: str
    """Of the asset."""
    tags: tuple[str, ...]


class UnknownMusic(RejectedJob):
    """Tags that no piece has all of."""

    code = "unknown_music"

    def __init__(self, tags: Sequence[str], known: Sequence[str]) -> None:
        listed = ", ".join(known[:_MOST_TOLD]) + (", ..." if len(known) > _MOST_TOLD else "")
        has = (
            f"its music has: {listed}" if known else "it has no music with tags; see `neuroshorts assets add`"
        )
        super().__init__(
            f"the asset manifest has no music tagged {' and '.join(map(repr, tags))}; {has}",
            path="music.tags",
        )
        self.known = tuple(known)


def asks_for_piece(job: RenderJob) -> bool:
    """Tell whether the music of a job may be a piece of the manifest that it does not name."""
    return job.music is not None and not job.music.src


def chosen_music(job: RenderJob, pieces: Sequence[Piece]) -> MediaRef | None:
    """Choose a piece for a job that names no file; None if its music is to be synthesised.

    The same job gets the same piece; a piece that is added changes the music of those jobs only that get it.

    Raises:
        UnknownMusic: no piece has all the tags that the job asks for.
    """
    if not job.music or job.music.src:
        return None
    wanted, path = (job.music.tags, "music.tags") if job.music.tags else ((job.music.mood,), "music.mood")
    fitting = [piece for piece in pieces if _words(wanted) <= _words(piece.tags)]
    if fitting:
        chosen = max(fitting, key=lambda piece: (choice_seed(job, piece.id), piece.id))
        return MediaRef(path, chosen.id, "sound")
    if job.music.tags:
        raise UnknownMusic(wanted, sorted(set().union(*(_words(piece.tags) for piece in pieces))))
    return None


def music_fact(facts: Facts) -> MediaFact | None:
    """Find the file that is the music; None if it is synthesised."""
    return next((facts.media[path] for path in _PATHS if path in facts.media), None)


def _words(tags: Iterable[str]) -> set[str]:
    return {tag.strip().casefold() for tag in tags}
