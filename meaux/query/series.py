"""Series: values by local day, filled, grouped by granularity, totalled and compared.

A series is a frame with `day` (datetime64, a local day), a value column and at most one column
with the name of the line.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from meaux.query.filters import Comparison, Period, Selection
from meaux.query.filters.period import EARLIEST
from meaux.wording import day_of

MARKS = ["partial", "ongoing"]
"""Whether a step is partial, and whether it is ongoing."""

ANCHORS = {"day": "D", "week": "W-SUN", "month": "M"}
"""The pandas period of each granularity; a week runs from Monday to Sunday."""


def daily(
    frame: pd.DataFrame,
    period: Period,
    value: str,
    by: str | None = None,
    lines: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Fill every day of the period for every line; a day without records is 0.

    A day on which all values are unknown stays unknown.
    """
    whole = since_recorded(period, frame)
    days = pd.date_range(whole.start, whole.end, inclusive="left", unit="s")
    on = days.get_indexer(pd.Index(frame["day"]))
    if by is None:
        return pd.DataFrame({"day": days, value: _sums(frame[value], on, len(days))})
    names = list(frame[by].unique() if lines is None else lines)
    columns = {name: n for n, name in enumerate(names)}
    of = np.array([columns.get(name, -1) for name in frame[by]], dtype="int64")
    cells = np.where((on < 0) | (of < 0), -1, on * len(names) + of)
    grid = {"day": days.repeat(len(names)), by: pd.Index(names * len(days), dtype=frame[by].dtype)}
    return pd.DataFrame({**grid, value: _sums(frame[value], cells, len(grid["day"]))})


def _sums(values: pd.Series, cells: NDArray[Any], size: int) -> pd.Series:
    """Sum the values of each cell of a grid; -1 means none of them.

    A cell without values is 0; one of which all values are unknown stays unknown.
    """
    numbers = values.to_numpy("float64", na_value=math.nan)
    inside = cells >= 0
    known = inside & ~np.isnan(numbers)
    sums = np.zeros(size)
    np.add.at(sums, cells[known], numbers[known])
    sums[np.setdiff1d(cells[inside], cells[known])] = math.nan
    return pd.Series(sums).astype(values.dtype)


def since_recorded(period: Period, frame: pd.DataFrame) -> Period:
    """Return the period; "all" starts on the first recorded day."""
    if period.start > EARLIEST or frame.empty:
        return period
    return Period(max(frame["day"].min().date(), period.start), period.end)


def with_total(frame: pd.DataFrame, value: str, by: str, name: str = "Total") -> pd.DataFrame:
    """Add a line with the sum of each day."""
    total = frame.groupby("day", as_index=False)[value].sum(min_count=1).assign(**{by: name})
    both: pd.DataFrame = pd.concat([frame, total], ignore_index=True)
    return both[["day", by, value]]


def grained(
    frame: pd.DataFrame, value: str, selection: Selection, by: str | None = None
) -> pd.DataFrame:
    """Sum the series by the selection's granularity, each step at its first day.

    Adds `partial`: whether the day, week or month is incomplete or not wholly in the period; and
    `ongoing`: whether it is incomplete.
    """
    groups = _stepped(frame, selection, by)[[value]]
    return _marked(groups.sum(min_count=1), selection)


def over_time(
    frame: pd.DataFrame,
    value: str,
    selection: Selection,
    by: str | None = None,
    lines: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Fill the series as `daily` does, and sum it as `grained` does."""
    return grained(daily(frame, selection.period, value, by, lines), value, selection, by)


def levels(
    frame: pd.DataFrame, value: str, selection: Selection, by: str | None = None
) -> pd.DataFrame:
    """Return the series by the selection's granularity, each step with its last known level.

    Adds `partial` and `ongoing`, as `grained` does.
    """
    groups = _stepped(frame.sort_values("day", kind="stable"), selection, by)[[value]]
    return _marked(groups.last(), selection)


def steps(selection: Selection, recorded: pd.DataFrame) -> pd.DataFrame:
    """Return every day, week or month of the period, at its first day: day, partial, ongoing.

    The period "all" starts on the first day of `recorded`.
    """
    period = since_recorded(selection.period, recorded)
    days = pd.DataFrame({"day": pd.DatetimeIndex(list(period), dtype="datetime64[s]")})
    return grained(days.assign(count=1), "count", selection)[["day", *MARKS]]


def _stepped(frame: pd.DataFrame, selection: Selection, by: str | None) -> Any:
    """Group the series by the steps of the selection's grain."""
    spans = frame["day"].dt.to_period(ANCHORS[selection.drawn_grain])
    starts = frame.assign(day=spans.dt.start_time.astype("datetime64[s]"))
    return starts.groupby(["day", by] if by else ["day"], as_index=False, sort=False)


def _marked(stepped: pd.DataFrame, selection: Selection) -> pd.DataFrame:
    """Add to each step whether it is partial and whether it is ongoing.

    A step that the period cuts off before today is partial but not ongoing: it will not change.
    """
    period = selection.period
    spans = stepped["day"].dt.to_period(ANCHORS[selection.drawn_grain])
    starts, ends = stepped["day"].dt.date, spans.dt.end_time.dt.date
    ongoing = (ends >= selection.today) & (selection.today <= period.last)
    cut = (starts < period.start) | (ends > period.last)
    return stepped.assign(partial=ongoing | cut, ongoing=ongoing)


def aligned(
    frame: pd.DataFrame, value: str, comparison: Comparison, since: date | None = None
) -> pd.DataFrame:
    """Return the series of the comparison period, each day moved to the day that it matches.

    Days without a match are left out, as are days before `since`, whose values are unknown.
    Adds `actual_day`, the original day of each value.
    """
    days = pd.to_datetime(frame["day"])
    ahead = pd.to_datetime(days.dt.date.map(comparison.ahead)).astype("datetime64[s]")
    moved = pd.DataFrame({"day": ahead, value: frame[value], "actual_day": days})
    known = moved["actual_day"] >= pd.Timestamp(since or comparison.then.start)
    return moved[known].dropna(subset="day").reset_index(drop=True)


def beside(trend: pd.DataFrame, where: pd.Series, more: pd.DataFrame) -> pd.DataFrame:
    """Add columns by day, only in the rows of `where`."""
    there = trend[where].merge(more, on="day", how="left").set_index(trend.index[where])
    return trend.join(there[more.columns.drop("day")])


def known_sum(values: pd.Series) -> float | None:
    """Return the sum of the known values; None if there are none."""
    found = values.sum(min_count=1)
    return None if pd.isna(found) else float(found)


def within(frame: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Return the rows with a day in the period."""
    days = frame["day"].to_numpy("datetime64[s]")
    return frame[(days >= np.datetime64(period.start)) & (days < np.datetime64(period.end))]


def behind(selection: Selection, marks: str) -> str:
    """Return sentences on the comparison period and the marks that draw it; empty for none."""
    found = selection.comparison
    return found.drawn_as(marks) if found else ""


def shadow(moved: pd.DataFrame | None, column: str) -> pd.DataFrame | None:
    """Return the result of `aligned` for charts: day, value, actual_day (text); None for none."""
    if moved is None:
        return None
    actual = moved["actual_day"].map(day_of)
    return moved.rename(columns={column: "value"}).assign(actual_day=actual)
