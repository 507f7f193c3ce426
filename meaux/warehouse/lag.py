"""Lag: the tables whose newest row in the copy is older than that of the source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from meaux.data.database import Database, Fetched, Statement, fetch_each
from meaux.data.schema import Binding, BoundTable, Catalog, sizes
from meaux.data.warehouse import copied


@dataclass(frozen=True)
class Lag:
    """A table, the time of a row at the source, and of the copy's newest; None if it has none."""

    table: str
    source: datetime
    copy: datetime | None

    @property
    def behind(self) -> timedelta | None:
        """How much older the copy's newest row is; None if it has none."""
        return self.source - self.copy if self.copy else None


def newest_rows(binding: Binding, catalog: Catalog) -> dict[str, Statement | None]:
    """Return the statement for the newest time of each copied table whose rows have one.

    It reads a row by an index, else the last rows written: then an even newer one may exist. It is
    None for a table with neither, such as a view.
    """
    return {
        name: _newest(binding.tables[name], table.time, catalog)
        for name, table in copied(binding).items()
        if table.time
    }


def lagging(
    source: Database,
    asked: Mapping[str, Statement | None],
    newest: Mapping[str, datetime | None],
) -> Iterator[Lag]:
    """Yield each table that lags behind the source, in one call.

    `asked` are the statements of `newest_rows`, and `newest` the times of the copy's newest rows,
    both by table.

    Raises:
        DatabaseError: The source doesn't answer.
    """
    sent = {name: one for name, one in asked.items() if one and name in newest}
    for name, came in zip(sent, fetch_each(source, list(sent.values())), strict=True):
        if not isinstance(came, Fetched):
            continue
        [[seconds]] = came.rows.rows
        there, here = _time(seconds), newest[name]
        if there and (here is None or here < there):
            yield Lag(name, there, here)


def _newest(bound: BoundTable, time: str, catalog: Catalog) -> Statement | None:
    physical = catalog.tables[bound.physical.lower()]
    newest = sizes.newest(physical, bound.columns[time], bound.of_kind)
    return Statement(f"SELECT {newest} AS newest") if newest else None


def _time(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(int(seconds), UTC)
