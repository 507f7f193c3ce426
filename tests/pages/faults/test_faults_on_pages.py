"""A D1 that fails in every way that has a name: pages stand, in few calls, and come back.

Here are faults of each kind on Home, with short limits of time and without a look at a clock.
`make soak` has all of them, on the seven heaviest pages, with the limits that visitors have.
"""

import threading
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import pytest
from faulty import FAULTS
from visitor import LONGEST

from meaux.data.database import in_flight, limits
from meaux.data.settings import PROJECT
from meaux.ui import pages
from meaux.ui.loading import data

HOME = pages.PAGES[0]
PROJECTS = pages.find("Project analytics")
"""A page that is quickly drawn."""
HEAVIEST = (
    "Home",
    "Executive overview",
    "Project analytics",
    "Team performance",
    "Financial analytics",
    "Resource usage",
    "Analytics",
)
FIGURES = PROJECT / "data" / "soak" / "faults.tsv"
"""What each run took: fault, page, run, calls, seconds."""

COLD = (
    "reset",
    "drip of the answer",
    "too large",
    "HTTP 403",
    "answers with one column fewer",
    "last cells are 10^40",
    "first cells are 1e300",
    "tells rows read of 10^400",
)
PAIRS = [
    pytest.param(name, HEAVIEST[(number + shift) % len(HEAVIEST)], id=f"{name}, {number} {shift}")
    for shift in range(len(HEAVIEST))
    for number, name in enumerate(FAULTS)
]
"""Every fault on every page; each fault comes once before any comes twice."""


def week(visitor):
    return visitor.page.choose("period", "Last 7 days")


@pytest.fixture(scope="module")
def right():
    """The figures of a page, of the period that it opens with and of a week; read once."""
    return {}


def read_right(right, visitor, page):
    if page not in right:
        visitor.open(page)
        first = visitor.values
        visitor.look("right", lambda: week(visitor))
        right[page] = (first, visitor.values)
    return right[page]


GONE = "says 'no such table: main.nowhere: SQLITE_ERRO' (400)"


@pytest.mark.parametrize(
    "name", ["HTTP 520", "last cells are NaN", "refuses one statement", GONE], ids=str
)
def test_a_fault_in_a_new_period_takes_few_calls_and_is_over_when_it_is_over(hurried, right, name):
    _, days = read_right(right, hurried, HOME)
    hurried.forget()
    hurried.open(HOME)
    hurried.break_by(name)
    hurried.look("new period", lambda: week(hurried))
    assert hurried.page.errors
    assert hurried.sees_nothing_wrong(days)
    hurried.mend()
    hurried.look("over", hurried.page.run)
    assert hurried.values == days
    assert hurried.page.errors == []


def test_a_fault_in_a_refresh_takes_nothing_away_and_is_said(hurried):
    hurried.open(HOME)
    month = hurried.values
    hurried.break_by("silent")
    hurried.hurry(0.3)
    hurried.look("refreshed", lambda: hurried.page.press("Refresh data"))
    assert hurried.values == month
    assert hurried.page.errors == []
    assert "The data can't be refreshed" in " ".join(hurried.page.toasts)


def test_a_cold_app_stands_or_says_why_not_and_opens_when_the_fault_is_over(hurried, right):
    month, _ = read_right(right, hurried, PROJECTS)
    for name in COLD:
        hurried.forget()
        hurried.break_by(name)
        hurried.hurry(0.3 if FAULTS[name].slow else limits.SECONDS)
        hurried.open(PROJECTS)
        assert hurried.page.is_closed != FAULTS[name].harmless, name
        hurried.hurry(limits.SECONDS)
        hurried.mend()
        hurried.look(
            name,
            lambda: hurried.page.press("Try again" if hurried.page.is_closed else "Refresh data"),
        )
        assert hurried.values == month, name
        assert hurried.page.errors == [], name


@pytest.mark.parametrize("name", ["silent", "HTTP 401"])
def test_seven_visitors_of_a_cold_app_share_one_failure(hurried, name):
    hurried.break_by(name)
    hurried.hurry(0.3)
    hurried.open(HOME)
    for _ in range(6):
        assert hurried.page.is_closed
        hurried.open(HOME)
    assert sum(calls for _, calls, _ in hurried.runs) <= 1


def test_seven_who_come_at_once_while_it_is_opened_wait_together(hurried, world):
    hurried.forget()
    hurried.break_by("silent")
    waiting = threading.Semaphore(0)

    def noted(futures, timeout):
        waiting.release()
        return wait(futures, timeout)

    world.setattr(in_flight, "wait", noted)
    with ThreadPoolExecutor(7) as pool:
        opened = [pool.submit(data.current_source) for _ in range(7)]
        for _ in opened:
            waiting.acquire()
        hurried.server.mend()
        assert len({id(one.result()) for one in opened}) == 1
    # Two of the opening, and the silent one, if it came before the fault was over.
    assert hurried.server.calls in (2, 3)


@pytest.mark.soak
@pytest.mark.parametrize(("name", "title"), PAIRS)
def test_a_fault_on_a_page_is_over_in_time_and_when_it_is_over(visitor, right, name, title):
    page = pages.find(title)
    month, days = read_right(right, visitor, page)
    spoilt = FAULTS[name].meant
    visitor.forget()
    visitor.runs.clear()
    visitor.break_by(name)
    visitor.open(page)
    assert spoilt or visitor.page.is_closed or visitor.sees_nothing_wrong(month)
    visitor.mend()
    again = "Try again" if visitor.page.is_closed else "Reload schema"
    visitor.look("over", lambda: visitor.open_anew(again))
    assert visitor.values == month
    visitor.break_by(name)
    visitor.look("cached", visitor.page.run)
    assert visitor.server.calls == 0
    assert visitor.values == month
    visitor.look("new period", lambda: week(visitor))
    assert spoilt or visitor.sees_nothing_wrong(days)
    visitor.look("refreshed", lambda: visitor.page.press("Refresh data"))
    assert spoilt or visitor.sees_nothing_wrong(days)
    visitor.mend()
    visitor.look("over", lambda: visitor.page.press("Refresh data"))
    assert visitor.values == days
    assert visitor.page.errors == []
    note(visitor.runs, name, title)
    assert max(seconds for _, _, seconds in visitor.runs) < LONGEST


def note(runs, *about, file: Path = FIGURES):
    """Write down what the runs took."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as lines:
        for name, calls, seconds in runs:
            lines.write("\t".join([*about, name, str(calls), f"{seconds:.2f}"]) + "\n")
