"""The rows behind costs: entries of all categories, in one list."""

from __future__ import annotations

from dataclasses import replace

from meaux.data.categories import CATEGORIES
from meaux.query import queries
from meaux.query.filters import Selection, month_to_date
from meaux.subjects.money.metrics import COST, COST_THIS_MONTH
from meaux.subjects.rows import Behind, Source

ENTRIES = Source(
    "cost entry",
    {category.name: queries.find(category.rows) for category in CATEGORIES},
    queries.cost_row_sums,
    "category",
    ("category", "team", "project", "person", "service"),
    ("day", "cost", "category", "project", "person", "service", "resource", "note", "at"),
    "without a price",
    queries.other_currencies,
)


def _this_month(selection: Selection) -> Selection:
    return replace(selection, period=month_to_date(selection.today), compare="previous")


BEHIND = {
    COST: Behind(ENTRIES, "cost"),
    COST_THIS_MONTH: Behind(ENTRIES, "cost", over=_this_month),
}
