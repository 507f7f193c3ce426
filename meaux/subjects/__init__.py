"""Subjects: what the product answers, a folder each.

In each folder the same names mean the same: `queries.sql` asks the database, `metrics.py` defines
the numbers, `frames.py` makes tables of the answers, `figures.py` reads single numbers off them,
and `cards.py` says how a page shows all that.
"""

from types import ModuleType

from meaux.subjects.ai import metrics as of_ai
from meaux.subjects.email import metrics as of_email
from meaux.subjects.events import metrics as of_events
from meaux.subjects.health import metrics as of_health
from meaux.subjects.hours import metrics as of_hours
from meaux.subjects.money import metrics as of_money
from meaux.subjects.people import metrics as of_people
from meaux.subjects.projects import metrics as of_projects
from meaux.subjects.storage import metrics as of_storage
from meaux.subjects.timeline import metrics as of_timeline
from meaux.subjects.workers import metrics as of_workers
from meaux.subjects.workflows import metrics as of_workflows

METRICS: tuple[ModuleType, ...] = (
    of_money,
    of_projects,
    of_hours,
    of_people,
    of_workers,
    of_storage,
    of_ai,
    of_workflows,
    of_email,
    of_events,
    of_timeline,
    of_health,
)
"""The modules that define metrics, in the order of the reference."""
