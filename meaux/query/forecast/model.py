"""Model: exponential smoothing fitted to a series, and its paths ahead."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from meaux.query.forecast.end_lines import NOTHING, EndLines, left_in_errors, start_moves
from meaux.query.forecast.ets import WEEK, Numbers, Smoothed, Start, fitted

Pattern = Literal["add", "mul"]

LEAST_PART = 0.01
"""The smallest factor of a multiplicative pattern: a weekday below it has next to no value."""
FEW_ERRORS = 4
"""The number of errors of a usual size that are added to the few errors of a weekday."""


@dataclass(frozen=True)
class Model:
    """A smoothing model: an additive or multiplicative weekly pattern, with or without a trend.

    The slope of the trend is constant. A slope that follows the errors and a damped trend were
    tried; both were less often right.
    """

    pattern: Pattern = "add"
    trend: bool = False


@dataclass(frozen=True)
class Fit:
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
    def of(values: Numbers, model: Model) -> Fit:
        """Fit the model with the smallest error, which starts with the pattern of all days.

        Its line starts as the one through all days. With alpha then known, least squares of the
        errors gives a better start, and the model is fitted again from there.
        """
        weekly, days = weekly_pattern(values, model.pattern), len(values)
        plain = without_pattern(values, weekly, model.pattern)
        line = np.polyfit(np.arange(1, days + 1), plain, int(model.trend))[::-1]
        first = fitted(values, _started(line, weekly, model))
        shares = np.array([first.level_share])
        seen = left_in_errors(start_moves(days, trend=model.trend), shares)[0]
        if model.pattern == "mul":
            seen *= np.resize(weekly, days)[:, None]
        line += np.linalg.lstsq(seen, first.errors, rcond=None)[0]
        near = ((first.level_share, first.part_share),)
        smoothed = fitted(values, _started(line, weekly, model), near)
        return Fit(smoothed, model, weekly, days, WEEK + 2 + model.trend)

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

    def paths(self, number: int, steps: int, draw: np.random.Generator) -> Numbers:
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
    def _lines(self) -> EndLines:
        """The possible lines at the end; an error is divided by the usual size on its weekday."""
        errors, behind = self.smoothed.errors, self._levels_behind()
        sizes = np.resize(self._sizes(), self.days)
        if self._scales:
            errors = errors / np.resize(self.weekly, self.days)
            sizes = sizes * np.maximum(behind, LEAST_PART) / np.resize(self.weekly, self.days)
        trend = self.model.trend
        return EndLines.of(behind + errors, 1 / sizes, self.parameters, trend=trend)

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


def weekly_pattern(values: Numbers, pattern: Pattern) -> Numbers:
    """Return each weekday's mean difference from the week around it, the first day's first."""
    week = np.convolve(values, np.full(WEEK, 1 / WEEK), mode="valid")
    middle, day = values[WEEK // 2 : -(WEEK // 2)], np.arange(len(week)) + WEEK // 2
    of_day = [day % WEEK == n for n in range(WEEK)]
    if pattern == "mul":
        parts = np.array([middle[on].sum() / week[on].sum() for on in of_day])
        return np.asarray(parts / parts.mean())
    more = np.array([(middle - week)[on].mean() for on in of_day])
    return np.asarray(more - more.mean())


def without_pattern(values: Numbers, weekly: Numbers, pattern: Pattern) -> Numbers:
    """Return the values without their weekly pattern."""
    parts = np.resize(weekly, len(values))
    return np.asarray(values / parts if pattern == "mul" else values - parts)


def _started(line: Numbers, weekly: Numbers, model: Model) -> Start:
    """Return the start with this level, slope (if the model has one) and weekly pattern."""
    slope = float(line[1]) if model.trend else 0.0
    return Start(float(line[0]), slope, weekly, factors=model.pattern == "mul")
