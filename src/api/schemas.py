"""The OpenAPI document: what FastAPI finds by itself, and the bodies that are read by hand."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from ..models.job import RenderJob
from ..plan.schema import with_names
from .door import Entry
from .problems import ProblemDocument, documented
from .shares import ShareOrder

_EXAMPLE = {"scenes": [{"text": "Hello"}]}


def describe(app: FastAPI) -> dict[str, Any]:
    """Write the document once and keep it."""
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title, version=app.version, description=app.description, routes=app.routes
        )
        _, bodies = models_json_schema(
            [(RenderJob, "validation"), (ShareOrder, "validation"), (ProblemDocument, "serialization")],
            by_alias=False,
            ref_template="#/components/schemas/{model}",
        )
        _drop_validation_errors(document)
        _describe_access(document, app.state.service.door.entry)
        schemas = document["components"]["schemas"]
        schemas |= with_names(bodies["$defs"]) | schemas
        schemas["RenderJob"]["examples"] = [_EXAMPLE]
        app.openapi_schema = document
    return app.openapi_schema


def _drop_validation_errors(document: dict[str, Any]) -> None:
    """Take out the errors that FastAPI assumes: every route documents its own."""
    for operations in document["paths"].values():
        for operation in operations.values():
            assumed = operation["responses"].get("422", {}).get("content", {})
            if "application/json" in assumed:
                del operation["responses"]["422"]
    for name in ("HTTPValidationError", "ValidationError"):
        document["components"]["schemas"].pop(name, None)


def _describe_access(document: dict[str, Any], entry: Entry) -> None:
    """Tell of each route that asks for a key how it refuses, and whether it does without one."""
    refusals = {str(status): told for status, told in documented(401, 403, 429).items()}
    for operations in document["paths"].values():
        for operation in operations.values():
            if "security" in operation:
                operation["responses"] = refusals | operation["responses"]
                if entry is not Entry.NOBODY:
                    operation["security"].append({})
