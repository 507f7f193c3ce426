"""Standings: every budget there is, with what it covers, assessed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from meaux import costs, forecast, queries, series
from meaux.answers import Answer, Ask, Rows
from meaux.budgets import STATUSES, Standing, assess
from meaux.filters import Period, Selection
from meaux.filters.period import DAY
from meaux.forecast.complete import month_of
from meaux.plan import Budget, Plan
from meaux.schema import vocabulary

DAYS_OF_BURN = 30
WHOLE_MONTH = ("month", "monthly")


@dataclass(frozen=True)
class Covered:
    """A budget and the daily cost of what it covers: day, cost; None where that can't be told."""

    budget: Budget
    daily: pd.DataFrame | None
    wide: bool = False
    """Whether it covers so much that its days are worth a forecast of their own."""


def asks(selection: Selection, plan: Plan) -> dict[str, Ask]:
    """What budgets are assessed from: of the whole company, whatever the filters say."""
    whole = costs.company(selection)
    since = min(month_of(selection.today).start, selection.today - DAYS_OF_BURN * DAY)
    burning = whole.over(Period(since, selection.today + DAY))
    named = tuple(budget.of for budget in plan.budgets if budget.scope == "project")
    return {
        "cost_of_company": Ask(queries.cost_by_day, whole),
        "ai_budgets": Ask(queries.ai_budgets, whole),
        "project_budgets": Ask(queries.project_budgets, whole),
        "cost_of_teams": Ask(queries.cost_by_day_and_team, burning),
        "cost_of_projects": Ask(queries.cost_of_budgeted_projects, burning, names=named),
    }


def standings(rows: Rows, plan: Plan, selection: Selection) -> list[Standing]:
    """Where every budget stands today, the most severe first; made of the answers to `asks`."""
    found = [_assessed(covered, plan, selection) for covered in covers(rows, plan, selection)]
    return sorted(found, key=lambda s: (STATUSES.index(s.status), -(s.used or 0)))


def covers(rows: Rows, plan: Plan, selection: Selection) -> list[Covered]:
    """Every budget with what it covers: the user's own, then those of the database."""
    return [
        *(_declared(budget, rows, selection) for budget in plan.budgets),
        *_of_ai(rows, selection),
        *_of_projects(rows),
    ]


def frame(found: list[Standing]) -> pd.DataFrame:
    """Standings as a table, in dollars and ratios, one row a budget."""
    columns = {
        "name": [s.budget.name for s in found],
        "status": [s.status.capitalize() for s in found],
        "budget": [s.budget.monthly for s in found],
        "actual": [s.actual for s in found],
        "used": [s.used for s in found],
        "pace": [s.pace for s in found],
        "remaining": [s.remaining for s in found],
        "burn7": [s.burn7 for s in found],
        "burn30": [s.burn30 for s in found],
        "run_rate": [s.run_rate for s in found],
        "projected": [s.forecast if s.forecast is not None else s.run_rate for s in found],
        "exhausted_on": pd.Series([s.exhausted_on for s in found], dtype="datetime64[s]"),
        "source": [s.budget.source for s in found],
    }
    return pd.DataFrame(columns)


def _assessed(covered: Covered, plan: Plan, selection: Selection) -> Standing:
    if covered.daily is None:
        return Standing(covered.budget, selection.today, "unknown")
    end = month_end(covered.daily, selection) if covered.wide else None
    return assess(covered.budget, covered.daily, selection.today, end, plan.thresholds)


def month_end(daily: pd.DataFrame, selection: Selection) -> forecast.PeriodEnd:
    """What this month will have come to, by its run rate and by the forecast."""
    ahead = forecast.forecast(daily, "cost", selection.today)
    return forecast.month_end(daily, "cost", selection.today, ahead)


def _declared(budget: Budget, rows: Rows, selection: Selection) -> Covered:
    match budget.scope:
        case "total" | "category":
            category = budget.of or None
            return Covered(budget, _of_all(rows.cost_of_company, selection, category), wide=True)
        case "team":
            return Covered(budget, _of_one(rows.cost_of_teams, "team", budget.of))
    return Covered(budget, _of_one(rows.cost_of_projects, "project", budget.of))


def _of_ai(rows: Rows, selection: Selection) -> Iterator[Covered]:
    """The AI budgets of the database: of a project, of a team, or of all AI.

    Where no column says what a budget covers, only a single one is taken to cover all.
    """
    answer: Answer = rows.ai_budgets
    told = {"ai_budget.project", "ai_budget.team"} - answer.without.keys()
    monthly = answer.frame[answer.frame["period"].str.lower().isin(WHOLE_MONTH)]
    for name, project, team, amount in zip(
        monthly["name"], monthly["project"], monthly["team"], monthly["monthly"], strict=True
    ):
        source = answer.sources["ai_budget"]
        if pd.notna(project):
            daily = _of_one(rows.cost_of_projects, "project", project, "AI")
            yield Covered(Budget(name, "project", project, amount, source), daily)
        elif pd.notna(team):
            daily = _of_one(rows.cost_of_teams, "team", team, "AI")
            yield Covered(Budget(name, "team", team, amount, source), daily)
        else:
            clear = bool(told) or len(monthly) == 1
            all_ai = _of_all(rows.cost_of_company, selection, "AI") if clear else None
            yield Covered(Budget(name, "category", "AI", amount, source), all_ai, wide=True)


def _of_projects(rows: Rows) -> Iterator[Covered]:
    """The budgets of projects that are not archived."""
    answer: Answer = rows.project_budgets
    for project, name, status, amount in zip(
        *(answer.frame[column] for column in ("project", "name", "status", "monthly")), strict=True
    ):
        if vocabulary.status(status) != "Archived":
            daily = _of_one(rows.cost_of_projects, "project", project)
            yield Covered(
                Budget(name, "project", project, amount, answer.sources["project"]),
                daily,
            )


def _of_all(answer: Answer, selection: Selection, category: str | None) -> pd.DataFrame | None:
    """The daily cost of everything, or of one category."""
    if answer.state != "ready" or (category and category not in costs.fed(answer)):
        return None
    rows = answer.frame
    inside = rows if category is None else rows[rows["category"] == category]
    return costs.total_by_day(inside, costs.recent(selection).period)


def _of_one(
    answer: Answer, column: str, wanted: str, category: str | None = None
) -> pd.DataFrame | None:
    """The daily cost of one project or team, by id or by name; None where it is not known."""
    if answer.state in ("unavailable", "failed"):
        return None
    rows = answer.frame
    chosen = rows[(rows[column] == wanted) | (rows["name"].str.lower() == wanted.lower())]
    if category:
        chosen = chosen[chosen["category"] == category]
    period = answer.selection.period
    return series.daily(series.within(chosen, period), period, "cost")
