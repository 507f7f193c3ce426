"""The rows behind people: their deliverables."""

from __future__ import annotations

from meaux.data.categories import AI, CATEGORIES
from meaux.query import queries
from meaux.subjects.hours.rows import IS_MARKED, TIME
from meaux.subjects.money.rows import ENTRIES
from meaux.subjects.people.metrics import (
    CLASSIFIED_HOURS,
    DELIVERABLES,
    PERSON_AI_COST,
    PERSON_COST,
    SIGNUPS,
    TEAM_COST,
    TEAM_DELIVERABLES,
    TEAM_HOURS,
)
from meaux.subjects.rows import Behind, Source

MILESTONES = Source(
    "milestone",
    {"Milestones": queries.milestone_rows},
    queries.milestone_row_sums,
    "table",
    ("team", "project", "person"),
    ("day", "title", "project", "person", "at"),
    of=("milestone",),
)
ACCOUNTS = Source(
    "account",
    {"Accounts": queries.signup_rows},
    queries.signup_row_sums,
    "table",
    (),
    ("day", "name", "email", "at"),
)

PRESENT = Source("person", {}, queries.active_person_sums, "table", ("person",), ())
"""Active people, each once. They aren't listed, but explain a change of their number."""

OF_PEOPLE = tuple(("category", one.name) for one in CATEGORIES if one.personal)

BEHIND = {
    DELIVERABLES: Behind(MILESTONES),
    SIGNUPS: Behind(ACCOUNTS),
    TEAM_HOURS: Behind(TIME, "hours"),
    TEAM_COST: Behind(ENTRIES, "cost"),
    TEAM_DELIVERABLES: Behind(MILESTONES),
    PERSON_COST: Behind(ENTRIES, "cost", of=OF_PEOPLE),
    PERSON_AI_COST: Behind(ENTRIES, "cost", of=(("category", AI),)),
    CLASSIFIED_HOURS: Behind(TIME, "hours", of=IS_MARKED),
}
