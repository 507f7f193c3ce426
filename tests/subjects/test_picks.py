"""What the marks and rows of cards stand for: each pick is a column of its card and a filter."""

import pytest

from meaux.subjects.card import Chart, Switched, Table
from meaux.subjects.events.cards import log
from meaux.subjects.figure import NumberCard
from meaux.subjects.money.cards.calendar import Year
from meaux.subjects.money.outlook import Scenario
from meaux.subjects.page import all_pages, parts

FILTERS = {"team", "project", "person", "category", "service", "worker", "status"}
CARDS = list(
    dict.fromkeys(
        part
        for page in all_pages()
        for part in parts(page.items)
        if not isinstance(part, NumberCard) and part is not log
    )
)


def told(made):
    """Each answer that a card shows, with its picks."""
    for card in made if isinstance(made, tuple) else [made]:
        if isinstance(card, Switched):
            yield from ((answer, card.picks) for answer, _ in card.options.values())
        elif isinstance(card, Chart | Table):
            yield card.answer, card.picks


@pytest.mark.parametrize("card", CARDS, ids=lambda card: f"{card.__module__} {card.__name__}")
def test_each_pick_is_a_column_of_its_card_and_a_filter(met, today, card):
    chosen = met(card, controls=[Year(today.year), Scenario(0.0, 0.0, today)])
    for answer, picks in told(chosen):
        assert set(picks) <= set(answer.frame.columns)
        assert set(picks.values()) <= FILTERS
