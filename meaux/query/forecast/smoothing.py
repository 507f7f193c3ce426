"""Smoothing: the two methods that forecast the days ahead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np
import pandas as pd

from meaux.query.forecast.ets import WEEK, Numbers, Smoothed, Start, fitted

Pattern = Literal["add", "mul"]

DAY = pd.Timedelta(days=1)
SAME_WEEKDAYS = 9
"""The number of same weekdays around a day whose median is usual for it."""
SPIKE = 6.0 * 1.4826
"""The median absolute deviations that make a day a spike: twice as many as for an unusual day."""
RARE = 14
"""Spikes are removed only if there is at most one in this many days."""

LEAST_PART = 0.01
"""The smallest factor of a multiplicative pattern: a weekday below it has next to no value."""
LONGEST_PAUSE = 14
"""The most days of a stretch that is removed; a longer one is a level change."""
ENDED = 7
"""The number of days since the end of a stretch, after which it isn't a lasting change."""
APART = 7
"""The most ordinary days between outliers of one stretch, such as a weekend."""
FOLLOWED = ((np.arange(60) + 0.5) / 60) ** 2
"""The values of alpha, the share of an error that the level follows, denser for small values.

They are the squares of evenly spaced values, so the weight of each is proportional to its square
root.
"""
LEVEL_LASTS = 14
"""The fewest days before a step and after it."""
NOTHING = 1e-9
"""The share of a usual day below which an error counts as zero."""
FEW_ERRORS = 4
"""The number of errors of a usual size that are added to the few errors of a weekday."""
COURSES = 1_000
"""The number of simulated paths of the days ahead."""
SEED = 1
"""The seed of the simulation, so that its result is reproducible."""


@dataclass(frozen=True)
class Spread:
    """The days ahead: the mean of each, its deviation, and that of the total up to it.

    The deviations are those of Student's t with `degrees` degrees of freedom.
    """

    mean: Numbers
    deviation: Numbers
    total_deviation: Numbers
    degrees: float

    def band(self, share: float) -> tuple[Numbers, Numbers]:
        """Return the range of each day."""
        width = self._reach(share) * self.deviation
        return self.mean - width, self.mean + width

    def total_band(self, share: float) -> tuple[Numbers, Numbers]:
        """Return how far the total up to each day may lie below and above that of the means."""
        width = self._reach(share) * self.total_deviation
        return width, width

    def _reach(self, share: float) -> float:
        """Return the number of deviations to each side that contain this share of all outcomes."""
        from scipy.special import stdtrit  # type: ignore[import-untyped]  # noqa: PLC0415

        return float(stdtrit(self.degrees, (1 + share) / 2))


@dataclass(frozen=True)
class Drawn:
    """The days ahead: the mean of each, and the deviations of simulated paths, one per row."""

    mean: Numbers
    off: Numbers

    def band(self, share: float) -> tuple[Numbers, Numbers]:
        """Return the range of each day."""
        below, above = _reach(self.off, share)
        return self.mean - below, self.mean + above

    def total_band(self, share: float) -> tuple[Numbers, Numbers]:
        """Return how far the total up to each day may lie below and above that of the means."""
        return _reach(self.off.cumsum(axis=1), share)


Ahead = Spread | Drawn
"""The days ahead: the mean of each, and the ranges."""


def _reach(off: Numbers, share: float) -> tuple[Numbers, Numbers]:
    """Return how far below and above this share of the simulated paths reaches on each day."""
    low, high = np.quantile(off, [(1 - share) / 2, (1 + share) / 2], axis=0)
    return np.maximum(-low, 0), np.maximum(high, 0)


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


@dataclass(frozen=True)
class Model:
    """A smoothing model: an additive or multiplicative weekly pattern, with or without a trend.

    The slope of the trend is constant. A slope that follows the errors and a damped trend were
    tried; both were less often right.
    """

    pattern: Pattern = "add"
    trend: bool = False


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
    usual = _usual(aside, len(calm))
    return Drawn(base.mean + usual, base.off + _struck(aside, len(calm), steps, draw) - usual)


