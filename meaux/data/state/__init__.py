"""State: what the product remembers between runs, in a SQLite file of its own (`MEAUX_STATE`).

The dashboard's database is only read. This file has findings and their deliveries, and people's
saved views: no address of a destination, and no token.
"""

from meaux.data.state.alerts import Alerts, Delivery, Health, Held, Kept, Pause
from meaux.data.state.due import Done, Job, Result, next_time, run_due
from meaux.data.state.file import (
    VERSION,
    StateFile,
    locked,
    opened,
    path_of,
    reading,
    trying,
    writing,
)
from meaux.data.state.jobs import Jobs, Ran
from meaux.data.state.views import View, Views

__all__ = [
    "VERSION",
    "Alerts",
    "Delivery",
    "Done",
    "Health",
    "Held",
    "Job",
    "Jobs",
    "Kept",
    "Pause",
    "Ran",
    "Result",
    "StateFile",
    "View",
    "Views",
    "locked",
    "next_time",
    "opened",
    "path_of",
    "reading",
    "run_due",
    "trying",
    "writing",
]
