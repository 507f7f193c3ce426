"""Schedule: runs what is due, alerts, reports and collecting, each at its own times."""

from meaux.schedule.posting import post
from meaux.schedule.run import Done, Job, next_time, run_due

__all__ = ["Done", "Job", "next_time", "post", "run_due"]
