"""What larger frames cost, beside x264 alone on the same frames; everybody has one core."""

from collections.abc import Callable
from functools import partial

from .competitors import FLOORS, run_floor, set_up
from .films import film_facts
from .scenario import Scale
from .trial import Made, Part, Ratio
from .workshop import Workshop

#: Edges of the frame over those of the film of the bench: 720x1280, 1080x1920, 2160x3840.
EDGES = (2 / 3, 1.0, 2.0)
#: Length of the film over that of the film of the bench: a few seconds tell enough.
LENGTH = 0.2


def sizes_part(shop: Workshop, scale: Scale) -> Part:
    """Render a short film in several sizes."""
    runs: dict[str, Callable[[], Made]] = {}
    films, ratios, facts = {}, [], {}
    for size in (_scaled(scale, edge) for edge in EDGES):
        name = f"{size.width}x{size.height}"
        stage = set_up(shop, size, FLOORS[:1])
        floor, renderer = f"floor_{name}", f"renderer_{name}"
        runs[floor] = partial(run_floor, stage, in_segments=False)
        runs[renderer] = partial(shop.render_cold, stage.film, workers=1)
        facts = film_facts(size, stage.film.timeline)
        films[name] = facts["film"]
        ratios += [Ratio(renderer, floor, figure) for figure in ("cpu_s", "peak_pss_mib")]
    return Part("larger frames", facts | {"film": films}, runs, tuple(ratios))


def _scaled(scale: Scale, edge: float) -> Scale:
    width, height = (round(length * edge / 2) * 2 for length in (scale.width, scale.height))
    return scale.times_as_long(LENGTH)._replace(width=width, height=height)
