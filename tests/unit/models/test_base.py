"""What all wire models share."""

from typing import Any

from src.models.job import RenderJob


def _undescribed(schema: dict[str, Any]) -> list[str]:
    return [
        f"{model}.{name}"
        for model, definition in {"RenderJob": schema, **schema["$defs"]}.items()
        for name, field in definition["properties"].items()
        if name != "type" and "description" not in field
    ]


def test_the_schema_describes_every_field_with_its_docstring() -> None:
    assert _undescribed(RenderJob.model_json_schema(by_alias=False)) == []


def test_the_schema_describes_fields_under_their_camel_case_names_too() -> None:
    scene = RenderJob.model_json_schema(by_alias=True)["$defs"]["Scene"]["properties"]

    assert scene["padEnd"]["description"].startswith("Seconds of rest after the narration")


def test_fields_that_a_model_inherits_are_described() -> None:
    video = RenderJob.model_json_schema(by_alias=False)["$defs"]["VideoVisual"]["properties"]

    assert video["fit"]["description"].startswith("cover fills and crops")
