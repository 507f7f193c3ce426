"""A faulty D1 that has the demo, and a visitor of it."""

import logging
from functools import partial

import pytest
from faulty import PAUSE, TOKEN, FaultyD1
from visitor import LONGEST, Visitor

from meaux.data import source
from meaux.data.database import D1
from meaux.ui.loading import data


@pytest.fixture
def faulty(demo_file):
    server = FaultyD1(demo_file, pause=PAUSE)
    yield server
    server.close()


@pytest.fixture
def visitor(faulty, open_page, name_d1, world, pass_by, caplog):
    """A visitor with the limits of time that the product has."""
    caplog.set_level(logging.ERROR)
    opened = []

    def connect(*given, **others):
        opened.append(D1(*given, **others))
        return opened[-1]

    world.setattr(source, "D1", connect)
    world.setitem(open_page.__globals__, "SECONDS_A_RUN_MAY_TAKE", 3 * LONGEST)
    name_d1(faulty.url, TOKEN)
    return Visitor(faulty, open_page, pass_by, opened, caplog)


@pytest.fixture
def hurried(visitor, faulty, world):
    """A visitor whose limits of time can be set: all are so many seconds from then on."""

    def hurry(seconds):
        faulty.pause = seconds / 4
        world.setattr(data, "WAITED", seconds)
        world.setattr(source, "D1", partial(made, seconds=seconds))
        for database in visitor._databases:
            database._seconds = seconds

    made = source.D1

    visitor.hurry = hurry
    return visitor
