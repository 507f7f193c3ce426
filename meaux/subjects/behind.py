"""Behind: the rows of each metric that is a sum, a count or a ratio of rows."""

from __future__ import annotations

from meaux.query.metrics import Metric
from meaux.subjects.ai import rows as of_ai
from meaux.subjects.events import rows as of_events
from meaux.subjects.hours import rows as of_hours
from meaux.subjects.money import rows as of_money
from meaux.subjects.people import rows as of_people
from meaux.subjects.projects import rows as of_projects
from meaux.subjects.rows import Behind
from meaux.subjects.workflows import rows as of_workflows

OF_METRICS: dict[Metric, Behind] = {
    **of_money.BEHIND,
    **of_projects.BEHIND,
    **of_hours.BEHIND,
    **of_people.BEHIND,
    **of_ai.BEHIND,
    **of_workflows.BEHIND,
    **of_events.BEHIND,
}

BEHIND: dict[str, Behind] = {metric.name: behind for metric, behind in OF_METRICS.items()}
"""The rows behind each metric, by its name."""
