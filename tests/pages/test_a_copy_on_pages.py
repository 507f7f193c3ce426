"""On a copy, the strip says what lags, and the drawer lists the rows that a number leaves out."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from messy import MESSY

from meaux.data.database import Loaded, SQLiteFile
from meaux.data.source import open_source
from meaux.data.warehouse.address import Address
from meaux.ui import pages
from meaux.ui.loading import data
from meaux.ui.shell import strip
from meaux.warehouse import Reader, Target, load

DATA, FINANCIAL = (
    next(page for page in pages.PAGES if page.title == title)
    for title in ("Data", "Financial analytics")
)


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    path = tmp_path_factory.mktemp("copied") / "source.db"
    with closing(sqlite3.connect(path)) as database:
        database.executescript(MESSY)
    return path


@pytest.fixture(scope="module")
def address(chdb_folder, path):
    """A copy that was complete, and whose last run couldn't read three tables."""
    place = Address(folder=chdb_folder, database="a_copy_on_pages")
    opened = open_source(SQLiteFile(path), Path("no.toml"))
    with closing(Target(place)) as target:
        for unread in ((), ("users", "projects", "teams")):
            load(opened, Reader(path, unread), target, opened.evidence)
    return f"clickhouse+chdb://{chdb_folder}?database={place.database}"


def test_a_few_tables_are_named_and_the_others_counted(open_page, address):
    page = open_page(address, DATA, {"tab": "Catalog"})
    assert page.exceptions == []
    assert page.strip.endswith("; still to load: users, projects and 1 more")
    assert "The copy is as of" in page.strip


def test_a_copy_of_another_version_says_to_load_it_again(path, monkeypatch):
    older = Loaded(None, by_an_older_version=True)
    monkeypatch.setattr(data, "loaded", lambda _database: older)
    said = strip.copied(open_source(SQLiteFile(path), Path("no.toml")), "UTC")
    assert said.endswith("its age is unknown: run python -m meaux load clickhouse")


@pytest.mark.parametrize("kind", ["marked", "repeated"])
def test_rows_that_do_not_count_are_those_of_the_source(open_page, address, path, kind):
    where = {"behind": "cost", "of": f"left:{kind}"}
    there, here = (open_page(one, FINANCIAL, where) for one in (path, address))
    assert here.exceptions == here.errors == []
    for said in ("markdown", "caption"):
        assert words(here, said) == words(there, said)
    rows, expected = (page.drawer.dataframe[0].value for page in (here, there))
    assert len(rows) == {"marked": 3, "repeated": 2}[kind]
    assert rows.equals(expected)


def words(page, kind):
    return [node.value for node in getattr(page.drawer, kind)]
