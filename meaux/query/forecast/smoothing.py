"""Smoothing: the two ways in which the days ahead are computed from those behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

Numbers = npt.NDArray[np.float64]
Pattern = Literal["add", "mul"]

WEEK = 7
DAY = pd.Timedelta(days=1)
SAME_WEEKDAYS = 9
"""How many same weekdays around a day say what is usual on it."""
SPIKE = 6.0 * 1.4826
"""How many median absolute deviations make a day a spike: twice as many as an anomaly needs."""
RARE = 14
"""Spikes are set aside only where there is at most one in so many days."""

ONE_CORRECTION = 1
"""What the optimizer remembers of its way. More saves a few steps, but has them computed by many
threads that wait for each other: ten times slower where the processors are busy."""

LEAST_PART = 0.01
"""A weekday with less than this part of a usual day is no part to scale by: it has nothing."""
LONGEST_PAUSE = 14
"""Up to so many days a stretch of far days may last and be set aside; a longer one is a change."""
ENDED = 7
"""How many days ago it must have ended, so that it is none that lasts."""
APART = 7
"""Up to so many ordinary days between them, far days belong to one stretch: a weekend does."""
FOLLOWED = ((np.arange(60) + 0.5) / 60) ** 2
"""Which parts of an error a level may follow, closer together where they are small.

They are the squares of even steps, so each stands for a span as wide as its root says.
"""
LEVEL_LASTS = 14
"""How many days there are at least before a step and after it."""
NOTHING = 1e-9
"""Which part of a usual day is no error."""
FEW_ERRORS = 4
"""How many errors of a usual size are added to those of a weekday, which has few of its own."""
COURSES = 1_000
"""How many courses that the days ahead may take are drawn."""
SEED = 1
"""What the draw begins with, so that it is always the same."""


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
        """Between what each day lies."""
        width = self._reach(share) * self.deviation
        return self.mean - width, self.mean + width

    def total_band(self, share: float) -> tuple[Numbers, Numbers]:
        """How far the total up to each day may lie below and above that of the means."""
        width = self._reach(share) * self.total_deviation
        return width, width

    def _reach(self, share: float) -> float:
        """How many deviations to each side hold this share of all outcomes."""
        from scipy.special import stdtrit  # type: ignore[import-untyped]  # noqa: PLC0415

        return float(stdtrit(self.degrees, (1 + share) / 2))


@dataclass(frozen=True)
class Drawn:
    """The days ahead: the mean of each, and how far courses drawn by lot are off it, one a row."""

    mean: Numbers
    off: Numbers

    def band(self, share: float) -> tuple[Numbers, Numbers]:
        """Between what each day lies."""
        below, above = _reach(self.off, share)
        return self.mean - below, self.mean + above

    def total_band(self, share: float) -> tuple[Numbers, Numbers]:
        """How far the total up to each day may lie below and above that of the means."""
        return _reach(self.off.cumsum(axis=1), share)


Ahead = Spread | Drawn
"""The days ahead: the mean of each, and what holds a share of all outcomes."""


def _reach(off: Numbers, share: float) -> tuple[Numbers, Numbers]:
    """How far down and up this share of the courses reaches on each day."""
    low, high = np.quantile(off, [(1 - share) / 2, (1 + share) / 2], axis=0)
    return np.maximum(-low, 0), np.maximum(high, 0)


def averaged(values: pd.Series, steps: int) -> Spread:
    """Every day ahead as the mean of the known ones, which may itself be off.

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
    """What smoothing takes a series for: its weekly pattern is added or scales; a trend, or none.

    The trend keeps its slope. One that follows the errors, and a damped one, were tried: they
    were right more seldom.
    """

    pattern: Pattern = "add"
    trend: bool = False


def smoothed(values: pd.Series, steps: int, skipped: int = 0) -> Drawn:
    """The days ahead by exponential smoothing with a weekly pattern, the first ones skipped.

    The pattern is added or scales, whichever lowers the corrected information criterion (Hyndman,
    Koehler, Ord and Snyder, Forecasting with Exponential Smoothing, 2008). A day nobody knows
    counts as the same weekday before it. What stood out for a day or a short stretch is set
    aside, and comes back as often and as large as it came, on any day.
    """
    calm, aside = calmed(filled(values))
    draw = np.random.default_rng(SEED)
    base = _calm_ahead(calm.to_numpy(), steps, skipped, draw)
    if not aside:
        return base
    usual = _usual(aside, len(calm))
    return Drawn(base.mean + usual, base.off + _struck(aside, len(calm), steps, draw) - usual)


def _usual(aside: Sequence[pd.Series], days: int) -> float:
    """What was set aside of so many days, a day."""
    return float(sum(event.sum() for event in aside)) / days


