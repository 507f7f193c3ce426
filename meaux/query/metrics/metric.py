"""A metric: the label, the definition and the format of a number."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from meaux.data.categories import CATEGORIES
from meaux.data.thresholds import Thresholds
from meaux.query.metrics.units import STYLES, Unit, scale
from meaux.wording import percent

MISSING = "\N{EN DASH}"
"""The text for an unknown number."""

DEFINITIONS: dict[str, Metric] = {}
"""All metrics by name."""


@dataclass(frozen=True)
class Metric:
    """A number that the dashboard shows: one name, one unit, one definition.

    `good` is the direction in which it should go; `total` is how values of parts make the total.
    The definition may contain a threshold in braces: `{at_risk}`. `queries` are the names of those
    whose column of this name is this metric, whole or in parts; the docs list them. A query that
    returns something else in a column of this name is not among them.
    """

    name: str
    label: str
    unit: Unit
    definition: str
    good: Literal["up", "down", "neither"] = "up"
    total: Literal["sum", "last", "distinct", "merged", "ratio of sums"] = "sum"
    queries: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        DEFINITIONS[self.name] = self

    def defined(self, thresholds: Thresholds) -> str:
        """Return the definition with the current thresholds."""
        return self.definition.format(**thresholds.words)

    def short(self, value: float | None) -> str:
        """Write the number for a card, alone: large numbers are abbreviated."""
        return self.alike([value])[0]

    def alike(self, values: Iterable[float | None]) -> list[str]:
        """Write the numbers of one row, column or chart: in one unit, with one precision."""
        given = [math.nan if value is None else float(value) for value in values]
        write = STYLES[self.unit].beside([value for value in given if not math.isnan(value)])
        return [_written(value, write) for value in given]

    def apart(self, values: Iterable[float]) -> list[str]:
        """Write the numbers of one sentence: as on a card, with more digits if two look the same.

        Only equal numbers look the same, or those that differ by less than the last digit.
        """
        given = [*values]
        styles = ([self.short(one) for one in given], self.alike(given))
        different = len(set(given))
        exact = [self.exact(one) for one in given]
        return next((words for words in styles if len(set(words)) == different), exact)

    def exact(self, value: float | None) -> str:
        """Write the number for a tooltip or a table: with all digits."""
        return _written(value, STYLES[self.unit].exact)

    def exactly(self, values: Iterable[float | None]) -> list[str]:
        """Write the numbers of one chart with all digits; durations in one unit."""
        given = [math.nan if value is None else float(value) for value in values]
        found = scale(self.unit, given) if self.unit == "milliseconds" else None
        write = found.in_full.written if found else STYLES[self.unit].exact
        return [_written(value, write) for value in given]

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
    """A metric for a single use: it is in no list of metrics."""

    def __post_init__(self) -> None:
        """Don't add it to the list of all metrics."""


def _written(value: float | None, style: Callable[[float], str]) -> str:
    return MISSING if value is None or math.isnan(value) else style(float(value))


SMALLEST_CHANGE = 0.0005
"""A smaller change is written as 0.0%, without a sign."""

LARGEST_PERCENTAGE = 9.99
"""A larger change is written as a factor."""


def change(now: float | None, before: float | None) -> float | None:
    """Return the relative change from `before` to `now`; None if it has no meaning."""
    if now is None or before is None or math.isnan(now) or not before > 0:
        return None
    changed = now / before - 1
    return changed if math.isfinite(changed) else None


def relative(changed: float) -> str:
    """Write a relative change: `+12.5%`, `0.0%`; above 999% as a factor: `26` times."""
    if abs(changed) < SMALLEST_CHANGE:
        return percent(0, 1)
    if abs(changed) > LARGEST_PERCENTAGE:
        return f"{changed + 1:,.0f}\N{MULTIPLICATION SIGN}"
    return f"{'+' if changed > 0 else ''}{percent(changed, 1)}"


COLUMN_UNITS: dict[str, Unit] = {
    "budget": "money",
    "actual": "money",
    "usual": "money",
    "usual_count": "count",
    "used": "ratio",
    "share_change": "ratio",
    "even": "ratio",
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
    "share_of_change": "ratio",
    "share_of_actual": "ratio",
    "rows": "count",
}
"""The units of table columns that aren't metrics."""


def unit_of(column: str) -> Unit | None:
    """Return the unit of a column, if it has one; the name of a column per week says it."""
    if column in DEFINITIONS:
        return DEFINITIONS[column].unit
    return "hours" if column.endswith(STYLES["hours"].suffix) else COLUMN_UNITS.get(column)
