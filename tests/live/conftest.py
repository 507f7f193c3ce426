"""Small databases in shapes that live ones have, asked through the queries."""

import pytest
from live_databases import NOVEMBER, TODAY

from meaux.filters import Selection
from meaux.queries import QUERIES


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


@pytest.fixture
def live(database_of, answer):
    """What a database that a script writes says."""

    def live(script):
        return Live(database_of(script), answer)

    return live
