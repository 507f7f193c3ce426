"""Budget status: every budget with the costs that it covers, assessed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any

import pandas as pd

from meaux.data.categories import AI, CATEGORIES
from meaux.data.faults import Fault, counted_by_file, of
from meaux.data.plan import Budget, Plan, Scope, Span
from meaux.query import forecast, queries
from meaux.query.answers import Answer, Ask, without_answer
from meaux.query.filters import Period, Selection
from meaux.query.filters.period import DAY
from meaux.query.forecast import SPAN_OF, Lines
from meaux.query.memo import Memo
from meaux.query.needs import Request, asking, choosing, each
from meaux.query.queries import Query
from meaux.subjects.money import budgets, recurring
from meaux.subjects.money import frames as costs
from meaux.subjects.money.budgets import (
    COVERS,
    STATUSES,
    BudgetStatus,
    assess,
    of_ai,
    of_projects,
    resting,
    running,
)
from meaux.subjects.money.ledger import Ledger
from meaux.wording import day_of, sentences

DAYS_OF_BURN = 30
LINES_NAMED = 3
LONG: tuple[Span, ...] = ("quarter", "year")
"""The periods that start before the days that are read for every budget."""

LIMITS = ("thresholds.watch", "thresholds.at_risk", "thresholds.over")
"""The settings that decide a budget's status."""


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
    """The IDs of the project or the team that it covers."""
    category: str = ""
    """The category that it covers; empty for all."""


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


Company = Annotated[Answer, asking(queries.cost_by_day, costs.company)]
AIBudgets = Annotated[Answer, asking(queries.ai_budgets, costs.company)]
ProjectBudgets = Annotated[Answer, asking(queries.project_budgets, costs.company)]


@dataclass(frozen=True)
class Spent:
    """The answers that budgets are assessed from: of the whole company, regardless of filters.

    `company` and `parts` (projects and teams) are costs by day; the earlier days of each are keyed
    by the span that needs them.
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

    def names(self, scope: Scope, start: date) -> pd.DataFrame:
        """Return the IDs and names of projects or teams that are recorded or have costs."""
        known = self.spent.teams if scope == "team" else self.spent.projects
        return self._once(_names, scope, known, self.parts(start))

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


def statuses(spent: Spent, plan: Plan, selection: Selection) -> list[BudgetStatus]:
    """Assess every budget today, most severe first."""
    found = [_assessed(covered, plan, selection) for covered in covers(spent, plan, selection)]
    return sorted(found, key=lambda s: (STATUSES.index(s.status), -(s.used or 0)))


Statuses = Annotated[list[BudgetStatus], statuses]


def covers(spent: Spent, plan: Plan, selection: Selection) -> list[Covered]:
    """Return every budget with what it covers: first the settings', then the database's."""
    books = Books(spent)
    declared = [_declared(budget, books, selection) for budget in plan.budgets]
    if selection.only is not None:
        declared = [covered for covered in declared if covered.ids]
    return [*declared, *_of_ai(books, selection), *_of_projects(books, selection)]


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


def frame(found: list[BudgetStatus]) -> pd.DataFrame:
    """Shape budgets as a table, one row per budget: dollars, `used` a ratio, `pace` in points."""
    columns = {
        "name": [s.budget.name for s in found],
        "status": [s.told for s in found],
        "period": [s.budget.span.capitalize() for s in found],
        "budget": [None if s.budget.currency else s.budget.amount for s in found],
        "actual": [s.actual for s in found],
        "used": [s.used for s in found],
        "pace": [None if s.pace is None else 100 * s.pace for s in found],
        "remaining": [s.remaining for s in found],
        "projected": [s.projected for s in found],
        "projected_by": [s.projected_by for s in found],
        "exhausted_on": pd.Series([s.exhausted_on for s in found], dtype="datetime64[s]"),
        "over_since": pd.Series([s.over_since for s in found], dtype="datetime64[s]"),
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
        return BudgetStatus(budget, today, "unknown")
    lines, end = covered.lines, None
    if covered.wide:
        period = running(budget, today)
        recent = daily[daily["day"] >= pd.Timestamp(costs.recent(selection).period.start)]
        ahead = forecast.forecast(recent, "cost", today, _horizon(period, today), recurring=lines)
        end = forecast.period_end(daily, "cost", today, ahead, period)
        lines = ahead.recurring
    found = assess(budget, daily, today, end, plan.thresholds, lines=lines)
    return replace(found, covered=_chosen(covered, selection), category=covered.category)


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
        )
        for place, one in enumerate(found)
        if one.over_since and one.covered
    }


def dearest(lines: Mapping[str, Answer], found: Iterable[BudgetStatus]) -> pd.DataFrame:
    """List since when each budget is over, and its days and items with the highest cost.

    Columns: budget, over_since, kind (Day or Item), what, cost, share (of the spend).
    """
    told = [
        (one.budget.name, one.over_since, kind, what, cost, cost / one.actual)
        for place, one in enumerate(found)
        if one.over_since and one.actual
        for kind, what, cost in [*_days(one), *_lines(lines[str(place)])]
    ]
    columns = ["budget_name", "over_since", "kind", "what", "cost", "share"]
    frame = pd.DataFrame(told, columns=columns)
    return frame.assign(over_since=pd.to_datetime(frame["over_since"]).astype("datetime64[s]"))


def _days(budget: BudgetStatus) -> Iterator[tuple[str, str, float]]:
    for day, cost in budget.dearest:
        yield "Day", f"{day:%a} {day_of(day)}", cost


def _lines(answer: Answer) -> Iterator[tuple[str, str, float]]:
    for row in _rows(answer.frame):
        named = [row.category, row.service, row.project, row.person]
        yield "Item", " \N{MIDDLE DOT} ".join(w for w in named if isinstance(w, str)), row.cost


def _horizon(period: Period, today: date) -> int:
    """Return how many days a forecast has to reach: as far as any, or to the period's end."""
    left = (period.end - today).days
    return left if left > forecast.LONGEST_REACH else forecast.HORIZON


