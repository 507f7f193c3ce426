"""OpenAI: the organization's costs per day, line item and project.

Documented at platform.openai.com/docs/api-reference/usage/costs: days in UTC, at most 180 a page.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Any

from meaux.collect.sources.source import Account, Batch, Source, listed, number
from meaux.collect.tables import OPENAI_SPENDING, Row

PAGE = 180
GROUPS = ["project_id", "line_item"]
OTHER = "Other"
"""The line item of costs that have none."""


def read(account: Account, since: date, _now: datetime) -> Iterator[Batch]:
    """Yield the days with costs, a page at a time."""
    start = round(datetime.combine(since, time(), UTC).timestamp())
    page: dict[str, str] = {}
    while True:
        answer = account.service.get(
            "/organization/costs",
            start_time=start,
            bucket_width="1d",
            group_by=GROUPS,
            limit=PAGE,
            **page,
        )
        buckets = listed(account, answer.get("data"))
        rows = [row for one in buckets for row in _day(account, one)]
        yield {OPENAI_SPENDING.name: sorted(rows, key=lambda row: row["date"])}
        following = answer.get("next_page")
        if not (answer.get("has_more") and following):
            return
        page = {"page": str(following)}


def _day(account: Account, bucket: dict[str, Any]) -> list[Row]:
    """Return the costs of a day, added up per line item and project.

    Raises:
        ServiceError: The day has costs in several currencies.
    """
    start = number(account, bucket.get("start_time"))
    sums: dict[tuple[str, str], float] = {}
    currencies = set()
    for one in listed(account, bucket.get("results")):
        amount = one.get("amount") or {}
        cost = number(account, amount.get("value"))
        if cost is None:
            continue
        key = str(one.get("line_item") or OTHER), str(one.get("project_id") or "")
        sums[key] = sums.get(key, 0) + cost
        currencies.add(str(amount.get("currency", "")))
    if start is None or len(currencies) > 1:
        raise account.service.unreadable("a day has no time, or several currencies")
    day = {
        "date": datetime.fromtimestamp(start, UTC).date(),
        "currency": min(currencies, default=""),
    }
    return [
        {**day, "line_item": line, "openai_project": project, "amount_cents": cost}
        for (line, project), cost in sums.items()
    ]


COSTS = Source(
    "openai",
    "openai",
    "api.usage.read, or an admin key",
    (OPENAI_SPENDING,),
    read,
    days=179,
    overlap=3,
)
