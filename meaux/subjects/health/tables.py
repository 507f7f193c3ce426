"""Tables: all tables of a database or of its copy, and the columns of one, as frames."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from meaux.data.schema import Binding, Catalog, PhysicalTable
from meaux.data.schema.model import quoted
from meaux.data.warehouse.tables import GONE, MONTH

KINDS = {"table": "table", "view": "view", "virtual": "virtual table"}
SHADOW = "shadow table"

BESIDE = {
    "_timed": "1 if the time has a time of day",
    "_unread": "1 if the value can't be read",
    "_foreign": "the amount in another currency",
    "_span": "the period of the amount",
    "_stored": "the amount as the source has it",
    "_plain": "the name alone",
}
"""What a copy has beside a column, by the end of its name."""
ALONE = {
    MONTH: "the month with which the row is loaded; 0 if it has no time",
    GONE: "1 if the row is deleted, but others refer to it",
}


def tables(
    catalog: Catalog, binding: Binding, found: Sequence[PhysicalTable], words: str
) -> pd.DataFrame:
    """Return tables: table, kind, columns, indexes, read_as and, for a search, columns found."""
    shadows, wanted = catalog.shadows, words.lower()
    rows = [
        {
            "table": table.name,
            "kind": SHADOW if table.name.lower() in shadows else KINDS[table.kind],
            "columns": len(table.spelling),
            "indexes": len(table.indexes),
            "read_as": ", ".join(
                b.logical for b in binding.tables.values() if b.physical == table.name
            ),
            "found": ", ".join(s for name, s in table.spelling.items() if wanted in name),
        }
        for table in found
    ]
    frame = pd.DataFrame(rows)
    return frame if wanted else frame.drop(columns="found", errors="ignore")


def columns(table: PhysicalTable, binding: Binding) -> pd.DataFrame:
    """Return the columns of a table: column, type, indexes, read_as."""
    rows = [
        {
            "column": spelt,
            "type": table.types[name],
            "indexes": ", ".join(i.name for i in table.indexes if spelt in i.columns),
            "read_as": ", ".join(binding.readers(table.name, spelt)),
        }
        for name, spelt in table.spelling.items()
    ]
    return pd.DataFrame(rows)


def copied_tables(
    found: Sequence[PhysicalTable], sources: Mapping[str, str], rows: Mapping[str, int], words: str
) -> pd.DataFrame:
    """Return tables of a copy: table, read_from, columns, rows and, for a search, columns found."""
    wanted = words.lower()
    frame = pd.DataFrame(
        {
            "table": table.name,
            "read_from": sources.get(table.name, ""),
            "columns": len(table.spelling),
            "rows": rows.get(table.name),
            "found": ", ".join(s for name, s in table.spelling.items() if wanted in name),
        }
        for table in found
    )
    return frame if wanted else frame.drop(columns="found", errors="ignore")


def copied_columns(table: PhysicalTable, binding: Binding, source: Catalog) -> pd.DataFrame:
    """Return the columns of a table of a copy: column, type, read_from, meaning."""
    bound = binding.tables[table.name]
    physical = source.find(bound.physical)
    spelt = list(physical.spelling.values()) if physical else []
    rows = []
    for name in table.spelling.values():
        column = bound.columns.get(name)
        stored = [one.stored for one in column.all] if column else []
        read = [one for one in spelt if any(quoted(one) in sql for sql in stored)]
        meaning = "" if column else _meaning(name)
        kind = table.types[name.lower()]
        rows.append(
            {"column": name, "type": kind, "read_from": ", ".join(read), "meaning": meaning}
        )
    return pd.DataFrame(rows)


def _meaning(name: str) -> str:
    """Return what a column of a copy is that no logical column has the name of."""
    beside = (words for end, words in BESIDE.items() if name.endswith(end))
    return ALONE.get(name) or next(beside, "")
