"""Printed pages: what a page showed, as a document; nothing is read for it."""

import re
from dataclasses import replace

import pytest

from meaux.data.access import Access
from meaux.reports import printed
from meaux.reports.document import Missing, Numbers
from meaux.ui import files, marks, pages, visitor
from meaux.ui.cards import NARROWED

VIEWS = [
    (pages.find(title), tab)
    for title, tab in {
        "Home": "",
        "Project analytics": "",
        "Financial analytics": "",
        "Operations": "Events",
        "Analytics": "",
        "Data": "Health",
    }.items()
]
every_page = pytest.mark.parametrize(
    ("page", "tab"), VIEWS, ids=[f"{page.title} {tab}".strip() for page, tab in VIEWS]
)


COVERS = re.compile(r"Covers \d[^.]*\.")


@pytest.fixture
def printing(world, open_page):
    """Open a page and return it with the document that Print makes of it."""
    made = {}
    draw = files.button

    def button(label, make, name, **how):
        made[how.get("key", label)] = make
        draw(label, make, name, **how)

    world.setattr(files, "button", button)
    world.setattr(printed, "written", lambda view, paper: (view, paper))

    def printing(page, **url):
        opened = open_page(page=page, **url).press("Print")
        view, _ = made["print a4"]()
        return opened, view

    return printing


@every_page
def test_everything_that_a_page_shows_is_printed(printing, world, page, tab):
    world.setattr("meaux.reports.cards.pictures.drawn", lambda *_, **__: None)
    opened, view = printing(page, **({"tab": tab} if tab else {}))
    document = printed.document(view)
    blocks = list(document.blocks)
    figures = [one.label for block in blocks if isinstance(block, Numbers) for one in block.items]
    assert set(figures) <= {*opened.figures()}
    assert len(figures) == len(opened.number_cards())
    titles = {getattr(block, "title", "").partition(":")[0] for block in blocks}
    assert {title.partition(":")[0] for title in opened.titles()} <= titles
    assert not [block for block in blocks if isinstance(block, Missing) and block.failed]
    assert [section.title for section in document.sections if section.title] == [tab] * bool(tab)
    assert {*COVERS.findall(opened.words.replace("\\", ""))} <= {*COVERS.findall(str(document))}


def test_a_chart_that_was_clicked_is_printed_as_narrow_as_its_page(printing, world):
    world.setattr(marks, "whole", lambda card: replace(card, note="As it was before."))
    _, view = printing(pages.find("Home"), category="AI")
    said = str(printed.document(view))
    assert NARROWED in said
    assert "As it was before." not in said


def test_a_printed_page_says_its_filters_and_how_old_its_data_are(printing):
    _, view = printing(
        pages.find("Project analytics"), period="Last 7 days", team="Lab", status="Active"
    )
    scope = printed.document(view).scope
    assert "15\N{EN DASH}22 Nov 2026 (UTC)" in scope
    assert "Status: Active." in scope
    assert "Data as of" in scope


def test_a_visitor_without_files_cannot_print(open_page, world):
    world.setattr(visitor, "current", lambda: Access("viewer"))
    page = open_page()
    assert page.exceptions == []
    assert "PDF, A4" not in page.words
