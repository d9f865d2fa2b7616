"""Names that the engines of this build bring: what a job may choose from.

To add another kind, write its `Catalogue`, and in `jobtext` where a job has such a name.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from ..engines.visuals.effects import EFFECTS
from ..engines.visuals.palettes import PALETTES
from ..engines.visuals.procedural import families
from ..engines.visuals.transitions import TRANSITIONS
from ..errors import UnknownName
from .jobtext import NameKind

#: Palette name that means: chosen by the seed.
AUTO_PALETTE = "auto"


class Catalogue(NamedTuple):
    """All names of a kind."""

    kind: str
    names: Callable[[], Sequence[str]]
    listed_by: str
    """Command that lists them."""

    def refusals(self, name: str, path: str) -> Iterator[UnknownName]:
        """Refuse a name that is none of them."""
        names = self.names()
        if name not in names:
            yield UnknownName(self.kind, name, names, path=path, listed_by=self.listed_by)


TRANSITION_NAMES = Catalogue("transition", lambda: tuple(TRANSITIONS), "styles")
EFFECT_NAMES = Catalogue("picture effect", lambda: tuple(EFFECTS), "backgrounds")
FAMILY_NAMES = Catalogue("background", families, "backgrounds")
PALETTE_NAMES = Catalogue("palette", lambda: (AUTO_PALETTE, *PALETTES), "backgrounds")

CATALOGUES: Mapping[NameKind, Catalogue] = {
    "transition": TRANSITION_NAMES,
    "effect": EFFECT_NAMES,
    "family": FAMILY_NAMES,
    "palette": PALETTE_NAMES,
}
