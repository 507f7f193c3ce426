"""Freshness: how old an answer may be that the gateway has kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_SINCE: ContextVar[datetime | None] = ContextVar("since", default=None)


@contextmanager
def since(moment: datetime) -> Iterator[None]:
    """Accept answers of this thread's calls that were read from the database since then."""
    before = _SINCE.set(moment)
    try:
        yield
    finally:
        _SINCE.reset(before)


def headers() -> dict[str, str]:
    """Return the headers of the next call; by default, no kept answer is accepted."""
    moment = _SINCE.get()
    seconds = int((datetime.now(UTC) - moment).total_seconds()) if moment else 0
    if seconds <= 0:
        return {"Cache-Control": "no-cache"}
    return {"Meaux-Max-Age": str(seconds)}
