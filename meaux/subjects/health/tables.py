"""Tables: all tables of a database, and the columns of one, as frames."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from meaux.data.schema import Binding, Catalog, PhysicalTable

KINDS = {"table": "table", "view": "view", "virtual": "virtual table"}
SHADOW = "shadow table"


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
