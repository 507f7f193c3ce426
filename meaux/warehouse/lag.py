"""Lag: the tables whose newest row in the copy is older than that of the source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from meaux.data.database import Database, Fetched, Statement, fetch_each
from meaux.data.schema import Binding, BoundTable, Catalog, instants, quoted
from meaux.data.schema.sizes import in_order
from meaux.data.warehouse import CopiedTable, copied


@dataclass(frozen=True)
class Lag:
    """A table and the times of its newest rows; `copy` is None if the copy has none."""

    table: str
    source: datetime
    copy: datetime | None

    @property
    def behind(self) -> timedelta | None:
        """How much older the copy's newest row is; None if it has none."""
        return self.source - self.copy if self.copy else None


def lagging(
    source: Database,
    binding: Binding,
    catalog: Catalog,
    newest: Mapping[str, datetime | None],
) -> Iterator[Lag]:
    """Yield each table that lags behind the source, whose binding and catalog are given.

    `newest` are the times of the copy's newest rows, by table. Only tables that an index sorts by
    time are asked: it reads a row of each.

    Raises:
        DatabaseError: The source doesn't answer.
    """
    asked = {
        name: statement
        for name, table in copied(binding).items()
        if name in newest and (statement := _newest(table, binding.tables[name], catalog))
    }
    for name, came in zip(asked, fetch_each(source, list(asked.values())), strict=True):
        if not isinstance(came, Fetched):
            continue
        [[seconds]] = came.rows.rows
        there, here = _time(seconds), newest[name]
        if there and (here is None or here < there):
            yield Lag(name, there, here)


def _newest(table: CopiedTable, bound: BoundTable, catalog: Catalog) -> Statement | None:
    """Return the statement for the newest time of a table; None if no index serves it.

    Nor can it be told from the index if the copy has only one kind of its rows.
    """
    physical = catalog.tables[bound.physical.lower()]
    if not table.time or bound.of_kind or not in_order(physical, bound.columns[table.time]):
        return None
    time, source = bound.columns[table.time], f"main.{quoted(physical.name)}"
    newest = instants.newest(time.value(), time.stored, source, time.encodings)
    return Statement(f"SELECT {newest} AS newest")


def _time(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(int(seconds), UTC)
