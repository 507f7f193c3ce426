"""Smoothing: the two ways in which the days ahead are computed from those behind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

Numbers = npt.NDArray[np.float64]

WEEK = 7
SAME_WEEKDAYS = 9
"""How many same weekdays around a day say what is usual on it."""
SPIKE = 6.0 * 1.4826
"""How many median absolute deviations make a day a spike: twice as many as an anomaly needs."""
RARE = 28
"""Spikes are set aside only where there is at most one in so many days."""

ONE_CORRECTION = 1
"""What the optimizer remembers of its way. More saves a few steps, but has them computed by many
threads that wait for each other: ten times slower where the processors are busy."""


@dataclass(frozen=True)
class Steps:
    """The days ahead: the mean of each, its deviation, and that of the total up to it.

    The deviations are those of Student's t with `degrees` degrees of freedom.
    """

    mean: Numbers
    deviation: Numbers
    total_deviation: Numbers
    degrees: float

    def reach(self, share: float) -> float:
        """How many deviations to each side hold this share of all outcomes."""
        from scipy.special import stdtrit  # type: ignore[import-untyped]  # noqa: PLC0415

        return float(stdtrit(self.degrees, (1 + share) / 2))


def averaged(values: pd.Series, steps: int) -> Steps:
    """Every day ahead as the mean of the known ones, which may itself be off.

    Variance of one day: s2 (1 + 1/n); of the total of k days: s2 (k + k2/n).
    """
    known = values.dropna().to_numpy()
    ahead, spread = np.arange(1, steps + 1), float(known.std(ddof=1))
    return Steps(
        np.full(steps, known.mean()),
        np.full(steps, spread * np.sqrt(1 + 1 / len(known))),
        spread * np.sqrt(ahead + ahead**2 / len(known)),
        len(known) - 1,
    )


def smoothed(values: pd.Series, steps: int, skipped: int = 0) -> Steps:
    """The days ahead by exponential smoothing with a weekly pattern, the first ones skipped.

    Additive errors and pattern; a damped trend where it lowers the corrected information
    criterion (Hyndman, Koehler, Ord and Snyder, Forecasting with Exponential Smoothing, 2008).
    A day nobody knows counts as the same weekday before it.
    """
    calm = without_spikes(filled(values)).to_numpy()
    scale = float(np.abs(calm).mean())
    if np.allclose(calm[WEEK:], calm[:-WEEK], rtol=1e-9, atol=1e-9 * scale):
        return _repeated(calm[-WEEK:], steps, skipped)
    fits = [_Fit.of(calm / scale, trend) for trend in ("none", "damped")]
    return min(fits, key=lambda fit: fit.criterion).ahead(steps, skipped, scale)


def _repeated(week: Numbers, steps: int, skipped: int) -> Steps:
    """A week that was always the same, once more and without any deviation."""
    nothing = np.zeros(steps)
    return Steps(np.resize(week, skipped + steps)[skipped:], nothing, nothing, np.inf)


def filled(values: pd.Series) -> pd.Series:
    """The series with each unknown day as the same weekday before it, or else after it."""
    weekdays = _by_weekday(values)
    whole: pd.Series = weekdays.ffill().fillna(weekdays.bfill()).fillna(values.mean())
    return whole


def without_spikes(values: pd.Series) -> pd.Series:
    """The series with a lone spike set aside, and those that come again spread over all days.

    A spike is far from the same weekdays around it while the days beside it are not: a change
    that lasts is none. Where spikes are not rare, they are the series, and it stays as it is.
    """
    usual = _around(values)
    distance = (values - usual).abs()
    far = distance > SPIKE * distance.median() + 1e-9 * values.abs().mean()
    lone = far & ~far.shift(1, fill_value=False) & ~far.shift(-1, fill_value=False)
    if lone.sum() * RARE > len(values):
        return values
    calm = values.where(~lone, usual)
    return calm + (values - calm).mean() if lone.sum() > 1 else calm


def _around(values: pd.Series) -> pd.Series:
    """The median of the same weekdays around each day."""
    around: pd.Series = _by_weekday(values).transform(
        lambda same: same.rolling(SAME_WEEKDAYS, center=True, min_periods=1).median()
    )
    return around


def _by_weekday(values: pd.Series) -> Any:
    return values.groupby(pd.DatetimeIndex(values.index).day_of_week)


@dataclass(frozen=True)
class _Fit:
    """A fitted model: what it was, how far off, and how it carries an error on."""

    results: Any
    variance: float
    degrees: int
    criterion: float

    @staticmethod
    def of(values: Numbers, trend: str) -> _Fit:
        """The model of smallest error; `trend` is none or damped."""
        from statsmodels.tsa.exponential_smoothing import ets  # type: ignore[import-untyped]  # noqa: PLC0415

        shape = {"trend": "add", "damped_trend": True} if trend == "damped" else {}
        with np.errstate(all="ignore"):
            model = ets.ETSModel(
                values,
                error="add",
                seasonal="add",
                seasonal_periods=WEEK,
                initialization_method="heuristic",
                **shape,
            )
            results = model.fit(disp=False, warn_convergence=False, m=ONE_CORRECTION)
            return _Fit._judged(
                results, len(values), len(model.param_names) + WEEK + len(shape) // 2
            )

    @staticmethod
    def _judged(results: Any, days: int, parameters: int) -> _Fit:
        """The fit with its error; `parameters` counts the initial states too."""
        squares = float(np.sum(np.square(results.resid)))
        left = days - parameters
        penalty = 2 * parameters * days / (left - 1)
        criterion = float(days * np.log(squares / days) + penalty)
        return _Fit(results, squares / left, left, criterion)

    def ahead(self, steps: int, skipped: int, scale: float) -> Steps:
        """The days ahead, in the units of a series that was divided by `scale`."""
        errors = self._carried(skipped + steps)
        deviation = scale * np.sqrt(self.variance)
        totals = errors[skipped:].cumsum(axis=0)
        mean = np.asarray(self.results.forecast(skipped + steps))[skipped:]
        return Steps(
            scale * mean,
            deviation * np.sqrt(np.square(errors[skipped:]).sum(axis=1)),
            deviation * np.sqrt(np.square(totals).sum(axis=1)),
            self.degrees,
        )

    def _carried(self, steps: int) -> Numbers:
        """How much of each future day's error (column) is in each later day (row).

        1 on its own day, then alpha + beta (phi + ... + phi^j) + gamma every seventh day.
        """
        named = dict(zip(self.results.model.param_names, self.results.params, strict=True))
        later = np.arange(1, steps)
        trend = np.cumsum(named.get("damping_trend", 0.0) ** later)
        carried = named["smoothing_level"] + named.get("smoothing_trend", 0.0) * trend
        carried = carried + named["smoothing_seasonal"] * (later % WEEK == 0)
        lag = np.subtract.outer(np.arange(steps), np.arange(steps))
        return np.where(lag >= 0, np.append(1.0, carried)[np.abs(lag)], 0.0)
