"""Standings: every budget there is, with what it covers, assessed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pandas as pd

from meaux import budgets, costs, forecast, queries, recurring
from meaux.answers import Answer, Ask, Rows, without_answer
from meaux.budgets import COVERS, STATUSES, Standing, assess, of_ai, of_projects
from meaux.categories import AI, CATEGORIES
from meaux.faults import Fault, counted_by_file, of
from meaux.filters import Period, Selection
from meaux.filters.period import DAY
from meaux.forecast import Lines
from meaux.forecast.complete import month_of
from meaux.plan import Budget, Plan, Scope
from meaux.wording import sentences

DAYS_OF_BURN = 30

LIMITS = ("thresholds.watch", "thresholds.at_risk", "thresholds.over")
"""What says how a budget stands."""


@dataclass(frozen=True)
class Covered:
    """A budget and the daily cost of what it covers: day, cost; None where that can't be told."""

    budget: Budget
    daily: pd.DataFrame | None
    wide: bool = False
    """Whether it covers so much that its days are worth a forecast of their own."""
    lines: Lines = ()
    """The recurring lines of what it covers."""


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
        "cost_of_budgets": Ask(queries.cost_of_budgets, burning, names=named),
        "known_teams": Ask(queries.team_choices, whole),
        "known_projects": Ask(queries.project_choices, whole),
        **recurring.asks(selection),
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
        *_of_projects(rows, selection),
    ]


def gaps(rows: Rows) -> str:
    """What the AI budgets of the database would need, where there are some that can't be read."""
    needed = without_answer(AI_budgets=rows.ai_budgets)
    return "" if " the table " in needed else needed


def faults(rows: Rows, plan: Plan) -> list[Fault]:
    """The budgets and their thresholds that can't be used: declared ones, those of the database."""
    declared = of(plan.faults, "budgets", *LIMITS)
    return [*declared, *budgets.faults(rows.ai_budgets, rows.project_budgets)]


def left_out(rows: Rows, plan: Plan) -> str:
    """What is missing of budgets, in words: what can't be read, and how much can't be used."""
    unused = counted_by_file(faults(rows, plan))
    return sentences(gaps(rows), unused and f"{unused}.")


def frame(found: list[Standing]) -> pd.DataFrame:
    """Standings as a table, one row a budget: dollars, `used` a ratio, `pace` in points."""
    columns = {
        "name": [s.budget.name for s in found],
        "status": [s.status.capitalize() for s in found],
        "budget": [s.budget.monthly for s in found],
        "actual": [s.actual for s in found],
        "used": [s.used for s in found],
        "pace": [None if s.pace is None else 100 * s.pace for s in found],
        "remaining": [s.remaining for s in found],
        "projected": [s.projected for s in found],
        "projected_by": [s.projected_by for s in found],
        "exhausted_on": pd.Series([s.exhausted_on for s in found], dtype="datetime64[s]"),
        "run_rate": [s.run_rate for s in found],
        "burn7": [s.burn7 for s in found],
        "burn30": [s.burn30 for s in found],
        "includes": [s.included.removeprefix("Incl. ").removesuffix(".") for s in found],
        "source": [s.budget.source for s in found],
    }
    return pd.DataFrame(columns)


def _assessed(covered: Covered, plan: Plan, selection: Selection) -> Standing:
    if covered.daily is None:
        return Standing(covered.budget, selection.today, "unknown")
    today, lines, end = selection.today, covered.lines, None
    if covered.wide:
        ahead = forecast.forecast(covered.daily, "cost", today, recurring=lines)
        end, lines = forecast.month_end(covered.daily, "cost", today, ahead), ahead.recurring
    return assess(covered.budget, covered.daily, today, end, plan.thresholds, lines=lines)


def _begun(daily: pd.DataFrame, rows: Rows, selection: Selection) -> pd.DataFrame:
    """The days since the company first cost anything: before them nothing was recorded."""
    answer: Answer = rows.cost_of_company
    all_days = costs.total_by_day(answer.frame, costs.recent(selection).period)
    begun = costs.begun(all_days)["day"]
    return daily if begun.empty else daily[daily["day"] >= begun.iloc[0]]


