"""Reports of the demo, each made once."""

import functools
import sqlite3
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date

import pytest

from meaux.data.database import SQLiteFile
from meaux.data.plan import Plan
from meaux.data.source import open_source
from meaux.query.filters import Selection
from meaux.reports import find, make

TODAY = date(2026, 11, 22)


@dataclass
class Counted:
    """A database that counts its calls."""

    inside: object
    calls: int = 0
    of_weekly: int = 0

    def __getattr__(self, name):
        return getattr(self.inside, name)

    def fetch(self, statements):
        self.calls += 1
        return self.inside.fetch(statements)


def usual(name):
    """The selection of a report over its usual period."""
    return Selection(find(name).period(TODAY), TODAY)


@pytest.fixture(scope="session")
def week():
    return usual("weekly")


@pytest.fixture(scope="session")
def made(demo_source):
    """A report of the demo, made once, or with another source, plan or selection."""

    @functools.cache
    def of_demo(name):
        return make(find(name), demo_source, Plan(), usual(name))

    def made(name, source=None, plan=None, **choices):
        if source is None and plan is None and not choices:
            return of_demo(name)
        chosen = replace(usual(name), **choices)
        return make(find(name), source or demo_source, plan or Plan(), chosen)

    return made


@pytest.fixture(scope="session")
def counted(demo_source):
    """The demo as a source that counts its calls."""
    return replace(demo_source, database=Counted(demo_source.database))


@pytest.fixture(scope="session")
def weekly(made, counted):
    report = made("weekly", source=counted)
    counted.database.of_weekly = counted.database.calls
    return report


@pytest.fixture(scope="session")
def bare(tmp_path_factory):
    """A database without any table that the product knows."""
    path = tmp_path_factory.mktemp("bare") / "bare.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE strange (thing TEXT)")
    return open_source(SQLiteFile(path), override=path.with_name("none.toml"))
