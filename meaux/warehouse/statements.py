"""Statements: what is run on the source to copy a table, made by the compiler of queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from meaux.data.database import Statement
from meaux.data.schema import Binding, BoundTable, Catalog, quoted
from meaux.data.schema.identity import OWN, Identity, column_of, written
from meaux.data.warehouse import KIND, MONTH, CopiedTable
from meaux.query.filters import Period, Selection
from meaux.query.queries import Query, compile_query
from meaux.warehouse import months

DIGEST = "meaux_digest"
"""The function of a row's cells that `reading` adds to SQLite: a whole number below 2**32."""

_MONTH = "substr({day}, 1, 7)"


@dataclass(frozen=True)
class Statements:
    """The statements that copy the tables of one binding."""

    binding: Binding
    catalog: Catalog

    def signatures(self, table: CopiedTable) -> Statement:
        """Return the statement for each month's number of rows and the sum of their digests.

        It reads every row of the physical table, also those that don't count, and all cells: no
        change stays unnoticed.
        """
        bound = self.binding.tables[table.logical]
        physical = self.catalog.tables[bound.physical.lower()]
        cells = ", ".join(quoted(column.spelt) for column in physical.columns.values())
        time = bound.columns[table.time].local_day("0") if table.time else "NULL"
        return Statement(
            f"SELECT {_MONTH.format(day=time)}, count(*), sum({DIGEST}({cells}))\n"
            f"FROM main.{quoted(physical.name)} GROUP BY 1"
        )

    def lookups(self, table: CopiedTable) -> list[Statement]:
        """Return statements for the digest of each lookup by which the table's keys are resolved.

        A renamed or deleted project changes it if other rows refer to projects by their names.
        """
        bound = self.binding.tables[table.logical]
        met = {
            (one.identity.table, one.identity.by): one.identity
            for column in bound.columns.values()
            for one in column.all
            if one.identity and not one.identity.is_own
        }
        return [self._lookup(identity) for _, identity in sorted(met.items())]

    def _lookup(self, identity: Identity) -> Statement:
        bound = self.binding.tables[identity.table]
        name = written(identity.by, bound.columns[column_of(identity.by)].value())
        cells = f"{bound.columns[OWN].value()}, {name}, {bound.is_gone()}"
        return Statement(f"SELECT count(*), sum({DIGEST}({cells})) FROM {bound.named()}")

    def rows(self, table: CopiedTable, batch: list[int]) -> list[Statement]:
        """Return the statements for the rows of some months, their month as the first column.

        There is one for each kind of rows that don't count, if the table is of such.
        """
        return [self._of_kind(table, batch, kind) for kind in table.kinds or ("",)]

    def _of_kind(self, table: CopiedTable, batch: list[int], kind: str) -> Statement:
        kinds = {KIND: f"'{kind}'"} if kind else {}
        read = [kinds.get(column.name, column.read) for column in table.columns]
        if not table.time:
            return self._compiled(table, kind, ["'0'", *read], "", months.EVER)
        at = f"{table.logical}.{table.time}"
        month = _MONTH.format(day=f"{at}_day")
        if batch == [months.UNDATED]:
            where = f"WHERE NOT coalesce(in_period({at}), 0)"
            return self._compiled(table, kind, ["'0'", *read], where, months.EVER)
        where, period = f"WHERE in_period({at})", months.period(batch[0], batch[-1])
        return self._compiled(table, kind, [month, *read], where, period)

    def recipe(self, table: CopiedTable) -> str:
        """Return a digest of how a table's rows are read, whatever the month."""
        batches = [months.UNDATED], [200001]
        sql = [one.sql for batch in batches for one in self.rows(table, batch)]
        return digest(table.layout(), *sql)

    def _compiled(
        self, table: CopiedTable, kind: str, read: list[str], where: str, period: Period
    ) -> Statement:
        names = [MONTH, *(column.name for column in table.columns)]
        columns = ",\n".join(f"{one} AS {name}" for one, name in zip(read, names, strict=True))
        sql = f"SELECT\n{columns}\nFROM {table.logical}\n{where}"
        binding = self.binding.apart({table.logical: kind} if kind else {})
        query = _query(table.name, sql, names)
        return compile_query(query, binding, Selection(period, period.end)).statement

    def shares(self, table: CopiedTable) -> bool:
        """Return whether rows of a month depend on later months: a charge on its refund."""
        bound: BoundTable = self.binding.tables[table.logical]
        return bound.refunds is not None


def _query(name: str, sql: str, columns: list[str]) -> Query:
    """Return a query that nobody has named; it may read columns that are missing."""
    returns: Mapping[str, str] = dict.fromkeys(columns, "stored")
    return Query(name, "", sql, frozenset(), (), (), Path(), 0, returns=returns)


def digest(*parts: object) -> str:
    """Return a short digest of some parts."""
    return sha256(repr(parts).encode()).hexdigest()[:24]
