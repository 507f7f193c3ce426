"""A card that breaks says so in its place, and the rest of the page stands."""

import re

import pytest

from meaux import charts
from meaux.query.memo import Memo
from meaux.subjects.money import frames as costs
from meaux.subjects.money import rankings
from meaux.ui import cards, pages
from meaux.ui.loading import data

REFERENCE = re.compile(r"reference ([0-9a-f]{6})")

ODD_NUMBERS = {
    "Home": "UPDATE time_entries SET cost_usd = 9e999 WHERE rowid % 7 = 0",
    "Financial analytics": "UPDATE ai_cost_tracking SET cost_usd = 9e999 WHERE rowid % 7 = 0",
    "Resource usage": "UPDATE worker_stats SET total_requests = 1e19",
    "Operations": "UPDATE email_analytics SET sent = 9e999",
    "Data": "UPDATE time_entries SET cost_usd = x'00ff' WHERE rowid % 7 = 0",
}
"""For each page a change that puts into a column of numbers what no number is, or a huge one."""


def broken(*_, **__):
    raise ZeroDivisionError("a fault of ours, with a secret in it")


@pytest.fixture
def breaking(world):
    """Have these functions break from now on; what is known of their results is forgotten."""

    def breaking(*of):
        for module, name in of:
            world.setattr(module, name, broken)
        world.setattr(data, "_memo", Memo())

    return breaking


def test_a_chart_that_breaks_leaves_the_page_standing(open_page, breaking, caplog):
    whole = open_page().titles()
    breaking((charts, "trend"))
    torn = open_page()
    assert torn.titles() == whole
    [said] = torn.errors
    [logged] = [record.getMessage() for record in caplog.records if record.exc_info]
    assert REFERENCE.search(said)[0] in logged
    assert "The card Cost trend" in logged
    assert "secret" not in said


def test_a_number_that_breaks_leaves_the_page_standing(open_page, world):
    whole = open_page().titles()
    world.setattr(cards.pages, "link", broken)
    torn = open_page()
    assert torn.titles() == whole
    assert len(torn.errors) == len(torn.figures()) > 0


def test_what_breaks_while_a_card_is_made_costs_that_card_alone(open_page, breaking):
    page = pages.find("Financial analytics")
    whole = open_page(page=page)
    breaking((costs, "backdrop"), (rankings, "by_service"), (rankings, "by_person"))
    torn = open_page(page=page)
    lost = {"Cost trend", "Cost by model and service", "Cost by person"}
    assert [title for title in whole.titles() if title not in lost] == torn.titles()
    assert torn.number_cards().keys() == whole.number_cards().keys()
    assert len(torn.errors) == len(lost)
    assert all(REFERENCE.search(said) for said in torn.errors)


def test_what_breaks_while_it_is_made_for_several_cards_costs_these_and_no_more(
    open_page, breaking
):
    page = pages.find("Executive overview")
    whole = open_page(page=page)
    breaking((rankings, "_by_project"))
    torn = open_page(page=page)
    lost = {"Biggest movers", "Cost by project", "Portfolio"}
    assert [title for title in whole.titles() if title not in lost] == torn.titles()
    assert torn.number_cards().keys() == whole.number_cards().keys()
    assert len(torn.errors) == len(lost)
    assert all(REFERENCE.search(said) for said in torn.errors)


@pytest.mark.parametrize("title", ODD_NUMBERS)
def test_an_odd_number_takes_no_page_and_no_card(title, open_page, demo_copy):
    page = open_page(demo_copy(ODD_NUMBERS[title]), pages.find(title))
    assert not page.errors
    assert not page.exceptions
