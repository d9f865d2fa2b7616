"""What more workers bring: the same film with one, two, and one for each core."""

import os
from functools import partial

from .films import film_facts
from .scenario import Scale
from .trial import Part, Ratio
from .workshop import Workshop

#: Most of one worker's time that two may take on two cores that nobody else uses.
TWO_WORKERS_BAR = 0.58


def scaling_part(shop: Workshop, scale: Scale) -> Part:
    """Render a film with more and more workers, always from an empty cache."""
    film = shop.film(scale)
    counts = sorted({1, 2, os.cpu_count() or 1})
    runs = {_name(count): partial(shop.render_cold, film, workers=count) for count in counts}
    ratios = tuple(
        Ratio(_name(count), _name(1), figure, TWO_WORKERS_BAR if (count, figure) == (2, "wall_s") else None)
        for count in counts[1:]
        for figure in ("wall_s", "cpu_s", "peak_pss_mib")
    )
    return Part("more workers", film_facts(scale, film.timeline), runs, ratios)


def _name(workers: int) -> str:
    return f"workers_{workers}"
