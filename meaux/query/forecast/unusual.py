"""Unusual days: those whose value is far from the usual for their weekday."""

from __future__ import annotations

from datetime import date

import pandas as pd

from meaux.query.forecast.recurring import Lines, in_series, without

WEEKS_COMPARED = 8
WEEKS = range(1, WEEKS_COMPARED + 1)
MAD_TO_DEVIATION = 1.4826
"""The factor from median absolute deviation to standard deviation in normal data."""
FARTHEST_USUAL = 3.0


def anomalies(
    frame: pd.DataFrame, value: str, today: date, floor: float, lines: Lines = ()
) -> pd.DataFrame:
    """Find the complete days whose value is far from the usual for their weekday.

    A day is unusual if it differs from the median of the same weekday's last 8 values by more than
    3 x 1.4826 x MAD (Iglewicz and Hoaglin, How to Detect and Handle Outliers, 1993) and by more
    than `floor`, both without recurring costs: the known ones and others that stand out every
    month. `frame` holds every day, filled. Returns day, value and usual: the median + the
    recurring costs paid on the day.
    """
    values = _begun(frame.set_index("day")[value].sort_index())
    whole = values[values.index < pd.Timestamp(today)]
    complete = without(whole, in_series(whole, lines))
    days = pd.DatetimeIndex(complete.index)
    before = pd.DataFrame(
        {n: complete.reindex(days - pd.Timedelta(weeks=n)).array for n in WEEKS}, index=days
    )
    usual = before.median(axis=1)
    distance = (complete - usual).abs()
    spread = before.sub(usual, axis=0).abs().median(axis=1)
    begun = days - pd.Timedelta(weeks=WEEKS_COMPARED) >= days.min()
    found = days[begun & _is_far(distance, spread, floor)]
    paid = whole[found] - complete[found]
    return pd.DataFrame(
        {"day": found, value: whole[found].array, "usual": (usual[found] + paid).array}
    )


def _begun(values: pd.Series) -> pd.Series:
    """Return the values from the first non-zero one on: before it nothing was recorded."""
    return values[(values.fillna(0) != 0).cummax()]


def _is_far(distance: pd.Series, spread: pd.Series, floor: float) -> pd.Series:
    """Return which values are unusual, by their distance from the median and the MAD."""
    return (distance > floor) & (distance > FARTHEST_USUAL * MAD_TO_DEVIATION * spread)
