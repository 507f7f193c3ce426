"""Metrics: what each number is called, what it means, and how it is written.

They stand by subject: `from meaux.metrics.hours import HOURS`.
"""

from meaux.metrics import costs, data, hours, operations, people, projects, resources
from meaux.metrics.metric import (
    DEFINITIONS,
    MISSING,
    SMALLEST_CHANGE,
    Metric,
    change,
    relative,
    unit_of,
)
from meaux.metrics.units import Unit, hundredths, money

SUBJECTS = (costs, projects, hours, people, resources, operations, data)
"""The modules that define metrics, in the order of the reference."""

__all__ = [
    "DEFINITIONS",
    "MISSING",
    "SMALLEST_CHANGE",
    "SUBJECTS",
    "Metric",
    "Unit",
    "change",
    "hundredths",
    "money",
    "relative",
    "unit_of",
]
