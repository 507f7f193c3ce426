"""Metrics of hours: how many are logged, how many are billable, and what an hour costs."""

from meaux.query.metrics.metric import Metric

HOURS = Metric(
    "hours",
    "Total time logged",
    "hours",
    "Hours of time entries that started in the period. Running timers and entries with a "
    "negative duration are left out.",
    queries=(
        "hours_by_day",
        "hours_by_project",
        "hours_by_person_day",
        "hours_by_person_week",
        "hours_by_weekday_hour",
        "hours_recorded",
        "weekly_work",
    ),
)
HOURS_SHARE = Metric(
    "hours_share",
    "Share of hours",
    "ratio",
    "Hours of the row ÷ total hours in the period.",
    "neither",
    "last",
)
HOURS_BEFORE = Metric(
    "hours_before",
    "Hours in comparison period",
    "hours",
    "Hours in the comparison period.",
    "neither",
)
ENTRIES = Metric(
    "entries",
    "Time entries",
    "count",
    "Time entries that started in the period. Running timers and entries with a negative duration "
    "are left out.",
    good="neither",
    queries=(
        "hours_by_day",
        "hours_by_project",
        "hours_by_person_day",
        "hours_by_person_week",
        "hours_recorded",
    ),
)
RUNNING_TIMERS = Metric(
    "running",
    "Running timers",
    "count",
    "Time entries that started in the period and have no end and no duration.",
    good="neither",
    queries=("hours_by_day",),
)
BILLABLE_RATIO = Metric(
    "billable_ratio",
    "Billable ratio",
    "ratio",
    "Billable hours ÷ hours marked billable or non-billable.",
    total="ratio of sums",
)
EFFECTIVE_RATE = Metric(
    "effective_rate",
    "Effective rate",
    "money",
    "Cost ÷ hours, for time entries with a price.",
    good="neither",
    total="ratio of sums",
)
UTILISATION = Metric(
    "utilisation",
    "Utilisation",
    "ratio",
    "Billable hours ÷ capacity. Capacity = working days of the period up to today "
    "\N{MULTIPLICATION SIGN} hours per working day \N{MULTIPLICATION SIGN} people who logged "
    "time.",
    total="ratio of sums",
)
HOURS_APART = Metric(
    "hours_apart",
    "Difference",
    "hours",
    "Hours in another time table of the database \N{MINUS SIGN} hours in the one that the "
    "dashboard reads.",
    good="neither",
)
