"""Column: how the numbers of a table's column are written, all in one unit and precision."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from meaux.query.metrics.units import STYLES, Unit, decimals, scale

DECIMALS: dict[Unit, int] = {
    "money": 2,
    "hours": 1,
    "ratio": 1,
    "points": 0,
    "gigabytes": 1,
    "days": 0,
}
"""The decimals of units whose precision is always the same."""
MOST_OF_A_PRICE = 8


@dataclass(frozen=True)
class Column:
    """A column of numbers: its heading, what a number is multiplied by, and its decimals."""

    heading: str
    factor: float
    decimals: int

    def written(self, value: float) -> str:
        """Write a number, without its unit: the heading names it."""
        return f"{value * self.factor:,.{self.decimals}f}"


def column(heading: str, unit: Unit | None, values: Iterable[float]) -> Column:
    """Return how a column is written; a duration or size has the unit that suits most values."""
    known = [float(value) for value in values if not pd.isna(value)]
    if found := scale(unit, known):
        named = f"{heading.removesuffix(STYLES[unit].suffix)} ({found.name})" if unit else heading
        return Column(named, 1 / found.size, found.decimals)
    return Column(heading, 100 if unit == "ratio" else 1, _decimals(unit, known))


def _decimals(unit: Unit | None, values: list[float]) -> int:
    if unit == "price":
        return _of_a_price(values)
    if unit == "count":
        return min(decimals(values), 1)
    return decimals(values) if unit is None else DECIMALS.get(unit, decimals(values))


def _of_a_price(values: list[float]) -> int:
    """Return the decimals with which the middle price has three digits, cents at least."""
    known = sorted(abs(value) for value in values if value and math.isfinite(value))
    if not known:
        return 2
    return min(max(2 - math.floor(math.log10(known[len(known) // 2])), 2), MOST_OF_A_PRICE)
