"""The heading of a card's file, and the mistakes in it."""

import re

import pytest

from meaux.data.settings import PROJECT
from meaux.subjects.own.asks import MOST_ROWS
from meaux.subjects.own.folder import MOST_BYTES, MOST_FILES, pages
from meaux.subjects.own.heading import CHARTS, KEYS, MY_CARDS, UNITS, read
from meaux.subjects.own.language import PLAIN_PARAMETERS
from meaux.subjects.own.shapes import MOST_BARS, MOST_LINES
from meaux.subjects.page import all_pages
from meaux.ui import pages as menu

WHOLE = """\
-- title: Revenue
-- Anybody may write a comment here.
-- about: What was paid,
-- about: by month.
-- chart: Bars
-- unit: paid money, at instant
-- page: home
-- order: 2.5
-- good: up
-- language: plain

-- optional: a.b, c
SELECT 1 -- title: not this one
"""


def test_a_heading_says_all_that_a_card_needs_and_ends_where_the_sql_begins():
    heading, sql, mistake = read(WHOLE, ["Home"])
    assert mistake is None
    assert (heading.title, heading.about) == ("Revenue", "What was paid, by month.")
    assert (heading.chart, heading.page, heading.order) == ("bars", "Home", 2.5)
    assert heading.unit == {"paid": "money", "at": "instant"}
    assert (heading.good, heading.language, heading.optional) == ("up", "plain", ("a.b", "c"))
    assert sql == "\n" * 12 + "SELECT 1 -- title: not this one\n"


def test_without_a_heading_a_card_is_a_table_on_the_page_of_own_cards():
    heading, sql, mistake = read("SELECT 1", ["Home"])
    assert (heading.chart, heading.page, mistake) == ("table", MY_CARDS, None)
    assert sql == "SELECT 1"


@pytest.mark.parametrize("unit", UNITS)
def test_one_unit_is_that_of_all_numbers(unit):
    assert read(f"-- unit: {unit}\nSELECT 1", [])[0].unit == {"": unit}


@pytest.mark.parametrize("chart", CHARTS)
def test_each_chart_is_known_by_its_word(chart):
    assert read(f"-- chart: {chart.upper()}\nSELECT 1", [])[0].chart == chart


MISTAKES = {
    "-- charts: bars": "unknown key charts; did you mean chart?",
    "-- colour: red": f"unknown key colour; use {', '.join(KEYS)}",
    "-- chart: bar": "chart: unknown value 'bar'; did you mean bars?",
    "-- chart: pie": f"chart: unknown value 'pie'; use {', '.join(CHARTS)}",
    "-- page: Hom": "page: there is no page 'Hom'; did you mean Home?",
    "-- page: Data": "page: there is no page 'Data'; use My cards or Home",
    "-- unit: moneys": "unit: unknown unit 'moneys'; did you mean money?",
    "-- unit: paid dollars": "unit: unknown unit 'dollars' of paid; use money, price,",
    "-- unit: paid money, hours": "unit: 'hours' needs a column and a unit, such as",
    "-- order: first": "order: 'first' is not a number; write -- order: 10",
    "-- order: nan": "order: 'nan' is too large; write -- order: 10",
    "-- title:": "title: it is empty; write some words, or remove the line",
    f"-- title: {'x' * 101}": "title: it has 101 characters; use at most 100",
    "-- title: a\N{RIGHT-TO-LEFT OVERRIDE}b": "title: it has an invisible character (U+202E)",
    "-- good: high": "good: unknown value 'high'; use up, down, neither",
    "-- language: sql": "language: unknown value 'sql'; use product, plain",
    "-- order: 1\n-- order: 2": "order stands here again; keep one line",
}


@pytest.mark.parametrize("line", MISTAKES)
def test_a_mistake_names_its_line_and_what_to_do(line):
    _, _, mistake = read(f"-- A comment.\n{line}\nSELECT 1", ["Home"])
    assert mistake.reason.startswith(MISTAKES[line])
    assert mistake.line == 2 + line.count("\n")


def test_a_mistake_leaves_the_other_keys_as_they_are():
    heading, _, mistake = read("-- chart: pie\n-- title: Mine\n-- page: Home\nSELECT 1", ["Home"])
    assert mistake.line == 1
    assert (heading.title, heading.page) == ("Mine", "Home")


def test_a_file_without_a_select_says_so():
    assert read("-- title: Mine\n\n", [])[2].reason == "there is no SELECT below the heading"


def test_a_card_may_stand_on_every_page_with_period_and_filters():
    assert set(pages()) == {page.title for page in menu.PAGES if page.filtered}
    assert {*pages(), MY_CARDS, "Alerts", "Data"} == {page.title for page in all_pages()}
    assert menu.OWN.title == MY_CARDS


def test_the_guide_names_every_key_chart_unit_and_parameter():
    guide = (PROJECT / "docs" / "cards.md").read_text(encoding="utf-8")
    for word in KEYS:
        assert f"| `{word}` |" in guide
    for word in (*CHARTS, *UNITS, *PLAIN_PARAMETERS):
        assert re.search(rf"`:?{word}`", guide), word
    for limit in (f"{MOST_ROWS:,} rows", f"{MOST_BARS} bars", f"the {MOST_LINES} largest"):
        assert limit in guide
    assert f"at most {MOST_FILES} cards, a file {MOST_BYTES // 1000} kB" in guide