def _declared(budget: Budget, books: Books, selection: Selection) -> Covered:
    if _of_part(budget):
        return _of_one(budget, books, selection)
    return _of_all(budget, books, selection, budget.of or None)


def _held(row: Any, scope: Scope, of: str, source: str) -> Budget:
    """Make a budget of the database; `row`: name, amount, period, first_day, last_day, currency."""
    first, last = (None if pd.isna(day) else day.date() for day in (row.first_day, row.last_day))
    currency = "" if pd.isna(row.currency) else row.currency
    return Budget(row.name, scope, of, row.amount, source, row.period, first, last, currency)


def _rows(frame: pd.DataFrame) -> Iterator[Any]:
    return frame.itertuples(index=False)


def _of_ai(books: Books, selection: Selection) -> Iterator[Covered]:
    """Return the AI budgets of the database: of a project, of a team, or of all AI.

    If no column says what a budget covers, it covers all AI only if it is the one of its period.
    """
    answer = books.spent.of_ai
    found = of_ai(answer)
    for row in _rows(found):
        source = answer.sources["ai_budget"]
        if pd.notna(row.project):
            yield _of_one(_held(row, "project", row.project, source), books, selection, AI)
        elif pd.notna(row.team):
            yield _of_one(_held(row, "team", row.team, source), books, selection, AI)
        else:
            single = _alone(found, row.period, selection.today)
            budget = _held(row, "category", AI, source)
            clear = not answer.lacks(*COVERS) or single
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
    begun = books.begun(daily, start)
    return Covered(budget, begun, wide=True, lines=come_again, category=category or "")


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
        return Covered(budget, None)
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
    )


def _tells(answer: Answer, scope: Scope, category: str | None) -> bool:
    """Return whether entries name their project, and for a team, projects their team."""
    tables = [one.table for one in CATEGORIES if one.name == category]
    needed = {needs for table in tables for needs in (table, f"{table}.project")}
    return answer.without.keys().isdisjoint(
        needed | ({"project.team"} if scope == "team" else set())
    )


def _meant(of: str, known: pd.DataFrame, plain: Callable[[str], object]) -> set[str]:
    """Return the IDs that a budget means: the one it gives, otherwise all of that name."""
    if (known["id"] == of).any():
        return {of}
    named = known.dropna(subset=["id", "name"])
    return set(named["id"][named["name"].map(plain) == plain(of)])


def _lower(words: str) -> bytes:
    """Lower the letters of ASCII alone, as SQLite's `lower` does in the query of projects."""
    return words.encode().lower()