def _declared(budget: Budget, rows: Rows, selection: Selection) -> Covered:
    if budget.scope in ("total", "category"):
        return _of_all(budget, rows, selection, budget.of or None)
    return _of_one(budget, rows, selection)


def _of_ai(rows: Rows, selection: Selection) -> Iterator[Covered]:
    """The AI budgets of the database: of a project, of a team, or of all AI.

    Where no column says what a budget covers, only a single one is taken to cover all.
    """
    answer: Answer = rows.ai_budgets
    monthly = of_ai(answer)
    for name, project, team, amount in zip(
        monthly["name"], monthly["project"], monthly["team"], monthly["monthly"], strict=True
    ):
        source = answer.sources["ai_budget"]
        if pd.notna(project):
            budget = Budget(name, "project", project, amount, source)
            yield _of_one(budget, rows, selection, AI)
        elif pd.notna(team):
            yield _of_one(Budget(name, "team", team, amount, source), rows, selection, AI)
        else:
            clear = not answer.lacks(*COVERS) or len(monthly) == 1
            budget = Budget(name, "category", AI, amount, source)
            yield _of_all(budget, rows, selection, AI) if clear else Covered(budget, None)


def _of_projects(rows: Rows, selection: Selection) -> Iterator[Covered]:
    """The budgets of projects that are not archived."""
    answer: Answer = rows.project_budgets
    budgets = of_projects(answer)
    for project, name, amount in zip(
        *(budgets[column] for column in ("project", "name", "monthly")), strict=True
    ):
        budget = Budget(name, "project", project, amount, answer.sources["project"])
        yield _of_one(budget, rows, selection)


def _of_all(budget: Budget, rows: Rows, selection: Selection, category: str | None) -> Covered:
    """The daily cost of everything, or of one category."""
    answer: Answer = rows.cost_of_company
    if answer.state != "ready" or (category and category not in costs.fed(answer)):
        return Covered(budget, None)
    lines = answer.frame
    inside = lines if category is None else lines[lines["category"] == category]
    daily = _begun(costs.total_by_day(inside, costs.recent(selection).period), rows, selection)
    come_again = recurring.lines(rows.recurring_lines, category=category)
    return Covered(budget, daily, wide=True, lines=come_again)


def _of_one(
    budget: Budget, rows: Rows, selection: Selection, category: str | None = None
) -> Covered:
    """The daily cost of one project or team, by id or by name."""
    scope, of = budget.scope, budget.of
    answer: Answer = rows.cost_of_budgets
    known: Answer = rows.known_teams if scope == "team" else rows.known_projects
    if not (answer.answered and _tells(answer, scope, category)) or costs.priceless(answer):
        return Covered(budget, None)
    lines = answer.frame
    met = lines[[scope, f"{scope}_name"]].set_axis(["id", "name"], axis="columns")
    ids = _meant(of, pd.concat([known.frame, met]), str.casefold if scope == "team" else _lower)
    if not ids:
        return Covered(budget, None)
    chosen = lines[lines[scope].isin(ids)]
    if category:
        chosen = chosen[chosen["category"] == category]
    daily = _begun(costs.total_by_day(chosen, answer.selection.period), rows, selection)
    of_scope = {"teams" if scope == "team" else "projects": ids}
    come_again = recurring.lines(rows.recurring_lines, category=category, **of_scope)
    return Covered(budget, daily, lines=come_again)


def _tells(answer: Answer, scope: Scope, category: str | None) -> bool:
    """Whether the lines are there, and say of which project, and this of which team, they are."""
    tables = [one.table for one in CATEGORIES if one.name == category]
    needed = {needs for table in tables for needs in (table, f"{table}.project")}
    return answer.without.keys().isdisjoint(
        needed | ({"project.team"} if scope == "team" else set())
    )


def _meant(of: str, known: pd.DataFrame, plain: Callable[[str], object]) -> set[str]:
    """The ids that a budget means: the one it names, else all of that name, in any case."""
    if (known["id"] == of).any():
        return {of}
    named = known.dropna(subset=["id", "name"])
    return set(named["id"][named["name"].map(plain) == plain(of)])


def _lower(words: str) -> bytes:
    """As SQLite's `lower` does, by which projects were looked for: letters of ASCII alone."""
    return words.encode().lower()
