"""Latest rows: a few rows of a copied table, in ClickHouse's SQL."""

from __future__ import annotations

from meaux.data.database import Statement
from meaux.data.schema.preview import LONGEST_TEXT
from meaux.data.warehouse.tables import CopiedColumn, CopiedTable


def latest_rows(table: CopiedTable, database: str, rows: int) -> Statement:
    """Return the statement for the latest rows, or any if they have no time; texts cut short."""
    cells = ",\n  ".join(map(_cell, table.columns))
    order = f"\nORDER BY t.`{table.time}` DESC" if table.time else ""
    sql = f"SELECT\n  {cells}\nFROM `{database}`.`{table.name}` AS t{order}\nLIMIT {rows}"
    return Statement(sql, native=True)


def _cell(column: CopiedColumn) -> str:
    name = f"t.`{column.name}`"
    cut = f"substringUTF8(CAST({name}, 'Nullable(String)'), 1, {LONGEST_TEXT})"
    return f"{cut if 'String' in column.type else name} AS `{column.name}`"
