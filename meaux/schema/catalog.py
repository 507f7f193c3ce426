"""The catalog: every table and column that a database has, read in one statement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from meaux.database import Rows, Statement

# Every column has a name of its own: wrangler's D1 loses all but one of those that share a name.
_INTROSPECTION = """\
SELECT m.name AS name, m.type AS kind,
       instr(upper(coalesce(m.sql, '')), 'WITHOUT ROWID') > 0 AS without_rowid,
       c.name AS column_name, c.type AS declared
FROM sqlite_master AS m
JOIN pragma_table_info(m.name) AS c
WHERE m.type IN ({kinds})
  AND substr(m.name, 1, 4) <> '_cf_'
  AND substr(m.name, 1, 7) <> 'sqlite_'
ORDER BY m.name, c.cid"""


@dataclass(frozen=True)
class PhysicalTable:
    """A table or view as it stands in the database: columns by lower-case name."""

    name: str
    kind: str
    has_rowid: bool
    spelling: dict[str, str]
    types: dict[str, str]


@dataclass(frozen=True)
class Catalog:
    """Every table and view by lower-case name, as SQLite compares names."""

    tables: Mapping[str, PhysicalTable]

    def find(self, name: str) -> PhysicalTable | None:
        """The table of that name in any case, if there is one."""
        return self.tables.get(name.lower())


def introspection(*, views: bool = True) -> Statement:
    """The statement that reads the whole schema; without views where one of them is broken."""
    return Statement(_INTROSPECTION.format(kinds="'table', 'view'" if views else "'table'"))


def read_catalog(rows: Rows) -> Catalog:
    """The catalog in what `introspection` returned."""
    tables: dict[str, PhysicalTable] = {}
    for table, kind, without_rowid, column, declared in rows.rows:
        entry = tables.setdefault(
            table.lower(),
            PhysicalTable(table, kind, kind == "table" and not int(without_rowid), {}, {}),
        )
        entry.spelling[column.lower()] = column
        entry.types[column.lower()] = declared or ""
    return Catalog(tables)
