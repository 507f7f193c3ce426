"""Indexes of date columns: those in use, and those that are missing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from meaux.data.schema import PhysicalTable, Size, quoted
from meaux.data.source import Source
from meaux.subjects.health.findings import PeriodIndex
from meaux.subjects.health.measures import periods

WITHIN_A_KEY = {("tracked_hour", "at")}
"""The instants that are only searched for one Worker at a time: the primary key serves them."""


def of_periods(opened: Source, measured: Mapping[str, Size]) -> list[PeriodIndex]:
    """Return the date columns used by the period filter, those without an index first.

    Views have no indexes and are left out, as are columns derived from other columns and those
    that are searched within a key.
    """
    asked: dict[tuple[str, str], list[str]] = {}
    for (logical, instant), queries in periods().items():
        if (logical, instant) in WITHIN_A_KEY:
            continue
        if found := _column(opened, logical, instant):
            asked.setdefault(found, []).extend(queries)
    taken = _taken(opened)
    columns = [
        _of_period(opened.catalog.tables[table], column, queries, measured, taken)
        for (table, column), queries in asked.items()
    ]
    return sorted(columns, key=lambda one: (not one.statement, -(one.size.rows or 0)))


def _column(opened: Source, logical: str, instant: str) -> tuple[str, str] | None:
    """Return the table, in lower case, and the column in which a logical instant is stored."""
    bound = opened.binding.tables.get(logical)
    table = opened.catalog.find(bound.physical) if bound else None
    if bound is None or table is None or table.kind != "table" or instant not in bound.columns:
        return None
    column = table.column(bound.columns[instant].stored)
    return (table.name.lower(), column) if column else None


def _of_period(
    table: PhysicalTable,
    column: str,
    queries: list[str],
    measured: Mapping[str, Size],
    taken: set[str],
) -> PeriodIndex:
    index = table.index_on(column)
    return PeriodIndex(
        table.name,
        column,
        measured.get(table.name.lower(), Size()),
        tuple(dict.fromkeys(queries)),
        index.name if index else "",
        "" if index else _statement(table.name, column, taken),
    )


def _taken(opened: Source) -> set[str]:
    """Return the names that are taken, in lower case: tables and indexes share their names."""
    indexes = (i.name.lower() for t in opened.catalog.tables.values() for i in t.indexes)
    return {*opened.catalog.tables, *indexes}


def _statement(table: str, column: str, taken: set[str]) -> str:
    """Return the statement that creates the index, and reserve its name."""
    plain = re.sub(r"\W+", "_", f"{table}_{column}").strip("_").lower()
    name = next(name for name in _names(plain or "period") if name not in taken)
    taken.add(name)
    return f"CREATE INDEX {quoted(name)} ON {quoted(table)} ({quoted(column)});"


def _names(plain: str) -> Iterator[str]:
    yield plain
    number = 2
    while True:
        yield f"{plain}_{number}"
        number += 1
