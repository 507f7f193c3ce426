"""Portfolio: every project beside what it cost and what is left of its budget."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from meaux import rankings
from meaux.answers import Answer, Rows
from meaux.budgets import Standing
from meaux.filters import Selection
from meaux.schema import vocabulary

SPENT = ["project", "name", "cost", "share", "before", "change"]
"""What is taken of the costs; `change` is of complete days, `cost` holds the running one too."""

COLUMNS = [
    *("name", "status", "team", "cost", "share", "before", "change"),
    *("budget", "spent_this_month", "used"),
]


def portfolio(rows: Rows, selection: Selection, found: Iterable[Standing]) -> Answer:
    """Every project, and every other line of the ledger, dearest first; columns are `COLUMNS`.

    What is unassigned, or of a project that is gone, has a line, so that `cost` adds up to the
    total. `spent_this_month` and `used` are of the monthly budget, and known where there is one.
    """
    spent = rankings.compared_by_project(rows, selection).frame.reindex(columns=SPENT)
    own = _own(found, rows.project_budgets)
    of_budgets = _of_budgets(s for s in own if _monthly(s))
    apart = [s.budget.of for s in own if not _monthly(s)]

    def shape(frame: pd.DataFrame) -> pd.DataFrame:
        known = frame.assign(status=frame["status"].map(vocabulary.status))
        joined = known.merge(spent, on="project", how="outer", suffixes=("", "_spent"))
        joined = joined.merge(of_budgets, on="project", how="left")
        joined["budget"] = joined["budget"].mask(joined["project"].isin(apart))
        named = joined.assign(name=joined["name"].fillna(joined["name_spent"]))
        return named.sort_values("cost", ascending=False, ignore_index=True)[COLUMNS]

    projects: Answer = rows.portfolio
    return projects.shaped(shape)


def _own(found: Iterable[Standing], budgets: Answer) -> list[Standing]:
    """The standings of the budgets that stand beside the projects."""
    source = budgets.sources.get("project")
    return [s for s in found if s.budget.scope == "project" and s.budget.source == source]


def _monthly(standing: Standing) -> bool:
    """Whether it is of a month's budget that holds today, in dollars."""
    return standing.budget.span == "month" and standing.status != "none"


def _of_budgets(found: Iterable[Standing]) -> pd.DataFrame:
    """What is spent of each budget: project, and two numbers."""
    standings = [(s.budget.of, s.actual, s.used) for s in found]
    columns = {"project": "str", "spent_this_month": "float64", "used": "float64"}
    return pd.DataFrame(standings, columns=list(columns)).astype(columns)
