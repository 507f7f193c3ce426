"""OpenAI: the organization's costs per day.

Documented at platform.openai.com/docs/api-reference/usage/costs: days in UTC, at most 180 a page.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Any

from meaux.collect.sources.source import Account, Batch, Source, listed, number
from meaux.collect.tables import OPENAI_SPENDING, Row

PAGE = 180


def read(account: Account, since: date, _now: datetime) -> Iterator[Batch]:
    """Yield the days with costs, a page at a time."""
    start = round(datetime.combine(since, time(), UTC).timestamp())
    page: dict[str, str] = {}
    while True:
        answer = account.service.get(
            "/organization/costs", start_time=start, bucket_width="1d", limit=PAGE, **page
        )
        buckets = listed(account, answer.get("data"))
        rows = [row for one in buckets if (row := _day(account, one))]
        yield {OPENAI_SPENDING.name: sorted(rows, key=lambda row: row["date"])}
        following = answer.get("next_page")
        if not (answer.get("has_more") and following):
            return
        page = {"page": str(following)}


def _day(account: Account, bucket: dict[str, Any]) -> Row | None:
    """Return the sum of a day; None for a day without costs.

    Raises:
        ServiceError: The day has costs in several currencies.
    """
    start = number(account, bucket.get("start_time"))
    amounts = [one.get("amount") or {} for one in listed(account, bucket.get("results"))]
    costs = [(number(account, one.get("value")), str(one.get("currency", ""))) for one in amounts]
    known = [(cost, currency) for cost, currency in costs if cost is not None]
    currencies = {currency for _, currency in known}
    if start is None or len(currencies) > 1:
        raise account.service.unreadable("a day has no time, or several currencies")
    if not known:
        return None
    return {
        "date": datetime.fromtimestamp(start, UTC).date(),
        "amount_cents": sum(cost for cost, _ in known),
        "currency": currencies.pop(),
    }


COSTS = Source(
    "openai",
    "openai",
    "api.usage.read, or an admin key",
    (OPENAI_SPENDING,),
    read,
    days=179,
    overlap=3,
)
