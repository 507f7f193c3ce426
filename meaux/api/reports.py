"""Reports: the alerts, the budgets, the forecast and the health of the database, as of today."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import pandas as pd
from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from meaux.api import answers, problems, rights
from meaux.api.filters import Selected, Today
from meaux.api.visit import Visit, Visiting
from meaux.data.schema.secrets import Secrecy
from meaux.query.filters import Selection
from meaux.query.forecast import PeriodEnd
from meaux.subjects import health
from meaux.subjects.alerts import rules
from meaux.subjects.alerts.entries import Entry, entries, recorded_open
from meaux.subjects.alerts.own import own_findings
from meaux.subjects.health import Health
from meaux.subjects.money.budget_status import Statuses
from meaux.subjects.money.budgets import BudgetStatus, Status
from meaux.subjects.money.figures import NO_COST
from meaux.subjects.money.outlook import Outlook, Seen


class Read(BaseModel):
    """What every report carries."""

    today: date
    read_at: datetime | None = Field(description="When the data were read.")
    rows_read: int | None = Field(description="Rows that the database read; null if unknown.")
    notes: list[str] = Field(description="Sentences on what is missing or invalid.")


class Alerts(Read):
    """Today's alerts and the open alerts recorded in the database, most severe first."""

    alerts: list[Entry]


class Budget(BaseModel):
    """A budget's status today, in dollars and as shares of it; an unknown number is null."""

    name: str
    scope: str
    of: str = Field(description="The category, project or team; empty for the whole company.")
    span: str
    amount: float
    currency: str = Field(description="Empty for US dollars.")
    status: Status
    sentence: str
    actual: float | None
    used: float | None
    pace: float | None
    remaining: float | None
    burn7: float | None
    burn30: float | None
    run_rate: float | None
    forecast: float | None
    exhausted_on: date | None
    over_since: date | None
    because: str = Field(description="Which day, and who, used it up; empty if nothing stands out.")


class Budgets(Read):
    """Every budget, most severe first."""

    budgets: list[Budget]


class End(BaseModel):
    """The projected end of a period, in dollars; an unknown number is null."""

    first_day: date
    last_day: date
    actual: float | None
    run_rate: float | None
    forecast: float | None
    low80: float | None
    high80: float | None
    note: str


class Day(BaseModel):
    """A day's cost or its forecast, with its ranges, in dollars."""

    day: date
    actual: float | None
    forecast: float | None
    low80: float | None
    high80: float | None
    low95: float | None
    high95: float | None
    recurring: float | None


class Forecast(Read):
    """The forecast of costs; without costs, there is none."""

    method: str | None
    sentence: str = Field(description="How it was made, or why there is none.")
    month: End | None
    quarter: End | None
    days: list[Day]


class Examined(Read):
    """What the database contains and lacks."""

    health: Health


def router() -> APIRouter:
    """Return the endpoints of reports."""
    found = APIRouter(tags=["reports"])
    for path, endpoint, model, about in (
        ("/alerts", _alerts, Alerts, "Today's alerts, of the whole company."),
        ("/budgets", _budgets, Budgets, "Every budget with its status today."),
        ("/forecast", _forecast, Forecast, "Costs of the last 13 weeks and of the days ahead."),
        ("/health", _health, Examined, "What the database contains and lacks (role admin)."),
    ):
        found.add_api_route(
            path,
            endpoint,
            summary=about,
            operation_id=path[1:],
            response_model=model,
            responses={
                200: {"headers": answers.HEADERS},
                **answers.UNCHANGED,
                **problems.documented(401, 403, 422, 429, 503),
            },
        )
    return found


def _alerts(request: Request, visit: Visiting, selection: Today) -> Response:
    met = visit.met([rules.evidence, recorded_open, own_findings], selection)
    visit.require_answers()
    evidence, own = met.of(rules.evidence), met.of(own_findings)
    listed = entries([*rules.evaluate(evidence), *own.found], met.of(recorded_open))
    unread = [
        f"Not checked, {found.query.name}: {found.reason}"
        for asked, found in met.answers.items()
        if found.state == "unavailable" and not asked.spans
    ]
    faults = [*visit.faults, *evidence.faults]
    said = [fault.sentence for fault in faults] + [one.sentence for one in own.problems]
    notes = [*said, *unread]
    return _respond(request, Alerts(**_read(visit, selection, notes), alerts=listed), visit)


