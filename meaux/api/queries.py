"""Queries: one endpoint for each named query."""

import base64
import binascii
import json
import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel
from starlette.responses import Response

from meaux.api import answers, problems, records, rights
from meaux.api.filters import LONGEST, MOST_NAMED, Selected
from meaux.api.problems import ProblemError
from meaux.api.visit import Visiting
from meaux.errors import SettingError
from meaux.query import export, queries
from meaux.query.answers import ROWS, Answer, Ask, Position
from meaux.query.filters import Selection
from meaux.query.queries import reads

MOST_ROWS = 10_000
"""The largest limit; without a limit, a query that needs none returns all its rows."""
LARGEST_STORED = 2**63
LONGEST_PAGE = 2_000

LIMIT = f"Maximum number of rows, up to {MOST_ROWS:,}; all by default."
RANKED = f"Maximum number of rows, up to {MOST_ROWS:,}; {ROWS} by default."
PAGE = "`next` of the page before; without it, the first page."
NAMES = "Names that the query is limited to, such as severities or projects."
TEXT = "Text to search for, in any case."
FORMAT = "json, or csv as in the dashboard's downloads (needs the role analyst)."


@dataclass(frozen=True)
class Wanted:
    """What a request asks of its query besides the filters."""

    limit: int | None
    names: tuple[str, ...] = ()
    text: str = ""
    before: Position | None = None


class Listed(BaseModel):
    """A query: its name, what it returns, and its columns."""

    name: str
    about: str
    columns: list[str]


class Queries(BaseModel):
    """All queries."""

    queries: list[Listed]


Limit = Annotated[int | None, Query(ge=1, le=MOST_ROWS, description=LIMIT)]
Ranked = Annotated[int, Query(ge=1, le=MOST_ROWS, description=RANKED)]
Word = Annotated[str, Query(max_length=LONGEST)]
Names = Annotated[list[Word], Query(alias="name", max_length=MOST_NAMED, description=NAMES)]
Text = Annotated[str, Query(max_length=LONGEST, description=TEXT)]
Page = Annotated[str, Query(max_length=LONGEST_PAGE, description=PAGE)]


async def _limit(limit: Limit = None) -> int | None:
    return limit


async def _ranked(limit: Ranked = ROWS) -> int:
    return limit


async def _names(names: Names = []) -> tuple[str, ...]:  # noqa: B006
    return tuple(names)


async def _text(text: Text = "") -> str:
    return text


async def _page(page: Page = "") -> Position | None:
    return position(page) if page else None


async def _nothing() -> None:
    """Read nothing: the query has no such parameter."""


def is_paged(query: queries.Query) -> bool:
    """Return whether a query has pages: its rows tell where the next one begins."""
    return {"place", "key"} <= query.returns.keys()


def _wanted(query: queries.Query) -> Callable[..., Awaitable[Wanted]]:
    """Return the reader of the parameters that a query has."""
    told = reads.parameters(query.name)
    read_limit = _ranked if "limit" in told else _limit
    read_names = _names if "names" in told else _nothing
    read_text = _text if "text" in told else _nothing
    read_page = _page if is_paged(query) else _nothing

    async def wanted(
        limit: Annotated[int | None, Depends(read_limit)],
        names: Annotated[tuple[str, ...] | None, Depends(read_names)],
        text: Annotated[str | None, Depends(read_text)],
        before: Annotated[Position | None, Depends(read_page)],
    ) -> Wanted:
        return Wanted(limit, names or (), text or "", before)

    return wanted


def router() -> APIRouter:
    """Return an endpoint for each query."""
    found = APIRouter(prefix="/queries", tags=["queries"])
    found.add_api_route(
        "",
        _list,
        summary="The names of all queries.",
        operation_id="queries",
        response_model=Queries,
        responses={
            200: {"headers": answers.HEADERS},
            **answers.UNCHANGED,
            **problems.documented(401, 403, 422, 429, 503),
        },
    )
    for query in queries.QUERIES.values():
        model = records.answer_model(query)
        content: dict[str, Any] = {
            "headers": answers.HEADERS,
            "content": {answers.CSV: {"schema": {"type": "string"}}},
        }
        found.add_api_route(
            f"/{query.name}",
            _endpoint(query, model),
            methods=["GET"],
            name=query.name,
            operation_id=f"query_{query.name}",
            summary=query.about,
            response_model=model,
            responses={
                200: content,
                **answers.UNCHANGED,
                **problems.documented(401, 403, 404, 422, 429, 503),
            },
        )
    found.add_api_route("/{name}", _unknown, include_in_schema=False)
    return found


