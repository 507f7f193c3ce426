"""The rows behind projects: their activity."""

from __future__ import annotations

from meaux.query import queries
from meaux.subjects.projects.metrics import ACTIVITY
from meaux.subjects.rows import Behind, Source

DONE = Source(
    "activity",
    {"Activity": queries.activity_rows},
    queries.activity_row_sums,
    "table",
    ("team", "project", "person", "action"),
    ("day", "project", "person", "action", "description", "at"),
    of=("activity",),
)

BEHIND = {ACTIVITY: Behind(DONE)}
