"""Unusual days: those whose value is far from the usual for their weekday."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from meaux.query.forecast.recurring import Lines, in_series, without

WEEKS_COMPARED = 8
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
    found = []
    for day, actual in zip(pd.DatetimeIndex(complete.index), complete, strict=True):
        before = [complete.get(day - timedelta(weeks=n)) for n in range(1, WEEKS_COMPARED + 1)]
        usual = pd.Series([v for v in before if v is not None], dtype="float64")
        if len(usual) == WEEKS_COMPARED and is_far(actual, usual, floor):
            paid = whole[day] - actual
            found.append({"day": day, value: whole[day], "usual": usual.median() + paid})
    return pd.DataFrame(found, columns=["day", value, "usual"])


def _begun(values: pd.Series) -> pd.Series:
    """Return the values from the first non-zero one on: before it nothing was recorded."""
    return values[(values.fillna(0) != 0).cummax()]


def is_far(actual: float, usual: pd.Series, floor: float) -> bool:
    """Return whether a value is unusual beside the usual ones."""
    distance = abs(actual - usual.median())
    spread = (usual - usual.median()).abs().median()
    return bool(distance > floor and distance > FARTHEST_USUAL * MAD_TO_DEVIATION * spread)