def _statuses(found: Statuses) -> list[BudgetStatus]:
    return found


def _budgets(request: Request, visit: Visiting, selection: Today) -> Response:
    met = visit.met([_statuses], selection)
    visit.require_answers()
    listed = [_budget(found) for found in met.of(_statuses)]
    notes = [fault.sentence for fault in visit.faults if fault.is_of("budgets")]
    return _respond(request, Budgets(**_read(visit, selection, notes), budgets=listed), visit)


def _budget(found: BudgetStatus) -> Budget:
    budget, numbers = found.budget, _numbers(found)
    return Budget(
        name=budget.name,
        scope=budget.scope,
        of=budget.of,
        span=budget.span,
        amount=budget.amount,
        currency=budget.currency,
        status=found.status,
        sentence=found.sentence,
        exhausted_on=found.exhausted_on,
        over_since=found.over_since,
        because=found.because,
        **numbers,
    )


NUMBERS = ("actual", "used", "pace", "remaining", "burn7", "burn30", "run_rate", "forecast")


def _numbers(found: BudgetStatus) -> dict[str, float | None]:
    """Return the numbers of a budget's status."""
    return {name: _known(getattr(found, name)) for name in NUMBERS}


def _outlook(seen: Seen) -> Outlook | None:
    return seen


def _forecast(request: Request, visit: Visiting, selection: Selected) -> Response:
    met = visit.met([_outlook], selection)
    visit.require_answers()
    seen = met.of(_outlook)
    if seen is None:
        lacking = [one.reason for one in met.answers.values() if one.state == "unavailable"]
        empty = Forecast(
            **_read(visit, selection, lacking),
            method=None,
            sentence=NO_COST,
            month=None,
            quarter=None,
            days=[],
        )
        return _respond(request, empty, visit)
    found = Forecast(
        **_read(visit, selection, [seen.note]),
        method=seen.forecast.method,
        sentence=seen.forecast.sentence,
        month=_end(seen.month),
        quarter=_end(seen.quarter),
        days=list(_days(seen.table)),
    )
    return _respond(request, found, visit)


def _end(found: PeriodEnd) -> End:
    why = found.no_forecast or found.included
    return End(
        first_day=found.period.start,
        last_day=found.period.last,
        actual=_known(found.actual),
        run_rate=_known(found.run_rate),
        forecast=_known(found.forecast),
        low80=_known(found.low80),
        high80=_known(found.high80),
        note=why,
    )


def _days(table: pd.DataFrame) -> Iterable[Day]:
    names = [name for name in Day.model_fields if name != "day"]
    for row in table.to_dict("records"):
        yield Day(day=row["day"].date(), **{name: _known(row[name]) for name in names})


def _health(request: Request, visit: Visiting, selection: Today) -> Response:
    found = examined(visit, selection)
    report = Examined(**_read(visit, selection, health.advice(found)), health=found)
    return _respond(request, report, visit)


def examined(visit: Visit, selection: Selection) -> Health:
    """Return all findings about the database, as the page Data shows them.

    Raises:
        ProblemError: the caller has no right to them.
    """
    rights.require(visit.access, "health")
    opened = visit.source
    secrecy = Secrecy.of((), visit.plan.rules.common.hide)
    asks, looks = health.asks(opened, selection.today), health.looks(opened, secrecy)
    outcomes = visit.fetch([*asks.values(), *looks.values()])
    told = dict(zip(asks, outcomes[: len(asks)], strict=True))
    looked = dict(zip(looks, outcomes[len(asks) :], strict=True))
    return visit.service.call(health.examine, opened, selection, told, looked, visit.plan)


def _read(visit: Visit, selection: Selection, notes: Iterable[str]) -> dict[str, Any]:
    read_at, rows_read = answers.cost(visit.fetched.values())
    return {
        "today": selection.today,
        "read_at": read_at,
        "rows_read": rows_read,
        "notes": list(dict.fromkeys(filter(None, notes))),
    }


def _respond(request: Request, report: Read, visit: Visit) -> Response:
    return answers.respond(request, report.model_dump_json(), visit)


def _known(value: Any) -> float | None:
    number = None if value is None or pd.isna(value) else float(value)
    return number if number is not None and math.isfinite(number) else None
