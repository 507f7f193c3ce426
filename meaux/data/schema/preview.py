"""Previews: a few rows of any table, newest first, with no value too large to show."""

from __future__ import annotations

from dataclasses import dataclass

from meaux.data.database import Rows, Statement, limits
from meaux.data.schema.catalog import PhysicalTable
from meaux.data.schema.model import quoted
from meaux.data.schema.secrets import MASK

ROWS = 50
LONGEST_TEXT = 300
MOST_COLUMNS = limits.COLUMNS - 1
"""One column of an answer is the key of a row."""

_EXACT_UP_TO = 2**53 - 1
"""Larger integers lose digits in D1's JSON, so they are sent as text."""

_CELL = """\
CASE typeof({x})
    WHEN 'blob' THEN 'BLOB, ' || length({x}) || ' bytes'
    WHEN 'text' THEN substr({x}, 1, {longest}) || substr('…', 1, length({x}) > {longest})
    WHEN 'integer' THEN CASE WHEN {x} BETWEEN -{exact} AND {exact} THEN {x} ELSE {x} || '' END
    ELSE {x}
  END AS {x}"""

_MASKED = "iif({x} IS NULL, NULL, '{mask}') AS {x}"


@dataclass(frozen=True)
class Place:
    """The start of a page: rows `older` or `newer` than a key; both empty for the newest rows."""

    way: str = "older"
    key: str = ""


@dataclass(frozen=True)
class TablePage:
    """A page of rows, newest first, and the places of its neighbours, if any."""

    columns: tuple[str, ...]
    rows: list[tuple[object, ...]]
    newer: Place | None
    older: Place | None


def preview(table: PhysicalTable, place: Place, masked: frozenset[str] = frozenset()) -> Statement:
    """Return the statement for a page by key, and one more row; without a key, the first rows.

    `masked` are columns in lower case whose values the database doesn't return.
    """
    cells = ",\n  ".join(
        (_MASKED if name.lower() in masked else _CELL).format(
            x=quoted(name), longest=LONGEST_TEXT, exact=_EXACT_UP_TO, mask=MASK
        )
        for name in shown_columns(table)
    )
    source = f"FROM main.{quoted(table.name)}"
    if table.key is None:
        return Statement(f"SELECT\n  NULL,\n  {cells}\n{source}\nLIMIT {ROWS + 1}")
    compared, order = ("<", "DESC") if place.way == "older" else (">", "ASC")
    where = f"\nWHERE {table.key} {compared} CAST(?1 AS INTEGER)" if place.key else ""
    sql = (
        f"SELECT\n  CAST({table.key} AS TEXT),\n  {cells}\n{source}{where}\n"
        f"ORDER BY {table.key} {order}\nLIMIT {ROWS + 1}"
    )
    return Statement(sql, (place.key,) if place.key else ())


def shown_columns(table: PhysicalTable) -> list[str]:
    """List the columns that a preview shows."""
    return list(table.spelling.values())[:MOST_COLUMNS]


def page(table: PhysicalTable, place: Place, rows: Rows) -> TablePage:
    """Build the page from the rows that `preview` read."""
    found, more = rows.rows[:ROWS], len(rows.rows) > ROWS
    if place.way == "newer":
        found = found[::-1]
    newer, older = (more, bool(place.key)) if place.way == "newer" else (bool(place.key), more)
    numbered = found and table.key is not None
    return TablePage(
        tuple(shown_columns(table)),
        [tuple(row[1:]) for row in found],
        Place("newer", str(found[0][0])) if numbered and newer else None,
        Place("older", str(found[-1][0])) if numbered and older else None,
    )


def sketch(table: PhysicalTable) -> str:
    """Return a statement that names every column of a table, as a start for the user."""
    names = ",\n  ".join(map(quoted, table.spelling.values()))
    return f"SELECT\n  {names}\nFROM {quoted(table.name)}"
