"""Ahead: the forecast of a daily series, its ranges and its accuracy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from statistics import NormalDist
from typing import Literal

import numpy as np
import pandas as pd

from meaux.query.filters.period import DAY
from meaux.query.forecast.complete import NEEDS, RUN_RATE_NEEDS, complete
from meaux.query.forecast.ets import WEEK, Numbers
from meaux.query.forecast.outliers import filled
from meaux.query.forecast.recurring import Recurring, in_series, without
from meaux.query.forecast.smoothing import averaged, expected, smoothed
from meaux.query.forecast.spread import Ahead
from meaux.wording import money

Method = Literal["exponential smoothing", "mean"]

SMOOTHING_NEEDS = 28
"""Complete days that a weekly pattern needs."""
TESTED_DAYS = 14
HORIZON = 30
"""The number of days ahead that are drawn."""
LONGEST_MEMORY = 364
"""Older days don't improve the forecast of the next weeks, and cost time."""
FORECASTS_KEPT = 64
LONGEST_REACH = 92
"""Days of the longest quarter: every forecast has as many, even if fewer are drawn."""
BEFORE_THE_BEGINNING = 28
"""If as many days or more are zero before the first value, they aren't part of the series."""
BANDS = {"80": 0.80, "95": 0.95}
OF_DAY = ("value", "low80", "high80", "low95", "high95")
OF_TOTAL = ("below80", "above80")
NOTHING = 1e-9
"""The share of a usual day below which a difference counts as zero."""


@dataclass(frozen=True)
class Accuracy:
    """The method's mean absolute error per day in a back-test on the last 14 complete days.

    `ratio` = that error / the error of repeating the previous week; None if the latter is 0.
    """

    mean_absolute_error: float
    ratio: float | None


@dataclass(frozen=True)
class Forecast:
    """The forecast from today on, its method and its accuracy.

    `ahead` reaches to the end of any quarter: day, value, low80, high80, low95, high95, and
    `below80` and `above80`, the 80% range of the total from today to that day, as distances from
    the total of the values. If the past never differed from the fit, ranges are unknown.
    `sentence` says how it was made, or why there is none; `untested`, why there is no accuracy.
    `recurring` are the recurring costs; those due are in the values.
    """

    ahead: pd.DataFrame
    horizon: int
    method: Method | None
    sentence: str
    accuracy: Accuracy | None = None
    untested: str = ""
    never_negative: bool = False
    recurring: tuple[Recurring, ...] = ()

    @property
    def frame(self) -> pd.DataFrame:
        """Return the days up to the horizon: day, value, low80, high80, low95, high95."""
        return self.ahead.drop(columns=list(OF_TOTAL)).head(self.horizon)


def forecast(
    daily: pd.DataFrame,
    value: str,
    today: date,
    horizon: int = HORIZON,
    *,
    recurring: Sequence[Recurring] = (),
) -> Forecast:
    """Forecast the days from today on from the complete days of a filled daily series.

    Recurring costs, the known ones and others that stand out every month, are taken out first and
    put on their due days. The rest: exponential smoothing with weekly seasonality from 28 known
    complete days on, otherwise their mean from 3 on. The ranges are of single days; they are never
    below zero if no day was.
    """
    values = _series(daily, value, today)
    return _forecast(tuple(values.index), tuple(values), today, horizon, known=tuple(recurring))


@lru_cache(maxsize=FORECASTS_KEPT)
def _forecast(
    days: tuple[pd.Timestamp, ...],
    numbers: tuple[float, ...],
    today: date,
    horizon: int,
    *,
    known: tuple[Recurring, ...],
) -> Forecast:
    """Return the forecast of a series; the cache saves a redrawn page another fit."""
    values = pd.Series(numbers, pd.DatetimeIndex(days), dtype="float64")
    method = _method(values)
    if method is None:
        return Forecast(_table(None, today), horizon, None, _none(values), recurring=known)
    lines = in_series(values, known)
    calm = without(values, lines)
    skipped = (today - values.index[-1].date()).days - 1
    steps = _steps(calm, method, max(horizon, LONGEST_REACH), skipped)
    never_negative = bool((calm.dropna() >= 0).all())
    accuracy, untested = _tested(calm, method, never_negative=never_negative)
    table = _table(steps, today)
    if never_negative:
        table[list(OF_DAY)] = table[list(OF_DAY)].clip(lower=0)
    return Forecast(
        _with_due(table, lines, today),
        horizon,
        method,
        _sentence(values, method, accuracy, untested),
        accuracy,
        untested,
        bool((values.dropna() >= 0).all()),
        lines,
    )


