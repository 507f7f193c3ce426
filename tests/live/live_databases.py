"""Periods, and the tables that most of these databases begin with."""

from datetime import date

from meaux.query.filters import Period, Selection
from meaux.query.queries import QUERIES

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


class Live:
    """An open database and what it says of a period."""

    def __init__(self, source, answer):
        self.source, self._answer = source, answer

    def ask(self, name, period=NOVEMBER, limit=20, **choices):
        query = QUERIES[name]
        selection = Selection(period, TODAY, **choices)
        return self._answer(query, selection, limit, self.source)

    def frame(self, name, period=NOVEMBER, **choices):
        found = self.ask(name, period, **choices)
        assert found.answered, found.reason
        return found.frame

    def cost(self, period=NOVEMBER):
        return self.frame("cost_by_day", period)["cost"].sum()

    def unpriced(self, period=NOVEMBER):
        return self.frame("cost_by_day", period)["unpriced"].sum()

    def hours(self, period=NOVEMBER):
        return self.frame("hours_by_day", period)["hours"].sum()

    def counted(self, column, period=NOVEMBER):
        """Entries, running timers or unread entries."""
        return self.frame("hours_by_day", period)[column].sum()

    def costs(self, by="project", period=NOVEMBER):
        """The cost of each name."""
        frame = self.frame(f"cost_by_{by}", period)
        return frame.groupby("name", dropna=False)["cost"].sum().to_dict()
