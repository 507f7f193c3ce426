"""Sources: which tables a period's requests come from, and how exact those are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pandas as pd

from meaux.query.answers import Answer
from meaux.wording import day_of, enumerated, sentences, span_of

TRACKED, HOURS, LOG = "tracked_hour", "worker_hour", "worker_log"
"""The logical tables of requests, in the order in which they count."""

LEAST = 100
"""The least measured requests of an hour whose percentiles are used, as in `hour_duration`."""
TOO_COARSE = "p99"
"""The percentile that can't be estimated from those of hours: it would be up to 45% off."""

Days = tuple[str, date, date]
"""A physical table, and the first and last day of its requests."""


def origin(counted: Answer) -> str:
    """Return a sentence on which tables the requests come from; nothing if all are logged.

    Columns: source, requests, first_day, last_day.
    """
    rows = counted.frame[counted.frame["requests"] > 0]
    if set(rows["source"]) <= {LOG}:
        return ""
    return _said([*_days(rows, counted)])


def _days(rows: pd.DataFrame, counted: Answer) -> Iterator[Days]:
    for source in (TRACKED, HOURS, LOG):
        own = rows[rows["source"] == source]
        if not own.empty:
            first, last = own["first_day"].min().date(), own["last_day"].max().date()
            yield counted.sources[source], first, last


def _said(parts: list[Days]) -> str:
    """Say the tables; their days too, if there are several."""
    newest, *older = parts
    if not older:
        return f"From {newest[0]}."
    later, *_ = older
    if len(older) == 1 and later[2] <= newest[1]:
        return f"From {newest[0]} since {day_of(newest[1])}, before that from {later[0]}."
    return (
        f"From {enumerated([f'{name} ({span_of(first, last)})' for name, first, last in parts])}."
    )


def sampled(counted: Answer) -> str:
    """Return a sentence for each table whose requests are sampled; or nothing.

    Columns: source, requests, lines.
    """
    return sentences(*(_sampled(counted, source) for source in (HOURS, LOG)))


def _sampled(counted: Answer, source: str) -> str:
    rows = counted.frame[counted.frame["source"] == source]
    requests, lines = int(rows["requests"].sum()), int(rows["lines"].sum())
    if requests <= lines:
        return ""
    if source == HOURS:
        return f"Sampled: Cloudflare measured {lines:,} of {requests:,} requests."
    stand = "1 log entry represents" if lines == 1 else f"{lines:,} log entries represent"
    return f"Sampled: {stand} {requests:,} requests."


def is_estimated(rows: pd.DataFrame) -> pd.Series:
    """Return which rows have durations that come from percentiles of hours.

    Columns: source, timed.
    """
    return (rows["source"] == HOURS) & (rows["timed"] > 0)


def estimated(counted: Answer, what: str = "") -> str:
    """Return a sentence if response times come from percentiles of hours; or nothing.

    `what` is estimated; by default, all that the sentence stands below. Columns: source, timed.
    """
    if not is_estimated(counted.frame).any():
        return ""
    words = f"{what} estimated" if what else "Estimated"
    table = counted.sources[HOURS]
    return f"{words} from hourly percentiles in {table}, of hours with {LEAST} requests or more."


def too_coarse(counted: Answer) -> str:
    """Return a sentence if hours lack durations or a percentile that can be told; or nothing."""
    if is_estimated(counted.frame).any():
        return f"{TOO_COARSE} can't be estimated from hourly percentiles."
    return ""
