"""Each page reads few rows on D1: rows read are what a query costs there."""

import pytest

from meaux.data.database import Fetched, fetch_each
from meaux.data.plan import Plan
from meaux.query.needs import Request, meet
from meaux.subjects.page import Tabs, all_pages, parts

pytestmark = pytest.mark.d1

MOST = {
    "Time tracking": 38_000,
    "Team performance": 30_500,
    "Resource usage": 25_000,
    "Home": 58_500,
    "Executive overview": 59_500,
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
def read(d1_source, select):
    """Return the rows read by each query of some cards, dearest first."""

    def read(cards):
        found = []

        def fetch(statements):
            outcomes = fetch_each(d1_source.database, statements)
            found.extend(outcomes)
            return outcomes

        met = meet(cards, Request(select("30d"), Plan(), d1_source.binding), fetch)
        assert all(isinstance(outcome, Fetched) for outcome in found)
        rows = [
            (answer.fetched.rows.meta.rows_read, asked.query.name)
            for asked, answer in met.answers.items()
            if answer.fetched
        ]
        return sorted(rows, reverse=True)

    return read


@pytest.mark.parametrize("title", MOST)
def test_a_page_reads_no_more_rows_than_it_did(read, title):
    by_query = read(cards(title))
    assert sum(rows for rows, _ in by_query) <= MOST[title], by_query
