"""A page that is looked at again makes nothing of its answers anew, and changes none of them."""

import pandas as pd
import pytest

from meaux.query.answers import Answer
from meaux.query.memo import Memo
from meaux.ui import data, pages

LISTED = [page for page in pages.PAGES if page.filtered]


@pytest.fixture(autouse=True)
def own_memo(monkeypatch):
    """Keep nothing of other tests: every frame that is kept is looked at."""
    monkeypatch.setattr(data, "_memo", Memo())


def frames():
    """Every frame that is kept, by the identity of what holds it."""
    found = {}
    for key, (made, of, _) in data._memo._made.items():
        for place, one in enumerate([made, *of]):
            frame = one.frame if isinstance(one, Answer) else one
            if isinstance(frame, pd.DataFrame):
                found[key, place] = pd.util.hash_pandas_object(frame.astype(str)).sum()
    return found


@pytest.mark.parametrize("page", LISTED, ids=lambda page: page.title)
def test_a_second_look_makes_nothing_and_says_the_same(open_page, page):
    shown = open_page(page=page)
    before, titles = data._memo.makes, shown.titles()
    words = [str(one.proto) for one in shown.app.main.get("vega_lite_chart")]
    kept = frames()
    again = shown.run()
    assert data._memo.makes == before
    assert again.titles() == titles
    assert [str(one.proto) for one in again.app.main.get("vega_lite_chart")] == words
    assert frames() == kept


def test_data_that_are_read_anew_are_made_anew(open_page):
    shown = open_page()
    before = data._memo.makes
    shown.press("Refresh data")
    assert data._memo.makes > before


def test_another_period_is_made_anew_and_the_first_is_still_there(open_page):
    shown = open_page()
    begun = data._memo.makes
    shown.choose("period", "Last 7 days")
    before = data._memo.makes
    assert before > begun
    shown.choose("period", "Last 30 days")
    assert data._memo.makes == before
