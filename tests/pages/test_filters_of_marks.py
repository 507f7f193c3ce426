"""Filters that a click on a mark sets: chips, what they narrow, and who says that they don't."""

from datetime import date
from functools import partial

import pandas as pd
import pytest
import streamlit as st

from meaux import charts
from meaux.query.filters import Period
from meaux.query.metrics import DEFINITIONS
from meaux.ui import choices, marks, pages

COST = DEFINITIONS["cost"]
EVIL = ":red[boo] $x$ [a](javascript:alert(1)) <img src=x onerror=alert(1)>"
FINANCIAL, RESOURCES = (pages.find(one) for one in ("Financial analytics", "Resource usage"))


def chips(page):
    return [
        words
        for words in page.buttons
        if words.split(": ")[0] in {*choices.LABELS.values(), "Day", "Days"}
    ]


def press(page, chip):
    page.app.button[page.buttons.index(chip)].click()
    page.run()


def test_a_category_in_the_link_narrows_the_page_and_its_chip_takes_it_away(open_page, counting):
    whole = open_page(page=FINANCIAL)
    page = open_page(page=FINANCIAL, cost_category="AI")
    assert page.exceptions == page.errors == []
    assert chips(page) == ["Category: AI"]
    assert "category AI only" in page.sentence
    assert set(page.sheets["Cost by category"]["category"]) == {"AI"}
    assert set(page.sheets["Cost trend"]["category"]) == {"AI", "Total"}
    assert page.figure("Cost").value != whole.figure("Cost").value
    before = [len(database.calls) for database in counting]
    press(page, "Category: AI")
    assert [len(database.calls) for database in counting] == before
    assert chips(page) == []
    assert "cost_category" not in page.app.query_params
    assert page.figure("Cost").value == whole.figure("Cost").value


def test_what_a_filter_cannot_narrow_says_so(open_page):
    page = open_page(page=RESOURCES, tab="AI", service="gpt-4o")
    assert page.exceptions == page.errors == []
    assert "Not filtered by model or service." in page.figure("Conversations").note
    assert "Not filtered" not in str(page.figure("Input tokens").note)
    budgets = open_page(page=FINANCIAL, cost_category="AI").figure("Budgets over or at risk")
    assert "Budgets cover the whole company, regardless of filters." in budgets.note
    assert "Not filtered by" not in budgets.note


def test_a_filter_is_one_of_the_pages_that_can_be_narrowed_by_it_alone(open_page):
    home = open_page(cost_category="AI", service="gpt-4o", worker="api")
    assert chips(home) == []
    assert "only" not in home.sentence


def test_a_status_in_the_link_has_a_chip_on_the_page_that_lists_projects(open_page):
    page = open_page(page=pages.find("Project analytics"), status="Active")
    assert chips(page) == ["Status: Active"]
    press(page, "Status: Active")
    assert chips(page) == []
    assert page.app.multiselect(key="status").value == []


def test_teams_projects_and_people_of_the_sidebar_have_chips_on_every_page(open_page):
    page = open_page()
    page.choose("project", page.app.multiselect(key="project").options[:2])
    assert len(chips(page)) == len(("one", "other"))
    first, second = chips(page)
    press(page, first)
    assert chips(page) == [second]


def test_a_day_has_a_chip_that_brings_the_former_period_back(open_page):
    link = {"period": "Custom", "days": ["2026-11-13", "2026-11-13"]}
    page = open_page(page=FINANCIAL, **link, back="Last 7 days")
    assert chips(page) == ["Day: 13 Nov 2026"]
    press(page, "Day: 13 Nov 2026")
    assert chips(page) == []
    assert page.app.session_state["period"] == "Last 7 days"
    dates = open_page(page=FINANCIAL, **link, back="2026-11-01..2026-11-10")
    press(dates, "Day: 13 Nov 2026")
    assert dates.app.session_state["days"] == (date(2026, 11, 1), date(2026, 11, 10))
    assert open_page(page=FINANCIAL, **link, back=EVIL).exceptions == []


