"""Coverage: what each budget covers, and the cost of that by day."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any

import pandas as pd

from meaux.data.budgeting import Budget, Scope, Span
from meaux.data.categories import AI, CATEGORIES
from meaux.data.plan import Plan
from meaux.query import queries
from meaux.query.answers import Answer, Ask
from meaux.query.filters import Period, Selection
from meaux.query.filters.period import DAY
from meaux.query.forecast import SPAN_OF, Lines
from meaux.query.memo import Memo
from meaux.query.needs import Request, asking, choosing, each
from meaux.query.queries import Query
from meaux.subjects.money import anomalies, reasons, recurring
from meaux.subjects.money import frames as costs
from meaux.subjects.money.budgets import of_ai, of_projects, resting, running, tells_parts
from meaux.subjects.money.ledger import Ledger

DAYS_OF_BURN = 30
PEOPLE = "people"
LONG: tuple[Span, ...] = ("quarter", "year")
"""The periods that start before the days that are read for every budget."""


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


def _of_parts(request: Request) -> Ask:
    """Ask for the cost of projects and teams, for the month and the burn rate's days."""
    whole, today = costs.company(request.selection), request.selection.today
    since = min(SPAN_OF["month"](today).start, today - DAYS_OF_BURN * DAY)
    named = tuple(budget.of for budget in request.plan.budgets if budget.scope == "project")
    return Ask(queries.cost_of_budgets, whole.over(Period(since, today + DAY)), names=named)


def _before(asked: Ask, declared: Iterable[Budget]) -> dict[str, Ask]:
    """Ask the same for the days before, back to the start of each long period.

    Unless a budget of the settings is as long, they are read only if one in the database is.
    """
    found: dict[str, Ask] = {}
    until = asked.selection.period.start
    for place, span in enumerate(LONG):
        start = SPAN_OF[span](asked.selection.today).start
        if start >= until:
            continue
        spans = () if any(b.span in LONG[place:] for b in declared) else LONG[place:]
        over = asked.selection.over(Period(start, until))
        found[span] = replace(asked, selection=over, spans=spans)
        until = start
    return found


def _company_before(request: Request) -> dict[str, Ask]:
    whole = Ask(queries.cost_by_day, costs.company(request.selection))
    return _before(whole, request.plan.budgets)


def _parts_before(request: Request) -> dict[str, Ask]:
    return _before(_of_parts(request), [b for b in request.plan.budgets if _of_part(b)])


def _of_part(budget: Budget) -> bool:
    return budget.scope in ("project", "team")


def _named(asked: Query, scope: Scope) -> Callable[[Request], dict[str, Ask]]:
    """Ask for the cost by model or person, if a budget may be of one."""

    def asks(request: Request) -> dict[str, Ask]:
        declared = [budget for budget in request.plan.budgets if budget.scope == scope]
        if not declared and request.binding.lacks("ai_budget", scope) is not None:
            return {}
        first = replace(_of_parts(request), query=asked, names=())
        return {"": first, **_before(first, declared)}

    return asks


def _by_person(request: Request) -> dict[str, Ask]:
    """Ask for the cost by person and for the people, if a budget may be of one."""
    asks = _named(queries.person_cost_by_day, "person")(request)
    people = Ask(queries.person_choices, costs.company(request.selection))
    return {**asks, PEOPLE: people} if asks else {}


Company = Annotated[Answer, asking(queries.cost_by_day, costs.company)]
AIBudgets = Annotated[Answer, asking(queries.ai_budgets, costs.company)]
ProjectBudgets = Annotated[Answer, asking(queries.project_budgets, costs.company)]


@dataclass(frozen=True)
class Spent:
    """The answers that budgets are assessed from: of the whole company, regardless of filters.

    `company` and `parts` (projects and teams) are costs by day; the earlier days of each are keyed
    by the span that needs them. `by_part` tells who made the costs of the last 13 weeks. `by_model`
    and `by_person` are empty without a budget of one.
    """

    company: Company
    parts: Annotated[Answer, choosing(_of_parts, queries.cost_of_budgets)]
    company_before: Annotated[Mapping[str, Answer], each(_company_before, queries.cost_by_day)]
    parts_before: Annotated[Mapping[str, Answer], each(_parts_before, queries.cost_of_budgets)]
    of_ai: AIBudgets
    of_projects: ProjectBudgets
    teams: Annotated[Answer, asking(queries.team_choices, costs.company)]
    projects: Annotated[Answer, asking(queries.project_choices, costs.company)]
    recurring: recurring.Every
    by_part: anomalies.CompanyByPart
    by_model: Annotated[
        Mapping[str, Answer],
        each(_named(queries.model_cost_by_day, "model"), queries.model_cost_by_day),
    ]
    by_person: Annotated[
        Mapping[str, Answer],
        each(_by_person, queries.person_cost_by_day, queries.person_choices),
    ]


