"""Smoothing: the two methods that forecast the days ahead."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from meaux.query.forecast.ets import WEEK, Numbers
from meaux.query.forecast.model import (
    LEAST_PART,
    Fit,
    Model,
    Pattern,
    weekly_pattern,
    without_pattern,
)
from meaux.query.forecast.outliers import calmed, filled, simulated, usual_per_day
from meaux.query.forecast.spread import PATHS, Drawn, Spread

LEVEL_LASTS = 14
"""The fewest days before a step and after it."""
SEED = 1
"""The seed of the simulation, so that its result is reproducible."""


def averaged(values: pd.Series, steps: int) -> Spread:
    """Forecast every day as the mean of the known ones, whose own error is included.

    Variance of one day: s2 (1 + 1/n); of the total of k days: s2 (k + k2/n).
    """
    known = values.dropna().to_numpy()
    ahead, spread = np.arange(1, steps + 1), float(known.std(ddof=1))
    return Spread(
        np.full(steps, known.mean()),
        np.full(steps, spread * np.sqrt(1 + 1 / len(known))),
        spread * np.sqrt(ahead + ahead**2 / len(known)),
        len(known) - 1,
    )


def smoothed(values: pd.Series, steps: int, skipped: int = 0) -> Drawn:
    """Forecast by exponential smoothing with a weekly pattern, without the first `skipped` days.

    The pattern is additive or multiplicative, whichever has the lower corrected information
    criterion (Hyndman, Koehler, Ord and Snyder, Forecasting with Exponential Smoothing, 2008). An
    unknown day gets the value of the same weekday before it. Outliers of a day or a short stretch
    are removed from the fit. The simulated paths include them again, on random days, with their
    past frequency and size.
    """
    calm, aside = calmed(filled(values))
    draw = np.random.default_rng(SEED)
    base = _calm_ahead(calm.to_numpy(), steps, skipped, draw)
    if not aside:
        return base
    usual = usual_per_day(aside, len(calm))
    return Drawn(base.mean + usual, base.off + simulated(aside, len(calm), steps, draw) - usual)


def expected(values: pd.Series, steps: int) -> Numbers:
    """Return only the means of the days ahead; see `smoothed`."""
    calm, aside = calmed(filled(values))
    numbers, usual = calm.to_numpy(), usual_per_day(aside, len(calm))
    if _repeats(numbers):
        return np.resize(numbers[-WEEK:], steps) + usual
    scale = float(np.abs(numbers).mean())
    weighted = [weight * fit.mean(steps) for fit, weight in _fits(numbers / scale)]
    return np.asarray(scale * np.sum(weighted, axis=0) + usual)


def _calm_ahead(calm: Numbers, steps: int, skipped: int, draw: np.random.Generator) -> Drawn:
    if _repeats(calm):
        week = np.resize(calm[-WEEK:], skipped + steps)[skipped:]
        return Drawn(week, np.zeros((1, steps)))
    scale = float(np.abs(calm).mean())
    fits = _fits(calm / scale)
    numbers = np.diff(np.rint(PATHS * np.cumsum([0.0, *(weight for _, weight in fits)])))
    paths = [
        fit.mean(skipped + steps) + fit.paths(int(number), skipped + steps, draw)
        for (fit, _), number in zip(fits, numbers, strict=True)
    ]
    every = scale * np.concatenate(paths)[:, skipped:]
    return Drawn(every.mean(axis=0), every - every.mean(axis=0))


def _repeats(calm: Numbers) -> bool:
    """Return whether all weeks are equal."""
    scale = float(np.abs(calm).mean())
    return np.allclose(calm[WEEK:], calm[:-WEEK], rtol=1e-9, atol=1e-9 * scale)


def _fits(values: Numbers) -> list[tuple[Fit, float]]:
    """Fit models without a trend, with a trend and with a step, each with its weight.

    All have the pattern that fits the first one better. Weights are Akaike's: exp(-d/2), with d the
    criterion minus the lowest one (Burnham and Anderson, Model Selection and Multimodel Inference,
    2002).
    """
    fits = [Fit.of(values, Model("add"))]
    if values.min() > 0 and weekly_pattern(values, "mul").min() > LEAST_PART:
        fits.append(Fit.of(values, Model("mul")))
    level = min(fits, key=lambda fit: fit.criterion)
    pattern = level.model.pattern
    every = [level, Fit.of(values, Model(pattern, trend=True)), _stepped(values, pattern)]
    least = min(fit.criterion for fit in every)
    likely = [float(np.exp((least - fit.criterion) / 2)) for fit in every]
    return [(fit, one / sum(likely)) for fit, one in zip(every, likely, strict=True)]


def _stepped(values: Numbers, pattern: Pattern) -> Fit:
    """Fit the series after its days before the largest step are moved to the level after it."""
    plain = without_pattern(values, weekly_pattern(values, pattern), pattern)
    day, before, after = _step(plain)
    earlier = np.arange(len(values)) < day
    if pattern == "add":
        fit = Fit.of(values + np.where(earlier, after - before, 0.0), Model("add"))
        return replace(fit, stepped=True)
    scaled = np.where(earlier, after / before, 1.0)
    return replace(Fit.of(values * scaled, Model("mul")), stepped=True, scaled=scaled)


def _step(plain: Numbers) -> tuple[int, float, float]:
    """Find the day of the largest step, and the level before and after it, by least squares."""
    total, behind = len(plain), plain.cumsum()
    days = np.arange(LEVEL_LASTS, total - LEVEL_LASTS + 1)
    before = behind[days - 1] / days
    after = (behind[-1] - behind[days - 1]) / (total - days)
    largest = np.argmax(days * (total - days) * np.square(after - before))
    return int(days[largest]), float(before[largest]), float(after[largest])
