"""Every error that crosses a module border, in one tree.

NeuroShortsError                 carries code, message, path, scene_id, retryable
|-- RejectedJob                  the caller's fault: never retried
|   |-- InvalidJob               the JSON does not fit the schema; names every problem
|   |-- NotSupported             valid, but this build does not render it
|   |-- UnknownName              a font, voice, clip or asset nobody registered
|   |-- MissingFile              a `src` that leads to no readable file
|   |-- ForbiddenPath            a `src` outside the folders a job may read
|   |-- UnreadableMedia          the bytes are not the picture, film or sound they claim to be
|   |-- MediaTooLarge            more pixels, seconds or bytes than the limits allow
|   |-- ContradictoryTimes       durations that cannot all hold
|   |-- UndrawableText           words in letters that no font has
|   |-- UnknownJob               no job of that name, or somebody else's
|   |-- KeyReused                an idempotency key that belongs to another job
|   |-- UncallableUrl            a URL that nobody can be called at
|   |-- ForbiddenHost            a host that calls may not reach
|   |-- ForbiddenBucket          a bucket that jobs may not name
|   |-- (UnknownKey, WrongKeyName, WrongCursor: see store.keys, store.jobs.listing)
|   |-- (UnknownMusic, ForbiddenMediaBucket, ForbiddenFolder: see plan.music, plan.media_buckets, plan.places)
|   `-- (what cannot be fetched: see fetching.failures, cloud.refusal)
|-- Busy                         as much as may be done at the same time is being done
|-- (QueueFull, QuotaReached: see store.jobs.depth, store.jobs.quotas)
|-- RenderFailed                 our fault: dead-letter, look at it
|   |-- SpeechFailed             the voice gave no usable sound, see engines.audio.speech
|   |-- FilmRejected             the finished film did not pass its own inspection
|   `-- (SourceChanged: see pipeline.changes)
|-- DeliveryFailed               a destination does not take the film, and will not; the code tells why
|-- (the operator's fault: BadBrokerAddress, see bus.failures; WrongCredentials, see cloud.google)
|-- Transient                    somebody else's fault: try again later
|   |-- (BrokerAway: see bus.failures)
|   |-- DestinationAway          a destination of films does not answer, or is busy
|   `-- CallFailed               a call over HTTP without an answer, see network.failures
`-- Interrupted                  asked to stop: give the job back, count no failure
"""

from collections.abc import Sequence
from typing import NamedTuple

#: Names that a message lists whole; of more it tells the nearest.
_MOST_LISTED = 24
_MOST_NEAR = 5


class Problem(NamedTuple):
    """One thing wrong with a job: where, a stable code, and what to do."""

    path: str
    code: str
    message: str


