"""Every card on every page, on databases that are odd, says what is written down in `said/`.

`MEAUX_SAID=write` in the environment writes these texts anew; read what changed before it is
committed. A database that must say what the plain one says has no text of its own: what a page
says is made of answers alone, so each answer is compared, and one page is read.
"""

import os
import re
from functools import cache, partial
from pathlib import Path

import odd_databases
import pandas as pd
import pytest
import said
from said import kept

from meaux.data.database import SQLiteFile, fetch_each
from meaux.data.plan import Plan
from meaux.data.source import open_source
from meaux.query.answers import Ask, ask
from meaux.query.filters.period import DAY
from meaux.query.needs import Request, meet
from meaux.query.queries import QUERIES
from meaux.subjects.events.frames import Trail, View
from meaux.subjects.money.cards.calendar import Year
from meaux.subjects.money.outlook import Scenario
from meaux.subjects.page import all_pages, parts
from meaux.ui import pages

NO_OVERRIDE = Path("no-such-file.toml")
WRITE = os.environ.get("MEAUX_SAID") == "write"
TABS = {
    "Resource usage": ("Workers", "Storage", "AI"),
    "Operations": ("Workflows", "Email", "Events"),
    "Data": ("Health", "Catalog", "SQL"),
}
OF_THE_DATABASE = "Data"
"""The page about the database itself, on which no two of them are the same."""

OWN = (
    "plain",
    "only_the_five_tables",
    "all_tables_empty",
    "without_optional_columns",
    "orphans",
    "unpriced",
    "renamed",
)
SAME = {
    "times_as_text": "Operations",
    "mixed_times": "Home",
    "times_mixed_inside": "Time tracking",
}
"""Each database that says what the plain one says, and the page that is read of it."""
A_FEW = 20
"""Rows of a query that a page limits."""
AS_STORED = ["place"]
"""The column by which a log is turned over: a time as it is stored."""
BOUNDS = ("oldest_", "newest_lines")
"""Queries for times that are no later than told, if an index holds times in several ways."""

HOSTILE, AMONG_OTHERS = "hostile_names", "among_foreign_tables"
SAYS_WHY = re.compile(r"[Nn]eeds |usage isn't recorded|No allowances set|Set an allowance")
"""What a card says that is not as right as it would be on another database."""


@pytest.fixture
def views(open_page, odd_file):
    """What each page and tab says of an odd database, by its title; those of no other title."""

    def views(name, titles=None):
        path = odd_file(name)
        found = {}
        for page in pages.PAGES:
            for tab in TABS.get(page.title, ("",)):
                if titles is None or page.title in titles:
                    shown = open_page(path, page, {"tab": tab} if tab else (), lifetime=True)
                    assert shown.exceptions == []
                    assert shown.errors == []
                    found[f"{page.title} {tab}".strip()] = said.view(shown)
        return found

    return views


@pytest.fixture(scope="module")
def answers(odd_file, select, today):
    """Every answer of an odd database that pages ask for, and one to each query that is left."""
    quarter = select("90d")
    scenario = Scenario(0.0, 0.0, today + DAY)
    controls = (Year(today.year), scenario, View(), Trail(quarter, View(), [{}]))
    cards = [card for page in all_pages() for card in parts(page.items)]

    @cache
    def answers(name, override=NO_OVERRIDE):
        source = open_source(SQLiteFile(odd_file(name)), override)
        fetch = partial(fetch_each, source.database)
        found = meet(cards, Request(quarter, Plan(), source.binding, controls), fetch).answers
        asked = {one.query.name for one in found}
        left = [Ask(query, quarter, A_FEW) for name, query in QUERIES.items() if name not in asked]
        return found | dict(zip(left, ask(left, source.binding, fetch), strict=True))

    return answers


def differing(found, expected):
    """The queries, with their periods, whose answers differ."""
    assert found.keys() == expected.keys()
    return [
        f"{one.query.name} of {one.selection.period}"
        for one, answer in found.items()
        if said_of(answer) != said_of(expected[one]) or not is_same(answer, expected[one])
    ]


