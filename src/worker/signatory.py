"""Decides what the processes that render may read and write in stores of objects."""

from typing import NamedTuple

from ..cloud.signing import Signed, Signer, StoreSigner, Verb
from ..fetching.collection import open_collection
from ..fetching.manifest import version_of
from ..plan.media_buckets import ForbiddenMediaBucket, ObjectPlace, is_allowed_bucket
from ..settings import Settings
from ..sharing.depot import is_part_of


class _Listed(NamedTuple):
    """Where the assets of a manifest are."""

    version: tuple[int, int, int] | None
    uris: frozenset[str]


class Signatory:
    """Signs for processes that open other people's media: no more than any job may have.

    They get URLs of single objects: what takes one of them over learns no credentials.
    """

    def __init__(self, settings: Settings, signer: Signer | None = None) -> None:
        self._settings = settings
        self._signer = signer or StoreSigner(settings)
        self._listed: _Listed | None = None

    def signed(self, verb: Verb, uri: str) -> Signed:
        """Sign, see `cloud.signing.Signer`."""
        is_shared_part = is_part_of(self._settings.shared_cache_url, uri)
        if not (is_shared_part or (verb == "GET" and self._may_be_read(uri))):
            place = ObjectPlace.of(uri)
            raise ForbiddenMediaBucket(f"{place.scheme}://{place.bucket}")
        return self._signer.signed(verb, uri)

    def _may_be_read(self, uri: str) -> bool:
        return is_allowed_bucket(uri, self._settings) or uri in self._of_the_manifest()

    def _of_the_manifest(self) -> frozenset[str]:
        """Read where the assets are; again once the manifest has changed, as each render does."""
        manifest, listed = self._settings.assets_manifest, self._listed
        version = version_of(manifest)
        if listed is None or listed.version != version:
            assets = open_collection(manifest).assets
            listed = self._listed = _Listed(version, frozenset(asset.uri for asset in assets.values()))
        return listed.uris
