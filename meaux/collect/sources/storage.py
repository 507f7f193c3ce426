"""Storage: how much D1 and KV hold per day, added up over the account.

Documented at developers.cloudflare.com/d1/observability/metrics-analytics and
developers.cloudflare.com/kv/observability/metrics-analytics: 31 days.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from meaux.collect.sources import graphql
from meaux.collect.sources.source import Account, Batch, Source, instant, needed
from meaux.collect.tables import STORAGE

D1 = ("d1", "d1StorageAdaptiveGroups", "databaseId", "databaseSizeBytes", "")
KV = ("kv", "kvStorageAdaptiveGroups", "namespaceId", "byteCount", "keyCount")
"""Each: source, dataset, what is measured, its bytes, its items."""


def read(account: Account, since: date, now: datetime) -> Iterator[Batch]:
    """Yield the days of D1 and KV."""
    last = now.astimezone(UTC).date()
    days: dict[tuple[date, str], dict[str, Any]] = {}
    for source, dataset, of, size, items in (D1, KV):
        fields = f"dimensions {{ date {of} }} max {{ {size} {items} }}"
        for one in graphql.days(account, dataset, fields, since, last):
            match one:
                case {"dimensions": {"date": told}, "max": {**most}}:
                    day = instant(account, told)
                case _:
                    raise account.service.unreadable(f"{dataset} lacks its date or its maximum")
            row = days.setdefault((day.date(), source), {"source": source, "recorded_at": day})
            row["bytes"] = row.get("bytes", 0) + needed(account, most.get(size))
            if items:
                row["items"] = row.get("items", 0) + needed(account, most.get(items))
    yield {STORAGE.name: [days[key] for key in sorted(days)]}


LEVELS = Source("storage", "cloudflare", "Account Analytics Read", (STORAGE,), read, days=30)
