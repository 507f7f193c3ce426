"""Spent: the costs that budgets are assessed from, each read as far back as a budget needs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated

import pandas as pd

from meaux.data.budgeting import Budget, Scope, Span
from meaux.query import queries
from meaux.query.answers import Answer, Ask
from meaux.query.filters import Period
from meaux.query.filters.period import DAY
from meaux.query.forecast import SPAN_OF
from meaux.query.memo import Memo
from meaux.query.needs import Request, asking, choosing, each
from meaux.query.queries import Query
from meaux.subjects.money import anomalies, reasons, recurring
from meaux.subjects.money import frames as costs

DAYS_OF_BURN = 30
PEOPLE = "people"
LONG: tuple[Span, ...] = ("quarter", "year")
"""The periods that start before the days that are read for every budget."""


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
    return _before(_of_parts(request), [b for b in request.plan.budgets if of_part(b)])


def of_part(budget: Budget) -> bool:
    """Return whether a budget is of a project or a team."""
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
