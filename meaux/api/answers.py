"""Answers: what every response carries besides its content, and when it has not changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from hashlib import sha256
from typing import Any

from fastapi import Request
from starlette.responses import Response

from meaux.api.visit import Visit
from meaux.data.database import Fetched, together

FRESH = 60
"""Seconds for which a client need not ask again; the cache itself is refreshed later."""
JSON = "application/json"
CSV = "text/csv"

HEADERS: dict[str, Any] = {
    "ETag": {
        "description": "Send it as If-None-Match: if nothing changed, the answer is 304.",
        "schema": {"type": "string"},
    },
    "Age": {"description": "Seconds since the data were read.", "schema": {"type": "integer"}},
    "Meaux-Rows-Read": {
        "description": "Rows that the database read for the data; missing if unknown.",
        "schema": {"type": "integer"},
    },
    "Meaux-Statement": {
        "description": "Name of the query behind the data; missing if there are several.",
        "schema": {"type": "string"},
    },
}
UNCHANGED: dict[int | str, dict[str, Any]] = {
    304: {"description": "Nothing has changed since the answer with this ETag."}
}


def cost(fetched: Iterable[Fetched]) -> tuple[datetime | None, int | None]:
    """Return when the oldest data were read, and the rows that the database read for them."""
    whole = together(fetched)
    return (whole.at, whole.rows.meta.rows_read) if whole else (None, None)


def respond(  # noqa: PLR0913  most have a default
    request: Request,
    content: str,
    visit: Visit,
    *,
    media_type: str = JSON,
    statement: str = "",
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return the content with its headers; without content if the client has it already."""
    body = content.encode("utf-8")
    read_at, rows = cost(visit.fetched.values())
    tag = f'W/"{sha256(body).hexdigest()[:32]}"'
    said = {"etag": tag, "cache-control": f"private, max-age={FRESH}", "vary": "Authorization"}
    if read_at is not None:
        said["age"] = str(max(0, round((datetime.now(UTC) - read_at).total_seconds())))
        said["last-modified"] = format_datetime(read_at, usegmt=True)
    if rows is not None:
        said["meaux-rows-read"] = str(rows)
    if statement:
        said["meaux-statement"] = statement
    said |= headers or {}
    if _has(request.headers.get("if-none-match", ""), tag):
        return Response(None, 304, said)
    # The type is written as it is: a parameter would make it another one for some clients.
    return Response(body, 200, said, media_type)


def _has(header: str, tag: str) -> bool:
    """Return whether `If-None-Match` names a tag, strong or weak."""
    named = {one.strip().removeprefix("W/") for one in header.split(",")}
    return "*" in named or tag.removeprefix("W/") in named