def _struck(
    aside: Sequence[pd.Series], days: int, steps: int, draw: np.random.Generator
) -> Numbers:
    """By how much courses of the days ahead are struck by what was set aside, whole as it came.

    How often it comes is known from how often it came in so many days: n times, so that its rate
    is that of a gamma distribution with shape n + 1/2 (Jeffreys' prior of a Poisson process).
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
    """The means of the days ahead alone; see `smoothed`."""
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
    """Whether a week is always the same."""
    scale = float(np.abs(calm).mean())
    return np.allclose(calm[WEEK:], calm[:-WEEK], rtol=1e-9, atol=1e-9 * scale)


def filled(values: pd.Series) -> pd.Series:
    """The series with each unknown day as the same weekday before it, or else after it."""
    weekdays = _by_weekday(values)
    whole: pd.Series = weekdays.ffill().fillna(weekdays.bfill()).fillna(values.mean())
    return whole


def standing_out(values: pd.Series) -> pd.Series:
    """By how much the days that are far from the same weekdays around them are so."""
    usual = _around(values)
    distance = (values - usual).abs()
    far = distance > SPIKE * distance.median() + 1e-9 * values.abs().mean()
    return (values - usual)[far]


def calmed(values: pd.Series) -> tuple[pd.Series, list[pd.Series]]:
    """The series with lone spikes and short stretches set aside, and by how much each stood out.

    A spike is far from the same weekdays around it while the days beside it are not; a stretch
    has several such days, and ended a while ago: a change that lasts is none. Where spikes are
    not rare, they are the series. Of what came once nobody knows how often it comes: it is set
    aside for good.
    """
    lone, longer = _stretches(standing_out(values), values)
    if len(lone) * RARE > len(values):
        return values, []
    spikes = [lone.iloc[[n]] for n in range(len(lone))]
    calm = values.sub(pd.concat([lone, *longer]), fill_value=0.0)
    return calm, [event for alike in (spikes, longer) if len(alike) > 1 for event in alike]


def _stretches(out: pd.Series, values: pd.Series) -> tuple[pd.Series, list[pd.Series]]:
    """Of the far days those that are alone, and the short stretches that are over."""
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
    """The median of the same weekdays around each day."""
    around: pd.Series = _by_weekday(values).transform(
        lambda same: same.rolling(SAME_WEEKDAYS, center=True, min_periods=1).median()
    )
    return around


def _by_weekday(values: pd.Series) -> Any:
    return values.groupby(pd.DatetimeIndex(values.index).day_of_week)


def _fits(values: Numbers) -> list[tuple[_Fit, float]]:
    """Models of a level that lasts, of a trend and of a step, each with its weight.

    All have the pattern that is better for the first. Weights are Akaike's: exp(-d/2) of how far
    a criterion is above the lowest (Burnham and Anderson, Model Selection and Multimodel
    Inference, 2002).
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
    """The model of a series whose days before its largest step are moved to the level after it."""
    plain = _plain(values, _weekly(values, pattern), pattern)
    day, before, after = _step(plain)
    earlier = np.arange(len(values)) < day
    if pattern == "add":
        fit = _Fit.of(values + np.where(earlier, after - before, 0.0), Model("add"))
        return replace(fit, stepped=True)
    scaled = np.where(earlier, after / before, 1.0)
    return replace(_Fit.of(values * scaled, Model("mul")), stepped=True, scaled=scaled)


def _step(plain: Numbers) -> tuple[int, float, float]:
    """The day of the largest step, and the level before and after it, by least squares."""
    total, behind = len(plain), plain.cumsum()
    days = np.arange(LEVEL_LASTS, total - LEVEL_LASTS + 1)
    before = behind[days - 1] / days
    after = (behind[-1] - behind[days - 1]) / (total - days)
    largest = np.argmax(days * (total - days) * np.square(after - before))
    return int(days[largest]), float(before[largest]), float(after[largest])


