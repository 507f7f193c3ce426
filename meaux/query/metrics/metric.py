"""A metric: what a number is called, what it means, and how it is written."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from meaux.data.categories import CATEGORIES
from meaux.data.plan import Thresholds
from meaux.query.metrics.units import STYLES, Unit
from meaux.wording import percent

MISSING = "\N{EN DASH}"
"""What stands where a number is not known."""

DEFINITIONS: dict[str, Metric] = {}
"""Every metric by name."""


@dataclass(frozen=True)
class Metric:
    """A number the product shows: one name, one unit, one definition.

    `good` says which way it should go; `total` how values of parts make the whole. The
    definition may name a threshold in braces: `{at_risk}`.
    """

    name: str
    label: str
    unit: Unit
    definition: str
    good: Literal["up", "down", "neither"] = "up"
    total: Literal["sum", "last", "distinct", "merged", "ratio of sums"] = "sum"

    def __post_init__(self) -> None:
        DEFINITIONS[self.name] = self

    def defined(self, thresholds: Thresholds) -> str:
        """The definition with the thresholds that are in force."""
        return self.definition.format(**thresholds.words)

    def short(self, value: float | None) -> str:
        """The number as a card shows it: large ones abbreviated."""
        return _written(value, STYLES[self.unit].short)

    def exact(self, value: float | None) -> str:
        """The number as a tooltip or a table shows it: all its digits."""
        return _written(value, STYLES[self.unit].exact)

    @property
    def axis_format(self) -> str:
        """Its d3 format on an axis."""
        return STYLES[self.unit].axis

    @property
    def column(self) -> str:
        """Its heading in an export, with the unit."""
        return self.label + STYLES[self.unit].suffix


@dataclass(frozen=True)
class Unlisted(Metric):
    """A number that somebody asks for once: it is written like a metric and stands in no list."""

    def __post_init__(self) -> None:
        """Stay out of the list of all metrics."""


def _written(value: float | None, style: Callable[[float], str]) -> str:
    return MISSING if value is None or math.isnan(value) else style(float(value))


SMALLEST_CHANGE = 0.0005
"""Below this a change would read 0.0 %: it is said as none."""

LARGEST_PERCENTAGE = 9.99
"""Above this a change is said as a factor."""


def change(now: float | None, before: float | None) -> float | None:
    """The relative change from `before` to `now`; None where it has no meaning."""
    if now is None or before is None or math.isnan(now) or not before > 0:
        return None
    changed = now / before - 1
    return changed if math.isfinite(changed) else None


def relative(changed: float) -> str:
    """A relative change in words: `+12.5%`, `0.0%`; above 999% a factor: `26` times."""
    if abs(changed) < SMALLEST_CHANGE:
        return percent(0, 1)
    if abs(changed) > LARGEST_PERCENTAGE:
        return f"{changed + 1:,.0f}\N{MULTIPLICATION SIGN}"
    return f"{changed:+.1%}"


COLUMN_UNITS: dict[str, Unit] = {
    "budget": "money",
    "actual": "money",
    "usual": "money",
    "used": "ratio",
    "allowance_used": "ratio",
    "pace": "points",
    "remaining": "money",
    "spent_this_month": "money",
    "burn7": "money",
    "burn30": "money",
    "recurring": "money",
    "run_rate": "money",
    "forecast": "money",
    "low80": "money",
    "high80": "money",
    "low95": "money",
    "high95": "money",
    "projected": "money",
    "reported": "money",
    "ledger": "money",
    "difference": "money",
    "savings": "money",
    "hours_cost": "money",
    **{category.reported: "money" for category in CATEGORIES},
    "use": "count",
    "allowance": "count",
    "estimated_cost": "money",
    "class_a": "count",
    "class_b": "count",
    "size": "bytes",
    "capacity": "hours",
    "length": "hours",
    "duration": "milliseconds",
    "step_p50": "milliseconds",
    "steps": "count",
    "succeeded": "count",
    "failed": "count",
    "reported_runs": "count",
    "run_difference": "count",
    "reported_succeeded": "count",
    "reported_failed": "count",
    "lifetime_runs": "count",
    "lifetime_success_rate": "ratio",
    "lifetime_duration": "milliseconds",
    "lifetime_cost": "money",
    "reported_messages": "count",
    "counted_messages": "count",
    "message_difference": "count",
    "distinct_messages": "count",
    "confidence": "ratio",
    "rows": "count",
}
"""The units of columns that stand in tables beside the metrics."""


def unit_of(column: str) -> Unit | None:
    """The unit of a column, if it has one."""
    return DEFINITIONS[column].unit if column in DEFINITIONS else COLUMN_UNITS.get(column)
