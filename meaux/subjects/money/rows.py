"""The rows behind costs: entries of all categories, in one list."""

from __future__ import annotations

from dataclasses import replace

from meaux.data.categories import CATEGORIES
from meaux.query import queries
from meaux.query.filters import Period, Selection, month_to_date
from meaux.query.filters.period import DAY
from meaux.subjects.money.figures import BURN_DAYS
from meaux.subjects.money.metrics import COST, COST_THIS_MONTH, DAILY_BURN
from meaux.subjects.rows import Behind, Source

ENTRIES = Source(
    "cost entry",
    {category.name: queries.find(category.rows) for category in CATEGORIES},
    queries.cost_row_sums,
    "category",
    ("category", "team", "project", "person", "service"),
    ("day", "cost", "category", "project", "person", "service", "resource", "note", "at"),
    {"unpriced": "without a price", "unread": "with an unreadable price"},
    queries.other_currencies,
    tuple(category.table for category in CATEGORIES),
)


def _this_month(selection: Selection) -> Selection:
    return replace(selection, period=month_to_date(selection.today), compare="previous")


def _last_week(selection: Selection) -> Selection:
    return selection.over(Period(selection.today - BURN_DAYS * DAY, selection.today))


BEHIND = {
    COST: Behind(ENTRIES, "cost"),
    COST_THIS_MONTH: Behind(ENTRIES, "cost", over=_this_month),
    DAILY_BURN: Behind(
        ENTRIES,
        "cost",
        over=_last_week,
        note="The daily burn is the mean of these days, without recurring costs.",
    ),
}
