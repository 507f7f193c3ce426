"""Each page reads few rows on D1: rows read are what a query costs there."""

import pytest

from meaux.data.database import Fetched, fetch_each
from meaux.data.plan import Plan
from meaux.query.needs import Request, meet
from meaux.query.rollups import rolled_up
from meaux.subjects.money.cards.calendar import Year
from meaux.subjects.page import Tabs, all_pages, parts

pytestmark = pytest.mark.d1

MOST = {
    "Time tracking": 25_500,
    "Team performance": 15_000,
    "Resource usage": 14_500,
    "Home": 38_000,
    "Executive overview": 36_500,
    "Financial analytics": 31_000,
    "Project analytics": 17_000,
    "Analytics": 74_500,
}
"""The rows that thirty days of a page may read, beside a comparison and without filters; of tabs,
the first."""


def cards(title):
    """The cards of a page, and of its tabs only the first."""
    [page] = [page for page in all_pages() if page.title == title]
    items = []
    for item in page.items:
        items += next(iter(item.bodies.values())) if isinstance(item, Tabs) else [item]
    return list(parts(tuple(items)))


@pytest.fixture
def read(d1_source, select, today):
    """Return the rows read by each statement of some cards, dearest first."""

    def read(cards):
        found = []

        def fetch(statements):
            outcomes = fetch_each(d1_source.database, statements)
            found.extend(zip(outcomes, statements, strict=True))
            return outcomes

        request = Request(select("30d"), Plan(), d1_source.binding, (Year(today.year),))
        meet(cards, request, fetch, roll_up=rolled_up)
        assert all(isinstance(outcome, Fetched) for outcome, _ in found)
        rows = [(one.rows.meta.rows_read, of.sql.rpartition(")\n")[2]) for one, of in found]
        return sorted(rows, reverse=True)

    return read


@pytest.mark.parametrize("title", MOST)
def test_a_page_reads_no_more_rows_than_it_did(read, title):
    by_statement = read(cards(title))
    assert sum(rows for rows, _ in by_statement) <= MOST[title], by_statement
