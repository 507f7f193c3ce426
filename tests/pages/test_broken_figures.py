"""A number that breaks while it is worked out costs its card; the others of the page stand."""

import pytest

from meaux.subjects.figure import NumberCard
from meaux.subjects.page import Tabs, all_pages, parts
from meaux.ui import pages
from meaux.ui.error_boundary import OURS
from meaux.ui.loading import data


def numbers(items):
    return [part for part in parts(items) if isinstance(part, NumberCard)]


def views(page):
    """Each tab of a page with the number cards that stand there; '' where it has no tabs."""
    items = next(one.items for one in all_pages() if one.script == page.script)
    bodies = {
        title: body for one in items if isinstance(one, Tabs) for title, body in one.bodies.items()
    }
    rest = tuple(one for one in items if not isinstance(one, Tabs))
    return {tab: numbers((*rest, *body)) for tab, body in (bodies or {"": ()}).items()}


VIEWS = [
    pytest.param(page, tab, made, id=f"{page.title} {tab}".strip())
    for page in pages.PAGES
    for tab, made in views(page).items()
    if made
]


def broken(*_, **__):
    raise ZeroDivisionError("a fault of ours, with a secret in it")


def look(open_page, page, tab):
    """Open a page of which all is known but its numbers."""
    numbers = [key for key, (_, of, _) in data._memo._made.items() if isinstance(of[0], NumberCard)]
    for key in numbers:
        del data._memo._made[key]
    shown = open_page(page=page, **({"tab": tab} if tab else {}))
    assert not shown.exceptions
    return shown


def standing(page):
    return {label: one.value for label, one in page.number_cards().items()}


def test_most_pages_have_number_cards():
    assert len({view.values[0].title for view in VIEWS}) == len(
        [page for page in pages.PAGES if page.filtered]
    )


@pytest.mark.parametrize(("page", "tab", "made"), VIEWS)
def test_numbers_that_break_cost_their_cards_and_not_those_beside_them(page, tab, made, open_page):
    whole = look(open_page, page, tab)
    before, titles = standing(whole), whole.titles()
    missed = []
    for some in filter(None, (made[::2], made[1::2])):
        with pytest.MonkeyPatch.context() as torn:
            torn.setattr(NumberCard, "__call__", breaking(some))
            shown = look(open_page, page, tab)
        # How a number is written depends on those beside it.
        lost = before.keys() - standing(shown).keys()
        assert standing(shown).keys() <= before.keys()
        assert len(lost) == len(some)
        assert shown.titles() == titles
        assert [words.startswith(OURS) for words in shown.errors] == [True] * len(some)
        assert "secret" not in shown.words
        missed += lost
    assert len(missed) == len(set(missed)) == len(made)


def breaking(some):
    """How number cards are made where some of them break."""
    whole = NumberCard.__call__

    def worked_out(card, **met):
        return broken() if card in some else whole(card, **met)

    return worked_out
