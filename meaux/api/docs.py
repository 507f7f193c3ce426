"""Docs: a page on which the API can be read and tried, with files of this server only."""

from __future__ import annotations

from importlib.resources import files

from fastapi import APIRouter
from starlette.responses import HTMLResponse, Response

from meaux.api.problems import ProblemError

PACKAGE = files("fastapi_swagger") / "resources"
"""The package that holds Swagger UI."""
TYPES = {
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
}
START = "start.js"
A_DAY = "public, max-age=86400"

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Meaux Analytics API</title>
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
"""
SCRIPT = """SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  validatorUrl: null,
});
"""


def router() -> APIRouter:
    """Return the page and its files."""
    found = APIRouter(include_in_schema=False)
    found.add_api_route("/docs", _page)
    found.add_api_route("/docs/{name}", _file)
    return found


def _page() -> Response:
    return HTMLResponse(PAGE)


def _file(name: str) -> Response:
    if name == START:
        return Response(SCRIPT, media_type="text/javascript")
    if name not in TYPES:
        raise ProblemError(404, "There is no such file.")
    content = (PACKAGE / name).read_bytes()
    return Response(content, headers={"cache-control": A_DAY}, media_type=TYPES[name])
