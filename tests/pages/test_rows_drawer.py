"""The drawer with the rows behind a number: from a card or a link, page by page, with its file."""

import json
import sqlite3
from contextlib import closing

import pytest
from messy import MESSY

from meaux.subjects.listing import ROWS_A_PAGE
from meaux.ui import pages

FINANCIAL = next(page for page in pages.PAGES if page.title == "Financial analytics")
EVIL = ":red[boo] $x$ [a](javascript:alert(1)) <img src=x onerror=alert(1)>"


@pytest.fixture
def open_money(open_page):
    def open_money(*database, **url):
        return open_page(*database, page=FINANCIAL, **url)

    return open_money


def calls(counting):
    return sum(len(database.calls) for database in counting)


def said(page):
    """What is written in the drawer."""
    return [node.value.replace("\\", "") for node in page.drawer.markdown]


def table(page):
    return page.drawer.dataframe[0].value


def test_a_card_opens_its_rows_with_one_call_and_puts_them_into_the_link(open_money, counting):
    page = open_money()
    assert page.drawer is None
    before = calls(counting)
    page.data_of("Cost by person")
    page.app.button(key="rows Cost by person").click()
    page.run()
    assert page.exceptions == page.errors == []
    assert calls(counting) == before + 1
    assert page.app.query_params["behind"] == "cost"
    assert page.app.query_params["of"] == ["category:Time", "category:AI"]
    assert set(table(page)["category"]) <= {"Time", "AI"}
    assert "Time" in said(page)[0]
    page.run()
    assert calls(counting) == before + 1
    page.choose("rows by category", "AI")
    assert set(table(page)["category"]) == {"AI"}


def test_the_sum_above_the_rows_is_the_number_of_the_figure(open_money):
    page = open_money(behind="cost")
    [sum_] = [words for words in said(page) if words.startswith("**")]
    exact, _, rows = sum_.replace("**", "").partition(" in ")
    assert exact.startswith("$")
    assert f"{float(exact[1:].replace(',', '')):,.0f}" == page.figure("Cost").value[1:]
    assert rows.endswith("cost entries.")
    assert len(table(page)) == ROWS_A_PAGE


def test_what_the_sum_leaves_out_is_said_and_listed_apart(open_page, tmp_path):
    file = tmp_path / "messy.db"
    with closing(sqlite3.connect(file)) as database:
        database.executescript(f"PRAGMA synchronous = OFF; {MESSY}")
    page = open_page(file, page=FINANCIAL, behind="cost")
    captions = [node.value.replace("\\", "") for node in page.drawer.caption]
    assert [words for words in captions if words.startswith("Not in the number")] == [
        "Not in the number: 2 cost entries without a price.",
        "Not in the number: 1 cost entry with an unreadable price.",
        "Not in the number: 3 cost entries marked as deleted, void, a test or a total.",
        "Not in the number: 2 cost entries that repeat another.",
    ]
    assert any("in EUR" in words and "left out of cost totals" in words for words in captions)
    page.app.button(key="left out unpriced").click()
    page.run()
    assert page.exceptions == page.errors == []
    assert table(page)["cost"].isna().all()
    page.app.button(key="left out marked").click()
    page.run()
    assert sorted(table(page)["cost"]) == [2.5, 4, 99]
    assert len(table(page.press("Show the rows in the number"))) == 11


def test_older_and_newer_rows_are_a_page_each_and_in_the_link(open_money):
    page = open_money(behind="cost")
    latest = table(page)
    page.press("Older")
    older = table(page)
    assert older["day"].max() <= latest["day"].min()
    assert not older.equals(latest)
    linked = open_money(behind="cost", after=page.app.query_params["after"])
    assert table(linked).equals(older)
    assert table(page.press("Newer")).equals(latest)
    assert "after" not in page.app.query_params
    assert table(linked.press("Latest")).equals(latest)


def test_a_choice_narrows_the_rows_and_is_in_the_link(open_money):
    page = open_money(behind="cost")
    page.choose("rows by category", "AI")
    assert page.app.query_params["of"] == "category:AI"
    assert set(table(page)["category"]) == {"AI"}
    page.choose("rows by service", "gpt-4o")
    assert set(table(page)["service"]) == {"gpt-4o"}
    assert open_money(behind="cost", of=page.app.query_params["of"]).exceptions == []


@pytest.mark.parametrize(
    ("behind", "of", "after"),
    [
        ("cost", "nothing:AI", "{"),
        ("cost", "days:yesterday", "[1]"),
        ("cost", "project:prj_gone", json.dumps({"Time": [1e999, "k"]})),
        ("cost", EVIL, EVIL),
        ("cost", f"project:{EVIL}", '{"AI": ["x", "y"], "None": [1, "z"]}'),
    ],
)
def test_a_link_with_nonsense_opens_what_it_can(open_money, behind, of, after):
    page = open_money(behind=behind, of=of, after=after)
    assert page.exceptions == page.errors == []
    assert page.drawer is not None


def test_a_link_to_the_rows_of_no_metric_says_so(open_money):
    page = open_money(behind=EVIL)
    assert page.drawer is None
    assert "unknown" in page.toasts[0]
    assert "behind" not in page.app.query_params


def test_the_drawer_of_a_project_opens_its_rows_in_its_place(open_page, demo_rows):
    projects = next(page for page in pages.PAGES if page.title == "Project analytics")
    page = open_page(page=projects, open="prj_cafe_etoile")
    page.app.session_state["data Cost over time"] = True
    page.run().app.button(key="rows Cost over time").click()
    page.run()
    assert page.exceptions == page.errors == []
    assert page.drawer.proto.dialog.title == "Rows: Cost"
    assert "open" not in page.app.query_params
    [(name,)] = demo_rows("SELECT name FROM projects WHERE id = 'prj_cafe_etoile'")
    assert set(table(page)["project"]) == {name}
