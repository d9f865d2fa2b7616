"""Brings the media of a job: packaged ones, those on the shelf, those on the network."""

import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import Literal, NamedTuple, Self

from ..cloud.signing import Signer
from ..errors import Interrupted, NeuroShortsError
from ..media.probe import sha256_of
from ..models.assets import Asset, AssetKind
from ..models.media_refs import MediaKind, MediaRef
from ..network.exchange import Exchange
from ..network.guard import Guard
from ..pipeline.request import Fetched, HeldUp
from ..plan.media_buckets import is_in_bucket
from ..settings import Settings
from .collection import Collection, open_collection
from .download import Download, NotModified, Told, Wanted
from .failures import AssetAway, WrongKind, WrongSha256
from .head import Validators
from .pace import Limits
from .shelf import Note, Shelf, key_of_url

#: What an asset on this machine is, compared with the manifest.
Condition = Literal["right", "wrong", "not fetched yet"]
#: What jobs may use assets as; nothing uses tables of colours yet.
_USES: dict[AssetKind, MediaKind] = {
    "font": "font",
    "image": "image",
    "video": "video",
    "music": "sound",
    "voice": "sound",
    "sfx": "sound",
    "subtitles": "subtitles",
    "model": "model",
}


class _Need(NamedTuple):
    """What is to be fetched, and what it has to be."""

    name: str
    """For people; of a URL without what may be secret."""
    url: str
    kind: str
    asset: Asset | None

    @classmethod
    def of(cls, ref: MediaRef, asset: Asset | None) -> Self:
        url = asset.uri if asset else ref.src
        return cls(ref.shown, url, ref.kind, asset)

    @property
    def sha256(self) -> str:
        return self.asset.sha256 if self.asset else ""

    @property
    def attribution(self) -> str:
        return self.asset.attribution if self.asset and self.asset.asks_for_attribution else ""

    @property
    def key(self) -> str:
        return self.sha256 or key_of_url(self.url)


class _Source(NamedTuple):
    """Whom to ask for it."""

    url: str
    guard: Guard
    is_store: bool


class _Customer(NamedTuple):
    """Who waits for it: hears how it comes along, and may want it no more."""

    told: Told
    stop: threading.Event
    held_up: HeldUp


class _Errand(NamedTuple):
    """What is to be fetched, for whom."""

    need: _Need
    source: _Source
    file: Path
    customer: _Customer


