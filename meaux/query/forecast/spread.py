"""Spread: the mean of each day ahead, and the ranges around it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from meaux.query.forecast.ets import Numbers

PATHS = 1_000
"""The number of simulated paths of the days ahead."""


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
