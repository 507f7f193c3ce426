"""Breakdown: the parts of the costs, level by level."""

from __future__ import annotations

import pandas as pd

from meaux.data.categories import CATEGORIES
from meaux.data.schema.vocabulary import UNASSIGNED
from meaux.query.answers import Answer
from meaux.subjects.money.ledger import Ledger
from meaux.wording import counted, money

RINGS = {"category": "category", "branch": "project or service", "leaf": "detail"}
"""The columns of the levels, each with what it is called in a chart."""

UNNAMED_BRANCH = {one.name: one.unnamed_branch or UNASSIGNED for one in CATEGORIES}
UNNAMED_LEAF = {one.name: one.unnamed_leaf for one in CATEGORIES}


def tree(answer: Answer) -> Answer:
    """Return the costs of `cost_tree` with a name on every level: category, branch, leaf, cost."""

    def shape(frame: pd.DataFrame) -> pd.DataFrame:
        branch = frame["category"].map(UNNAMED_BRANCH)
        leaf = frame["category"].map(UNNAMED_LEAF)
        named = frame.assign(branch=frame["branch"].fillna(branch), leaf=frame["leaf"].fillna(leaf))
        return named.groupby(list(RINGS), as_index=False)[["cost"]].sum()

    return Ledger(answer).priced.map(shape)


def credits_in_words(answer: Answer) -> str:
    """Say what a sunburst can't draw, because it isn't above zero; empty for nothing."""
    if answer.state != "ready":
        return ""
    below = answer.frame.loc[answer.frame["cost"] < 0, "cost"]
    if below.empty:
        return ""
    count = counted(len(below), "credit")
    return f"Not drawn: {count} ({money(float(below.sum()))} in total)."
