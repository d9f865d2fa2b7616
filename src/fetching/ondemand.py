"""Fetching for processes most of which fetch nothing: what it takes is imported when it is needed."""

import threading
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ..cloud.signing import Signer
from ..models.media_refs import MediaRef, is_url
from ..pipeline.request import Fetched, HeldUp
from ..plan.music import Piece
from ..settings import Settings
from .manifest import may_list_music

if TYPE_CHECKING:
    from .collection import Collection
    from .fetcher import MediaFetcher


class OnDemandFetcher:
    """A fetcher, see `pipeline.request.Fetcher`; importing the real one takes 60 ms."""

    def __init__(self, settings: Settings, signer: Signer) -> None:
        self._settings, self._signer = settings, signer

    @cached_property
    def _fetcher(self) -> "MediaFetcher":
        from .fetcher import MediaFetcher

        return MediaFetcher(self._settings, self._signer)

    @cached_property
    def _collection(self) -> "Collection":
        from .collection import open_collection

        return open_collection(self._settings.assets_manifest)

    def knows(self, src: str) -> bool:
        """Tell whether a `src` is a URL or the id of an asset."""
        return is_url(src) or ("/" not in src and src in self._collection.assets)

    def music(self) -> Sequence[Piece]:
        """List the pieces that jobs may ask for by their tags."""
        return self._collection.music if may_list_music(self._settings.assets_manifest) else ()

    def fetch(
        self,
        ref: MediaRef,
        folder: Path,
        told: Callable[[int, int], None],
        stop: threading.Event,
        held_up: HeldUp,
    ) -> Fetched:
        """Bring a medium."""
        return self._fetcher.fetch(ref, folder, told, stop, held_up)
