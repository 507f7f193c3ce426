"""Rankings: the projects, people and services with the highest cost, and the largest changes."""

from __future__ import annotations

from typing import Annotated

import pandas as pd

from meaux.data.schema.vocabulary import NOBODY, UNASSIGNED
from meaux.query import first_records, queries
from meaux.query.answers import Answer
from meaux.query.filters import Selection
from meaux.query.needs import compared
from meaux.query.ranking import top_with_rest
from meaux.subjects.money import frames as costs
from meaux.subjects.money.ledger import Ledger
from meaux.wording import counted

BARS_SHOWN = 12
"""The number of projects in a bar chart; the others share one bar."""

MOVERS_SHOWN = 8
CENT = 0.01


def by_project(answer: Answer) -> Answer:
    """Return the projects with the highest cost by category, Unassigned, and the others as one.

    Columns: name, category, cost; highest first.
    """
    return _dearest(answer, "project", "name", UNASSIGNED)


ByProjectBefore = Annotated[Answer | None, compared(queries.cost_by_project)]


def compared_by_project(
    now: costs.ByProject, then: ByProjectBefore, first: costs.FirstLine, selection: Selection
) -> Answer:
    """Return every project's cost in the period and the comparison period, highest first.

    It isn't compared with a period that began before the ledger did. Columns: project (an ID,
    empty for Unassigned), name, cost, share (of the total), comparable (the part of the cost that
    is compared), before, change (comparable - before, in dollars; unknown without a comparison).
    """
    before = None if first_records.uncompared(selection, first) else then
    known = before is not None and before.answered

    def shape(frame: pd.DataFrame) -> pd.DataFrame:
        earlier, comparable = _before(before), _comparable(frame)
        found = _by_project(frame).join(earlier, how="outer")
        names = found["name"].fillna(found["name_before"])
        total = found["cost"].sum()
        table = pd.DataFrame(
            {
                "project": found.index,
                "name": names,
                "cost": found["cost"],
                "share": found["cost"] / total if total > 0 else float("nan"),
                "comparable": comparable.reindex(found.index),
                "before": found["before"],
                "change": _or_nothing(comparable.reindex(found.index), comparable.index)
                - _or_nothing(found["before"], earlier.index)
                if known
                else float("nan"),
            }
        )
        return table.sort_values("cost", ascending=False, ignore_index=True)

    return Ledger(now).explain(now).map(shape)


Compared = Annotated[Answer, compared_by_project]


def _or_nothing(cost: pd.Series, met: pd.Index) -> pd.Series:
    """Return each project's cost: 0 without entries, unknown if no entry has a price."""
    return cost.where(cost.index.isin(met), 0.0)


def _by_project(frame: pd.DataFrame) -> pd.DataFrame:
    lines = _keyed(frame).groupby("key")
    return lines[["name"]].first().join(lines["cost"].sum(min_count=1))


def _comparable(frame: pd.DataFrame) -> pd.Series:
    """Sum each project's cost on the comparable days."""
    lines = _keyed(frame[frame["comparable_lines"] > 0]).groupby("key")
    return lines["comparable_cost"].sum(min_count=1)


def _keyed(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(key=frame["project"].fillna(""), name=frame["name"].fillna(UNASSIGNED))


def _before(answer: Answer | None) -> pd.DataFrame:
    if answer is None or answer.state != "ready":
        return pd.DataFrame(
            {"name_before": pd.Series(dtype="str"), "before": pd.Series(dtype=float)}
        )
    return _by_project(answer.frame).rename(columns={"name": "name_before", "cost": "before"})


def movers(projects: Compared) -> Answer:
    """Return the projects whose cost changed most, increases first.

    Columns: project (an ID, empty for Unassigned), name, change, share_change, word (why there is
    no ratio: new, or gone).
    """

    def shape(frame: pd.DataFrame) -> pd.DataFrame:
        moved = frame[frame["change"].abs() >= CENT]
        rows = moved.loc[moved["change"].abs().nlargest(MOVERS_SHOWN).index]
        rows = rows.sort_values("change", ascending=False, ignore_index=True)
        word = rows["before"].isna().map({True: "new", False: ""})
        return pd.DataFrame(
            {
                "project": rows["project"],
                "name": rows["name"],
                "change": rows["change"],
                "share_change": rows["change"] / rows["before"].where(rows["before"] > 0),
                "word": word.where(rows["comparable"].notna(), "gone"),
            }
        )

    return projects.map(shape)


def by_person(answer: Answer) -> Answer:
    """Return the people with the highest cost in the categories that record people.

    Columns: name, category, cost.
    """
    return _dearest(answer, "person", "name", NOBODY)


def by_service(answer: Answer) -> Answer:
    """Return the models and services with the highest cost: name, category, cost."""
    return _dearest(answer, "service", "service", "Unnamed")


def _dearest(answer: Answer, key: str, name: str, unnamed: str) -> Answer:
    """Return those with the highest cost by category: name, category, cost; highest first.

    Those without a name have a bar of their own, and the others share the last one, so that all
    bars add up to the total.
    """

    def shape(frame: pd.DataFrame) -> pd.DataFrame:
        named = frame.assign(key=frame[key].fillna(""), name=frame[name].fillna(unnamed))
        totals = named.groupby("key")["cost"].sum().sort_values(ascending=False)
        shown = [k for n, k in enumerate(totals.index) if n < BARS_SHOWN or not k]
        kept = named["key"].isin(shown)
        rest = counted(len(totals) - len(shown), "other")
        named = named.assign(name=named["name"].where(kept, rest))
        place = named["key"].map({k: n for n, k in enumerate(shown)}).fillna(len(shown))
        summed = named.assign(place=place).groupby(["place", "name", "category"], as_index=False)
        return summed[["cost"]].sum()[["name", "category", "cost"]]

    return Ledger(answer).priced.map(shape)


def dearest(projects: Compared) -> Answer:
    """Return the projects with the highest cost and their share of the total: name, cost, share.

    Unassigned costs have a bar of their own, and the others share the last one.
    """

    def shape(frame: pd.DataFrame) -> pd.DataFrame:
        known = frame[frame["cost"].notna()].reset_index(drop=True)
        bars = known[["name", "cost", "share"]]
        return top_with_rest(bars, BARS_SHOWN, ["cost", "share"], known["project"] == "")

    return projects.map(shape)