def is_same(answer, expected):
    """Whether the rows are the same, but for the last digits of sums."""
    if answer.query.name.startswith(BOUNDS):
        found, least = answer.frame, expected.frame
        return ((found <= least) | (found.isna() & least.isna())).all(axis=None)
    frame, other = rows(answer), rows(expected)
    try:
        pd.testing.assert_frame_equal(frame, other, check_exact=False, rtol=1e-9)
    except AssertionError:
        return False
    return True


def rows(answer):
    # A renamed table of reports has no column that is known to be its key: its day stands in.
    key = ["key"] if answer.query.name == "reported_mail_rows" else []
    frame = answer.frame.drop(columns=[*AS_STORED, *key], errors="ignore")
    return frame.assign(paid=frame["paid"].map(sorted)) if "paid" in frame else frame


def said_of(answer):
    """All that a page may say of an answer beside its rows."""
    told = (answer.state, answer.reason, answer.rowless, answer.unread, answer.timed)
    return told, answer.without, answer.sources


def without_data(found):
    return {title: view for title, view in found.items() if not title.startswith(OF_THE_DATABASE)}


def test_every_database_says_what_is_written_or_what_the_plain_one_says():
    assert {*OWN, *SAME, HOSTILE, AMONG_OTHERS} == {*odd_databases.DATABASES}
    assert {path.stem for path in said.FOLDER.iterdir()} == {*OWN}


@pytest.mark.parametrize("name", OWN)
def test_every_card_says_what_is_written_down(views, name):
    found = views(name)
    if WRITE:
        text = "\n\n".join(f"== {title}\n{view}" for title, view in found.items())
        (said.FOLDER / f"{name}.txt").write_text(text + "\n", encoding="utf-8")
    assert found == kept(name)


OTHER_SOURCES = {"request_hour_rows", "request_track_rows"}
"""The requests come from the log, so these sources have no rows that count."""


def test_every_query_has_rows_to_compare(answers):
    ready = {one.query.name for one, answer in answers("plain").items() if answer.state == "ready"}
    assert {*QUERIES} - ready == OTHER_SOURCES


@pytest.mark.parametrize("name", SAME)
def test_every_answer_is_that_of_the_plain_database(answers, name):
    assert differing(answers(name), answers("plain")) == []


@pytest.mark.parametrize(("name", "title"), SAME.items())
def test_a_page_says_what_it_says_on_the_plain_database(views, name, title):
    assert views(name, [title]).items() <= kept("plain").items()


def test_hostile_names_change_no_number_and_break_no_card(views):
    plain = {title: said.outline(view) for title, view in kept("plain").items()}
    assert {title: said.outline(view) for title, view in views(HOSTILE).items()} == plain


def test_what_stands_around_its_tables_changes_nothing_in_how_a_database_is_read(views, odd_file):
    alone, among = (
        open_source(SQLiteFile(odd_file(name)), NO_OVERRIDE) for name in ("plain", AMONG_OTHERS)
    )
    assert len(among.catalog.tables) > len(alone.catalog.tables) + 500
    assert among.binding == alone.binding
    assert views(AMONG_OTHERS, ["Home", "Data"])["Home"] == kept("plain")["Home"]


def test_a_database_that_nobody_has_seen_is_right_or_says_what_it_lacks():
    plain, renamed = (without_data(kept(name)) for name in ("plain", "renamed"))
    other = [
        line
        for title, view in renamed.items()
        for line in view.splitlines()
        if line not in plain[title].splitlines()
    ]
    assert [line for line in other if not SAYS_WHY.search(line)] == []


def test_five_lines_of_mapping_make_a_renamed_database_say_what_the_plain_one_says(
    views, answers, mapping
):
    assert len(odd_databases.MAPPING.splitlines()) == 5
    override = mapping(odd_databases.MAPPING)
    assert differing(answers("renamed", override), answers("plain")) == []
    assert views("renamed", ["Project analytics"]).items() <= kept("plain").items()
