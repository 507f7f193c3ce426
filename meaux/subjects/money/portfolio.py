"""Portfolio: every project with its cost and its budget."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

import pandas as pd

from meaux.data.schema import vocabulary
from meaux.query import queries
from meaux.query.answers import Answer
from meaux.query.needs import asking
from meaux.subjects.money import rankings
from meaux.subjects.money.budget_status import Statuses
from meaux.subjects.money.budgets import BudgetStatus
from meaux.subjects.money.spent import ProjectBudgets

SPENT = ["project", "name", "cost", "share", "before", "change"]
"""The columns taken from the costs; `change` covers complete days, `cost` also today."""

COLUMNS = [
    *("name", "cost", "change", "share", "status", "team"),
    *("budget", "spent_this_month", "used", "before"),
]

Projects = Annotated[Answer, asking(queries.portfolio)]


def portfolio(
    projects: Projects, costs: rankings.Compared, found: Statuses, budgets: ProjectBudgets
) -> Answer:
    """List every project with its cost, highest first; the columns are `COLUMNS`.

    Unassigned costs and those of deleted projects have rows too, so that `cost` adds up to the
    total. `spent_this_month` and `used` belong to the monthly budget; without one they are unknown.
    """
    spent = costs.frame.reindex(columns=SPENT)
    own = _own(found, budgets)
    of_budgets = _of_budgets(s for s in own if _monthly(s))
    apart = [s.budget.of for s in own if not _monthly(s)]

    def shape(frame: pd.DataFrame) -> pd.DataFrame:
        known = frame.assign(status=frame["status"].map(vocabulary.status))
        joined = known.merge(spent, on="project", how="outer", suffixes=("", "_spent"))
        joined = joined.merge(of_budgets, on="project", how="left")
        joined["budget"] = joined["budget"].mask(joined["project"].isin(apart))
        named = joined.assign(name=joined["name"].fillna(joined["name_spent"]))
        return named.sort_values("cost", ascending=False, ignore_index=True)[COLUMNS]

    return projects.map(shape)


Portfolio = Annotated[Answer, portfolio]


def _own(found: Iterable[BudgetStatus], budgets: Answer) -> list[BudgetStatus]:
    """Return the budgets that the projects table holds."""
    source = budgets.sources.get("project")
    return [s for s in found if s.budget.scope == "project" and s.budget.source == source]


def _monthly(budget: BudgetStatus) -> bool:
    """Return whether it is a monthly budget in USD that applies today."""
    return budget.budget.span == "month" and budget.status != "none"


def _of_budgets(found: Iterable[BudgetStatus]) -> pd.DataFrame:
    """Return what is spent of each budget: project, spent_this_month, used."""
    rows = [(s.budget.of, s.actual, s.used) for s in found]
    columns = {"project": "str", "spent_this_month": "float64", "used": "float64"}
    return pd.DataFrame(rows, columns=list(columns)).astype(columns)
