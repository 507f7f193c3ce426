"""Metrics: the label, definition and format of each number.

Each subject defines its own: `from meaux.subjects.hours.metrics import HOURS`.
"""

from meaux.query.metrics.column import Column, column
from meaux.query.metrics.metric import (
    DEFINITIONS,
    MISSING,
    SMALLEST_CHANGE,
    Metric,
    change,
    relative,
    unit_of,
)
from meaux.query.metrics.units import Unit

__all__ = [
    "DEFINITIONS",
    "MISSING",
    "SMALLEST_CHANGE",
    "Column",
    "Metric",
    "Unit",
    "change",
    "column",
    "relative",
    "unit_of",
]
