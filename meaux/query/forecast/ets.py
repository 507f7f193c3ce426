"""Exponential smoothing of a daily series: one model with a weekly pattern, and its fit.

It is the method of Holt and Winters, with additive errors (Hyndman, Koehler, Ord and Snyder,
Forecasting with Exponential Smoothing, 2008). A day is expected to be the line (level + slope) plus
its weekday's part, or times that part. The slope is constant.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]

WEEK = 7
LEAST, MOST = 1e-4, 1 - 1e-4
"""The limits of both shares."""
BEGINNINGS = ((0.1, 0.01), (0.5, 0.5))
"""The shares from which the search begins: the nearest minimum isn't always the lowest."""
MOVE = 1e-6
"""The difference of a share over which the slopes of the errors are measured."""
MOST_STEPS = 50
ENOUGH = 1e-9
"""The search ends at a step that makes the sum of squares smaller by less than this share."""
NEAR = 1e-6
"""It also ends at a step that moves no share by more than this."""
DAMPING = 1e-3
"""The damping of the first step."""


@dataclass(frozen=True)
class Start:
    """The state before the first day.

    - `parts`: of the seven weekdays, the first day's first.
    - `factors`: whether parts are factors of the line; otherwise they are added to it.
    """

    level: float
    slope: float
    parts: Numbers
    factors: bool


@dataclass(frozen=True)
class Smoothed:
    """A smoothed series.

    - `level_share`: the share of an error that the level follows (alpha).
    - `part_share`: the share of the rest that the weekday's part follows (gamma / (1 - alpha)).
    - `expected`: of each day, as the days before it tell. `errors`: value - expected.
    - `levels`: after each day.
    - `parts`: of the weekdays at the end, the next day's first.
    """

    start: Start
    level_share: float
    part_share: float
    expected: Numbers
    errors: Numbers
    levels: Numbers
    parts: Numbers

    def line(self, steps: int) -> Numbers:
        """Return the line of the days ahead."""
        return np.asarray(self.levels[-1] + self.start.slope * np.arange(1, steps + 1))

    def ahead(self, steps: int) -> Numbers:
        """Return the expected values of the days ahead."""
        line, parts = self.line(steps), np.resize(self.parts, steps)
        return np.asarray(line * parts if self.start.factors else line + parts)


def smoothed_with(values: Numbers, start: Start, level_share: float, part_share: float) -> Smoothed:
    """Smooth a series with given shares."""
    missed, levels, parts = map(np.array, _passed(values.tolist(), start, level_share, part_share))
    return Smoothed(start, level_share, part_share, values - missed, missed, levels, parts[-WEEK:])


def fitted(
    values: Numbers, start: Start, beginnings: Sequence[tuple[float, float]] = BEGINNINGS
) -> Smoothed:
    """Smooth a series with the shares that have the smallest sum of squared errors.

    They are looked for from each of `beginnings`.
    """
    listed = values.tolist()

    def errors_at(shares: Numbers) -> Numbers:
        return np.array(_passed(listed, start, *shares.tolist())[0])

    found = [_descended(errors_at, np.array(beginning)) for beginning in beginnings]
    shares, _ = min(found, key=lambda one: one[1])
    return smoothed_with(values, start, *shares.tolist())


def _descended(errors_at: Callable[[Numbers], Numbers], shares: Numbers) -> tuple[Numbers, float]:
    """Return the shares at the nearest minimum, and its sum of squared errors.

    By damped least squares on the slopes of the errors (Marquardt, An Algorithm for Least-Squares
    Estimation of Nonlinear Parameters, 1963).
    """
    errors, damping = errors_at(shares), DAMPING
    for _ in range(MOST_STEPS):
        slopes = np.stack([errors_at(shares + move) - errors for move in MOVE * np.eye(2)]) / MOVE
        downhill, squares = -slopes @ errors, errors @ errors
        at_limit = ((shares <= LEAST) & (downhill < 0)) | ((shares >= MOST) & (downhill > 0))
        slopes[at_limit], downhill[at_limit] = 0.0, 0.0
        bends = slopes @ slopes.T
        further, moved = errors, np.full(2, np.inf)
        while further @ further >= squares and np.abs(moved - shares).max() > NEAR:
            damped = bends + np.diag(damping * bends.diagonal() + np.finfo(float).tiny)
            moved = np.clip(shares + np.linalg.solve(damped, downhill), LEAST, MOST)
            further, damping = errors_at(moved), damping * 10
        if further @ further >= squares * (1 - ENOUGH):
            break
        shares, errors, damping = moved, further, damping / 100
    return shares, float(errors @ errors)


def _passed(
    values: Sequence[float], start: Start, level_share: float, part_share: float
) -> tuple[list[float], list[float], list[float]]:
    """Pass through the days; return errors, levels, and all parts, seven more than days.

    Plain numbers take a fifth of the time of arrays with one number.
    """
    level, parts, errors, levels = start.level, start.parts.tolist(), [], []
    for day, value in enumerate(values):
        line, part = level + start.slope, parts[day]
        if start.factors:
            errors.append(value - line * part)
            level = line + level_share * errors[-1] / part
            parts.append(part + part_share * (value / level - part))
        else:
            errors.append(value - line - part)
            level = line + level_share * errors[-1]
            parts.append(part + part_share * (value - level - part))
        levels.append(level)
    return errors, levels, parts
