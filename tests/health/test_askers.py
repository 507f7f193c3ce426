"""Which page asks which query is read from the code of the pages, and is what they do ask."""

import pytest

from meaux import askers
from meaux.queries import QUERIES
from meaux.settings import PROJECT


def page(title):
    return next(page for page in askers.pages() if page.title == title)


def test_every_script_is_a_page_with_a_title_of_its_own():
    scripts = {str(file.relative_to(PROJECT / "pages")) for file in PROJECT.glob("pages/*/*.py")}
    assert {page.script for page in askers.pages()} == scripts
    assert len({page.title for page in askers.pages()}) == len(scripts)


@pytest.mark.parametrize("page", askers.pages(), ids=lambda page: page.title)
def test_a_page_names_queries_that_there_are(page):
    assert set(page.queries) <= set(QUERIES)


@pytest.mark.parametrize(
    ("title", "query", "way"),
    [
        ("Home", "projects_by_team", "in its own script"),
        ("Home", "open_spend_alerts", "in a function of the alerts"),
        ("Home", "ai_budgets", "in a function that such a function uses"),
        ("Financial analytics", "weekly_reports", "in a list of a module"),
        ("Financial analytics", "billed_lines", "behind a button"),
        ("Project analytics", "deployments", "in the drawer"),
        ("Data", "team_choices", "in the sidebar"),
    ],
)
def test_a_query_is_found_wherever_a_page_gets_it_from(title, query, way):
    assert query in page(title).queries, way
    assert title in askers.pages_of([query])


def test_a_page_does_not_ask_what_only_others_ask():
    assert "billed_lines" not in page("Home").queries
    assert "hours_by_day" not in page("Project analytics").queries
    choices = {"team_choices", "project_choices", "person_choices"}
    assert set(page("Data").queries) == {*choices, "ai_budgets", "project_budgets"}


def test_no_page_asks_no_query():
    assert askers.pages_of([]) == ()
    assert askers.pages_of(["no_such_query"]) == ()
