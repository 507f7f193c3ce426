"""Behind: the rows of each metric that is a sum, a count or a ratio of rows."""

from __future__ import annotations

from collections.abc import Mapping

from meaux.query.metrics import Metric
from meaux.subjects.ai import rows as of_ai
from meaux.subjects.email import metrics as mail
from meaux.subjects.email import rows as of_email
from meaux.subjects.events import rows as of_events
from meaux.subjects.health import metrics as health
from meaux.subjects.hours import metrics as hours
from meaux.subjects.hours import rows as of_hours
from meaux.subjects.money import metrics as money
from meaux.subjects.money import rows as of_money
from meaux.subjects.people import metrics as people
from meaux.subjects.people import rows as of_people
from meaux.subjects.projects import metrics as projects
from meaux.subjects.projects import rows as of_projects
from meaux.subjects.rows import Behind, Ratio
from meaux.subjects.storage import metrics as storage
from meaux.subjects.storage import rows as of_storage
from meaux.subjects.timeline import metrics as timeline
from meaux.subjects.workers import metrics as workers
from meaux.subjects.workers import rows as of_workers
from meaux.subjects.workflows import metrics as workflows
from meaux.subjects.workflows import rows as of_workflows

OF_METRICS: dict[Metric, Behind | Ratio] = {
    **of_money.BEHIND,
    **of_projects.BEHIND,
    **of_hours.BEHIND,
    **of_people.BEHIND,
    **of_ai.BEHIND,
    **of_workers.BEHIND,
    **of_workflows.BEHIND,
    **of_email.BEHIND,
    **of_storage.BEHIND,
    **of_events.BEHIND,
}

BEHIND: dict[str, Behind | Ratio] = {metric.name: behind for metric, behind in OF_METRICS.items()}
"""The rows behind each metric, by its name."""

_WITHOUT: Mapping[str, tuple[Metric, ...]] = {
    "A forecast is computed from daily costs. Their rows are those of Cost.": (
        *(money.MONTH_END, money.QUARTER_END, money.MONTH_END_IF, money.QUARTER_END_IF),
    ),
    "A share or difference of two numbers that have rows of their own.": (
        *(money.CHANGE, money.SHARE, hours.HOURS_SHARE, hours.HOURS_APART, people.MEMBER_SHARE),
        *(storage.CHANGE, workflows.STEP_FAILURE_RATE),
    ),
    "The rows are those of the comparison period: choose it as the period.": (
        *(money.BEFORE, hours.HOURS_BEFORE),
    ),
    "Computed per budget; the page Financial analytics lists the budgets.": (
        money.BUDGETS_IN_DANGER,
    ),
    "Distinct people or projects are counted, each of which may have many rows.": (
        *(people.ACTIVE_USERS, people.ACTIVE_MEMBERS, people.PROJECTS_WORKED),
    ),
    "Counts a list as of today that a page shows in full.": (
        *(people.TEAMS, people.MEMBERS, people.DELIVERY, projects.TOTAL_PROJECTS),
        *(projects.PROJECTS, projects.STANDING_PROJECTS, projects.STALE_PROJECTS),
        *(mail.QUEUE_BACKLOG, storage.IMAGES, workers.WORKERS),
    ),
    "Counts the items that the timeline lists, each of which is a row.": (timeline.ITEMS,),
    "The database reports it as one number per project or Worker.": (
        *(projects.PROGRESS, projects.LIFETIME, projects.DEPLOYMENTS, projects.MILESTONES),
        *(projects.MILESTONES_COMPLETED, workers.LIFETIME_REQUESTS),
    ),
    "A percentile or an age isn't a sum of rows.": (
        *(workers.RESPONSE_TIME, workers.P50, workers.P95, workers.P99, workflows.RUN_P50),
        *(workflows.RUN_P95, workflows.STEP_P95, mail.QUEUE_AGE),
    ),
    "Computed from daily measurements, by a fitted line or a mean.": (
        *(storage.GROWTH, storage.GB_MONTH, storage.STORAGE_COST),
    ),
    "About the tables of the database, not about rows in them.": (
        *(health.TABLES_FOUND, health.COLUMNS_BOUND, health.QUERIES_ANSWERED),
        health.MISSING_INDEXES,
    ),
}

WITHOUT_ROWS: dict[Metric, str] = {
    metric: reason for reason, metrics in _WITHOUT.items() for metric in metrics
}
"""Why a metric has no rows to show, for each that has none."""
