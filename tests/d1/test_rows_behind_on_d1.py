"""On a real D1 a page of the rows behind a number reads about the rows of a page, however deep."""

from functools import partial

import pandas as pd
import pytest

from meaux.data.database import fetch_each
from meaux.query.answers import ask
from meaux.subjects import listing
from meaux.subjects.behind import BEHIND
from meaux.subjects.listing import ROWS_A_PAGE, RowsAsked
from meaux.subjects.rows import Opening

pytestmark = pytest.mark.d1

PAGES = 3
WITH_RATES = ROWS_A_PAGE + 100
"""A page of priced time entries also reads the people and projects, which may have rates."""
WHOLE = ("cost", "hours", "tokens", "conversations", "runs", "activity", "events")
"""The metrics of all rows of some tables: no row that is passed over lies between them."""


@pytest.fixture
def turn(d1_source, select):
    """A page of eighteen months of rows, and how many rows each of its statements reads."""

    def turn(metric, start):
        asked = RowsAsked(Opening(metric), BEHIND[metric], select("all"), start)
        asks = asked.asks()
        fetch = partial(fetch_each, d1_source.database)
        answers = dict(zip(asks, ask(list(asks.values()), d1_source.binding, fetch), strict=True))
        unnamed = listing.Sums(next(iter(answers.values())), pd.DataFrame(), {})
        page = listing.page(asked, answers, unnamed)
        fetched = [one.fetched for one in answers.values() if one.fetched is not None]
        return page, [one.rows.meta.rows_read for one in fetched]

    return turn


@pytest.mark.parametrize("metric", WHOLE)
def test_a_page_reads_about_the_rows_of_a_page_of_each_table_however_deep(turn, metric):
    start = {}
    for _ in range(PAGES):
        page, read = turn(metric, start)
        assert len(page.frame) == ROWS_A_PAGE
        assert max(read) <= WITH_RATES
        start = page.older
