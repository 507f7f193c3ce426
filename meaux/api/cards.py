"""Cards: the cards of one's own, as the dashboard shows them, each with its rows."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

import pandas as pd
from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from meaux.api import answers, problems, rights
from meaux.api.filters import Selected
from meaux.api.metrics import known
from meaux.api.problems import ProblemError
from meaux.api.queries import FORMAT
from meaux.api.records import Covered
from meaux.api.visit import Visit, Visiting
from meaux.data.readers import near
from meaux.query import export
from meaux.query.metrics import Unit
from meaux.subjects.own import folder
from meaux.subjects.own.asks import MOST_ROWS
from meaux.subjects.own.cards import ASK_THE_OWNER, Own
from meaux.subjects.own.folder import CardFile

if TYPE_CHECKING:
    from meaux.subjects.own.parts import Part


class Listed(BaseModel):
    """A card: where it stands, and what it shows."""

    name: str = Field(description="The file's name without its end.")
    title: str
    about: str
    page: str = Field(description="The page on which it stands.")
    chart: str = Field(description="How it is drawn: a table, a number or a kind of chart.")


class Cards(BaseModel):
    """All cards of one's own."""

    cards: list[Listed]


class Column(BaseModel):
    """A column of a card's rows."""

    name: str
    heading: str
    unit: Unit | None = Field(description="Unit of its numbers; null for texts and times.")


class Shown(Listed):
    """A card with its rows, and its number if it is one."""

    period: Covered
    columns: list[Column]
    rows: list[list[Any]] = Field(
        description=f"Values in the order of the columns; at most {MOST_ROWS:,} rows."
    )
    value: float | None = Field(description="The number of a number card; null if unknown.")
    before: float | None = Field(description="The number of the comparison period.")
    versus: str = Field(description="The days of the comparison period, in words.")
    change: float | None
    note: str = Field(description="Sentences on what is left out or not filtered.")
    read_at: datetime | None = Field(description="When the data were read.")
    rows_read: int | None = Field(description="Rows that the database read; null if unknown.")


def router() -> APIRouter:
    """Return the endpoints of cards."""
    found = APIRouter(prefix="/cards", tags=["cards"])
    told = {**answers.UNCHANGED, 200: {"headers": answers.HEADERS}}
    found.add_api_route(
        "",
        _list,
        summary="The names of all cards of one's own.",
        operation_id="cards",
        response_model=Cards,
        responses={**told, **problems.documented(401, 403, 422, 429, 503)},
    )
    csv = {"headers": answers.HEADERS, "content": {answers.CSV: {"schema": {"type": "string"}}}}
    found.add_api_route(
        "/{name}",
        _shown,
        summary="The rows of a card of one's own.",
        operation_id="card",
        response_model=Shown,
        responses={
            **answers.UNCHANGED,
            200: csv,
            **problems.documented(401, 403, 404, 422, 429, 503),
        },
    )
    return found


def _list(request: Request, visit: Visiting) -> Response:
    listed = Cards(cards=[_listed(file) for file in _files(visit)])
    return answers.respond(request, listed.model_dump_json(), visit)


Name = Annotated[
    str, Path(description="Name of a card's file, without its end.", max_length=folder.LONGEST_NAME)
]


def _shown(
    request: Request,
    visit: Visiting,
    name: Name,
    selection: Selected,
    format_: Annotated[Literal["json", "csv"], Query(alias="format", description=FORMAT)] = "json",
) -> Response:
    if format_ == "csv":
        rights.require(visit.access, "files")
    part = _part(visit, name)
    own: Own = visit.met([part], selection).of(part)
    rows = _rows(own, visit)
    if format_ == "csv":
        return answers.respond(request, export.text(rows, str), visit, media_type=answers.CSV)
    read_at, rows_read = answers.cost(visit.fetched.values())
    period, number = selection.period, own.figure
    shown = Shown(
        **_listed(part.file).model_dump(),
        period=Covered(first_day=period.start, last_day=period.last, zone=selection.zone),
        columns=[Column(**vars(column)) for column in own.columns],
        rows=[
            list(row) for row in zip(*(_cells(values) for _, values in rows.items()), strict=True)
        ],
        value=known(number.value) if number else None,
        before=known(number.before) if number else None,
        versus=number.versus if number else "",
        change=known(number.change) if number else None,
        note=own.shown.note,
        read_at=read_at,
        rows_read=rows_read,
    )
    return answers.respond(request, shown.model_dump_json(), visit)


def _rows(own: Own, visit: Visit) -> pd.DataFrame:
    """Return the rows of a card.

    Raises:
        ProblemError: its file has a mistake, the database failed, or the caller may not see it.
    """
    answer = own.shown.answer
    if own.fault:
        said = own.fault.sentence if visit.access.may("sql") else ASK_THE_OWNER
        raise ProblemError(404, said)
    if answer.state == "unavailable":
        raise ProblemError(403 if answer.selection.only is not None else 404, answer.reason)
    if answer.state == "failed":
        visit.require_answers()
        raise ProblemError(404, answer.reason)
    if answer.reason:
        raise ProblemError(403, answer.reason)
    return answer.frame if own.shown.file is None else own.shown.file


def _cells(values: pd.Series) -> list[Any]:
    """Return the values of a column for JSON; an unknown one is None."""
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        values = values.map(pd.Timestamp.isoformat, na_action="ignore")
    elif pd.api.types.is_datetime64_dtype(values.dtype):
        values = values.dt.strftime("%Y-%m-%d")
    cells = values.astype(object).where(values.notna(), None).tolist()
    return [known(cell) if isinstance(cell, float) else cell for cell in cells]


def _part(visit: Visit, name: str) -> Part:
    """Return the part of the card with this name.

    Raises:
        ProblemError: there is no such card.
    """
    # The parser takes a tenth of a second to import, which only a server with own cards needs.
    from meaux.subjects.health.sql import CopiedTables  # noqa: PLC0415
    from meaux.subjects.own.parts import parts  # noqa: PLC0415

    files = _files(visit)
    named = [file.stem for file in files]
    if name not in named:
        meant = near(name, named)
        raise ProblemError(
            404,
            "There is no such card"
            + (f"; did you mean {meant}?" if meant else "; /api/v1/cards lists them."),
        )
    opened, secrecy, may_sql = visit.source, visit.plan.secrecy, visit.access.may("sql")
    copied = visit.service.call(CopiedTables.of_open, opened, secrecy)
    given = (opened.binding, opened.catalog, secrecy, may_sql, copied)
    made = visit.service.call(parts, files, *given)
    return made[named.index(name)]


def _files(visit: Visit) -> tuple[CardFile, ...]:
    return folder.files(folder.folder_of(visit.service.settings().cards_folder))


def _listed(file: CardFile) -> Listed:
    heading = file.heading
    return Listed(
        name=file.stem,
        title=file.title,
        about=file.about,
        page=heading.page,
        chart=heading.chart,
    )
