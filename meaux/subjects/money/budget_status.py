"""Budget status: every budget with the costs that it covers, assessed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Annotated

import pandas as pd

from meaux.data.faults import Fault, counted_by_file, of
from meaux.data.plan import Plan
from meaux.query import forecast
from meaux.query.answers import Answer, Ask, without_answer
from meaux.query.filters import Period, Selection
from meaux.query.filters.period import DAY
from meaux.query.queries import Query
from meaux.subjects.money import budgets
from meaux.subjects.money import frames as costs
from meaux.subjects.money.budgets import STATUSES, BudgetStatus, assess, resting, running
from meaux.subjects.money.coverage import Covered, covers
from meaux.subjects.money.reasons import because
from meaux.subjects.money.spent import AIBudgets, ProjectBudgets, Spent
from meaux.wording import day_of, sentences

LINES_NAMED = 3

LIMITS = ("thresholds.watch", "thresholds.at_risk", "thresholds.over")
"""The settings that decide a budget's status."""


def statuses(spent: Spent, plan: Plan, selection: Selection) -> list[BudgetStatus]:
    """Assess every budget today, most severe first."""
    found = [_assessed(covered, plan, selection) for covered in covers(spent, plan, selection)]
    return sorted(found, key=lambda s: (STATUSES.index(s.status), -(s.used or 0)))


Statuses = Annotated[list[BudgetStatus], statuses]


def gaps(ai_budgets: AIBudgets) -> str:
    """Say what the AI budgets of the database need, if there are any and they can't be read."""
    needed = without_answer(AI_budgets=ai_budgets)
    return "" if " the table " in needed else needed


def faults(of_ai: AIBudgets, of_projects: ProjectBudgets, plan: Plan) -> list[Fault]:
    """Return the invalid budgets and thresholds: first the settings', then the database's."""
    declared = of(plan.faults, "budgets", *LIMITS)
    return [*declared, *budgets.faults(of_ai, of_projects)]


Unused = Annotated[list[Fault], faults]


def left_out(of_ai: AIBudgets, unused: Unused) -> str:
    """Say which budgets can't be read and how many are invalid."""
    words = counted_by_file(unused)
    return sentences(gaps(of_ai), words and f"{words}.")


LeftOut = Annotated[str, left_out]


def unmet(found: Iterable[BudgetStatus]) -> str:
    """Say which budgets name something that the database doesn't know."""
    return sentences(*(one.sentence for one in found if one.unmet))


def frame(found: list[BudgetStatus]) -> pd.DataFrame:
    """Shape budgets as a table, one row per budget: dollars, `used` a ratio, `pace` in points."""
    columns = {
        "name": [s.budget.name for s in found],
        "used": [s.used for s in found],
        "actual": [s.actual for s in found],
        "budget": [None if s.budget.currency else s.budget.amount for s in found],
        "status": [s.told for s in found],
        "period": [s.budget.span.capitalize() for s in found],
        "pace": [None if s.pace is None else 100 * s.pace for s in found],
        "remaining": [s.remaining for s in found],
        "projected": [s.projected for s in found],
        "projected_by": [s.projected_by for s in found],
        "exhausted_on": pd.Series([s.exhausted_on for s in found], dtype="datetime64[s]"),
        "over_since": pd.Series([s.over_since for s in found], dtype="datetime64[s]"),
        "because": [s.because[:1].upper() + s.because[1:] for s in found],
        "run_rate": [s.run_rate for s in found],
        "burn7": [s.burn7 for s in found],
        "burn30": [s.burn30 for s in found],
        "includes": [
            s.included.removeprefix("Includes recurring costs: ").removesuffix(".") for s in found
        ],
        "source": [s.budget.source for s in found],
    }
    return pd.DataFrame(columns)


def _assessed(covered: Covered, plan: Plan, selection: Selection) -> BudgetStatus:
    budget, daily, today = covered.budget, covered.daily, selection.today
    if resting(budget, today):
        return BudgetStatus(budget, today, "none")
    if daily is None:
        return BudgetStatus(budget, today, "unknown", unmet=covered.unmet)
    lines, end = covered.lines, None
    if covered.wide:
        period = running(budget, today)
        recent = daily[daily["day"] >= pd.Timestamp(costs.recent(selection).period.start)]
        ahead = forecast.forecast(recent, "cost", today, _horizon(period, today), recurring=lines)
        end = forecast.period_end(daily, "cost", today, ahead, period)
        lines = ahead.recurring
    found = assess(budget, daily, today, end, plan.thresholds, lines=lines)
    words = ""
    if found.status == "over" or (found.remaining is not None and found.remaining <= 0):
        days = Period(running(budget, today).start, today + DAY)
        words = because(daily, covered.made, days)
    return replace(
        found,
        because=words,
        covered=_chosen(covered, selection),
        category=covered.category,
        models=covered.ids if budget.scope == "model" else (),
    )


def _chosen(covered: Covered, selection: Selection) -> Selection:
    """Select the days that a budget is assessed on, up to today, and what it covers."""
    today = selection.today
    days = Period(running(covered.budget, today).start, today + DAY)
    whole = costs.company(selection).over(days)
    match covered.budget.scope:
        case "project":
            return replace(whole, projects=covered.ids)
        case "team":
            return replace(whole, teams=covered.ids)
        case "person":
            return replace(whole, people=covered.ids)
        case _:
            return whole


def dearest_asks(found: Iterable[BudgetStatus], lines: Query) -> dict[str, Ask]:
    """Ask for the items with the highest cost of each budget that is over, by its place."""
    return {
        str(place): Ask(
            lines,
            one.covered,
            limit=LINES_NAMED,
            names=(one.category,) if one.category else (),
            more=(("of_service", json.dumps(one.models)),) if one.models else (),
        )
        for place, one in enumerate(found)
        if one.over_since and one.covered
    }


def dearest(lines: Mapping[str, Answer], found: Iterable[BudgetStatus]) -> pd.DataFrame:
    """List since when each budget is over, and its days and items with the highest cost.

    Columns: budget, over_since, kind (Day or Item), what, cost, share_of_actual.
    """
    told = [
        (one.budget.name, one.over_since, kind, what, cost, cost / one.actual)
        for place, one in enumerate(found)
        if one.over_since and one.actual
        for kind, what, cost in [*_days(one), *_lines(lines[str(place)])]
    ]
    columns = ["budget_name", "over_since", "kind", "what", "cost", "share_of_actual"]
    frame = pd.DataFrame(told, columns=columns)
    return frame.assign(over_since=pd.to_datetime(frame["over_since"]).astype("datetime64[s]"))


def _days(budget: BudgetStatus) -> Iterator[tuple[str, str, float]]:
    for day, cost in budget.dearest:
        yield "Day", f"{day:%a} {day_of(day)}", cost


def _lines(answer: Answer) -> Iterator[tuple[str, str, float]]:
    columns = ["category", "service", "project", "person", "cost"]
    for *named, cost in answer.frame[columns].itertuples(index=False, name=None):
        yield "Item", " \N{MIDDLE DOT} ".join(w for w in named if isinstance(w, str)), cost


def _horizon(period: Period, today: date) -> int:
    """Return how many days a forecast has to reach: as far as any, or to the period's end."""
    left = (period.end - today).days
    return left if left > forecast.LONGEST_REACH else forecast.HORIZON
