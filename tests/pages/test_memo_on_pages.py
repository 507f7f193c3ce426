"""A page that is looked at again makes nothing of its answers anew, and changes none of them."""

from itertools import takewhile

import pandas as pd
import pytest

from meaux.query.answers import Answer
from meaux.query.memo import Memo
from meaux.ui import pages
from meaux.ui.loading import data

LISTED = [page for page in pages.PAGES if page.filtered]


@pytest.fixture
def own_memo(world):
    """A memo in which nothing is kept yet, and which knows no rows but by when they were read."""
    world.setattr(data, "_memo", Memo())


def touched():
    """The keys of what a page is made of: of all that is kept or used from then on."""
    data._memo.call(type, object())
    mark = next(reversed(data._memo._made))
    return lambda: list(takewhile(lambda key: key != mark, reversed(data._memo._made)))


def frames(keys):
    """Every frame that is kept under these keys, by the identity of what holds it."""
    found = {}
    for key in keys:
        made, of, _ = data._memo._made[key]
        for place, one in enumerate([made, *of]):
            frame = one.frame if isinstance(one, Answer) else one
            if isinstance(frame, pd.DataFrame):
                found[key, place] = pd.util.hash_pandas_object(frame.astype(str)).sum()
    return found


@pytest.mark.usefixtures("drawn_anew")
@pytest.mark.parametrize("page", LISTED, ids=lambda page: page.title)
def test_a_second_look_makes_nothing_and_says_the_same(open_page, page):
    since = touched()
    shown = open_page(page=page)
    before, titles = data._memo.makes, shown.titles()
    words = [str(one.proto) for one in shown.app.main.get("vega_lite_chart")]
    keys = since()
    kept = frames(keys)
    assert len(kept) > len(titles)
    again = shown.run()
    assert data._memo.makes == before
    assert again.titles() == titles
    assert [str(one.proto) for one in again.app.main.get("vega_lite_chart")] == words
    assert frames(keys) == kept


@pytest.mark.usefixtures("own_memo")
def test_data_that_are_read_anew_are_made_anew(open_page):
    shown = open_page()
    before = data._memo.makes
    shown.run()
    assert data._memo.makes == before
    shown.press("Refresh data")
    assert data._memo.makes > before


@pytest.mark.usefixtures("own_memo")
def test_another_period_is_made_anew_and_the_first_is_still_there(open_page):
    shown = open_page()
    begun = data._memo.makes
    shown.choose("period", "Last 7 days")
    before = data._memo.makes
    assert before > begun
    shown.choose("period", "Last 30 days")
    assert data._memo.makes == before
