"""Latest rows: a page of rows of a copied table, and how many there are, in ClickHouse's SQL."""

from __future__ import annotations

from collections.abc import Iterable

from meaux.data.database import Statement
from meaux.data.schema.preview import LONGEST_TEXT
from meaux.data.warehouse.tables import CopiedColumn, CopiedTable


def latest_rows(table: CopiedTable, database: str, rows: int, skipped: int = 0) -> Statement:
    """Return the statement for the latest rows behind those skipped; texts are cut short.

    Rows without a time are sorted by key.
    """
    cells = ",\n  ".join(map(_cell, table.columns))
    order = f"\nORDER BY {', '.join(_order(table))}" if table.order else ""
    sql = (
        f"SELECT\n  {cells}\nFROM `{database}`.`{table.name}` AS t{order}\n"
        f"LIMIT {rows} OFFSET {skipped}"
    )
    return Statement(sql, native=True)


def row_counts(tables: Iterable[str], database: str) -> Statement:
    """Return the statement that counts the rows of some tables; it reads none of them."""
    counts = (f"SELECT '{one}' AS name, count() AS n FROM `{database}`.`{one}`" for one in tables)
    return Statement("\nUNION ALL\n".join(counts), width=2, native=True)


def _order(table: CopiedTable) -> list[str]:
    return [f"t.`{name}`" + " DESC" * (name == table.time) for name in table.order]


def _cell(column: CopiedColumn) -> str:
    name = f"t.`{column.name}`"
    cut = f"substringUTF8(CAST({name}, 'Nullable(String)'), 1, {LONGEST_TEXT})"
    return f"{cut if 'String' in column.type else name} AS `{column.name}`"
