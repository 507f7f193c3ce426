"""Coverage: what each budget covers, and the cost of that by day."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from meaux.data.budgeting import Budget, Scope
from meaux.data.categories import AI, CATEGORIES
from meaux.data.plan import Plan
from meaux.query.answers import Answer
from meaux.query.filters import Selection
from meaux.query.forecast import Lines
from meaux.subjects.money import frames as costs
from meaux.subjects.money import reasons, recurring
from meaux.subjects.money.budgets import of_ai, of_projects, resting, running, tells_parts
from meaux.subjects.money.ledger import Ledger
from meaux.subjects.money.spent import Books, Spent, of_part


@dataclass(frozen=True)
class Covered:
    """A budget and the daily cost of what it covers: day, cost; None if that is unknown."""

    budget: Budget
    daily: pd.DataFrame | None
    wide: bool = False
    """Whether it covers enough for a forecast of its own."""
    lines: Lines = ()
    """The recurring costs of what it covers."""
    ids: tuple[str, ...] = ()
    """The IDs of the project, team or person that it covers, or the spellings of the model."""
    category: str = ""
    """The category that it covers; empty for all."""
    made: pd.DataFrame | None = None
    """Who made the costs, as far as it is known: day, who, cost."""
    unmet: str = ""
    """Why nothing is covered, if the database doesn't know what the budget names."""


def covers(spent: Spent, plan: Plan, selection: Selection) -> list[Covered]:
    """Return every budget with what it covers: first the settings', then the database's."""
    books = Books(spent)
    declared = [_declared(budget, books, selection) for budget in plan.budgets]
    if selection.only is not None:
        declared = [covered for covered in declared if covered.ids]
    return [*declared, *_of_ai(books, selection), *_of_projects(books, selection)]


def _declared(budget: Budget, books: Books, selection: Selection) -> Covered:
    if of_part(budget):
        return _of_one(budget, books, selection)
    if budget.scope in ("model", "person"):
        return _of_named(budget, books, selection)
    return _of_all(budget, books, selection, budget.of or None)


def _held(row: Any, scope: Scope, of: str, source: str) -> Budget:
    """Make a budget of the database; `row`: name, amount, period, first_day, last_day, currency."""
    first, last = (None if pd.isna(day) else day.date() for day in (row.first_day, row.last_day))
    currency = "" if pd.isna(row.currency) else row.currency
    return Budget(row.name, scope, of, row.amount, source, row.period, first, last, currency)


def _rows(frame: pd.DataFrame) -> Iterator[Any]:
    return frame.itertuples(index=False)


def _of_ai(books: Books, selection: Selection) -> Iterator[Covered]:
    """Return the AI budgets of the database: of a project, team, model or person, or of all AI.

    The costs of one of several at once, such as a project and a model, are unknown. If no column
    says what a budget covers, it covers all AI only if it is the one of its period.
    """
    answer = books.spent.of_ai
    found = of_ai(answer)
    for row in _rows(found):
        source = answer.sources["ai_budget"]
        scopes: list[Scope] = ["project", "model", "person"]
        told = [scope for scope in scopes if pd.notna(getattr(row, scope))]
        if not told and pd.notna(row.team):
            told = ["team"]
        if len(told) > 1:
            yield Covered(_held(row, "category", AI, source), None)
        elif told:
            budget = _held(row, told[0], getattr(row, told[0]), source)
            of_one = _of_named if told[0] in ("model", "person") else _of_one
            yield of_one(budget, books, selection, AI)
        else:
            single = _alone(found, row.period, selection.today)
            budget = _held(row, "category", AI, source)
            clear = tells_parts(answer) or single
            yield _of_all(budget, books, selection, AI) if clear else Covered(budget, None)


def _alone(budgets: pd.DataFrame, period: str, today: date) -> bool:
    """Return whether only one budget of a period applies on this day."""
    day = pd.Timestamp(today)
    holds = ~(budgets["first_day"] > day) & ~(budgets["last_day"] < day)
    return bool((holds & (budgets["period"] == period)).sum() <= 1)


def _of_projects(books: Books, selection: Selection) -> Iterator[Covered]:
    """Return the budgets of projects that aren't archived."""
    answer = books.spent.of_projects
    for row in _rows(of_projects(answer)):
        budget = _held(row, "project", row.project, answer.sources["project"])
        yield _of_one(budget, books, selection)


