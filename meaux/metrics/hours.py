"""Hours: what is worked."""

from meaux.metrics.metric import Metric

HOURS = Metric(
    "hours",
    "Total time logged",
    "hours",
    "Hours of the time entries that started in the period; running timers and negative "
    "entries are left out.",
)
