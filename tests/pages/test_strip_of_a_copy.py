"""On a copy, the strip says as of when it is, and which tables the last run has left."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from messy import MESSY

from meaux.data.database import SQLiteFile
from meaux.data.source import open_source
from meaux.data.warehouse.address import Address
from meaux.ui import pages
from meaux.warehouse import Reader, Target, load

DATA = next(page for page in pages.PAGES if page.title == "Data")


@pytest.fixture
def address(chdb_folder, tmp_path):
    """A copy that was complete, and whose last run couldn't read three tables."""
    path, place = tmp_path / "source.db", Address(folder=chdb_folder, database="strip_of_a_copy")
    with closing(sqlite3.connect(path)) as database:
        database.executescript(MESSY)
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
