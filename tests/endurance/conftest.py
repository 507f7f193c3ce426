"""A server of the test's own, and patience with it."""

import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from time import monotonic

import pytest
from visits import visit

from meaux.data.settings import PROJECT

SECONDS = 180.0
A_LOOK = 0.2
FIGURES = PROJECT / "data" / "soak" / "endurance.tsv"
"""What was measured, and its value before, at most and afterwards."""


def pytest_collection_modifyitems(items):
    """What a process holds can be seen where the system tells it."""
    for item in items:
        if "endurance" in item.path.parts:
            item.add_marker(pytest.mark.skipif(sys.platform != "linux", reason="needs /proc"))


@pytest.fixture
def record():
    """Write down what something was before, at most and afterwards."""

    def record(what, before, most, after):
        FIGURES.parent.mkdir(parents=True, exist_ok=True)
        with FIGURES.open("a", encoding="utf-8") as file:
            file.write(f"{what}\t{before:.0f}\t{most:.0f}\t{after:.0f}\n")

    return record


@pytest.fixture
def until():
    """Wait until something holds, and say whether it does."""

    def until(holds, seconds=SECONDS):
        end = monotonic() + seconds
        while not holds() and monotonic() < end:
            threading.Event().wait(A_LOOK)
        return holds()

    return until


@pytest.fixture
def together():
    """Have so many visitors do the same at the same time, each in a session of its own."""

    def together(server, many, visit_as, seconds=SECONDS):
        ready = threading.Barrier(many)

        def one(number):
            with visit(server.url, seconds=seconds) as visitor:
                return visit_as(visitor, number, ready)

        with ThreadPoolExecutor(many) as pool:
            return list(pool.map(one, range(many)))

    return together
