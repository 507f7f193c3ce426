"""Axes: days that are the same in every time zone, and numbers with units."""

from __future__ import annotations

import math
from typing import Any

import altair as alt
import pandas as pd

from meaux.query.metrics import Metric
from meaux.query.metrics.units import Scale, scale
from meaux.wording import day_of, month_of

MOST_TICKS = 7
SMALL = 10
SLIGHT = 0.05
"""The share of the highest value up to which negative values get no tick of their own."""
HEADROOM = 22
"""The room above lines and columns for the marks of annotations and unusual days."""
MILLISECOND = pd.Timedelta(milliseconds=1)


def instants(days: pd.Series) -> pd.Series:
    """Return midnight UTC of each day in milliseconds: on a UTC scale the same day anywhere."""
    return (pd.to_datetime(days) - pd.Timestamp(0)) // MILLISECOND


def words(day: pd.Timestamp, grain: str = "day") -> str:
    """Write a day, the week it begins or its month: `Sun 22 Nov 2026`, `Nov 2026`."""
    if grain == "month":
        return month_of(day)
    if grain == "week":
        return f"Week of {day_of(day)}"
    return f"{day:%a} {day_of(day)}"


def across(days: pd.Series, grain: str, field: str = "at") -> Any:
    """Make the horizontal axis over these days (datetime64), with at most seven labels."""
    every = sorted(set(days))
    ticks = every[:: -(-len(every) // MOST_TICKS)]
    values = [alt.DateTime(year=d.year, month=d.month, date=d.day, utc=True) for d in ticks]
    axis = alt.Axis(values=values, format=_pattern(every, grain))
    return alt.X(f"{field}:T", scale=alt.Scale(type="utc"), axis=axis, title=None)


def _pattern(days: list[pd.Timestamp], grain: str) -> str:
    if grain == "month":
        return "%b %Y"
    return "%-d %b" if days[0].year == days[-1].year else "%-d %b %Y"


def up(numbers: pd.Series, metric: Metric, field: str = "value", above: int = 0) -> Any:
    """Make the vertical axis of these numbers: with zero, and the unit in its title.

    `above` are the pixels above the highest value.
    """
    axis = _ticks(
        numbers,
        metric,
        titleAngle=0,
        titleAlign="left",
        titleAnchor="start",
        titleY=-12,
        titleX=0,
    )
    span = [{"expr": "height"}, above]
    ends = alt.Scale(**{"zero": True, "nice": 5, "range": span, **_ends(numbers)})
    return alt.Y(f"{field}:Q", scale=ends, axis=axis, title=title(numbers, metric))


def _ends(numbers: pd.Series) -> dict[str, Any]:
    """Set the ends of a scale that its ticks don't: all values are zero, or few are below zero."""
    low, high = numbers.min(), numbers.max()
    if -SLIGHT * high < low < 0:
        return {"domain": [low, high], "nice": False}
    return {} if numbers.abs().max() > 0 else {"domain": [0, 1]}


def along(numbers: pd.Series, metric: Metric, field: str) -> Any:
    """Make the horizontal axis of these numbers: with zero, for a ratio up to 1 at least."""
    ends = alt.Scale(domain=domain(numbers, metric), zero=True, nice=False)
    return alt.X(
        f"{field}:Q", scale=ends, axis=_ticks(numbers, metric), title=title(numbers, metric)
    )


def domain(numbers: pd.Series, metric: Metric) -> list[float]:
    """Return the lowest and the highest number, with zero; for a ratio 1 at least."""
    low, high = min(0.0, numbers.min()), max(0.0, numbers.max())
    return [low, max(high, 1.0) if metric.unit == "ratio" or low == high else high]


def part(numbers: pd.Series, metric: Metric) -> pd.Series:
    """Return the position of each number on such an axis: 0 at its beginning, 1 at its end."""
    low, high = domain(numbers, metric)
    return (numbers - low) / (high - low)


def title(numbers: pd.Series, metric: Metric) -> str:
    """Return the title of an axis: the metric, with the unit of its ticks."""
    unit = scale(metric.unit, numbers)
    return f"{metric.label} ({unit.name})" if unit else metric.column


def _ticks(numbers: pd.Series, metric: Metric, **title: Any) -> alt.Axis:
    """Make at most about five ticks; counts have ticks only at whole numbers."""
    step = 1 if metric.unit == "count" else 0
    places = _round(numbers, unit) if (unit := scale(metric.unit, numbers)) else alt.Undefined
    expression = label(numbers, metric)
    return alt.Axis(labelExpr=expression, tickCount=5, tickMinStep=step, values=places, **title)


def _round(numbers: pd.Series, unit: Scale) -> list[float]:
    """Return the places of ticks that are round in this unit, from the lowest to the highest."""
    low, high = min(numbers.min() / unit.size, 0), max(numbers.max() / unit.size, 0)
    least = (high - low) / 5
    if not least > 0:
        return [0]
    power = 10 ** math.floor(math.log10(least))
    step = next(power * by for by in (1, 2, 5, 10) if power * by >= least * (1 - 1e-9))
    places = range(math.floor(low / step), math.ceil(high / step) + 1)
    return [place * step * unit.size for place in places]


def label(numbers: pd.Series, metric: Metric) -> str:
    """Return the expression that formats a tick: without milli, and with B for a billion.

    Durations and sizes are in one unit, which the title names; small ratios have tenths of a per
    cent.
    """
    if unit := scale(metric.unit, numbers):
        return f"format(datum.value / {unit.size:g}, ',.2~f')"
    limit, wide, fine = (0.1, ".0%", ".1~%") if metric.unit == "ratio" else (SMALL, "~s", ",.2~f")
    small = numbers.abs().max() < limit
    pattern = metric.axis_format.replace(wide, fine) if small else metric.axis_format
    return f"replace(format(datum.value, '{pattern}'), 'G', 'B')"
