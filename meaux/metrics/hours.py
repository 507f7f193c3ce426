"""Hours: what is worked."""

from meaux.metrics.metric import Metric

HOURS = Metric(
    "hours",
    "Total time logged",
    "hours",
    "Hours of the time entries that started in the period; running timers and negative "
    "entries are left out.",
)
BILLABLE_RATIO = Metric(
    "billable_ratio",
    "Billable ratio",
    "ratio",
    "Billable hours by the hours of all entries that say whether they are billable.",
    total="ratio of sums",
)
