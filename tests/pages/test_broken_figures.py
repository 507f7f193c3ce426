"""A number that breaks while it is worked out costs its card; the others of the page stand."""

import functools
import re
from dataclasses import replace

import pytest

from meaux import figures
from meaux.figures import NumberCard
from meaux.settings import PROJECT
from meaux.ui import pages
from meaux.ui.fence import OURS

ASKED = re.compile(r"\bfigures\.(\w+)")
SHOWN_BY = {"Analytics": "meaux/ui/explore.py"}
"""Where the number cards of a page stand, if not in its script."""
TABS = {
    "Resource usage": ("Workers", "Storage", "AI"),
    "Operations": ("Workflows", "Email", "Events"),
}


def asked_by(page):
    """The names of a page's number cards."""
    file = SHOWN_BY.get(page.title, f"pages/{page.script}")
    return dict.fromkeys(ASKED.findall((PROJECT / file).read_text(encoding="utf-8")))


PAGES = [page for page in pages.PAGES if asked_by(page)]


def broken(*_, **__):
    raise ZeroDivisionError("a fault of ours, with a secret in it")


def look(open_page, page, tab):
    shown = open_page(page=page, **({"tab": tab} if tab else {}))
    assert not shown.exceptions
    return shown


def standing(page):
    return {label: one.value for label, one in page.number_cards().items()}


def test_most_pages_have_number_cards():
    assert len(PAGES) == len(pages.PAGES) - 1


@pytest.mark.parametrize(
    ("page", "tab"),
    [
        pytest.param(p, tab, id=f"{p.title} {tab}".strip())
        for p in PAGES
        for tab in TABS.get(p.title, ("",))
    ],
)
def test_each_number_that_breaks_costs_its_card_alone(page, tab, open_page, monkeypatch):
    whole = look(open_page, page, tab)
    numbers, titles = standing(whole), whole.titles()
    missed = []
    for name, one in every_number(page):
        made = []
        with monkeypatch.context() as torn:
            torn.setattr(figures, name, one(made.append))
            shown = look(open_page, page, tab)
        if not made:
            assert standing(shown) == numbers
            continue
        lost = numbers.items() - standing(shown).items()
        assert standing(shown).items() <= numbers.items(), name
        assert lost, name
        assert shown.titles() == titles, name
        assert [words.startswith(OURS) for words in shown.errors] == [True], name
        assert "secret" not in shown.words
        missed += [label for label, _ in lost]
    assert missed
    assert len(missed) == len(set(missed))


def every_number(page):
    """Every number of a page, by name, as a function that makes what breaks in its place."""
    return [(name, one) for name in asked_by(page) for one in broken_ones(name)]


def broken_ones(name):
    """What a name stands for, with each of its numbers broken in turn."""
    meant = getattr(figures, name)
    if not isinstance(meant, tuple):
        yield lambda note: broken_card(meant, note)
        return
    for n, card in enumerate(meant):
        yield lambda note, n=n, card=card: (*meant[:n], broken_card(card, note), *meant[n + 1 :])


def broken_card(card, note):
    """The same number, which breaks when it is read, and notes that it was."""
    read = card.read if isinstance(card, NumberCard) else card

    @functools.wraps(read)
    def break_here(*_, **__):
        note(read.__name__)
        broken()

    return replace(card, read=break_here) if isinstance(card, NumberCard) else break_here
