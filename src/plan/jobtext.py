"""The text of a job read: of one that does not fit the schema, what it names is looked at all the same."""

from collections.abc import Iterator, Sequence
from typing import Any, Literal

from ..errors import InvalidJob, Problem
from ..models.job import MAX_JOB_BYTES, RenderJob, parse_job
from ..models.json_text import read_json
from ..models.problems import place_of

#: Kinds of names that the engines bring.
NameKind = Literal["transition", "effect", "family", "palette"]
_Place = tuple[str, object, NameKind]


def job_in(data: bytes | str) -> RenderJob:
    """Read a job from JSON text; of one that does not fit the schema, look at its names all the same.

    Raises:
        InvalidJob: naming every field that is wrong by its JSON path, unknown names included.
    """
    try:
        return parse_job(data)
    except InvalidJob as error:
        if len(data) > MAX_JOB_BYTES:
            raise
        places = [place for place in _places(read_json(data)) if isinstance(place[1], str | int | float)]
        if not places:
            raise
        told = {problem.path: problem for problem in _wrong_names(places)}
        kept = [problem for problem in error.problems if problem.path not in told]
        problems = sorted((*kept, *told.values()), key=lambda problem: place_of(problem.path, RenderJob))
        raise InvalidJob(problems) from error


def _wrong_names(places: Sequence[_Place]) -> Iterator[Problem]:
    # The engines take most of a second to import: a job that names nothing of theirs is told without them.
    from .names import CATALOGUES

    for path, given, kind in places:
        catalogue = CATALOGUES[kind]
        if isinstance(given, str):
            for error in catalogue.refusals(given, path):
                yield Problem(path, error.code, error.message)
        else:
            yield Problem(path, "string_type", f"should be one of {', '.join(catalogue.names())}")


def _places(raw: object) -> Iterator[_Place]:
    """Walk the places of JSON that is no valid job where a job has such names."""
    yield "defaults.transition.type", _at(raw, "defaults", "transition", "type"), "transition"
    for index, scene in enumerate(_items(_at(raw, "scenes"))):
        here = f"scenes[{index}]"
        yield f"{here}.transition.type", _at(scene, "transition", "type"), "transition"
        for number, visual in enumerate(_items(_at(scene, "visuals"))):
            yield from _places_of_visual(visual, f"{here}.visuals[{number}]")


def _places_of_visual(visual: object, path: str) -> Iterator[_Place]:
    for index, effect in enumerate(_items(_at(visual, "effects"))):
        yield f"{path}.effects[{index}]", effect, "effect"
    if _at(visual, "type") in ("procedural", "title"):
        yield f"{path}.family", _at(visual, "family"), "family"
        yield f"{path}.palette", _at(visual, "palette"), "palette"


def _at(raw: object, *names: str) -> object:
    for name in names:
        raw = raw.get(name) if isinstance(raw, dict) else None
    return raw


def _items(raw: object) -> Sequence[Any]:
    return raw if isinstance(raw, list) else ()
