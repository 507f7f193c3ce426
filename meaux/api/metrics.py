"""Metrics: the value of each metric, as its card on a page shows it."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Path, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from meaux.api import answers, problems
from meaux.api.filters import Selected
from meaux.api.problems import ProblemError
from meaux.api.records import Covered
from meaux.api.reports import examined
from meaux.api.visit import Visit, Visiting
from meaux.data.readers import near
from meaux.query.filters import Selection
from meaux.query.metrics import DEFINITIONS, Metric, Unit
from meaux.subjects.alerts.measures import figures
from meaux.subjects.figure import Figure
from meaux.subjects.health import Health
from meaux.subjects.health import figures as of_health
from meaux.subjects.money.outlook import Scenario

OF_HEALTH: dict[str, Callable[[Health], Figure]] = {
    "tables_found": of_health.tables_found,
    "columns_bound": of_health.columns_bound,
    "queries_answered": of_health.queries_answered,
    "missing_indexes": of_health.missing_indexes,
}
"""The metrics of the database itself; they need the right to its health."""
NO_FIGURE = "This metric has values in parts only"


class Defined(BaseModel):
    """A metric: what it means."""

    name: str
    label: str
    unit: Unit
    definition: str
    good: str = Field(description="Direction in which it should go: up, down or neither.")
    queries: list[str] = Field(description="Queries that return it, whole or in parts.")


class Value(Defined):
    """A metric's value in a period, and the value it is compared with."""

    period: Covered
    value: float | None = Field(description="The value; null if it is unknown.")
    compared: float | None = Field(
        description="The part of the value that is compared: today is not complete."
    )
    before: float | None = Field(description="The value of the comparison period.")
    versus: str = Field(description="The days of the comparison period, in words.")
    change: float | None = Field(description="compared / before - 1.")
    note: str = Field(description="Sentences on the value, or why there is none.")
    read_at: datetime | None = Field(description="When the data were read.")
    rows_read: int | None = Field(description="Rows that the database read; null if unknown.")


class Metrics(BaseModel):
    """All metrics."""

    metrics: list[Defined]


def router() -> APIRouter:
    """Return the endpoints of metrics."""
    found = APIRouter(prefix="/metrics", tags=["metrics"])
    common = {**answers.UNCHANGED, 200: {"headers": answers.HEADERS}}
    found.add_api_route(
        "",
        _list,
        summary="The definitions of all metrics.",
        operation_id="metrics",
        response_model=Metrics,
        responses={**common, **problems.documented(401, 403, 422, 429, 503)},
    )
    found.add_api_route(
        "/{name}",
        _value,
        summary="The value of a metric, its unit, its definition and its comparison.",
        operation_id="metric",
        response_model=Value,
        responses={**common, **problems.documented(401, 403, 404, 422, 429, 503)},
    )
    return found


def _list(request: Request, visit: Visiting) -> Response:
    listed = [_defined(metric, visit) for metric in DEFINITIONS.values()]
    return answers.respond(request, Metrics(metrics=listed).model_dump_json(), visit)


Name = Annotated[
    str, Path(description="Name of a metric.", max_length=100, examples=["cost", "hours"])
]


def _value(request: Request, visit: Visiting, name: Name, selection: Selected) -> Response:
    if name not in DEFINITIONS:
        meant = near(name, DEFINITIONS)
        hint = f"; did you mean {meant}?" if meant else "; /api/v1/metrics lists them."
        raise ProblemError(404, f"There is no such metric{hint}")
    metric = DEFINITIONS[name]
    figure = _figure(metric, visit, selection)
    if figure.unanswered:
        visit.require_answers()
    read_at, rows_read = answers.cost(visit.fetched.values())
    shown = Value(
        **_defined(metric, visit).model_dump(),
        period=Covered(
            first_day=selection.period.start, last_day=selection.period.last, zone=selection.zone
        ),
        value=known(figure.value),
        compared=known(figure.compared) if figure.versus else None,
        before=known(figure.before),
        versus=figure.versus,
        change=known(figure.change),
        note=figure.note,
        read_at=read_at,
        rows_read=rows_read,
    )
    return answers.respond(request, shown.model_dump_json(), visit)


def _figure(metric: Metric, visit: Visit, selection: Selection) -> Figure:
    if metric.name in OF_HEALTH:
        return OF_HEALTH[metric.name](examined(visit, selection))
    card = figures().get(metric.name)
    if card is None:
        ways = f": see {', '.join(metric.queries)}." if metric.queries else "."
        return Figure(metric, None, note=f"{NO_FIGURE}{ways}")
    found: Figure = visit.met([card], selection, _unchanged(selection.today)).of(card)
    return found


def _unchanged(today: date) -> Scenario:
    """Return the scenario that a page begins with: nothing changes."""
    return Scenario(0.0, 0.0, today)


def _defined(metric: Metric, visit: Visit) -> Defined:
    return Defined(
        name=metric.name,
        label=metric.label,
        unit=metric.unit,
        definition=metric.defined(visit.plan.thresholds),
        good=metric.good,
        queries=list(metric.queries),
    )


def known(value: float | None) -> float | None:
    """Return a number that JSON can hold; None for an unknown one."""
    return None if value is None or not math.isfinite(value) else float(value)