def _series(daily: pd.DataFrame, value: str, today: date) -> pd.Series:
    """Return the complete days for the fit: those since the first value, at most a year of them."""
    values = complete(daily, value, today)
    before = (values.fillna(0) == 0).cumprod().sum()
    if BEFORE_THE_BEGINNING <= before < len(values):
        values = values.iloc[before:]
    return values.tail(LONGEST_MEMORY)


def _method(values: pd.Series) -> Method | None:
    if values.count() >= SMOOTHING_NEEDS:
        return "exponential smoothing"
    return "mean" if values.count() >= RUN_RATE_NEEDS else None


def _steps(values: pd.Series, method: Method, steps: int, skipped: int) -> Ahead:
    if method == "mean":
        return averaged(values, steps)
    return smoothed(values, steps, skipped)


def _table(steps: Ahead | None, today: date) -> pd.DataFrame:
    """Return the days ahead with their ranges; a frame without rows if there are none."""
    nothing = np.array([], dtype="float64")
    columns = dict.fromkeys((*OF_DAY, *OF_TOTAL), nothing)
    if steps:
        columns["value"] = steps.mean
        for name, share in BANDS.items():
            columns[f"low{name}"], columns[f"high{name}"] = steps.band(share)
        columns["below80"], columns["above80"] = steps.total_band(BANDS["80"])
    days = pd.date_range(today, periods=len(columns["value"]), name="day").astype("datetime64[s]")
    return pd.DataFrame({"day": days, **columns})


def _with_due(table: pd.DataFrame, lines: Sequence[Recurring], today: date) -> pd.DataFrame:
    """Add the recurring costs due to the days ahead, and their past deviation to the ranges.

    If nothing ever deviated, there is no range.
    """
    end = today + len(table) * DAY
    amounts, variances = np.zeros(len(table)), np.zeros(len(table))
    for line in lines:
        for day in line.due(today, end):
            amounts[(day - today).days] += line.amount
            variances[(day - today).days] += line.deviation**2
    off = {name: NormalDist().inv_cdf((1 + share) / 2) for name, share in BANDS.items()}
    found = table.assign(value=table["value"] + amounts)
    for name, reach in off.items():
        for edge, sign in ((f"low{name}", -1), (f"high{name}", 1)):
            width = np.hypot(table[edge] - table["value"], reach * np.sqrt(variances))
            found[edge] = found["value"] + sign * width
    for edge in OF_TOTAL:
        found[edge] = np.hypot(table[edge], off["80"] * np.sqrt(variances.cumsum()))
    known = [*OF_DAY[1:], *OF_TOTAL]
    exact = np.allclose(found[list(OF_TOTAL)], 0, atol=NOTHING * found["value"].abs().mean())
    return found.assign(**dict.fromkeys(known, float("nan"))) if exact else found


def _tested(
    values: pd.Series, method: Method, *, never_negative: bool
) -> tuple[Accuracy | None, str]:
    """Return the back-test on the last 14 complete days, or the reason why there is none."""
    needed = SMOOTHING_NEEDS if method == "exponential smoothing" else WEEK
    before, after = values.iloc[:-TESTED_DAYS], values.iloc[-TESTED_DAYS:]
    if before.count() < needed:
        return None, f"needs {needed + TESTED_DAYS} complete days"
    mean = _expected(before, method)
    naive = np.resize(filled(before).to_numpy()[-WEEK:], TESTED_DAYS)
    error = float((after - (mean.clip(min=0) if never_negative else mean)).abs().mean())
    naive_error = float((after - naive).abs().mean())
    return Accuracy(error, error / naive_error if naive_error > 0 else None), ""


def _expected(values: pd.Series, method: Method) -> Numbers:
    if method == "mean":
        return averaged(values, TESTED_DAYS).mean
    return expected(values, TESTED_DAYS)


def _none(values: pd.Series) -> str:
    found = int(values.count())
    are = "there is 1" if found == 1 else f"there are {found or 'none'}"
    return f"No forecast: {NEEDS}; {are}."


def _sentence(
    values: pd.Series,
    method: Method,
    accuracy: Accuracy | None,
    untested: str,
) -> str:
    how = {
        "exponential smoothing": "Exponential smoothing with weekly seasonality on",
        "mean": "Run rate: every day is the mean of",
    }[method]
    made = f"{how} {values.count()} complete days."
    if accuracy is None:
        return f"{made} Not tested yet: {untested}."
    error = accuracy.mean_absolute_error
    off = f"In a test on the last {TESTED_DAYS} days, it was {money(error)} off per day on average"
    if accuracy.ratio is None or not error:
        return f"{made} {off}."
    return f"{made} {off}; repeating the week before was {money(error / accuracy.ratio)} off."