def _usual(aside: Sequence[pd.Series], days: int) -> float:
    """Return the mean per day of the removed outliers."""
    return float(sum(event.sum() for event in aside)) / days


def _struck(
    aside: Sequence[pd.Series], days: int, steps: int, draw: np.random.Generator
) -> Numbers:
    """Simulate the removed outliers on the days ahead, each whole as it came.

    Their rate is uncertain: after n of them in `days` days, it has a gamma distribution with shape
    n + 1/2 (Jeffreys' prior of a Poisson process).
    """
    often = draw.gamma(len(aside) + 0.5, 1 / days, (COURSES, 1))
    length = LONGEST_PAUSE + steps
    begins = draw.random((COURSES, length)) < often
    which = draw.integers(len(aside), size=(COURSES, length))
    more = np.zeros((COURSES, length))
    for number, event in enumerate(aside):
        begun = begins & (which == number)
        after = (pd.DatetimeIndex(event.index) - event.index[0]).days
        for late, amount in zip(after, event, strict=True):
            more[:, late:] += amount * begun[:, : length - late]
    return more[:, LONGEST_PAUSE:]


def expected(values: pd.Series, steps: int) -> Numbers:
    """Return only the means of the days ahead; see `smoothed`."""
    calm, aside = calmed(filled(values))
    numbers, usual = calm.to_numpy(), _usual(aside, len(calm))
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
    numbers = np.diff(np.rint(COURSES * np.cumsum([0.0, *(weight for _, weight in fits)])))
    courses = [
        fit.mean(skipped + steps) + fit.courses(int(number), skipped + steps, draw)
        for (fit, _), number in zip(fits, numbers, strict=True)
    ]
    every = scale * np.concatenate(courses)[:, skipped:]
    return Drawn(every.mean(axis=0), every - every.mean(axis=0))


def _repeats(calm: Numbers) -> bool:
    """Return whether all weeks are equal."""
    scale = float(np.abs(calm).mean())
    return np.allclose(calm[WEEK:], calm[:-WEEK], rtol=1e-9, atol=1e-9 * scale)


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


def _fits(values: Numbers) -> list[tuple[_Fit, float]]:
    """Fit models without a trend, with a trend and with a step, each with its weight.

    All have the pattern that fits the first one better. Weights are Akaike's: exp(-d/2), with d the
    criterion minus the lowest one (Burnham and Anderson, Model Selection and Multimodel Inference,
    2002).
    """
    fits = [_Fit.of(values, Model("add"))]
    if values.min() > 0 and _weekly(values, "mul").min() > LEAST_PART:
        fits.append(_Fit.of(values, Model("mul")))
    level = min(fits, key=lambda fit: fit.criterion)
    pattern = level.model.pattern
    every = [level, _Fit.of(values, Model(pattern, trend=True)), _stepped(values, pattern)]
    least = min(fit.criterion for fit in every)
    likely = [float(np.exp((least - fit.criterion) / 2)) for fit in every]
    return [(fit, one / sum(likely)) for fit, one in zip(every, likely, strict=True)]


def _stepped(values: Numbers, pattern: Pattern) -> _Fit:
    """Fit the series after its days before the largest step are moved to the level after it."""
    plain = _plain(values, _weekly(values, pattern), pattern)
    day, before, after = _step(plain)
    earlier = np.arange(len(values)) < day
    if pattern == "add":
        fit = _Fit.of(values + np.where(earlier, after - before, 0.0), Model("add"))
        return replace(fit, stepped=True)
    scaled = np.where(earlier, after / before, 1.0)
    return replace(_Fit.of(values * scaled, Model("mul")), stepped=True, scaled=scaled)