class MediaFetcher:
    """Fetches from the network through the guard, once for all who want the same."""

    def __init__(
        self, settings: Settings, signer: Signer, guard: Guard | None = None, limits: Limits | None = None
    ) -> None:
        self._settings, self._signer, self._given_guard = settings, signer, guard
        self._limits = limits or Limits(settings.max_media_bytes, settings.fetch_max_seconds)
        self._shelf = Shelf(settings.cache_dir, settings.fetch_cache_max_bytes)

    @cached_property
    def collection(self) -> Collection:
        """The assets that may be named."""
        return open_collection(self._settings.assets_manifest)

    @cached_property
    def _guard(self) -> Guard:
        return self._given_guard or Guard(self._settings.fetch_allow_hosts)

    def fetch(
        self, ref: MediaRef, folder: Path, told: Told, stop: threading.Event, held_up: HeldUp
    ) -> Fetched:
        """Bring a medium, see `pipeline.request.Fetcher.fetch`."""
        asset = self.collection.assets.get(ref.src)
        need = _Need.of(ref, asset)
        with _naming(need.name, ref.path):
            if asset and used_as(asset) != ref.kind:
                raise WrongKind(asset.kind, ref.kind)
            customer = _Customer(told, stop, held_up)
            return self._brought(need, folder, customer)._replace(asset=asset.id if asset else "")

    def pull(self, asset: Asset, folder: Path, stop: threading.Event, held_up: HeldUp) -> int:
        """Fetch an asset for later, and tell the bytes that came in; raises what `fetch` does."""
        need = _Need(asset.id, asset.uri, used_as(asset) or "", asset)
        with _naming(need.name, ""):
            customer = _Customer(lambda had_bytes, size_bytes: None, stop, held_up)
            return self._brought(need, folder, customer).received_bytes

    def condition(self, asset: Asset, folder: Path) -> Condition:
        """Compare an asset on this machine with the manifest; what was fetched and is damaged goes."""
        file = self.collection.file_of(asset)
        if file:
            is_right = file.is_file() and sha256_of(file) == asset.sha256
        elif self._shelf.has(asset.sha256):
            is_right = self._shelf.take(asset.sha256, folder / uuid.uuid4().hex)
        else:
            return "not fetched yet"
        return "right" if is_right else "wrong"

    def _brought(self, need: _Need, folder: Path, customer: _Customer) -> Fetched:
        here = self.collection.file_of(need.asset) if need.asset else None
        if here:
            return self._found(here, need)
        file = folder / uuid.uuid4().hex
        return self._shelved(need, file) or self._fetch(_Errand(need, self._source(need.url), file, customer))

    def _shelved(self, need: _Need, file: Path) -> Fetched | None:
        """Take what is known by its digest from the shelf, if it is there: nobody has to be asked."""
        if need.sha256 and self._shelf.take(need.sha256, file):
            return Fetched(file, need.sha256, 0, need.attribution)
        return None

    def _found(self, file: Path, need: _Need) -> Fetched:
        if not file.is_file():
            raise AssetAway
        sha256 = sha256_of(file)
        if sha256 != need.sha256:
            raise WrongSha256(need.sha256, sha256)
        return Fetched(file, sha256, 0, need.attribution)

    def _fetch(self, errand: _Errand) -> Fetched:
        """Download it while everybody else who wants it waits, unless somebody has done so meanwhile."""
        need, file = errand.need, errand.file
        wanted_at = time.time()
        with self._shelf.alone(need.key, self._limits.most_seconds, errand.customer.stop):
            if need.sha256:
                return self._shelved(need, file) or self._downloaded(errand, Validators())
            note = self._shelf.note(need.key)
            if note and note.fetched_at >= wanted_at and self._shelf.take(note.sha256, file):
                return Fetched(file, note.sha256)
            return self._renewed(errand, note)

    def _renewed(self, errand: _Errand, note: Note | None) -> Fetched:
        """Download it, unless a version is here that its server calls the right one."""
        # Taken before the server is asked: what it confirms can then neither be given up nor be damaged.
        if note and any(note.validators) and self._shelf.take(note.sha256, errand.file):
            with suppress(NotModified):
                return self._downloaded(errand, note.validators)
            return Fetched(errand.file, note.sha256)
        return self._downloaded(errand, Validators())

    def _downloaded(self, errand: _Errand, known: Validators) -> Fetched:
        need, part = errand.need, errand.file.with_name(f"{errand.file.name}.part")
        url, guard, is_store = errand.source
        wanted = Wanted(url, need.kind, known, is_store)
        download = Download(wanted, Exchange(guard), self._limits, *errand.customer)
        received = download.run(part)
        if need.sha256 and received.sha256 != need.sha256:
            part.unlink()
            raise WrongSha256(need.sha256, received.sha256)
        part.replace(errand.file)
        self._shelf.keep(received.sha256, errand.file)
        if not need.sha256:
            self._shelf.write_note(need.key, received.sha256, received.validators, errand.file)
        return Fetched(errand.file, received.sha256, download.received_bytes, need.attribution)

    def _source(self, url: str) -> _Source:
        """Find whom to ask, before anybody is; the operator's own store may be anywhere."""
        if not is_in_bucket(url):
            self._guard.refuse_spelt(url)
            return _Source(url, self._guard, False)
        signed = self._signer.signed("GET", url)
        return _Source(signed.url, self._guard.trusting(signed.url), True)


def used_as(asset: Asset) -> MediaKind | None:
    """Tell what jobs may use an asset as."""
    return _USES.get(asset.kind)


@contextmanager
def _naming(name: str, path: str) -> Iterator[None]:
    """Tell which medium has failed, and where the job names it."""
    try:
        yield
    except Interrupted:
        raise
    except NeuroShortsError as error:
        error.message = f"cannot fetch {name!r}: {error.message}"
        error.path = error.path or path
        raise
