"""Which page may ask which query is said by the cards that it lists."""

import pytest

from meaux.data.settings import PROJECT
from meaux.query.queries import QUERIES
from meaux.subjects.page import all_pages, pages_asking
from meaux.ui import pages


def page(title):
    return next(page for page in all_pages() if page.title == title)


def asked(title):
    return {query.name for query in page(title).queries}


def test_every_script_is_a_page_of_the_menu_with_its_title():
    scripts = {str(file.relative_to(PROJECT / "pages")) for file in PROJECT.glob("pages/*/*.py")}
    assert {page.script: page.title for page in all_pages()} == {
        page.script: page.title for page in (*pages.PAGES, pages.OWN)
    }
    assert {page.script for page in all_pages()} == scripts


@pytest.mark.parametrize(
    "page",
    [page for page in all_pages() if page.title != pages.OWN.title],
    ids=lambda page: page.title,
)
def test_a_page_lists_cards_and_asks_queries_that_there_are(page):
    assert page.items
    assert all(QUERIES[query.name] is query for query in page.queries)


@pytest.mark.parametrize(
    ("title", "query", "way"),
    [
        ("Home", "projects_by_team", "by a card"),
        ("Home", "active_people", "by a number"),
        ("Home", "open_spend_alerts", "by the strip on top"),
        ("Home", "ai_budgets", "by what is made for a card"),
        ("Financial analytics", "weekly_reports", "by a bundle"),
        ("Financial analytics", "billed_lines", "by a file that is made when it is downloaded"),
        ("Financial analytics", "dearest_lines", "by a card that somebody unfolds"),
        ("Time tracking", "hours_by_person_week", "where the period is long"),
        ("Operations", "audit_page", "in a tab that is not open"),
        ("Project analytics", "deployments", "in the drawer"),
        ("Data", "team_choices", "in the sidebar"),
    ],
)
def test_a_query_is_known_wherever_a_page_asks_it(title, query, way):
    assert query in asked(title), way
    assert title in pages_asking([query])


def test_a_page_does_not_ask_what_only_others_ask():
    assert "billed_lines" not in asked("Home")
    assert "hours_by_day" not in asked("Project analytics")
    choices = {"team_choices", "project_choices", "person_choices"}
    assert asked("Data") == {*choices, "ai_budgets", "project_budgets"}


def test_no_page_asks_no_query():
    assert pages_asking([]) == ()
    assert pages_asking(["no_such_query"]) == ()
