"""The application: all endpoints, their errors and their log."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, FastAPI, Request
from pydantic import BaseModel

from meaux.api import cards, docs, metrics, problems, queries, reports
from meaux.api.heads import Heads
from meaux.api.limits import Limits
from meaux.api.log import Logged
from meaux.api.service import Service
from meaux.api.tokens import Tokens
from meaux.api.visit import Visiting

ABOUT = """\
The queries, metrics and reports of the dashboard. Every request needs a key or a token of the
sign-in provider; `.venv/bin/python -m meaux key new NAME` makes a key on the server. The numbers
are those of the pages.
"""


class State(BaseModel):
    """The state of the server."""

    status: str


def create(service: Service) -> FastAPI:
    """Return the application; `service` is what it needs of its process."""
    app = FastAPI(
        title="Meaux Analytics",
        version="1",
        description=ABOUT,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.service = service
    app.state.limits = Limits()
    app.state.tokens = Tokens()
    problems.handle(app)
    app.add_middleware(Logged)
    app.add_middleware(Heads)
    app.include_router(_states())
    app.include_router(docs.router())
    for router in (queries.router(), metrics.router(), cards.router(), reports.router()):
        app.include_router(router, prefix="/v1")
    _document(app)
    app.add_api_route("/v1/openapi.json", _told, include_in_schema=False)
    return app


def _told(request: Request, _visit: Visiting) -> dict[str, Any]:
    """Return the document to those with a key: at the other address, sign-in guards it."""
    document: dict[str, Any] = request.app.openapi()
    return document


def _states() -> APIRouter:
    found = APIRouter(tags=["state"])
    found.add_api_route(
        "/livez", _lives, summary="Whether the server runs; needs no key.", operation_id="livez"
    )
    found.add_api_route(
        "/readyz",
        _ready,
        summary="Whether the database is open.",
        operation_id="readyz",
        responses=problems.documented(401, 403, 422, 429, 503),
    )
    return found


async def _lives() -> State:
    return State(status="ok")


def _ready(visit: Visiting) -> State:
    _ = visit.source
    return State(status="ok")


def _document(app: FastAPI) -> None:
    """Make the document of all endpoints once, with the model of problems."""
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        made = plain()
        schemas = made.setdefault("components", {}).setdefault("schemas", {})
        schemas["Problem"] = problems.Problem.model_json_schema()
        schemas.pop("HTTPValidationError", None)
        schemas.pop("ValidationError", None)
        return made

    app.openapi = openapi  # type: ignore[method-assign]
