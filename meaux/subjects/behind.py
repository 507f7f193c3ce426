"""Behind: the rows of each metric that is a sum or a count of rows."""

from __future__ import annotations

from meaux.query.metrics import Metric
from meaux.subjects.money import rows as of_money
from meaux.subjects.rows import Behind

OF_METRICS: dict[Metric, Behind] = {**of_money.BEHIND}

BEHIND: dict[str, Behind] = {metric.name: behind for metric, behind in OF_METRICS.items()}
"""The rows behind each metric, by its name."""