@pytest.mark.parametrize("page", [FINANCIAL, RESOURCES], ids=lambda page: page.title)
def test_nonsense_in_the_link_narrows_to_nothing_and_breaks_nothing(open_page, page):
    shown = open_page(
        page=page, cost_category=EVIL, service=EVIL, worker=EVIL, data=EVIL, back=EVIL
    )
    assert shown.exceptions == shown.errors == []
    assert "[a](javascript" not in shown.words


def test_the_menu_of_a_card_shows_its_data_without_a_call_of_the_database(open_page, counting):
    page = open_page(page=FINANCIAL)
    before = [len(database.calls) for database in counting]
    page.app.button(key="data Cost by project").click()
    page.run()
    assert [len(database.calls) for database in counting] == before
    assert page.app.query_params["data"] == "Cost by project"
    shown = page.drawer.dataframe[0].value
    assert shown["cost"].sum() == pytest.approx(page.sheets["Cost by project"]["cost"].sum())
    page.app.button(key="rows Cost by project").click()
    page.run()
    assert "data" not in page.app.query_params


@pytest.fixture
def names(monkeypatch):
    """The names that the sidebar offers."""
    offered = {"project": {"Atlas (p1)": "p1", "Atlas (p2)": "p2", "Bolt": "p3"}}
    monkeypatch.setattr(st, "session_state", {"options": offered})


@pytest.mark.usefixtures("names")
@pytest.mark.parametrize(
    ("kind", "column", "shown", "value"),
    [
        ("project", "name", "Bolt", "Bolt"),
        ("project", "name", "Unassigned", None),
        ("project", "name", "12 others", None),
        ("category", "category", "AI", "AI"),
        ("category", "category", "Total", None),
        ("service", "model", "gpt-4o", "gpt-4o"),
        ("service", "model", "Unnamed", None),
        ("service", "model", "3 others", None),
        ("service", "model", "gpt-5", None),
    ],
)
def test_a_mark_stands_for_what_its_name_says_or_for_nothing(kind, column, shown, value):
    frame = pd.DataFrame(
        {"name": ["Bolt", "Unassigned", "12 others"], "category": ["AI", "Total", "Time"]}
        | {"model": ["gpt-4o", "Unnamed", "3 others"]}
    )
    assert marks.value_of(kind, frame, column, shown) == value


@pytest.mark.usefixtures("names")
def test_the_id_of_a_row_tells_projects_with_one_name_apart():
    frame = pd.DataFrame({"project": ["p1", "p3"], "name": ["Atlas", "Bolt"]})
    assert marks.value_of("project", frame, "name", "Atlas") == "Atlas (p1)"
    both = pd.DataFrame({"project": ["p1", "p2"], "name": ["Atlas", "Atlas"]})
    assert marks.value_of("project", both, "name", "Atlas") is None


@pytest.mark.parametrize(
    ("grain", "day", "days"),
    [
        ("day", "2026-11-13", ("2026-11-13", "2026-11-13")),
        ("week", "2026-11-02", ("2026-11-05", "2026-11-08")),
        ("month", "2026-11-01", ("2026-11-05", "2026-11-20")),
        ("day", "2026-01-02", ("2026-01-02", "2026-01-02")),
    ],
)
def test_a_mark_of_a_day_week_or_month_stands_for_its_days_in_the_period(select, grain, day, days):
    over = select(Period(date(2026, 11, 5), date(2026, 11, 21)))
    draw = partial(charts.trend, grain=grain)
    drawn = marks.Marks(pd.DataFrame(), draw, {}, over, over.period)
    assert drawn.days([]) is None
    found = drawn.days([instant(day)])
    assert (str(found.start), str(found.last)) == days


def test_days_that_shift_adds_are_a_period_from_the_first_to_the_last(select):
    over = select(Period(date(2026, 11, 5), date(2026, 11, 21)))
    one_day = select(Period(date(2026, 11, 6), date(2026, 11, 7)))
    drawn = marks.Marks(pd.DataFrame(), charts.trend, {}, one_day, over.period)
    found = drawn.days([instant("2026-11-13"), instant("2026-11-06")])
    assert (str(found.start), str(found.last)) == ("2026-11-06", "2026-11-13")


def instant(day):
    """The mark of a day as a chart tells of it."""
    return {"at": pd.Timestamp(day).timestamp() * 1000}
