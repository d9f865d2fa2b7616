"""What captions cost: of what is said, and from files, against a film without any."""

from collections.abc import Callable
from functools import partial

from src.engines.subtitle.presets import presets
from src.engines.subtitle.sidecars import write
from src.models.output import SidecarKind
from src.plan.captions import look_of

from .edits import Job
from .films import film_facts
from .scenario import Scale
from .trial import Part, Ratio
from .workshop import Film, Workshop


def caption_files_part(shop: Workshop, scale: Scale) -> Part:
    """Render a film without captions, with those of what is said, and with the same ones from files.

    A script of the style `highlight` changes with each word, one of `karaoke` on every frame.
    """
    spoken = shop.film(scale)
    films = {
        "bare": shop.film(scale, _without),
        "spoken": spoken,
        "subrip": shop.film(scale, _from_file(spoken, "srt", "highlight")),
        "script_steps": shop.film(scale, _from_file(spoken, "ass", "highlight")),
        "script_fills": shop.film(scale, _from_file(spoken, "ass", "karaoke")),
    }
    runs = {name: partial(shop.render_cold, film) for name, film in films.items()}
    ratios = tuple(Ratio(name, "bare", figure) for name in list(runs)[1:] for figure in ("cpu_s", "wall_s"))
    return Part("captions from files", film_facts(scale, spoken.timeline), runs, ratios)


def _without(job: Job) -> Job:
    return job | {"captions": {**job.get("captions", {}), "enabled": False}}


def _from_file(film: Film, kind: SidecarKind, style: str) -> Callable[[Job], Job]:
    """Write the captions of a film to a file beside its job; make the change that has them burnt in."""
    timeline = film.timeline
    look = look_of(presets()[style], (timeline.width, timeline.height), "en")
    file = film.job.with_name(f"captions-{style}.{kind}")
    text = write(kind, timeline.cues, look, timeline.width, timeline.height)
    file.write_text(text, encoding="utf-8", newline="")

    def from_file(job: Job) -> Job:
        return job | {"captions": {**job.get("captions", {}), "src": file.name}}

    from_file.__name__ = f"from-{style}-{kind}"
    return from_file
