"""Reports of the demo, each made once."""

import functools
from dataclasses import dataclass, replace
from datetime import date

import pytest

from meaux.data.plan import Plan
from meaux.data.settings import Settings
from meaux.query.filters import Selection
from meaux.reports import find, make
from meaux.reports.document import Beside, Listed, Missing, Number, Numbers, Picture

TODAY = date(2026, 11, 22)
SETTINGS = Settings(today=TODAY)


@dataclass
class Counted:
    """A database that counts its calls."""

    inside: object
    calls: int = 0

    def __getattr__(self, name):
        return getattr(self.inside, name)

    def fetch(self, statements):
        self.calls += 1
        return self.inside.fetch(statements)


@pytest.fixture(scope="session")
def week():
    """The last complete week before today, as a selection."""
    return Selection(find("weekly").period(TODAY), TODAY)


@pytest.fixture(scope="session")
def made(demo_source):
    """A report of the demo, or of another source, over its usual period."""

    @functools.cache
    def of_demo(name):
        return make(find(name), demo_source, Plan(), _usual(name))

    def made(name, source=None, plan=None, **choices):
        if source is None and plan is None and not choices:
            return of_demo(name)
        selection = replace(_usual(name), **choices)
        return make(find(name), source or demo_source, plan or Plan(), selection)

    return made


def _usual(name):
    return Selection(find(name).period(TODAY), TODAY)


@pytest.fixture(scope="session")
def weekly(made):
    return made("weekly")


@pytest.fixture
def counted(demo_source):
    """The demo as a source that counts its calls."""
    return replace(demo_source, database=Counted(demo_source.database))


def blocks_of(document, kind):
    return [block for block in document.blocks if isinstance(block, kind)]


def numbers_of(document) -> list[Number]:
    return [one for block in blocks_of(document, Numbers) for one in block.items]


def titles_of(document):
    return [one.title for one in document.blocks if isinstance(one, Picture | Listed | Missing)]


__all__ = ["Beside", "blocks_of", "numbers_of", "titles_of"]