class Books:
    """The costs that all budgets are assessed from, put together once for each first day."""

    def __init__(self, spent: Spent) -> None:
        self.spent = spent
        self._once = Memo().call

    def company(self, start: date) -> Answer | None:
        """Return the company's costs by day, at least back to a day; None without an answer."""
        return self._once(_back_to, start, self.spent.company, self.spent.company_before)

    def parts(self, start: date) -> Answer | None:
        """Return the same of projects and teams."""
        return self._once(_back_to, start, self.spent.parts, self.spent.parts_before)

    def named(self, scope: Scope, start: date) -> Answer | None:
        """Return the costs by model or person, at least back to a day; None without an answer."""
        held = self.spent.by_model if scope == "model" else self.spent.by_person
        if "" not in held:
            return None
        before = {name: answer for name, answer in held.items() if name not in ("", PEOPLE)}
        return _back_to(start, held[""], before)

    def names(self, scope: Scope, start: date) -> pd.DataFrame:
        """Return the IDs and names of projects or teams that are recorded or have costs."""
        known = self.spent.teams if scope == "team" else self.spent.projects
        return self._once(_names, scope, known, self.parts(start))

    def people(self, met: Answer) -> pd.DataFrame:
        """Return the IDs and names of people that are recorded or have costs."""
        named = met.frame[["person", "name"]].set_axis(["id", "name"], axis="columns")
        return pd.concat([self.spent.by_person[PEOPLE].frame, named.drop_duplicates()])

    def made(
        self, scope: Scope, of: Mapping[str, Collection[str]], category: str | None = None
    ) -> pd.DataFrame | None:
        """Return who made the costs of a budget in the last 13 weeks; `of` limits columns."""
        answer = self.spent.by_part
        if answer.state != "ready":
            return None
        entries = answer.frame
        for column, values in of.items():
            entries = entries[entries[column].isin(values)]
        return reasons.split(scope, entries, category or "")

    def begun(self, daily: pd.DataFrame, start: date) -> pd.DataFrame | None:
        """Drop the days before the company's first cost: before it nothing was recorded.

        The first cost is looked for back to a start; None if the database didn't answer.
        """
        company = self.company(start)
        if company is None:
            return None
        days = self._once(_days_of_costs, company)
        return daily if days.empty else daily[daily["day"] >= days.iloc[0]]


def _names(scope: Scope, known: Answer, parts: Answer) -> pd.DataFrame:
    met = parts.frame[[scope, f"{scope}_name"]].set_axis(["id", "name"], axis="columns")
    return pd.concat([known.frame, met.drop_duplicates()])


def _days_of_costs(company: Answer) -> pd.Series:
    return costs.begun(costs.total_by_day(company.frame, company.selection.period))["day"]


def _back_to(start: date, held: Answer, before: Mapping[str, Answer]) -> Answer | None:
    """Add the earlier entries to an answer, at least back to a day.

    None if the database didn't answer all of them.
    """
    parts = [held, *(b for b in before.values() if b.selection.period.end > start)]
    if not all(part.answered for part in parts):
        return None
    reach = min(part.selection.period.start for part in parts)
    frame = pd.concat([part.frame for part in reversed(parts)], ignore_index=True)
    over = held.selection.over(Period(reach, held.selection.period.end))
    ready = next((part for part in parts if part.state == "ready"), held)
    return replace(held, state=ready.state, frame=frame, selection=over)


def covers(spent: Spent, plan: Plan, selection: Selection) -> list[Covered]:
    """Return every budget with what it covers: first the settings', then the database's."""
    books = Books(spent)
    declared = [_declared(budget, books, selection) for budget in plan.budgets]
    if selection.only is not None:
        declared = [covered for covered in declared if covered.ids]
    return [*declared, *_of_ai(books, selection), *_of_projects(books, selection)]


def _declared(budget: Budget, books: Books, selection: Selection) -> Covered:
    if _of_part(budget):
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
    chosen = lines[lines[scope].isin(ids)]
    if category:
        chosen = chosen[chosen["category"] == category]
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
    chosen = lines[lines[scope].isin(ids)]
    if category:
        chosen = chosen[chosen["category"] == category]
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
