"""Home as the benchmark opens it: by the messages of a browser, without one."""

import pytest
from visits import visit

HEADINGS = [
    "Home",
    "Cost trend",
    "Project status",
    "Top 5 projects",
    "Projects by team",
    "Latest activity",
]


@pytest.fixture
def home(dashboard):
    with visit(dashboard.url) as session:
        yield session.open()


def said(session, words):
    return any(words in text for text in session.texts)


def test_a_session_gets_every_card_and_no_error(home):
    assert len(home.drawn("metric")) == 4
    assert len(home.drawn("vega_lite_chart")) == 4
    assert [one.body for one in home.drawn("heading")] == HEADINGS
    assert home.drawn("exception") == []
    assert home.received > 10_000


def test_a_choice_holds_until_the_next_one(home):
    home.choose("Period", "Last 90 days")
    assert said(home, "24 Aug –")
    home.choose("Period", "Last 30 days")
    assert not said(home, "24 Aug –")
    assert said(home, ", cached")


def test_what_the_server_has_forgotten_is_fetched_anew(home, dashboard):
    home.press("Refresh data")
    assert said(home, ", 2 database calls")
    with visit(dashboard.url) as another:
        another.forget()
        another.open("data", "tab=SQL")
        assert said(another, ", cached")
    with visit(dashboard.url) as another:
        another.open()
        assert said(another, ", 1 database call")
        another.open()
        assert said(another, ", cached")
