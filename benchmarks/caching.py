"""What a second render costs: unchanged, after an edit, after a crash.

Every run begins with a copy of the cache that the cold run has left, so that none helps another.
"""

import filecmp
import json
import shutil
import signal
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from .edits import with_a_scene_before, with_another_picture, with_another_word
from .films import film_facts
from .scenario import Scale
from .trial import Made, Part, Ratio, made_of
from .workshop import Film, Workshop, render_arguments

#: Most of a cold render's CPU time that a warm one and one with another word may cost.
WARM_BAR, WORD_BAR = 0.05, 0.35
#: A new scene may cost its own share of the film, and this much of a cold render beside it.
INSERT_SLACK = 0.10
#: Share of the frames after which a render is killed.
KILLED_AT = 0.5
#: Stages that come when all frames are there; a film of a few frames tells of nothing before.
_AFTER_RENDERING = frozenset({"mixing", "joining", "checking"})


class _Films(NamedTuple):
    plain: Film
    word: Film
    picture: Film
    scene: Film


def cache_part(shop: Workshop, scale: Scale) -> Part:
    """Render a film cold, and again in every way that a cache should make cheap."""
    films = _Films(
        shop.film(scale),
        *(shop.film(scale, edit) for edit in (with_another_word, with_another_picture, with_a_scene_before)),
    )
    runs: dict[str, Callable[[], Made]] = {
        "cold": partial(_cold, shop, films.plain),
        "warm": partial(_unchanged, shop, films.plain, like="cold"),
        "edit_word": partial(_again, shop, films.word),
        "edit_picture": partial(_again, shop, films.picture),
        "insert_scene": partial(_again, shop, films.scene),
        "killed": partial(_killed, shop, films.plain),
        "resumed": partial(_unchanged, shop, films.plain, like="killed"),
    }
    insert_bar = round(1 / scale.scenes + INSERT_SLACK, 3)
    bars = {"warm": WARM_BAR, "edit_word": WORD_BAR, "insert_scene": insert_bar}
    ratios = tuple(
        Ratio(name, "cold", figure, bars.get(name) if figure == "cpu_s" else None)
        for name in runs
        if name != "cold"
        for figure in ("cpu_s", "wall_s")
    )
    return Part("with a cache", film_facts(scale, films.plain.timeline), runs, ratios)


def _cold(shop: Workshop, film: Film) -> Made:
    made = shop.render_cold(film)
    shutil.copy(shop.target, shop.folder / "cold.mp4")
    return made


def _unchanged(shop: Workshop, film: Film, *, like: str) -> Made:
    """Render the cold run's film with what another run has left, and compare the two films."""
    made = shop.render(film, shop.cache("again", like=like))
    same = filecmp.cmp(shop.target, shop.folder / "cold.mp4", shallow=False)
    return made._replace(told={**made.told, "same_bytes_as_cold": same})


def _again(shop: Workshop, film: Film) -> Made:
    return shop.render(film, shop.cache("again", like="cold"))


def _killed(shop: Workshop, film: Film) -> Made:
    """Begin with an empty cache, and end the whole process tree by SIGKILL half-way."""
    arguments = render_arguments(film, shop.folder / "killed.mp4", workers=0)
    outcome = shop.call(arguments, shop.cache("killed"), kill_when=lambda log: frames_done(log) >= KILLED_AT)
    log = (shop.folder / "stderr.txt").read_text("utf-8", "replace")
    return made_of(outcome, ended_by=signal.SIGKILL.name, frames_done=frames_done(log))


def frames_done(log: str) -> float:
    """Read from a JSON log which share of the frames was rendered when it last told."""
    events = [json.loads(line) for line in log.splitlines() if line.endswith("}")]
    steps = [event for event in events if event["event"] == "progress"]
    if any(step["stage"] in _AFTER_RENDERING for step in steps):
        return 1.0
    rendering = [step for step in steps if step["stage"] == "rendering"]
    return max((step["done"] / step["total"] for step in rendering), default=0.0)