def _step(plain: Numbers) -> tuple[int, float, float]:
    """Find the day of the largest step, and the level before and after it, by least squares."""
    total, behind = len(plain), plain.cumsum()
    days = np.arange(LEVEL_LASTS, total - LEVEL_LASTS + 1)
    before = behind[days - 1] / days
    after = (behind[-1] - behind[days - 1]) / (total - days)
    largest = np.argmax(days * (total - days) * np.square(after - before))
    return int(days[largest]), float(before[largest]), float(after[largest])


def _weekly(values: Numbers, pattern: Pattern) -> Numbers:
    """Return each weekday's mean difference from the week around it, the first day's first."""
    week = np.convolve(values, np.full(WEEK, 1 / WEEK), mode="valid")
    middle, day = values[WEEK // 2 : -(WEEK // 2)], np.arange(len(week)) + WEEK // 2
    of_day = [day % WEEK == n for n in range(WEEK)]
    if pattern == "mul":
        parts = np.array([middle[on].sum() / week[on].sum() for on in of_day])
        return np.asarray(parts / parts.mean())
    more = np.array([(middle - week)[on].mean() for on in of_day])
    return np.asarray(more - more.mean())


def _plain(values: Numbers, weekly: Numbers, pattern: Pattern) -> Numbers:
    """Return the values without their weekly pattern."""
    parts = np.resize(weekly, len(values))
    return np.asarray(values / parts if pattern == "mul" else values - parts)


def _started(line: Numbers, weekly: Numbers, model: Model) -> Start:
    """Return the start with this level, slope (if the model has one) and weekly pattern."""
    slope = float(line[1]) if model.trend else 0.0
    return Start(float(line[0]), slope, weekly, factors=model.pattern == "mul")


def _start_moves(days: int, *, trend: bool) -> Numbers:
    """Return what the first level, and the slope, add to each day: a column each."""
    return np.stack([np.eye(1, days)[0], np.ones(days)], axis=1)[:, : 1 + trend]


def _left_in_errors(moves: Numbers, levels: Numbers) -> Numbers:
    """Return the effect of these moves on the error of each day: levels, days, columns of moves.

    A share `levels` of each error is subtracted from the days after it.
    """
    left, error = 1 - levels[:, None], np.zeros((len(levels), moves.shape[1]))
    errors = np.empty((len(levels), *moves.shape))
    for day, move in enumerate(moves):
        error = errors[:, day] = move + left * error
    return errors


@dataclass(frozen=True)
class _Lines:
    """The possible lines at the last day, for each alpha.

    Alpha is the share of an error that the level follows. `likely` is the probability of each
    alpha, `last` the level and the slope on the last day, and `roots` the root of their covariance.
    """

    likely: Numbers
    last: Numbers
    roots: Numbers

    @staticmethod
    def of(plain: Numbers, weights: Numbers, parameters: int, *, trend: bool) -> _Lines:
        """Fit all lines through these days, by least squares of their weighted errors.

        The probability of an alpha is the likelihood of the errors, with the line's start
        integrated out, times a uniform prior from 0 to 1. With a fitted start, as in the library, a
        slope absorbs the level's moves and alpha is too low (Shephard and Harvey, On the
        Probability of Estimating a Deterministic Component in the Local Level Model, 1990).
        """
        days, left = len(plain), 1 - FOLLOWED
        moves = np.diff(plain - plain.mean(), prepend=0.0)
        columns = np.column_stack([moves, _start_moves(days, trend=trend)])
        errors = _left_in_errors(columns, FOLLOWED)
        weighted = errors * weights[:, None]
        squares = weighted.swapaxes(1, 2) @ weighted
        inverse = np.linalg.inv(squares[:, 1:, 1:])
        start = inverse @ squares[:, 1:, :1]
        rest = np.maximum((squares[:, :1, :1] - squares[:, :1, 1:] @ start)[:, 0, 0], NOTHING**2)
        free = days - parameters
        fits = (np.linalg.slogdet(inverse)[1] - free * np.log(rest)) / 2
        likely = np.exp(fits - fits.max()) * np.sqrt(FOLLOWED)
        ends = np.zeros((len(left), 2, 1 + trend))
        ends[:, 0], ends[:, 1, 1:] = left[:, None] * errors[:, -1, 1:], 1.0
        last = (ends @ start)[..., 0]
        last[:, 0] += plain[-1] - left * errors[:, -1, 0]
        roots = ends @ np.linalg.cholesky(inverse) * np.sqrt(rest / free)[:, None, None]
        return _Lines(likely / likely.sum(), last, roots)

    def mean(self, steps: int) -> Numbers:
        """Return the expected line ahead."""
        return _ahead(self.likely @ self.last, steps)

    def drawn(self, number: int, steps: int, draw: np.random.Generator) -> tuple[Numbers, Numbers]:
        """Draw this many lines ahead, and the alpha of each one's level."""
        which = draw.choice(len(FOLLOWED), number, p=self.likely)
        moved = draw.standard_normal((number, self.roots.shape[2], 1))
        last = self.last[which] + (self.roots[which] @ moved)[..., 0]
        return _ahead(last, steps), FOLLOWED[which]


def _ahead(last: Numbers, steps: int) -> Numbers:
    """Return the line ahead of a level and a slope on the last day."""
    return np.asarray(last[..., :1] + last[..., 1:] * np.arange(1, steps + 1))


@dataclass(frozen=True)
class _Fit:
    """A fitted model: its parameters, its errors, and their effect on later days.

    `scaled` is the factor by which the days were scaled before the fit.
    """

    smoothed: Smoothed
    model: Model
    weekly: Numbers
    days: int
    parameters: int
    stepped: bool = False
    scaled: Numbers | float = 1.0

    @staticmethod
    def of(values: Numbers, model: Model) -> _Fit:
        """Fit the model with the smallest error, which starts with the pattern of all days.

        Its line starts as the one through all days. With alpha then known, least squares of the
        errors gives a better start, and the model is fitted again from there.
        """
        weekly, days = _weekly(values, model.pattern), len(values)
        plain = _plain(values, weekly, model.pattern)
        line = np.polyfit(np.arange(1, days + 1), plain, int(model.trend))[::-1]
        first = fitted(values, _started(line, weekly, model))
        shares = np.array([first.level_share])
        seen = _left_in_errors(_start_moves(days, trend=model.trend), shares)[0]
        if model.pattern == "mul":
            seen *= np.resize(weekly, days)[:, None]
        line += np.linalg.lstsq(seen, first.errors, rcond=None)[0]
        near = ((first.level_share, first.part_share),)
        smoothed = fitted(values, _started(line, weekly, model), near)
        return _Fit(smoothed, model, weekly, days, WEEK + 2 + model.trend)

    @property
    def criterion(self) -> float:
        """Akaike's criterion, corrected; the initial states count as parameters too.

        A step has a size and a day: the choice of one day of n costs log n of the likelihood.
        """
        squares = max(float(np.sum(np.square(self.smoothed.errors / self.scaled))), NOTHING**2)
        parameters = self.parameters + self.stepped
        penalty = 2 * parameters * self.days / (self.days - parameters - 1)
        if self.stepped:
            penalty += 2 * np.log(self.days)
        return float(self.days * np.log(squares / self.days) + penalty)

    def mean(self, steps: int) -> Numbers:
        """Return the expected values of the days ahead."""
        moved = self._lines.mean(steps) - self.smoothed.line(steps)
        return np.asarray(self.smoothed.ahead(steps) + moved * self._parts(steps))

    def courses(self, number: int, steps: int, draw: np.random.Generator) -> Numbers:
        """Return the deviations of this many simulated paths of the days ahead.

        Past errors are resampled and carried on. Each path has its own alpha and its own start,
        because both are uncertain.
        """
        line, parts = self._line(steps), self._parts(steps)
        size = self._sizes()[(self.days + np.arange(steps)) % WEEK]
        errors = draw.choice(self._errors(), (number, steps)) * size * line
        lasting, rest = self._carried(parts, line)
        lines, levels = self._lines.drawn(number, steps, draw)
        started = (lines - self._lines.mean(steps)) * parts
        return np.asarray(levels[:, None] * (errors @ lasting.T) + errors @ rest.T + started)

    @cached_property
    def _lines(self) -> _Lines:
        """The possible lines at the end; an error is divided by the usual size on its weekday."""
        errors, behind = self.smoothed.errors, self._levels_behind()
        sizes = np.resize(self._sizes(), self.days)
        if self._scales:
            errors = errors / np.resize(self.weekly, self.days)
            sizes = sizes * np.maximum(behind, LEAST_PART) / np.resize(self.weekly, self.days)
        trend = self.model.trend
        return _Lines.of(behind + errors, 1 / sizes, self.parameters, trend=trend)

    def _levels_behind(self) -> Numbers:
        """Return the line by which each of the past days was expected."""
        start = self.smoothed.start
        return np.append(start.level, self.smoothed.levels[:-1]) + start.slope

    @property
    def _scales(self) -> bool:
        return self.model.pattern == "mul"

    def _line(self, steps: int) -> Numbers:
        """Return the line of the days ahead if the pattern is multiplicative; else ones."""
        if not self._scales:
            return np.ones(steps)
        return np.maximum(self.smoothed.line(steps), LEAST_PART)

    def _parts(self, steps: int) -> Numbers:
        """Return the factor of each day ahead on its line; ones if the pattern is additive."""
        if not self._scales:
            return np.ones(steps)
        return np.maximum(self.smoothed.ahead(steps) / self._line(steps), LEAST_PART)

    def _off(self) -> Numbers:
        """Return the past errors, as shares of the line if the pattern is multiplicative."""
        errors = self.smoothed.errors
        if not self._scales:
            return errors
        line = self.smoothed.expected / np.resize(self.weekly, self.days)
        return np.asarray(errors / np.maximum(line, LEAST_PART))

    def _sizes(self) -> Numbers:
        """Return the root mean square error of each weekday, the first day's first.

        A few errors of the size expected from the pattern are added to those of each weekday.
        """
        squares = np.square(self._off())
        parts = np.square(self.weekly) if self._scales else np.ones(WEEK)
        prior = squares.mean() * parts / parts.mean()
        sums = np.array([squares[n::WEEK].sum() for n in range(WEEK)])
        counts = np.array([len(squares[n::WEEK]) for n in range(WEEK)])
        mean = (sums + FEW_ERRORS * prior) / (counts + FEW_ERRORS)
        return np.asarray(np.maximum(np.sqrt(mean), NOTHING))

    def _errors(self) -> Numbers:
        """Return the past errors in units of their weekday's size, as wide as before the fit."""
        errors = self._off() / np.resize(self._sizes(), self.days)
        wider = np.sqrt(self.days / (self.days - self.parameters))
        return np.asarray((errors - errors.mean()) * wider)

    def _carried(self, parts: Numbers, line: Numbers) -> tuple[Numbers, Numbers]:
        """Return two shares of each future day's error (column) in each later day (row).

        Through the level, which takes a share alpha of it; and otherwise: 1 on its own day, and
        gamma every seventh day.
        """
        gamma = self.smoothed.part_share * (1 - self.smoothed.level_share)
        lag = np.subtract.outer(np.arange(len(parts)), np.arange(len(parts)))
        lasting = np.where(lag > 0, 1.0, 0.0) * np.divide.outer(parts, parts)
        weekly = np.where((lag > 0) & (lag % WEEK == 0), gamma, 0.0) * np.divide.outer(line, line)
        return lasting, np.asarray(np.eye(len(parts)) + weekly)
