"""End lines: where a smoothed series stands on its last day, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from meaux.query.forecast.ets import Numbers

FOLLOWED = ((np.arange(60) + 0.5) / 60) ** 2
"""The values of alpha, the share of an error that the level follows, denser for small values.

They are the squares of evenly spaced values, so the weight of each is proportional to its square
root.
"""
NOTHING = 1e-9
"""The share of a usual day below which an error counts as zero."""


@dataclass(frozen=True)
class EndLines:
    """The possible lines at the last day, for each alpha.

    Alpha is the share of an error that the level follows. `likely` is the probability of each
    alpha, `last` the level and the slope on the last day, and `roots` the root of their covariance.
    """

    likely: Numbers
    last: Numbers
    roots: Numbers

    @staticmethod
    def of(plain: Numbers, weights: Numbers, parameters: int, *, trend: bool) -> EndLines:
        """Fit all lines through these days, by least squares of their weighted errors.

        The probability of an alpha is the likelihood of the errors, with the line's start
        integrated out, times a uniform prior from 0 to 1. With a fitted start, as in the library, a
        slope absorbs the level's moves and alpha is too low (Shephard and Harvey, On the
        Probability of Estimating a Deterministic Component in the Local Level Model, 1990).
        """
        days, left = len(plain), 1 - FOLLOWED
        moves = np.diff(plain - plain.mean(), prepend=0.0)
        columns = np.column_stack([moves, start_moves(days, trend=trend)])
        errors = left_in_errors(columns, FOLLOWED)
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
        return EndLines(likely / likely.sum(), last, roots)

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


def start_moves(days: int, *, trend: bool) -> Numbers:
    """Return what the first level, and the slope, add to each day: a column each."""
    return np.stack([np.eye(1, days)[0], np.ones(days)], axis=1)[:, : 1 + trend]


def left_in_errors(moves: Numbers, levels: Numbers) -> Numbers:
    """Return the effect of these moves on the error of each day: levels, days, columns of moves.

    A share `levels` of each error is subtracted from the days after it.
    """
    left, error = 1 - levels[:, None], np.zeros((len(levels), moves.shape[1]))
    errors = np.empty((len(levels), *moves.shape))
    for day, move in enumerate(moves):
        error = errors[:, day] = move + left * error
    return errors
