"""Moving backgrounds computed from a seed: no file, no licence, any size of frame."""

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType

from ....models.timeline import ProceduralSource
from ..frames import FrameSource
from .aurora import Aurora
from .bokeh import Bokeh
from .dunes import Dunes
from .family import Family
from .flow import Flow
from .nebula import Nebula
from .plasma import Plasma
from .rain import Rain
from .rays import Rays
from .ribbons import Ribbons
from .silk import Silk
from .source import FamilySource
from .starfield import Starfield
from .truchet import Truchet
from .tunnel import Tunnel
from .voronoi import Voronoi
from .waves import Waves

#: Background families by the name that jobs use.
FAMILIES: Mapping[str, type[Family]] = MappingProxyType(
    {
        "aurora": Aurora,
        "bokeh": Bokeh,
        "dunes": Dunes,
        "flow": Flow,
        "nebula": Nebula,
        "plasma": Plasma,
        "rain": Rain,
        "rays": Rays,
        "ribbons": Ribbons,
        "silk": Silk,
        "starfield": Starfield,
        "truchet": Truchet,
        "tunnel": Tunnel,
        "voronoi": Voronoi,
        "waves": Waves,
    }
)


def families() -> tuple[str, ...]:
    """Return the names of all background families."""
    return tuple(FAMILIES)


def open_procedural(source: ProceduralSource, width: int, height: int, fps: Fraction) -> FrameSource:
    """Open a background at the size of the film's frame.

    Raises: KeyError for a family that is not in `FAMILIES`.
    """
    return FamilySource(FAMILIES[source.family], source, width, height, fps)
