"""A card, its sheet in the page's workbook and its printed page say the same."""

import pytest

from meaux.subjects.card import Chart, Table
from meaux.subjects.page import Shown
from meaux.ui import pages
from meaux.wording import shortly

FILTERS = {"category": "AI", "service": "gpt-4o", "worker": "api-gateway", "status": "Active"}
KEYS = {"category": "cost_category"}


def typed(note):
    """A note as it is compared: shortened as on a card, with hyphens for dashes."""
    return shortly(note).replace("\N{EN DASH}", "-")


def printed(part):
    """The cards that a page notes for its print, from top to bottom."""
    for one in part.cards:
        if isinstance(one, Shown):
            yield from printed(one)
        elif isinstance(one, Chart | Table):
            yield one


@pytest.mark.parametrize(
    "page", [page for page in pages.PAGES if page.filtered], ids=lambda page: page.title
)
def test_what_a_card_says_below_its_rows_is_what_its_sheet_and_its_print_say(open_page, page):
    chosen = {KEYS.get(name, name): FILTERS[name] for name in page.narrowed_by}
    shown = open_page(page=page, team="Client studio", **chosen)
    taken, cards = shown.app.session_state["receipt"], shown.cards()
    said = {title: typed(sheet.note) for title, sheet in taken.sheets.items()}
    said.pop("Alerts", None)
    assert said
    assert {title: cards[title].note for title in said} == said
    for card in printed(taken.page):
        note = said.get(card.title.partition(": ")[0])
        assert note is None or typed(card.note) in note, card.title
    for one in taken.figures:
        assert shown.figure(one.metric.label).note == typed(one.note)


def test_a_figure_says_which_filters_it_ignores(open_page):
    page = open_page(page=pages.find("Executive overview"), person="Priya Nutmeg")
    assert page.figure("Total projects").note.endswith("Not filtered by person.")
    assert "Not filtered" not in page.figure("Cost").note
    assert page.card("Projects by status").note == "Not filtered by person."


def test_budgets_say_that_they_ignore_a_filter(open_page):
    page = open_page(page=pages.find("Financial analytics"), project="Marais Mailer")
    said = "Budgets cover the whole company, regardless of filters."
    assert said in page.figure("Budgets over or at risk").note
    assert all(said in page.card(one).note for one in ("Budget vs actual", "Budget details"))
