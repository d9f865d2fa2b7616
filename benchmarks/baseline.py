"""The short run that `python -m benchmarks.check` repeats; one worker, so that cores do not matter."""

from collections.abc import Callable
from functools import partial

from .competitors import run_ffmpeg, run_floor, set_up
from .edits import with_another_word
from .films import film_facts
from .scenario import Scale
from .trial import Made, Part, Ratio
from .workshop import Film, Workshop

#: Length of the film over that of the film of the bench.
LENGTH = 0.5
#: Rounds, at least: one that somebody disturbs must not decide.
ROUNDS = 3


def baseline_part(shop: Workshop, scale: Scale) -> Part:
    """Measure what decides whether the renderer has become slower or larger."""
    stage = set_up(shop, scale, ("floor", "ffmpeg"))
    edited = shop.film(scale, with_another_word)
    runs: dict[str, Callable[[], Made]] = {
        "floor": partial(run_floor, stage, in_segments=False),
        "cold": partial(shop.render_cold, stage.film, workers=1),
        "warm": partial(_again, shop, stage.film),
        "edit_word": partial(_again, shop, edited),
        "ffmpeg": partial(run_ffmpeg, stage),
    }
    ratios = (
        Ratio("cold", "floor"),
        Ratio("cold", "floor", "peak_pss_mib"),
        Ratio("cold", "ffmpeg"),
        Ratio("warm", "cold"),
        Ratio("edit_word", "cold"),
    )
    return Part("the short run of the check", film_facts(scale, stage.film.timeline), runs, ratios)


def _again(shop: Workshop, film: Film) -> Made:
    return shop.render(film, shop.cache("again", like="cold"), workers=1)
