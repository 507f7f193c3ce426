"""Growth: how large a D1 database is, how fast it grows, and when it is full."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from meaux.data.database import Fetched, Outcome, Statement
from meaux.data.schema import BoundTable, PhysicalTable, quoted
from meaux.data.schema.sizes import in_order
from meaux.data.schema.window import Window
from meaux.data.source import Source
from meaux.query.filters import Selection
from meaux.query.queries.calls import positional
from meaux.wording import month_of

FULL = 10_000_000_000
"""The size in bytes that a D1 database may have on the paid plan."""
FAR = timedelta(days=3_650)
"""A day later than this is no forecast."""


@dataclass(frozen=True)
class Growth:
    """A database's size in bytes, and the bytes by which it grows a day, if that is known."""

    size: int
    a_day: float | None = None

    def full(self, today: date) -> date | None:
        """Return the day on which the database is full; None if it isn't in sight."""
        if self.size >= FULL:
            return today
        if not self.a_day:
            return None
        days = (FULL - self.size) / self.a_day
        return today + timedelta(days=days) if days < FAR.days else None

    def sentence(self, today: date) -> str:
        """Return the size and the month in which the database is full, in words."""
        size = f"{self.size / 1e9:.2f} GB of D1's 10 GB"
        day = self.full(today)
        if day:
            return f"{size}; full in {month_of(day)} at the growth of the last days (docs/scale.md)"
        return size if self.a_day is None else f"{size}; not full for years at the present growth"


def asks(opened: Source, selection: Selection) -> list[Statement]:
    """Return, per table, the statement for its row numbers: first, last, first of the period.

    Only tables that an index sorts by time are asked: it reads three rows of each.
    """
    window = Window(*selection.bounds, selection.period.start, selection.period.end)
    tables = {
        bound.physical: bound
        for bound in opened.binding.tables.values()
        if _time(bound, opened.catalog.tables[bound.physical.lower()])
    }
    return [
        positional(_sql(bound, opened.catalog.tables[name.lower()]), window.parameters())
        for name, bound in tables.items()
    ]


def _time(bound: BoundTable, table: PhysicalTable) -> str:
    """Return the instant whose index finds the first row of a period; empty without one."""
    logical = (name for name, column in bound.columns.items() if column.type == "instant")
    first = next(logical, "")
    is_told = first and table.key and bound.columns[first].sorts
    return first if is_told and in_order(table, bound.columns[first]) else ""


def _sql(bound: BoundTable, table: PhysicalTable) -> str:
    time, source = bound.columns[_time(bound, table)], f"main.{quoted(table.name)}"
    since = f"WHERE {time.since_start()} ORDER BY {time.stored} LIMIT 1"
    return (
        f"SELECT (SELECT min({table.key}) FROM {source}) AS first, "
        f"(SELECT max({table.key}) FROM {source}) AS last, "
        f"(SELECT {table.key} FROM {source} {since}) AS since"
    )


def growth(outcomes: Iterable[Outcome], days: int) -> Growth | None:
    """Return the growth from the answers to `asks` about so many days; None if no size is told.

    The rows of these tables stand for all: the database grows as they do.
    """
    answers = [one.rows for one in outcomes if isinstance(one, Fetched)]
    size = next((rows.meta.size for rows in answers if rows.meta.size), None)
    if size is None:
        return None
    all_rows = new_rows = 0
    for rows in answers:
        first, last, since = rows.rows[0]
        if first is not None:
            all_rows += last - first + 1
            new_rows += max(0, last - since + 1) if since is not None else 0
    return Growth(size, size * new_rows / all_rows / days if all_rows else None)
