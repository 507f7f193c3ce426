"""Storage: how much D1 and KV hold per day and how they are used, added up over the account.

Documented at developers.cloudflare.com/d1/observability/metrics-analytics and
developers.cloudflare.com/kv/observability/metrics-analytics: 31 days.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

from meaux.collect.sources import graphql
from meaux.collect.sources.source import Account, Batch, Source, instant, needed
from meaux.collect.tables import STORAGE

D1_LEVEL = ("d1StorageAdaptiveGroups", "dimensions { date databaseId } max { databaseSizeBytes }")
D1_USE = (
    "d1AnalyticsAdaptiveGroups",
    "dimensions { date } sum { rowsRead rowsWritten readQueries writeQueries }",
)
KV_LEVEL = ("kvStorageAdaptiveGroups", "dimensions { date namespaceId } max { byteCount keyCount }")
KV_USE = ("kvOperationsAdaptiveGroups", "dimensions { date actionType } sum { requests }")

D1_COLUMNS = {
    "rowsRead": "rows_read",
    "rowsWritten": "rows_written",
    "readQueries": "reads",
    "writeQueries": "writes",
}
KV_ACTIONS = {"read": "reads", "write": "writes", "delete": "deletes", "list": "lists"}

Numbers = Mapping[str, Any]


def read(account: Account, since: date, now: datetime) -> Iterator[Batch]:
    """Yield the days of D1 and KV."""
    last = now.astimezone(UTC).date()
    days: dict[tuple[date, str], dict[str, Any]] = {}
    for source, dataset, told in _DATASETS:
        for one in graphql.days(account, *dataset, since, last):
            match one:
                case {"dimensions": {"date": at} as dimensions}:
                    day = instant(account, at)
                case _:
                    raise account.service.unreadable(f"{dataset[0]} lacks its date")
            row = days.setdefault((day.date(), source), {"source": source, "recorded_at": day})
            for column, number in told(dimensions, one.get("max") or one.get("sum") or {}).items():
                row[column] = row.get(column, 0) + needed(account, number)
    yield {STORAGE.name: [days[key] for key in sorted(days)]}


def _d1_level(_: Numbers, most: Numbers) -> Numbers:
    return {"bytes": most.get("databaseSizeBytes")}


def _d1_use(_: Numbers, sums: Numbers) -> Numbers:
    return {column: sums.get(name) for name, column in D1_COLUMNS.items()}


def _kv_level(_: Numbers, most: Numbers) -> Numbers:
    return {"bytes": most.get("byteCount"), "items": most.get("keyCount")}


def _kv_use(dimensions: Numbers, sums: Numbers) -> Numbers:
    """Return the operations by their column; those of an unknown kind are left out."""
    column = KV_ACTIONS.get(str(dimensions.get("actionType")).lower())
    return {column: sums.get("requests")} if column else {}


_DATASETS: tuple[tuple[str, tuple[str, str], Callable[[Numbers, Numbers], Numbers]], ...] = (
    ("d1", D1_LEVEL, _d1_level),
    ("d1", D1_USE, _d1_use),
    ("kv", KV_LEVEL, _kv_level),
    ("kv", KV_USE, _kv_use),
)

LEVELS = Source("storage", "cloudflare", "Account Analytics Read", (STORAGE,), read, days=30)
