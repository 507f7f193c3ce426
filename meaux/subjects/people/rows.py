"""The rows behind people: their deliverables."""

from __future__ import annotations

from meaux.query import queries
from meaux.subjects.people.metrics import DELIVERABLES
from meaux.subjects.rows import Behind, Source

MILESTONES = Source(
    "milestone",
    {"Milestones": queries.milestone_rows},
    queries.milestone_row_sums,
    "table",
    ("team", "project", "person"),
    ("day", "title", "project", "person", "at"),
)

BEHIND = {DELIVERABLES: Behind(MILESTONES)}