def _list(request: Request, visit: Visiting) -> Response:
    listed = [
        Listed(name=query.name, about=query.about, columns=list(query.returns))
        for query in queries.QUERIES.values()
    ]
    return answers.respond(request, Queries(queries=listed).model_dump_json(), visit)


def _unknown(_visit: Visiting, name: str) -> Response:
    """Say that there is no such query, and name similar ones."""
    try:
        queries.find(name)
    except SettingError as error:
        raise ProblemError(404, str(error)) from None
    raise ProblemError(404, problems.NO_PATH)


def _endpoint(query: queries.Query, model: type[BaseModel]) -> Callable[..., Response]:
    def endpoint(
        request: Request,
        visit: Visiting,
        selection: Selected,
        wanted: Annotated[Wanted, Depends(_wanted(query))],
        format_: Annotated[
            Literal["json", "csv"], Query(alias="format", description=FORMAT)
        ] = "json",
    ) -> Response:
        rights.require_query(visit.access, query, as_file=format_ == "csv")
        found = visit.answer(_ask(query, selection, wanted))
        rows = found.frame if wanted.limit is None else found.frame.head(wanted.limit)
        following = _next(found, wanted, query)
        link = {}
        if following:
            asked = request.url.include_query_params(page=following).query
            link = {"link": f'<?{asked}>; rel="next"'}
        if format_ == "csv":
            content, media_type = export.text(rows, zone=selection.zone), answers.CSV
        else:
            content, media_type = _json(found.with_frame(rows), model, following), answers.JSON
        return answers.respond(
            request,
            content,
            visit,
            media_type=media_type,
            statement=query.name,
            headers=link,
        )

    return endpoint


def _ask(query: queries.Query, selection: Selection, wanted: Wanted) -> Ask:
    limit = wanted.limit if "limit" in reads.parameters(query.name) else None
    return Ask(query, selection, limit, wanted.names, text=wanted.text, before=wanted.before)


def _json(found: Answer, model: type[BaseModel], following: str | None) -> str:
    period = found.selection.period
    read_at, rows_read = answers.cost([found.fetched] if found.fetched else [])
    lacking = [f"Calculated without {words}." for words in found.without.values()]
    return model.model_validate(
        {
            "query": found.query.name,
            "period": {
                "first_day": period.start,
                "last_day": period.last,
                "zone": found.selection.zone,
            },
            "read_at": read_at,
            "rows_read": rows_read,
            "tables": records.names(found.sources.values()),
            "notes": records.names([*lacking, *found.unread]),
            "next": following,
            "rows": records.records(found.frame, found.query),
        }
    ).model_dump_json()


def _next(found: Answer, wanted: Wanted, query: queries.Query) -> str | None:
    """Return the text that stands for the next page; None if there is none."""
    if not is_paged(query) or wanted.limit is None or len(found.frame) < wanted.limit:
        return None
    last = found.frame.iloc[-1]
    place = last["place"]
    if not isinstance(place, str | int | float) or not isinstance(last["key"], str):
        return None
    written = json.dumps([place, last["key"]], separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(written).decode().rstrip("=")


def position(page: str) -> Position:
    """Read the text that stands for a page.

    Raises:
        ProblemError: it is none.
    """
    try:
        padded = page.encode("ascii") + b"=" * (-len(page) % 4)
        place, key = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, TypeError, RecursionError, binascii.Error):
        raise ProblemError(422, INVALID_PAGE) from None
    is_number = type(place) in (int, float) and math.isfinite(place)
    if not (isinstance(place, str) or (is_number and abs(place) < LARGEST_STORED)):
        raise ProblemError(422, INVALID_PAGE)
    if not isinstance(key, str):
        raise ProblemError(422, INVALID_PAGE)
    return Position(place, key)


INVALID_PAGE = "Invalid page: send `next` of the page before."
