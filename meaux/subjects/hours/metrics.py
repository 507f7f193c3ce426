"""Hours: what is worked, what of it is billable, and what an hour brings."""

from meaux.query.metrics.metric import Metric

HOURS = Metric(
    "hours",
    "Total time logged",
    "hours",
    "Hours of the time entries that started in the period; running timers and negative "
    "entries are left out.",
)
HOURS_SHARE = Metric(
    "hours_share", "Share of hours", "ratio", "Part of all hours.", "neither", "last"
)
HOURS_BEFORE = Metric(
    "hours_before", "Hours before", "hours", "Hours of the compared day.", "neither"
)
ENTRIES = Metric(
    "entries",
    "Time entries",
    "count",
    "Time entries that started in the period; running timers and negative entries are left out.",
    good="neither",
)
RUNNING_TIMERS = Metric(
    "running",
    "Running timers",
    "count",
    "Time entries that started in the period and have neither an end nor a length yet.",
    good="neither",
)
BILLABLE_RATIO = Metric(
    "billable_ratio",
    "Billable ratio",
    "ratio",
    "Billable hours by the hours of all entries that say whether they are billable.",
    total="ratio of sums",
)
EFFECTIVE_RATE = Metric(
    "effective_rate",
    "Effective rate",
    "money",
    "Cost of an hour: the cost of the time entries that have a price by their hours.",
    good="neither",
    total="ratio of sums",
)
UTILISATION = Metric(
    "utilisation",
    "Utilisation",
    "ratio",
    "Billable hours by capacity: the working days of the period up to today times the hours "
    "that a person works on a day, for each person who logged time.",
    total="ratio of sums",
)
HOURS_APART = Metric(
    "hours_apart",
    "Difference",
    "hours",
    "Hours in another time table less those in the one that is in use.",
    good="neither",
)
