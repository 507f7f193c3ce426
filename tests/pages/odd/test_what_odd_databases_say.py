"""Every card on every page, on databases that are odd, says what is written down in `said/`.

`MEAUX_SAID=write` in the environment writes these texts anew; read what changed before it is
committed. A database that must say what the plain one says has no text of its own.
"""

import os
import re
from pathlib import Path

import odd_databases
import pytest
import said
from said import kept

from meaux.data.database import SQLiteFile
from meaux.data.source import open_source
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

OF_NUMBERS = [page.title for page in pages.PAGES if page.title != OF_THE_DATABASE]

OWN = (
    "plain",
    "only_the_five_tables",
    "all_tables_empty",
    "without_optional_columns",
    "orphans",
    "unpriced",
    "renamed",
)
SAME = (
    "times_as_text",
    "mixed_times",
    "times_mixed_inside",
)
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


@pytest.mark.parametrize("name", SAME)
def test_every_card_says_what_it_says_on_the_plain_database(views, name):
    assert views(name, OF_NUMBERS) == without_data(kept("plain"))


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


def test_five_lines_of_mapping_make_a_renamed_database_say_what_the_plain_one_says(views, mapping):
    assert len(odd_databases.MAPPING.splitlines()) == 5
    mapping(odd_databases.MAPPING)
    assert views("renamed", OF_NUMBERS) == without_data(kept("plain"))
