"""A number that breaks while it is worked out costs its card; the others of the page stand."""

import functools
import re

import pytest

from meaux import figures
from meaux.settings import PROJECT
from meaux.ui import pages
from meaux.ui.fence import OURS

ASKED = re.compile(r"cards\.figures?\(\s*figures\.(\w+)")
SHOWN_BY = {
    "Resource usage": ("meaux/ui/resources.py", ("Workers", "Storage", "AI")),
    "Operations": ("meaux/ui/operations.py", ("Workflows", "Email", "Events")),
    "Analytics": ("meaux/ui/explore.py", ("",)),
}
"""Where the number cards of a page stand, if not in its script, and its tabs."""


def asked_by(page):
    """The functions that make a page's number cards."""
    file, _ = SHOWN_BY.get(page.title, (f"pages/{page.script}", ()))
    return ASKED.findall((PROJECT / file).read_text(encoding="utf-8"))


PAGES = [page for page in pages.PAGES if asked_by(page)]


def broken(*_, **__):
    raise ZeroDivisionError("a fault of ours, with a secret in it")


def look(open_page, page, tab):
    shown = open_page(page=page, **({"tab": tab} if tab else {}))
    assert not shown.exceptions
    return shown


def standing(page):
    return {label: one.value for label, one in page.number_cards().items()}


def tabs_of(page):
    return SHOWN_BY.get(page.title, ("", ("",)))[1]


def test_most_pages_have_number_cards():
    assert len(PAGES) == len(pages.PAGES) - 1


@pytest.mark.parametrize(
    ("page", "tab"),
    [pytest.param(p, tab, id=f"{p.title} {tab}".strip()) for p in PAGES for tab in tabs_of(p)],
)
def test_each_number_that_breaks_costs_its_card_alone(page, tab, open_page, monkeypatch):
    whole = look(open_page, page, tab)
    numbers, titles = standing(whole), whole.titles()
    missed = []
    for name in dict.fromkeys(asked_by(page)):
        made = []
        with monkeypatch.context() as torn:
            torn.setattr(figures, name, noted(name, made))
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


def noted(name, made):
    """A function that breaks, and notes that it was called."""

    @functools.wraps(getattr(figures, name))
    def break_here(*_, **__):
        made.append(name)
        broken()

    return break_here