def _of_all(budget: Budget, books: Books, selection: Selection, category: str | None) -> Covered:
    """Return the daily cost of everything, or of one category."""
    start = _start(budget, selection)
    answer = books.company(start)
    if answer is None or answer.state != "ready":
        return Covered(budget, None)
    if category and category not in Ledger(answer).fed:
        return Covered(budget, None)
    lines = answer.frame
    inside = lines if category is None else lines[lines["category"] == category]
    daily = costs.total_by_day(inside, answer.selection.period)
    come_again = recurring.lines(books.spent.recurring, category=category)
    made = books.made(budget.scope, _only(category), category)
    return Covered(
        budget,
        books.begun(daily, start),
        wide=True,
        lines=come_again,
        category=category or "",
        made=made,
    )


def _start(budget: Budget, selection: Selection) -> date:
    """Return the first day that a budget is assessed on; today if it has no status."""
    today = selection.today
    return today if resting(budget, today) else running(budget, today).start


def _of_one(
    budget: Budget, books: Books, selection: Selection, category: str | None = None
) -> Covered:
    """Return the daily cost of one project or team, by ID or by name."""
    scope, of = budget.scope, budget.of
    start = _start(budget, selection)
    answer = books.parts(start)
    if answer is None or not _tells(answer, scope, category) or not Ledger(answer).has_prices:
        return Covered(budget, None)
    lines = answer.frame
    ids = _meant(of, books.names(scope, start), str.casefold if scope == "team" else _lower)
    if not ids:
        return Covered(budget, None, unmet=_unmet(budget))
    chosen = _chosen(lines, scope, ids, category)
    daily = costs.total_by_day(chosen, answer.selection.period)
    of_scope = {"teams" if scope == "team" else "projects": ids}
    come_again = recurring.lines(books.spent.recurring, category=category, **of_scope)
    return Covered(
        budget,
        books.begun(daily, start),
        lines=come_again,
        ids=tuple(sorted(ids)),
        category=category or "",
        made=books.made(scope, {scope: ids, **_only(category)}, category),
    )


def _of_named(
    budget: Budget, books: Books, selection: Selection, category: str | None = None
) -> Covered:
    """Return the daily cost of one model, by its name, or of one person, by ID or by name."""
    scope, start = budget.scope, _start(budget, selection)
    answer = books.named(scope, start)
    if answer is None or answer.state != "ready" or not answer.frame["cost"].notna().any():
        return Covered(budget, None)
    lines = answer.frame
    if scope == "model":
        spelt = lines["model"].dropna().unique()
        ids = {name for name in spelt if name.casefold() == budget.of.casefold()}
        category = AI
    else:
        known = _tells(answer, scope, category)
        if not known:
            return Covered(budget, None)
        ids = _meant(budget.of, books.people(answer), str.casefold)
    if not ids:
        return Covered(budget, None, unmet=_unmet(budget))
    chosen = _chosen(lines, scope, ids, category)
    daily = costs.total_by_day(chosen, answer.selection.period)
    if scope == "model":
        made = books.made(scope, {"service": ids, **_only(category)})
    else:
        made = reasons.split(scope, chosen)
    return Covered(
        budget,
        books.begun(daily, start),
        ids=tuple(sorted(ids)),
        category=category or "",
        made=made,
    )


def _chosen(
    lines: pd.DataFrame, scope: Scope, ids: Collection[str], category: str | None
) -> pd.DataFrame:
    """Return the costs of these projects, teams, models or people, in one category or in all."""
    chosen = lines[lines[scope].isin(ids)]
    return chosen[chosen["category"] == category] if category else chosen


def _only(category: str | None) -> dict[str, set[str]]:
    return {"category": {category}} if category else {}


def _tells(answer: Answer, scope: Scope, category: str | None) -> bool:
    """Return whether entries name their project or person, and for a team, projects their team."""
    tables = [one.table for one in CATEGORIES if one.name == category]
    key = "person" if scope == "person" else "project"
    needed = {needs for table in tables for needs in (table, f"{table}.{key}")}
    return answer.without.keys().isdisjoint(
        needed | ({"project.team"} if scope == "team" else set())
    )


def _meant(of: str, known: pd.DataFrame, plain: Callable[[str], object]) -> set[str]:
    """Return the IDs that a budget means: the one it gives, otherwise all of that name."""
    if (known["id"] == of).any():
        return {of}
    named = known.dropna(subset=["id", "name"])
    return set(named["id"][named["name"].map(plain) == plain(of)])


def _unmet(budget: Budget) -> str:
    """Say that the database doesn't know what a budget names."""
    if budget.scope == "model":
        return f"no recent AI entry is of the model “{budget.of}”"
    return f"no {budget.scope} has the name or ID “{budget.of}”"


def _lower(words: str) -> bytes:
    """Lower the letters of ASCII alone, as SQLite's `lower` does in the query of projects."""
    return words.encode().lower()
