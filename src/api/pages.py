"""The page that describes the service to people; its program comes from here, not from another site."""

from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from fastapi import APIRouter
from fastapi.responses import FileResponse, HTMLResponse, Response

from .problems import Refusal

#: Package that carries the files of Swagger UI; its code is not used.
_PACKAGE = "fastapi_offline"
_MEDIA_TYPES = {"swagger-ui.css": "text/css", "swagger-ui-bundle.js": "text/javascript"}
#: Addresses are relative, so that the page works behind any prefix.
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>NeuroShorts</title>
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<div id="page"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
"""
_START = 'SwaggerUIBundle({url: "openapi.json", dom_id: "#page", deepLinking: true});\n'
_KEPT = {"Cache-Control": "public, max-age=3600"}

router = APIRouter(include_in_schema=False)


@router.get("/docs")
async def docs() -> HTMLResponse:
    """Show the page."""
    return HTMLResponse(_PAGE)


@router.get("/docs/start.js")
async def start() -> Response:
    """Start its program: as a file of its own, since the page may run no script that stands in it."""
    return Response(_START, media_type="text/javascript", headers=_KEPT)


@router.get("/docs/{name}")
def part(name: Literal["swagger-ui.css", "swagger-ui-bundle.js"]) -> FileResponse:
    """Give a file of its program.

    Raises:
        Refusal: the package that carries it is not installed.
    """
    found = find_spec(_PACKAGE)
    if found is None or not found.origin:
        raise Refusal(404, "not_found", f"this page needs {_PACKAGE}: install neuroshorts[service]")
    file = Path(found.origin).parent / "static" / name
    return FileResponse(file, media_type=_MEDIA_TYPES[name], headers=_KEPT)
