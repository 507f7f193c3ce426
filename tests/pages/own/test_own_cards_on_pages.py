"""Cards of one's own, as pages show them."""

import pytest

from meaux.data.settings import PROJECT
from meaux.ui import pages

EXAMPLES = PROJECT / "docs" / "cards"
OPENING = 2

HOURS = """\
-- title: Hours of mine
-- chart: number
-- unit: hours
-- page: {page}
SELECT sum(time_entry.seconds) / 3600.0 AS hours
FROM time_entry
WHERE in_period(time_entry.started) AND of_projects(time_entry.project)
"""
SIGN_UPS = """\
-- title: Sign-ups
-- page: {page}
SELECT name, created_at FROM users ORDER BY created_at DESC LIMIT 5
"""
EVIL = ":red[boo] $x$ [a](javascript:alert(1)) <img src=x onerror=alert(1)>"


def both(page):
    return {"hours": HOURS.format(page=page), "users": SIGN_UPS.format(page=page)}


def calls(counting):
    return sum(len(database.calls) for database in counting)


@pytest.mark.parametrize("page", ["Home", "Resource usage", "My cards"])
def test_a_page_with_two_own_cards_makes_one_call(open_page, counting, cards, page):
    cards(**both(page))
    shown = open_page(page=pages.find(page))
    assert (shown.exceptions, shown.errors) == ([], [])
    assert shown.titles()[-2:] == ["Hours of mine", "Sign-ups"]
    assert all(shown.card(title).is_drawn or shown.app.metric for title in shown.titles()[-2:])
    assert calls(counting) == OPENING + 1
    shown.run()
    assert calls(counting) == OPENING + 1
    assert "cached" in shown.strip


def test_a_page_asks_nothing_more_where_there_is_no_card(open_page, counting, cards):
    cards()
    open_page()
    sent = len(counting[0].calls[-1])
    cards(**both("Executive overview"))
    open_page(period="Last 7 days")
    assert len(counting[0].calls[-1]) <= sent
