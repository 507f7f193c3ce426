"""Periods, and the tables that most of these databases begin with."""

from datetime import date

from meaux.filters import Period

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 27))
OCTOBER = Period(date(2026, 10, 1), date(2026, 11, 1))
TODAY = date(2026, 11, 26)

PROJECTS = """
CREATE TABLE projects (id TEXT PRIMARY KEY, name TEXT);
INSERT INTO projects VALUES ('p1', 'Alpha'), ('p2', 'Beta');
"""
PEOPLE = (
    "CREATE TABLE users (id TEXT PRIMARY KEY, name TEXT); INSERT INTO users VALUES ('u1', 'Ann');"
)


def entries(
    *rows, columns="id, project_id, user_id, started_at, ended_at, seconds, cost_usd", **types
):
    """A table of time entries with these rows, each of SQL; a column is untyped or as told."""
    declared = ", ".join(f"{name} {types.get(name, '')}" for name in columns.split(", "))
    values = ", ".join(f"({', '.join(map(str, row))})" for row in rows)
    return f"CREATE TABLE time_entries ({declared}); INSERT INTO time_entries VALUES {values};"


SECOND, THIRD, FOURTH = 1793610000, 1793696400, 1793782800
"""Nine o'clock on the 2nd, the 3rd and the 4th of November."""
