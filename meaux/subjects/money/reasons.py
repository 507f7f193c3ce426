"""Reasons: the days and parts that made a budget go over."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from meaux.data.budgeting import Scope
from meaux.data.schema.vocabulary import UNASSIGNED
from meaux.query import series
from meaux.query.filters import Period
from meaux.wording import day_of, money

CENT = 0.01
STANDS_OUT = 2.0
"""How many times the median of the other days a day costs that is named alone."""
FEWEST_OTHERS = 3
LARGE = 1 / 3
"""The share of a cost from which its largest part is named."""

WHO: Mapping[Scope, str] = {
    "total": "project",
    "category": "project",
    "team": "project",
    "model": "project",
    "project": "category",
    "person": "category",
}
"""What the costs of a budget are split by, by its scope."""


def split(scope: Scope, entries: pd.DataFrame, category: str = "") -> pd.DataFrame:
    """Split the entries that a budget covers: day, who, cost.

    `entries`: day, category and cost, and project and its name, or the service if a budget of one
    project is of one `category`.
    """
    by = WHO[scope]
    if by == "category" and category and "service" in entries:
        by = "service"
    names = entries["name"].fillna(UNASSIGNED) if by == "project" else entries[by].fillna("Unnamed")
    return pd.DataFrame({"day": entries["day"], "who": names, "cost": entries["cost"]})


def because(daily: pd.DataFrame, made: pd.DataFrame | None, period: Period) -> str:
    """Say which day stands out and who made most of it; else who made most of all.

    `daily`: day, cost. `made`: day, who, cost, as `split` returns; None if unknown. Days without
    `made` are not explained. Empty if nothing stands out.
    """
    known = series.within(daily, period).set_index("day")["cost"].dropna()
    spent = known[known > 0]
    if made is not None and len(made["who"].unique()) == 1:
        made = None
    if spent.empty:
        return ""
    day, cost = pd.DatetimeIndex(spent.index)[int(spent.argmax())], float(spent.max())
    others = spent.drop(day)
    if len(others) >= FEWEST_OTHERS and cost >= STANDS_OUT * others.median():
        on_day = None if made is None else made[made["day"] == day]
        named = f"{day_of(day, year=False)} alone was {money(cost)}"
        most = _most(on_day, cost)
        return f"{named}, {most}" if most else named
    return _most(None if made is None else series.within(made, period), float(known.sum()))


def _most(made: pd.DataFrame | None, cost: float) -> str:
    """Name the largest part of a cost, if it is large: `$493.00 of it Beignet Bot`.

    Nothing is said of entries that don't add up to the cost: some of them weren't read.
    """
    if made is None or made.empty or abs(made["cost"].sum() - cost) >= CENT:
        return ""
    by_who = made.groupby("who")["cost"].sum()
    most, who = float(by_who.max()), by_who.index[int(by_who.argmax())]
    if most < LARGE * cost:
        return ""
    return f"{money(most) if cost - most >= CENT else 'all'} of it {who}"
