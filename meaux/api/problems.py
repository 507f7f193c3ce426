"""Problems: errors as RFC 9457 documents, with the sentences that the pages show."""

from __future__ import annotations

import logging
import math
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response

from meaux.errors import DatabaseError, MeauxError, RateLimited, RowsUsedUp

LOG = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
NO_PATH = "There is nothing at this address. /api/docs lists the endpoints."
INVALID_STATUS, INVALID = 422, "Unprocessable Content"
"""Its words of today; older versions of Python have others."""
UNEXPECTED = "Something went wrong here. The server's log says what."

DESCRIPTIONS = {
    401: "The key or token is missing, unknown, revoked or expired.",
    403: "The key's role or teams don't allow this.",
    404: "There is no such name, or the database lacks what is needed.",
    422: "A parameter is invalid.",
    429: "The key has used up its requests of this minute or its rows of today.",
    503: "The database can't be read now, or the server has used up its rows of today.",
}


class Problem(BaseModel):
    """A problem document."""

    type: str = Field(
        default="about:blank", description="Always about:blank: the status says it all."
    )
    title: str = Field(description="The status in words.")
    status: int
    detail: str = Field(description="What is wrong and what to do.")


class ProblemError(Exception):
    """A request can't be answered: its status, a sentence and headers."""

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = dict(headers or {})


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the problems of an endpoint for its OpenAPI document."""
    return {
        status: {
            "description": DESCRIPTIONS[status],
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status in sorted(statuses)
    }


def of_error(error: MeauxError) -> ProblemError:
    """Return the problem for an error of the database or of the settings."""
    match error:
        case RateLimited(retry_after=wait):
            return ProblemError(503, str(error), _after(60.0 if wait is None else wait))
        case RowsUsedUp(retry_after=wait):
            return ProblemError(429 if error.of_key else 503, str(error), _after(wait))
        case DatabaseError():
            return ProblemError(503, str(error), _after(10.0))
    return ProblemError(503, str(error))


def of_minute(limit: int, wait: float) -> ProblemError:
    """Return the problem of a key that asks too often."""
    said = f"This key may send {limit:,} requests a minute. Try again in {math.ceil(wait)} s."
    return ProblemError(429, said, _after(wait))


def _after(seconds: float) -> dict[str, str]:
    return {"retry-after": str(max(1, math.ceil(seconds)))}


def answer(status: int, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    """Return a problem document as a response."""
    title = INVALID if status == INVALID_STATUS else HTTPStatus(status).phrase
    problem = Problem(title=title, status=status, detail=detail)
    said = {"cache-control": "no-store", **(headers or {})}
    return Response(problem.model_dump_json(), status, said, MEDIA_TYPE)


def handle(app: FastAPI) -> None:
    """Make every error of the application a problem document."""
    app.add_exception_handler(ProblemError, _of_problem)
    app.add_exception_handler(MeauxError, _of_meaux)
    app.add_exception_handler(RequestValidationError, _of_validation)
    app.add_exception_handler(HTTPException, _of_http)
    app.add_exception_handler(Exception, _of_anything)


async def _of_problem(_: Request, error: Exception) -> Response:
    assert isinstance(error, ProblemError)  # noqa: S101  it is registered for this type
    return answer(error.status, error.detail, error.headers)


async def _of_meaux(request: Request, error: Exception) -> Response:
    assert isinstance(error, MeauxError)  # noqa: S101
    return await _of_problem(request, of_error(error))


async def _of_validation(_: Request, error: Exception) -> Response:
    """Name each invalid parameter; its value isn't repeated."""
    assert isinstance(error, RequestValidationError)  # noqa: S101
    return answer(INVALID_STATUS, " ".join(_sentences(error.errors())))


def _sentences(errors: Iterable[Any]) -> Iterable[str]:
    for one in errors:
        place = ".".join(str(part) for part in one["loc"][1:2])
        words = str(one["msg"]).removeprefix("Value error, ").removesuffix(".")
        yield f"Invalid {place}: {words[:1].lower()}{words[1:]}."


async def _of_http(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    detail = NO_PATH if error.status_code == HTTPStatus.NOT_FOUND else f"{error.detail}."
    return answer(error.status_code, detail, error.headers)


async def _of_anything(_: Request, error: Exception) -> Response:
    LOG.error("A request to the API failed", exc_info=error)
    return answer(500, UNEXPECTED)
