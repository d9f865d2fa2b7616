"""The reference of the HTTP interface: every operation, what it takes and answers."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, SecretStr
from sqlalchemy import Engine

from deploy.docs import codes, job
from deploy.docs.docstrings import field_docstrings, models_below
from deploy.docs.markdown import code, table
from deploy.docs.schema import Schema, field_table, kind
from src.api.app import create_app
from src.api.door import Door, Entry
from src.api.problems import PROBLEM_TYPE
from src.api.service import Parts
from src.cli.jobstore import make_desk, make_metrics, open_jobs
from src.settings import Settings
from src.store.jobs.previews import Previews
from src.store.keys import KeyRing
from src.store.webhooks import Webhooks
from src.worker.checkroom import CheckRoom

#: The page that this is.
PAGE = "http.md"
#: Headings of the parts of the interface, by their tags.
_PARTS = {"render": "Handing jobs in", "jobs": "Jobs", "films": "Films", "system": "The service"}
#: What FastAPI says of an answer that nobody has described.
_UNTOLD = "Successful Response"
_CODES = """## Codes of problems

Everything that is refused is answered with a [ProblemDocument](#problemdocument),
`application/problem+json`. The `code` of it, of a `problem` in it and of a failed job's `error` is one of
these, or what pydantic calls a [wrong value](https://docs.pydantic.dev/latest/errors/validation_errors/).
[Delivery](delivery.md) tells the codes of destinations, and [Media](media.md) says more about those of media.
"""


def document() -> Schema:
    """Write the OpenAPI document of a service that asks everybody for a key."""
    with tempfile.TemporaryDirectory(prefix="ns-docs-") as name:
        folder = Path(name)
        settings = Settings(
            _env_file=None,
            data_dir=folder,
            cache_dir=folder,
            database_url="",
            broker_url=SecretStr(""),
            secret_key=SecretStr("0" * 32),
        )
        engine = open_jobs(settings)
        try:
            described: Schema = create_app(settings, _parts(engine, settings)).openapi()
        finally:
            engine.dispose()
    return described


def _parts(engine: Engine, settings: Settings) -> Parts:
    return Parts(
        desk=make_desk(engine, settings),
        door=Door(KeyRing(engine), Entry.NOBODY, settings),
        metrics=make_metrics(engine, settings),
        previews=Previews(engine),
        webhooks=Webhooks(engine),
        check=CheckRoom(settings).check,
        wake=lambda: None,
    )


def page(section: str, described: Schema, source: Path) -> str:
    """Write the page: the README's section, every operation, every object, every code."""
    told = [
        f"# HTTP API\n\n{section}\n",
        "The service describes itself at `/openapi.json`, for people at `/docs`.\n",
    ]
    for tag, title in _PARTS.items():
        told.append(f"## {title}\n")
        told += [_operation(*found) for found in operations(described) if tag in found[2]["tags"]]
    told.append("## Objects\n")
    told += [_object(name, part) for name, part in sorted(_own_objects(described).items())]
    told += [_CODES, *_codes(described, source)]
    return "\n".join(told)


def operations(described: Schema) -> Iterator[tuple[str, str, Schema]]:
    """Walk methods and paths with what they do."""
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def _operation(method: str, path: str, operation: Schema) -> str:
    told = [f"### {method} {path}\n", f"**{operation['summary']}.** {operation.get('description', '')}\n"]
    told.append("Needs a key.\n" if "security" in operation else "Needs no key.\n")
    if parameters := operation.get("parameters"):
        head = ("parameter", "in", "type", "default", "meaning")
        told.append(table(head, map(_parameter, parameters)))
    if body := operation.get("requestBody"):
        optional = "" if body.get("required") else ", which may be left out"
        told.append(f"Body{optional}: {_content(body['content'])}.\n")
    responses = operation["responses"]
    told.append(table(("answer", "meaning", "body"), _answers(responses)))
    refusals = sorted(status for status, answer in responses.items() if _is_problem(answer))
    told.append(f"[Problems](#codes-of-problems): {', '.join(refusals)}.\n")
    return "\n".join(told)


def _is_problem(answer: Schema) -> bool:
    return PROBLEM_TYPE in answer.get("content", {})


def _parameter(given: Schema) -> tuple[str, ...]:
    schema = given["schema"]
    choices = [part for part in schema.get("anyOf", [schema]) if part != {"type": "null"}]
    fallback = "**needed**" if given.get("required") else _shown(schema.get("default"))
    return (
        code(given["name"]),
        given["in"],
        kind({"anyOf": choices}, link),
        fallback,
        given.get("description", ""),
    )


def _shown(value: Any) -> str:
    return "none" if value in (None, "", []) else code(str(value))


def _answers(responses: Schema) -> Iterator[tuple[str, ...]]:
    for status, answer in sorted(responses.items()):
        if not _is_problem(answer):
            meaning = answer.get("description", "").replace(_UNTOLD, "It is as asked")
            yield status, meaning, _content(answer.get("content", {}))


def _content(content: Schema) -> str:
    told = []
    for media_type, given in content.items():
        is_described = media_type == "application/json" and given.get("schema")
        told.append(kind(given["schema"], link) if is_described else code(media_type))
    return ", ".join(told) or "none"


def link(name: str) -> str:
    """Link to an object: those of a job have a page of their own."""
    if name == job.ROOT or name in job.schema()["$defs"]:
        return f"[{name}]({job.PAGE}#{job.anchor(name)})"
    return f"[{name}](#{name.lower()})"


def _own_objects(described: Schema) -> Schema:
    """Leave out what the page of the job describes."""
    elsewhere = {job.ROOT, *job.schema()["$defs"]}
    return {name: part for name, part in described["components"]["schemas"].items() if name not in elsewhere}


def _object(name: str, part: Schema) -> str:
    told = [f"### {name}\n", f"{part.get('description', '')}\n"]
    if "enum" in part:
        told.append(f"One of {kind(part, link)}.\n")
    else:
        told.append(field_table(part, link, _meanings(name)))
    return "\n".join(told)


def _meanings(name: str) -> dict[str, str]:
    for model in models_below(BaseModel):
        if model.__name__ == name and model.__module__.startswith("src."):
            return field_docstrings(model)
    return {}


def _codes(described: Schema, source: Path) -> Iterator[str]:
    meanings = {
        status: answer["description"]
        for _, _, operation in operations(described)
        for status, answer in operation["responses"].items()
        if _is_problem(answer)
    }
    yield table(("status", "meaning"), sorted(meanings.items()))
    requests = ((code(found.code), found.status, found.meaning) for found in codes.of_requests(source))
    yield f"### Of requests\n\n{table(('code', 'status', 'meaning'), requests)}"
    errors = ((code(found.code), found.meaning) for found in codes.of_errors(source))
    yield f"### Of jobs, media and the service\n\n{table(('code', 'meaning'), errors)}"
    fields = ((code(found.code), found.meaning) for found in codes.of_fields(source))
    yield f"### Of fields\n\n{table(('code', 'meaning'), fields)}"