def _weekly(values: Numbers, pattern: Pattern) -> Numbers:
    """How each of the first seven days, and their weekdays, differ from the week around them."""
    week = np.convolve(values, np.full(WEEK, 1 / WEEK), mode="valid")
    middle, day = values[WEEK // 2 : -(WEEK // 2)], np.arange(len(week)) + WEEK // 2
    of_day = [day % WEEK == n for n in range(WEEK)]
    if pattern == "mul":
        parts = np.array([middle[on].sum() / week[on].sum() for on in of_day])
        return np.asarray(parts / parts.mean())
    more = np.array([(middle - week)[on].mean() for on in of_day])
    return np.asarray(more - more.mean())


def _plain(values: Numbers, weekly: Numbers, pattern: Pattern) -> Numbers:
    """The values without their weekly pattern."""
    parts = np.resize(weekly, len(values))
    return np.asarray(values / parts if pattern == "mul" else values - parts)


def _fitted(values: Numbers, model: Model, weekly: Numbers, start: Numbers) -> Any:
    """What the library makes of a series that begins with this pattern, level and slope."""
    from statsmodels.tsa.exponential_smoothing import ets  # type: ignore[import-untyped]  # noqa: PLC0415

    slope = {"initial_trend": float(start[1])} if model.trend else {}
    with np.errstate(all="ignore"):
        shape = ets.ETSModel(
            values,
            error="add",
            trend="add" if model.trend else None,
            seasonal=model.pattern,
            seasonal_periods=WEEK,
            initialization_method="known",
            initial_level=float(start[0]),
            initial_seasonal=weekly,
            **slope,
        )
        with shape.fix_params({"smoothing_trend": 0.0} if model.trend else {}):
            return shape.fit(disp=False, warn_convergence=False, m=ONE_CORRECTION)


def _start_moves(days: int, *, trend: bool) -> Numbers:
    """What the first level, and the slope, add to each day: a column each."""
    return np.stack([np.eye(1, days)[0], np.ones(days)], axis=1)[:, : 1 + trend]


def _left_in_errors(moves: Numbers, levels: Numbers) -> Numbers:
    """What of these moves is left in the error of each day: levels, days, columns of moves.

    A part `levels` of each error is taken out of the days after it.
    """
    left, error = 1 - levels[:, None], np.zeros((len(levels), moves.shape[1]))
    errors = np.empty((len(levels), *moves.shape))
    for day, move in enumerate(moves):
        error = errors[:, day] = move + left * error
    return errors


@dataclass(frozen=True)
class _Lines:
    """Where the line may end, for each part of an error that its level may follow.

    `likely` says how likely each part is, `last` the level and the slope on the last day, and
    `roots` the root of their covariance.
    """

    likely: Numbers
    last: Numbers
    roots: Numbers

    @staticmethod
    def of(plain: Numbers, weights: Numbers, parameters: int, *, trend: bool) -> _Lines:
        """All lines through these days, by least squares of their weighted errors.

        How likely a part is says the likelihood of the errors with the line's start integrated
        out, times a prior that is even between none and all of an error. Where the start is
        fitted instead, as by the library, a slope takes what the level moved, and the part comes
        out too low (Shephard and Harvey, On the Probability of Estimating a Deterministic
        Component in the Local Level Model, 1990).
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
        """What is expected of the line ahead."""
        return _ahead(self.likely @ self.last, steps)

    def drawn(self, number: int, steps: int, draw: np.random.Generator) -> tuple[Numbers, Numbers]:
        """So many lines ahead, and which part of an error the level of each follows."""
        which = draw.choice(len(FOLLOWED), number, p=self.likely)
        moved = draw.standard_normal((number, self.roots.shape[2], 1))
        last = self.last[which] + (self.roots[which] @ moved)[..., 0]
        return _ahead(last, steps), FOLLOWED[which]


def _ahead(last: Numbers, steps: int) -> Numbers:
    """The line ahead of a level and a slope on the last day."""
    return np.asarray(last[..., :1] + last[..., 1:] * np.arange(1, steps + 1))


@dataclass(frozen=True)
class _Fit:
    """A fitted model: what it was, how far off, and how it carries an error on.

    `scaled` says by how much the days were scaled before it was fitted.
    """

    results: Any
    model: Model
    weekly: Numbers
    days: int
    parameters: int
    stepped: bool = False
    scaled: Numbers | float = 1.0

    @staticmethod
    def of(values: Numbers, model: Model) -> _Fit:
        """The model of smallest error, which begins with the pattern of all days.

        Its line begins as the one through all days. How fast the level follows being known then,
        least squares of the errors say where it began, and it is fitted again from there.
        """
        weekly, days = _weekly(values, model.pattern), len(values)
        plain = _plain(values, weekly, model.pattern)
        start = np.polyfit(np.arange(1, days + 1), plain, int(model.trend))[::-1]
        results = _fitted(values, model, weekly, start)
        seen = _left_in_errors(_start_moves(days, trend=model.trend), results.params[:1])[0]
        if model.pattern == "mul":
            seen *= np.resize(weekly, days)[:, None]
        start += np.linalg.lstsq(seen, np.asarray(results.resid), rcond=None)[0]
        results = _fitted(values, model, weekly, start)
        return _Fit(results, model, weekly, days, WEEK + 2 + model.trend)

    @property
    def criterion(self) -> float:
        """Akaike's, corrected; the initial states count as parameters too.

        A step has a size, and a day: to name one of n takes log n of the likelihood.
        """
        squares = max(float(np.sum(np.square(self.results.resid / self.scaled))), NOTHING**2)
        parameters = self.parameters + self.stepped
        penalty = 2 * parameters * self.days / (self.days - parameters - 1)
        if self.stepped:
            penalty += 2 * np.log(self.days)
        return float(self.days * np.log(squares / self.days) + penalty)

    def mean(self, steps: int) -> Numbers:
        """What is expected of the days ahead."""
        moved = self._lines.mean(steps) - self._fitted_line(steps)
        return np.asarray(self.results.forecast(steps) + moved * self._parts(steps))

    def courses(self, number: int, steps: int, draw: np.random.Generator) -> Numbers:
        """How far off the days ahead may be, in so many courses.

        Errors like those behind are carried on, by a level of which nobody knows exactly how
        fast it follows, and from a start that may have been another.
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
        """Where the line may end; an error counts by the usual size on its weekday."""
        errors, behind = np.asarray(self.results.resid), self._levels_behind()
        sizes = np.resize(self._sizes(), self.days)
        if self._scales:
            errors = errors / np.resize(self.weekly, self.days)
            sizes = sizes * np.maximum(behind, LEAST_PART) / np.resize(self.weekly, self.days)
        trend = self.model.trend
        return _Lines.of(behind + errors, 1 / sizes, self.parameters, trend=trend)

    def _levels_behind(self) -> Numbers:
        """The line that each of the days behind was expected on."""
        before = np.append(self.results.initial_level, self.results.level[:-1])
        return np.asarray(before + self._slope)

    @property
    def _slope(self) -> float:
        return float(self.results.slope[-1]) if self.model.trend else 0.0

    def _fitted_line(self, steps: int) -> Numbers:
        """The line ahead as the fit has it."""
        return _ahead(np.array([self.results.level[-1], self._slope]), steps)

    @property
    def _scales(self) -> bool:
        return self.model.pattern == "mul"

    def _line(self, steps: int) -> Numbers:
        """The level and the trend of the days ahead, where the pattern scales it; else ones."""
        if not self._scales:
            return np.ones(steps)
        return np.maximum(self._fitted_line(steps), LEAST_PART)

    def _parts(self, steps: int) -> Numbers:
        """The part that each day ahead has of its line; ones where the pattern is added."""
        if not self._scales:
            return np.ones(steps)
        return np.maximum(np.asarray(self.results.forecast(steps)) / self._line(steps), LEAST_PART)

    def _off(self) -> Numbers:
        """The errors of the days behind; as parts of the line where the pattern scales it."""
        errors = np.asarray(self.results.resid)
        if not self._scales:
            return errors
        line = np.asarray(self.results.fittedvalues) / np.resize(self.weekly, self.days)
        return np.asarray(errors / np.maximum(line, LEAST_PART))

    def _sizes(self) -> Numbers:
        """How large an error is on each weekday, the first day's first: the root of its square.

        A few errors of the size that the pattern leads to expect are added to those of each.
        """
        squares = np.square(self._off())
        parts = np.square(self.weekly) if self._scales else np.ones(WEEK)
        prior = squares.mean() * parts / parts.mean()
        sums = np.array([squares[n::WEEK].sum() for n in range(WEEK)])
        counts = np.array([len(squares[n::WEEK]) for n in range(WEEK)])
        mean = (sums + FEW_ERRORS * prior) / (counts + FEW_ERRORS)
        return np.asarray(np.maximum(np.sqrt(mean), NOTHING))

    def _errors(self) -> Numbers:
        """The errors of the days behind in sizes of their weekday, as wide as before fitting."""
        errors = self._off() / np.resize(self._sizes(), self.days)
        wider = np.sqrt(self.days / (self.days - self.parameters))
        return np.asarray((errors - errors.mean()) * wider)

    @property
    def _followed(self) -> float:
        """How much of an error goes into the pattern."""
        named = dict(zip(self.results.model.param_names, self.results.params, strict=True))
        return float(named["smoothing_seasonal"])

    def _carried(self, parts: Numbers, line: Numbers) -> tuple[Numbers, Numbers]:
        """How much of each future day's error (column) is in each later day (row), by two ways.

        Through the level, of which a part alpha of it is taken; and else: 1 on its own day, and
        gamma every seventh day.
        """
        pattern = self._followed
        lag = np.subtract.outer(np.arange(len(parts)), np.arange(len(parts)))
        lasting = np.where(lag > 0, 1.0, 0.0) * np.divide.outer(parts, parts)
        weekly = np.where((lag > 0) & (lag % WEEK == 0), pattern, 0.0) * np.divide.outer(line, line)
        return lasting, np.asarray(np.eye(len(parts)) + weekly)