class NeuroShortsError(Exception):
    """Base of all; `code` is stable across versions, the message is for people."""

    code = "error"
    retryable = False

    def __init__(self, message: str, *, path: str = "", scene_id: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.path = path
        self.scene_id = scene_id

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


class RejectedJob(NeuroShortsError):
    """The job cannot be rendered as written."""

    code = "rejected"


class InvalidJob(RejectedJob):
    """The JSON does not fit the schema."""

    code = "invalid_job"

    def __init__(self, problems: Sequence[Problem]) -> None:
        first = problems[0]
        super().__init__(first.message, path=first.path)
        self.code = first.code
        self.problems = tuple(problems)

    def __str__(self) -> str:
        return "\n".join(f"{p.path or 'job'}: {p.message}" for p in self.problems)


class NotSupported(RejectedJob):
    """A part of the schema that this build does not carry out."""

    code = "not_supported"

    def __init__(self, what: str, *, path: str, instead: str) -> None:
        super().__init__(f"{what} is not supported yet: {instead}", path=path)


class UnknownName(RejectedJob):
    """A name nobody registered; the message lists those that exist, or of many the nearest."""

    code = "unknown_name"

    def __init__(self, kind: str, name: str, known: Sequence[str], *, path: str, listed_by: str = "") -> None:
        super().__init__(f"unknown {kind} {name!r}; {_told_of_known(name, known, listed_by)}", path=path)
        self.known = tuple(known)


def _told_of_known(name: str, known: Sequence[str], listed_by: str) -> str:
    """Name the nearest; list all if a glance takes them in, else tell how many there are, and the command."""
    # Whoever writes good jobs need not load what compares words.
    from difflib import get_close_matches

    written = {_plain(one): one for one in known}
    near = [written[one] for one in get_close_matches(_plain(name), written, _MOST_NEAR)]
    if len(known) <= _MOST_LISTED:
        meant = f"did you mean {near[0]}? " if near else ""
        return meant + (f"known: {', '.join(known)}" if known else "known: none is installed")
    told = f"nearest of {len(known)}: {', '.join(near)}" if near else f"none of {len(known)} is like it"
    return f"{told}; `neuroshorts {listed_by}` lists all" if listed_by else told


def _plain(name: str) -> str:
    """Write a name without what people write differently: case, hyphens, spaces."""
    return name.casefold().replace("-", "_").replace(" ", "_")


class MissingFile(RejectedJob):
    """A `src` that leads to no readable file."""

    code = "missing_file"

    def __init__(self, src: str, *, path: str, hint: str = "") -> None:
        told = f"no such file: {src!r}"
        if hint:
            told += f": {hint}"
        elif path and "/" not in src:
            told += " in the folder of the job, and no asset of that id in the manifest"
        super().__init__(told, path=path)


class ForbiddenPath(RejectedJob):
    """A `src` outside the folders that a job may read."""

    code = "forbidden_path"

    def __init__(self, src: str, *, has_folder: bool, path: str) -> None:
        told = "leaves the folder of the job: move the file below it, or name it by its absolute path"
        if not has_folder:
            told = (
                "is not below a folder that jobs may read: the operator sets those (NEUROSHORTS_ASSET_ROOTS)"
            )
        super().__init__(f"{src!r} {told}", path=path)


class UnreadableMedia(RejectedJob):
    """The bytes are not what the job says they are."""

    code = "unreadable_media"

    def __init__(self, src: str, reason: str, *, path: str) -> None:
        super().__init__(f"cannot use {src!r}: {reason}", path=path)


class MediaTooLarge(RejectedJob):
    """More pixels, seconds or bytes than the limits allow."""

    code = "media_too_large"

    def __init__(self, src: str, has: str, limit: str, *, path: str) -> None:
        super().__init__(f"{src!r} has {has}; the limit is {limit}", path=path)


class ContradictoryTimes(RejectedJob):
    """Durations that cannot all hold."""

    code = "contradictory_times"


class UndrawableText(RejectedJob):
    """Words in letters that no font has, or that nothing can put in order."""

    code = "undrawable_text"

    def __init__(self, letters: Sequence[str], instead: str, *, path: str) -> None:
        super().__init__(f"nothing here draws {', '.join(letters)}: {instead}", path=path)


class UnknownJob(RejectedJob):
    """No job of that name, or none that the caller may see."""

    code = "unknown_job"

    def __init__(self, id: str) -> None:
        super().__init__(f"there is no job {id[:200]!r}")
        self.id = id


class KeyReused(RejectedJob):
    """An idempotency key, or the id of a job, that belongs to another job."""

    code = "key_reused"

    def __init__(self, key: str, id: str) -> None:
        super().__init__(
            f"{key!r} was used for the job {id} with another body: change the id, or send that body"
        )
        self.id = id


class UncallableUrl(RejectedJob):
    """A URL that nobody can be called at."""

    code = "uncallable_url"

    def __init__(self, why: str, *, path: str = "") -> None:
        super().__init__(f"this URL cannot be called: {why}", path=path)


class ForbiddenHost(RejectedJob):
    """A host that calls may not reach: this machine, a private network, the metadata of a cloud."""

    code = "forbidden_host"

    def __init__(self, host: str, port: int | None = None, *, path: str = "") -> None:
        entry = f"[{host}]" if ":" in host and port else host
        super().__init__(
            f"{host!r} is not on the public internet: the operator may allow it with"
            f" NEUROSHORTS_FETCH_ALLOW_HOSTS={entry}" + (f":{port}" if port else ""),
            path=path,
        )
        self.host = host


class ForbiddenBucket(RejectedJob):
    """A bucket that jobs may not name, or none where the operator has none."""

    code = "forbidden_bucket"

    def __init__(self, bucket: str, *, path: str) -> None:
        told = (
            f"the bucket {bucket!r} is not one that jobs may name: the operator may allow it"
            if bucket
            else ("there is no bucket for films of jobs that name none: the operator may set one")
        )
        setting = "NEUROSHORTS_S3_ALLOW_BUCKETS" if bucket else "NEUROSHORTS_S3_BUCKET"
        super().__init__(f"{told} ({setting})", path=path)


class Busy(NeuroShortsError):
    """As much as may be done at the same time is being done."""

    code = "busy"
    retryable = True

    def __init__(self, what: str) -> None:
        super().__init__(f"{what}: try again in a few seconds")


class RenderFailed(NeuroShortsError):
    """The renderer broke on a job that it had accepted."""

    code = "render_failed"


class SpeechFailed(RenderFailed):
    """The voice gave no usable sound."""

    code = "speech_failed"


class FilmRejected(RenderFailed):
    """The finished film did not pass its own inspection and was not handed over."""

    code = "film_rejected"


class Transient(NeuroShortsError):
    """A service is away or busy."""

    code = "transient"
    retryable = True


class CallFailed(Transient):
    """A call over HTTP without an answer."""

    code = "call_failed"


class DestinationAway(Transient):
    """A destination of films does not answer, or is busy."""

    code = "destination_away"

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(f"{where} does not take the film now ({reason}): it is tried again")


class DeliveryFailed(NeuroShortsError):
    """A destination does not take the film, however often it is tried."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Interrupted(NeuroShortsError):
    """The process was asked to stop."""

    code = "interrupted"
    retryable = True
