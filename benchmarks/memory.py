"""Peak memory against the length of the film, which should have nothing to do with each other."""

from functools import partial

from .films import film_facts
from .scenario import Scale
from .trial import Part, Ratio
from .workshop import Workshop

#: Lengths that are compared, over that of the film of the bench: 15, 60 and 180 s for one of 30 s.
LENGTHS = (0.5, 2.0, 6.0)
#: Seconds of a scene: so short that the shortest film shows all of the pictures, and longer ones more of the
#: same. What is on screen at once decides how much memory a film takes.
SCENE_S = 2.5
#: Peak memory of the longest film over that of the shortest.
GROWTH_BAR = 1.10


def memory_part(shop: Workshop, scale: Scale) -> Part:
    """Render films of several lengths, all with narration and music from the first second to the last."""
    dense = scale._replace(wanted_scene_s=SCENE_S)
    scales = sorted({dense.times_as_long(length) for length in LENGTHS})
    films = {f"{longer.seconds:g}s": shop.film(longer) for longer in scales}
    shortest, *_, longest = names = list(films)
    facts = {name: film_facts(film.scale, film.timeline)["film"] for name, film in films.items()}
    return Part(
        "longer films",
        film_facts(scale, films[shortest].timeline) | {"film": facts},
        {name: partial(shop.render_cold, film) for name, film in films.items()},
        tuple(
            # Seen seven times as often as the proportional share: a short film has few moments to be caught.
            Ratio(name, shortest, "peak_rss_mib", GROWTH_BAR if name == longest else None)
            for name in names[1:]
        ),
    )
