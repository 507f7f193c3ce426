"""AI Gateway: each logged request with its tokens and cost.

Documented at developers.cloudflare.com/api/resources/ai_gateway/subresources/logs: 50 a page. Logs
of several gateways are merged by time, so that what is stored is complete up to the newest.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from datetime import date, datetime
from itertools import count
from typing import Any
from urllib.parse import quote

from meaux.collect.sources.source import Account, Batch, Source, instant, listed, number
from meaux.collect.tables import AI_COSTS, Row

PAGE = 50
ROWS = 1_000
"""The number of rows of a batch."""


def read(account: Account, since: date, _now: datetime) -> Iterator[Batch]:
    """Yield the logged requests of all gateways, the oldest first."""
    base = f"{account.path}/ai-gateway/gateways"
    ids = [str(one["id"]) for one in _pages(account, base) if one.get("id")]
    logs = [_logs(account, f"{base}/{quote(name, safe='')}/logs", since) for name in ids]
    batch: list[Row] = []
    for row in heapq.merge(*logs, key=lambda row: row["created_at"]):
        batch.append(row)
        if len(batch) == ROWS:
            yield {AI_COSTS.name: batch}
            batch = []
    yield {AI_COSTS.name: batch}


def _logs(account: Account, path: str, since: date) -> Iterator[Row]:
    asked = {"start_date": f"{since}T00:00:00Z", "order_by": "created_at"}
    for one in _pages(account, path, order_by_direction="asc", **asked):
        yield _request(account, one)


def _pages(account: Account, path: str, **asked: str) -> Iterator[dict[str, Any]]:
    """Yield the entries of all pages."""
    for page in count(1):
        answer = account.service.get(path, page=page, per_page=PAGE, **asked)
        entries = listed(account, answer.get("result"))
        yield from entries
        if len(entries) < PAGE:
            return


def _request(account: Account, one: dict[str, Any]) -> Row:
    if not one.get("id"):
        raise account.service.unreadable("a log entry has no ID")
    return {
        "request_id": str(one["id"]),
        "created_at": instant(account, one.get("created_at")),
        "provider": one.get("provider"),
        "model": one.get("model"),
        "input_tokens": number(account, one.get("tokens_in")),
        "output_tokens": number(account, one.get("tokens_out")),
        "cost_usd": number(account, one.get("cost")),
        "cached": one.get("cached") if isinstance(one.get("cached"), bool) else None,
    }


LOGS = Source("ai_gateway", "cloudflare", "AI Gateway Read", (AI_COSTS,), read, days=90, overlap=1)
