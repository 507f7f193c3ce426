"""Samples: a few rows of each table of the model, and the index values of all other rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from meaux.data.database import Rows, Statement, limits
from meaux.data.schema.catalog import NUMBERS, TEXTS, Catalog, PhysicalTable
from meaux.data.schema.encodings import UNSET, are_texts, classes
from meaux.data.schema.instants import united
from meaux.data.schema.model import NUMBER_TYPES, LogicalTable, Model, quoted

NEWEST = 10
"""The number of newest rows that are read, and of oldest ones."""
BETWEEN = 20
"""The number of rows read between them, spread evenly, which include older encodings."""
MOST_COLUMNS = limits.COLUMNS - 1
"""One column of an answer marks the lines that are rows."""
READ_IN_WAYS = (*NUMBER_TYPES, "flag", "instant")
"""Types whose cells may be written in several ways, or be unreadable."""
NOT_LOOKED_FOR = object()
"""The placeholder for a cell that a line of encoding classes doesn't have."""
UNNUMBERED = 40
"""The number of rows read if rows have no number to select them by."""

_SPREAD = """\
SELECT {selected}
FROM (
  SELECT (SELECT min({key}) FROM {table}) AS first, (SELECT max({key}) FROM {table}) AS last
) AS ends
CROSS JOIN (SELECT column1 AS share FROM (VALUES {shares})) AS part
CROSS JOIN {table} AS found
WHERE ends.last - ends.first >= {few} AND found.{key} = (
  SELECT min(later.{key}) FROM {table} AS later
  WHERE later.{key} >= ends.first + (ends.last - ends.first) * part.share
)"""
_SHARES = ", ".join(f"({n / (BETWEEN + 1):.4f})" for n in range(1, BETWEEN + 1))


def sampled(model: Model, catalog: Catalog) -> dict[str, Statement]:
    """Build a statement for each physical table of the model, by its name in lower case.

    Sampled columns are those with more than one possible reading: numbers, flags, instants and
    foreign keys. The first column is a row's number, or 1 if rows have none. If an index holds the
    instants, more lines with NULL there follow: a value of each encoding class in any row, and ''
    for a row without one.
    """
    return {
        table.name.lower(): Statement(_sample(table, columns), width=1 + len(columns))
        for table, logical in _standing(model, catalog)
        for columns in [_columns(model, table, logical)]
    }


def values(
    model: Model, catalog: Catalog, samples: Mapping[str, Rows]
) -> dict[str, dict[str, list[Any]]]:
    """Return the sampled values by table and column in lower case, those of rows first.

    Cells missing in a line of classes were not looked for, or not found, and belong to no row.
    """
    found = {}
    for table, logical in _standing(model, catalog):
        name, names = table.name.lower(), _columns(model, table, logical)
        if name in samples:
            found[name] = {c: _cells(samples[name], n) for n, c in enumerate(names, 1)}
    return found


def rows_in(sample: Rows) -> int:
    """Return how many rows of the table are in a sample."""
    return sum(line[0] is not None for line in sample.rows)


def _cells(sample: Rows, place: int) -> list[Any]:
    """Return the cells of a column: one per row, and those that lines of classes add.

    A row that is both among the newest and the oldest counts once.
    """
    numbered = {line[0]: line for line in sample.rows if isinstance(line[0], str)}
    others = [line for line in sample.rows if line[0] is not None and not isinstance(line[0], str)]
    cells = [line[place] for line in [*numbered.values(), *others]]
    classes = [line[place] for line in sample.rows if line[0] is None]
    return cells + [NOT_LOOKED_FOR if cell is None or cell in cells else cell for cell in classes]


def _standing(model: Model, catalog: Catalog) -> Iterator[tuple[PhysicalTable, list[LogicalTable]]]:
    """Yield each existing physical table of the model with the logical tables that may use it."""
    found: dict[str, list[LogicalTable]] = {}
    for logical in model.tables.values():
        for table in filter(None, map(catalog.meant, logical.candidates)):
            found.setdefault(table.name.lower(), []).append(logical)
    return ((catalog.tables[name], logical) for name, logical in found.items())


def _columns(
    model: Model, table: PhysicalTable, logical: Iterable[LogicalTable]
) -> dict[str, bool]:
    """Return the sampled columns, in lower case, and whether an index holds instants of each."""
    found: dict[str, bool] = {}
    for wanted in (column for one in logical for column in one.columns.values()):
        if wanted.type in READ_IN_WAYS or model.referred(wanted):
            names = chain.from_iterable(map(wanted.columns_of, wanted.candidates))
            for column in filter(None, map(table.called, names)):
                timed = wanted.type == "instant" and table.index_on(column.spelt) is not None
                found[column.key] = found.get(column.key, False) or timed
    known = {name: timed for name, timed in found.items() if name in table.spelling}
    return dict(sorted(known.items(), key=lambda one: not one[1])[:MOST_COLUMNS])


def _sample(table: PhysicalTable, wanted: Mapping[str, bool]) -> str:
    source = f"main.{quoted(table.name)}"
    found = [f"found.{quoted(table.spelling[name])}" for name in wanted]
    number = f"'row ' || found.{table.key}" if table.key else "1"
    selected = ", ".join([f"{number} AS number", *found])
    parts = [*_rows(table, selected, source), *_classes(table, wanted, source)]
    return " UNION ALL ".join(f"SELECT * FROM ({part})" for part in parts)


def _rows(table: PhysicalTable, selected: str, source: str) -> Iterator[str]:
    rows, few = f"SELECT {selected} FROM {source} AS found", NEWEST + NEWEST
    if table.key is None:
        yield f"{rows} LIMIT {UNNUMBERED}"
        return
    yield f"{rows} ORDER BY found.{table.key} DESC LIMIT {NEWEST}"
    yield f"{rows} ORDER BY found.{table.key} ASC LIMIT {NEWEST}"
    yield _SPREAD.format(selected=selected, table=source, key=table.key, shares=_SHARES, few=few)


def _classes(table: PhysicalTable, wanted: Mapping[str, bool], source: str) -> Iterator[str]:
    """Yield a line for each class of encodings; none if no index holds instants."""
    if any(wanted.values()):
        lines = (_line(table, wanted, source, condition) for condition in [UNSET, *classes()])
        yield united(filter(None, lines))


def _line(table: PhysicalTable, wanted: Mapping[str, bool], source: str, condition: str) -> str:
    """Return one line; empty if no column may hold the class."""
    kind = TEXTS if are_texts(condition) else NUMBERS
    looked_for = [
        name
        for name, timed in wanted.items()
        if timed and (condition == UNSET or kind in table.columns[name].holds)
    ]

    def cell(name: str) -> str:
        column = quoted(table.spelling[name])
        where = condition.format(x=column)
        found = "''" if condition == UNSET else column
        return f"(SELECT {found} FROM {source} WHERE {where} ORDER BY {column} LIMIT 1)"

    cells: Sequence[str] = [cell(name) if name in looked_for else "NULL" for name in wanted]
    return ", ".join(["SELECT NULL", *cells]) if looked_for else ""
