"""Scans: the full table scans of a statement, found in its query plan before it runs."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from meaux.data.database import Rows
from meaux.data.schema import Catalog, PhysicalTable
from meaux.subjects.health.sql.reading import Reading
from meaux.wording import counted, plural

LARGE = 10_000
"""From this many rows on, a scan must be confirmed."""

_EXACT_BELOW = 1_000

_SCAN = re.compile(r"SCAN (?P<name>.+?)(?: USING .+| VIRTUAL TABLE .+| LEFT-JOIN| EXISTS)?\Z")
_SEARCH = re.compile(r"SEARCH (?P<name>(?:(?! USING | VIRTUAL ).)+)\Z")
"""A search without an index looks for the lowest or the highest value in all rows."""
_SORTED = "USE TEMP B-TREE"


class Scan(NamedTuple):
    """A table that is scanned `times` times: all of it, or its first rows.

    `rows` is the number of rows read each time, None if unknown.
    """

    table: str
    rows: int | None
    times: float
    whole: bool = True

    @property
    def reads(self) -> float:
        """The number of rows read in total."""
        return math.inf if self.rows is None else self.rows * self.times

    @property
    def sentence(self) -> str:
        """The scan in a sentence: `Full scan of time_entries: about 24,900 rows.`."""
        if not self.whole:
            return f"Reads the first {_about(self.reads, 'row')} of {self.table}."
        unknown = "row count unknown"
        rows = unknown if self.rows is None else _about(self.reads, "row")
        again = f", {about(self.times)} times" if self.times > 1 else ""
        return f"Full scan of {self.table}{again}: {rows}."


def about(number: float) -> str:
    """Write a number as an estimate: with three digits."""
    if number < _EXACT_BELOW:
        return f"{number:,.0f}"
    digits = len(f"{number:.0f}") - 3
    return f"about {round(number, -digits):,.0f}"


def _about(number: float, noun: str) -> str:
    return counted(1, noun) if number == 1 else f"{about(number)} {plural(noun)}"


class Step(NamedTuple):
    """A line of a query plan."""

    id: int
    parent: int
    detail: str


def tables(reading: Reading, catalog: Catalog) -> list[PhysicalTable]:
    """Return the tables of a statement that the database has."""
    names = {name.lower() for found in reading.tables.values() for name in found}
    return [table for name in sorted(names) if (table := catalog.find(name)) is not None]


def scans(
    reading: Reading, plan: Rows, sizes: Mapping[str, int | None], catalog: Catalog, limit: int
) -> list[Scan]:
    """Return the scans of a statement, those with the most rows first.

    `sizes` has the row counts of tables by lower-case name. An inner loop runs once for each row of
    the outer one. A statement that a row limit ends reads no more than `limit` rows.
    """
    steps = [Step(int(row[0]), int(row[1]), str(row[3])) for row in plan.rows]
    found: list[Scan] = []
    inside: dict[int, float] = {}
    for step in steps:
        times = inside.get(step.parent, 1.0)
        table = _scanned(step.detail, reading, sizes, catalog)
        if table is not None:
            rows = sizes.get(table.lower())
            found.append(Scan(table, rows, times))
            inside[step.parent] = times * max(rows or 1, 1)
        inside[step.id] = times if "CORRELATED" in step.detail else 1.0
    if reading.stops and not any(_SORTED in step.detail for step in steps):
        found = [_first(scan, limit) for scan in found]
    return sorted(found, key=lambda scan: -scan.reads)


def _first(scan: Scan, limit: int) -> Scan:
    """Return the scan as it is if it ends after at most `limit` rows."""
    short = scan.rows is not None and scan.rows <= limit
    return scan if short else scan._replace(rows=limit, whole=False)


def _scanned(
    detail: str, reading: Reading, sizes: Mapping[str, int | None], catalog: Catalog
) -> str | None:
    """Return the table that a line of a plan reads; the largest if a name means several."""
    found = _SCAN.match(detail) or _SEARCH.match(detail)
    if found is None:
        return None
    name = found["name"].lower()
    meant = reading.tables.get(name, frozenset({name}))
    known = [table.name for one in sorted(meant) if (table := catalog.find(one)) is not None]
    return max(known, key=lambda one: _size(sizes.get(one.lower())), default=None)


def _size(rows: int | None) -> float:
    return math.inf if rows is None else rows


def reads(found: Sequence[Scan]) -> float:
    """Return the number of rows of all scans together; infinite if one is unknown."""
    return sum(scan.reads for scan in found)


def outline(plan: Rows) -> list[str]:
    """Return the lines of a query plan, indented by depth."""
    depth: dict[int, int] = {}
    lines = []
    for row in plan.rows:
        depth[int(row[0])] = depth.get(int(row[1]), -1) + 1
        lines.append("  " * depth[int(row[0])] + str(row[3]))
    return lines
