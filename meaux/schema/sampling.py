"""Samples: a few rows of each table of the model, and what its indexes tell of all the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from meaux.database import Rows, Statement
from meaux.schema.catalog import Catalog, PhysicalTable
from meaux.schema.encodings import classes
from meaux.schema.model import LogicalTable, Model, quoted

NEWEST = 10
"""How many of a table's newest rows, and as many of its oldest ones, are read."""
BETWEEN = 20
"""How many are read between them, spread evenly: they meet whatever was written for long."""
UNNUMBERED = 40
"""How many are read where rows have no number to choose them by."""

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
    """A statement for each physical table of the model, by its name in lower case.

    The columns are those that some logical instant, or some name of a row of another table, may
    stand on. The first column is 1 for a row. Where an index holds the instants, more lines with
    a 0 follow, which hold a value of each class of encodings that there is in any row.
    """
    return {
        table.name.lower(): Statement(_sample(table, _columns(model, table, logical)))
        for table, logical in _standing(model, catalog)
    }


def values(
    model: Model, catalog: Catalog, samples: Mapping[str, Rows]
) -> dict[str, dict[str, list[Any]]]:
    """The sampled values by table and column in lower case, those of rows first."""
    found = {}
    for table, logical in _standing(model, catalog):
        name, names = table.name.lower(), _columns(model, table, logical)
        if name in samples:
            lines = sorted(samples[name].rows, key=lambda line: -line[0])
            found[name] = {c: [line[n] for line in lines] for n, c in enumerate(names, 1)}
    return found


def rows_in(sample: Rows) -> int:
    """How many rows of the table are in a sample."""
    return sum(bool(line[0]) for line in sample.rows)


def _standing(model: Model, catalog: Catalog) -> Iterator[tuple[PhysicalTable, list[LogicalTable]]]:
    """Each physical table of the model that is there, and the logical ones that may stand on it."""
    found: dict[str, list[LogicalTable]] = {}
    for logical in model.tables.values():
        for table in filter(None, map(catalog.meant, logical.candidates)):
            found.setdefault(table.name.lower(), []).append(logical)
    return ((catalog.tables[name], logical) for name, logical in found.items())


def _columns(
    model: Model, table: PhysicalTable, logical: Iterable[LogicalTable]
) -> dict[str, bool]:
    """The columns that are sampled, in lower case, and whether an index holds instants of it."""
    found: dict[str, bool] = {}
    for wanted in (column for one in logical for column in one.columns.values()):
        if wanted.type == "instant" or model.referred(wanted):
            for column in filter(None, map(table.called, wanted.candidates)):
                timed = wanted.type == "instant" and table.index_on(column.spelt) is not None
                found[column.key] = found.get(column.key, False) or timed
    return {name: timed for name, timed in found.items() if name in table.spelling}


def _sample(table: PhysicalTable, wanted: Mapping[str, bool]) -> str:
    source = f"main.{quoted(table.name)}"
    found = [f"found.{quoted(table.spelling[name])}" for name in wanted]
    selected = ", ".join(["1 AS present", *found])
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
    """A line for each class of encodings; none where no index holds instants."""
    if any(wanted.values()):
        lines = (_line(table, wanted, source, condition) for condition in classes())
        yield " UNION ALL ".join(lines)


def _line(table: PhysicalTable, wanted: Mapping[str, bool], source: str, condition: str) -> str:
    def cell(name: str) -> str:
        column = quoted(table.spelling[name])
        where = condition.format(x=column)
        return f"(SELECT {column} FROM {source} WHERE {where} ORDER BY {column} LIMIT 1)"

    cells: Sequence[str] = [cell(name) if timed else "NULL" for name, timed in wanted.items()]
    return ", ".join(["SELECT 0", *cells])
