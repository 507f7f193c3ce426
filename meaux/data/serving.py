"""Serving: whether the API is on, and how much each of its keys may ask and read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from meaux.data.declared import key, keys
from meaux.data.readers import flag

TABLE = "api"
LARGEST = 10**15


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or not value < LARGEST:
        raise ValueError(f"{value!r} is not a number; write it without quotes, e.g. 60")
    if value < 1 or value != int(value):
        raise ValueError(f"{value} must be a whole number above 0")
    return int(value)


@dataclass(frozen=True)
class Serving:
    """The API's settings; None means no limit."""

    on: bool = key(
        default=False,
        read=flag,
        description="Whether `/api/` answers: true or false (the default). Read when the server "
        "starts.",
    )
    requests_per_minute: int = key(
        60, _whole, "Number of requests that each key, or each signed-in person, may send a minute."
    )
    rows_per_day: int | None = key(
        None,
        _whole,
        "Number of rows that the database may read a day (UTC) for each key; without it, only "
        "`MEAUX_ROWS_A_DAY` limits them.",
    )


KEYS = keys(Serving)
