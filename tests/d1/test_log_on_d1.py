"""On a real D1 a page of the log reads the rows of a page, however deep it lies."""

import pytest

from meaux.query.answers import Position
from meaux.subjects.events import frames as events
from meaux.subjects.events.frames import LOGS, ROWS_A_PAGE, Trail, View

pytestmark = pytest.mark.d1

PAGES = 8
MOST_READ = ROWS_A_PAGE + 2
"""One row more says whether there is an older page, and one that the first page begins there."""


@pytest.fixture
def turn(met, d1_source, select):
    """A page of all logs, of eighteen months, and what it took."""

    def turn(start):
        trail = Trail(select("all"), View(), [start])
        of_logs = met(events.OfLogs, "all", d1_source, controls=[trail])
        read = [answer.fetched.rows.meta.rows_read for answer in of_logs.values()]
        return events.page(of_logs, trail), read

    return turn


def test_a_page_reads_the_rows_of_a_page_of_each_log(turn):
    start = {}
    for _ in range(PAGES):
        page, read = turn(start)
        assert len(page.answer.frame) == ROWS_A_PAGE
        assert len(read) == len(LOGS)
        assert max(read) <= MOST_READ
        start = page.older


def test_a_page_deep_down_reads_no_more_than_the_first(turn):
    page, _ = turn({})
    year_ago = {
        log: Position(_a_year_before(position.order), position.key)
        for log, position in page.older.items()
    }
    deep, read = turn(year_ago)
    assert len(deep.answer.frame) == ROWS_A_PAGE
    assert deep.answer.frame["logged"].max() < page.answer.frame["logged"].min()
    assert max(read) <= MOST_READ


def _a_year_before(stored):
    """The same moment of last year, in whichever way it is written."""
    if isinstance(stored, str):
        return stored.replace("2026", "2025", 1)
    return stored - 31_536_000 * (1000 if stored > 1e11 else 1)
