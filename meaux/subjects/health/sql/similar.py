"""Similar: names a mistaken statement may have meant."""

from __future__ import annotations

from collections.abc import Iterable

from meaux.data.readers import similar
from meaux.data.schema import Catalog
from meaux.errors import MissingColumn, MissingTable, QueryError, QueryTimeout
from meaux.subjects.health.sql.reading import Reading
from meaux.subjects.health.sql.scans import tables

TOO_LONG = "The query timed out. Read fewer rows: add a condition on an indexed column."


def explained(error: QueryError, reading: Reading, catalog: Catalog) -> str:
    """Say why a statement can't run; an unknown table or column is followed by similar names.

    `catalog` has the tables that may be named. Columns are those of the statement's tables, or else
    of all. A period, which other queries can shorten, doesn't apply to a statement.
    """
    match error:
        case MissingTable():
            known = [table.name for table in catalog.tables.values()]
            return _unknown("table", error.table.removeprefix("main."), known)
        case MissingColumn():
            read = tables(reading, catalog) or catalog.tables.values()
            columns = [column for table in read for column in table.columns]
            return _unknown("column", error.column, columns)
        case QueryTimeout():
            return TOO_LONG
    return str(error)


def _unknown(what: str, name: str, known: Iterable[str]) -> str:
    alike = similar(name.rpartition(".")[2], known)
    rest = f"Similar: {', '.join(alike)}." if alike else "“Tables and columns” lists them all."
    return f"There is no {what} {name}. {rest}"
