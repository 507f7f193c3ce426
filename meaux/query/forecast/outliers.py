"""Outliers: spikes and short stretches, removed from a daily series and simulated ahead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from meaux.query.forecast.ets import Numbers
from meaux.query.forecast.spread import PATHS

DAY = pd.Timedelta(days=1)
SAME_WEEKDAYS = 9
"""The number of same weekdays around a day whose median is usual for it."""
SPIKE = 6.0 * 1.4826
"""The median absolute deviations that make a day a spike: twice as many as for an unusual day."""
RARE = 14
"""Spikes are removed only if there is at most one in this many days."""
LONGEST_PAUSE = 14
"""The most days of a stretch that is removed; a longer one is a level change."""
ENDED = 7
"""The number of days since the end of a stretch, after which it isn't a lasting change."""
APART = 7
"""The most ordinary days between outliers of one stretch, such as a weekend."""


def filled(values: pd.Series) -> pd.Series:
    """Fill each unknown day with the same weekday before it, or else after it."""
    weekdays = _by_weekday(values)
    whole: pd.Series = weekdays.ffill().fillna(weekdays.bfill()).fillna(values.mean())
    return whole


def standing_out(values: pd.Series) -> pd.Series:
    """Return how far outliers are from the same weekdays around them."""
    usual = _around(values)
    distance = (values - usual).abs()
    far = distance > SPIKE * distance.median() + 1e-9 * values.abs().mean()
    return (values - usual)[far]


def calmed(values: pd.Series) -> tuple[pd.Series, list[pd.Series]]:
    """Return the series without single spikes and short stretches, and the size of each of them.

    A spike is far from the same weekdays around it, but its neighbours are not. A stretch has
    several such days, and ended a while ago: a lasting change isn't one. If spikes are frequent,
    they belong to the series. The frequency of an outlier that occurred once is unknown: it is
    removed for good.
    """
    lone, longer = _stretches(standing_out(values), values)
    if len(lone) * RARE > len(values):
        return values, []
    spikes = [lone.iloc[[n]] for n in range(len(lone))]
    calm = values.sub(pd.concat([lone, *longer]), fill_value=0.0)
    return calm, [event for alike in (spikes, longer) if len(alike) > 1 for event in alike]


def _stretches(out: pd.Series, values: pd.Series) -> tuple[pd.Series, list[pd.Series]]:
    """Return the single outliers, and the short stretches that have ended."""
    days = pd.DatetimeIndex(out.index)
    near = set(days + DAY) | set(days - DAY)
    joined = pd.Series([day in near for day in days], index=out.index, dtype=bool)
    lone, others = out[~joined], out[joined]
    gaps = pd.DatetimeIndex(others.index).to_series().diff() > (APART + 1) * DAY
    groups = [part for _, part in others.groupby(gaps.cumsum().to_numpy())]
    last = values.index[-1]
    over = [
        part
        for part in groups
        if (part.index[-1] - part.index[0]) < LONGEST_PAUSE * DAY
        and last - part.index[-1] >= ENDED * DAY
    ]
    return lone, over


def _around(values: pd.Series) -> pd.Series:
    """Return the median of the same weekdays around each day."""
    around: pd.Series = _by_weekday(values).transform(
        lambda same: same.rolling(SAME_WEEKDAYS, center=True, min_periods=1).median()
    )
    return around


def _by_weekday(values: pd.Series) -> Any:
    return values.groupby(pd.DatetimeIndex(values.index).day_of_week)


def usual_per_day(aside: Sequence[pd.Series], days: int) -> float:
    """Return the mean per day of the removed outliers."""
    return float(sum(event.sum() for event in aside)) / days


def simulated(
    aside: Sequence[pd.Series], days: int, steps: int, draw: np.random.Generator
) -> Numbers:
    """Simulate the removed outliers on the days ahead, each whole as it came.

    Their rate is uncertain: after n of them in `days` days, it has a gamma distribution with shape
    n + 1/2 (Jeffreys' prior of a Poisson process).
    """
    often = draw.gamma(len(aside) + 0.5, 1 / days, (PATHS, 1))
    length = LONGEST_PAUSE + steps
    begins = draw.random((PATHS, length)) < often
    which = draw.integers(len(aside), size=(PATHS, length))
    more = np.zeros((PATHS, length))
    for number, event in enumerate(aside):
        begun = begins & (which == number)
        after = (pd.DatetimeIndex(event.index) - event.index[0]).days
        for late, amount in zip(after, event, strict=True):
            more[:, late:] += amount * begun[:, : length - late]
    return more[:, LONGEST_PAUSE:]
