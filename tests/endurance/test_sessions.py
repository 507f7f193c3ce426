"""Sessions that were left end in time, and what they held goes back to the system."""

import resource

import pytest
from visits import ADDRESSES, visit

from meaux.ui import sessions
from meaux.ui.sessions import A_MOMENT, LEFT_KEPT, Left

LONGEST = 120.0
NAMES = [f"session {number}" for number in range(LEFT_KEPT + 5)]


class Clock:
    now = 1_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def left(clock):
    return Left(clock)


def test_whoever_is_back_within_a_moment_finds_the_session(left, clock):
    assert left.over(NAMES, LONGEST) == []
    clock.now += A_MOMENT - 1
    assert left.over(NAMES, LONGEST) == []


def test_after_a_moment_the_newest_are_kept(left, clock):
    for number in range(len(NAMES)):
        left.over(NAMES[: number + 1], LONGEST)
        clock.now += 0.001
    clock.now += A_MOMENT
    assert set(left.over(NAMES, LONGEST)) == set(NAMES[:-LEFT_KEPT])


def test_after_the_longest_time_none_is_kept(left, clock):
    left.over(NAMES, LONGEST)
    clock.now += LONGEST
    assert set(left.over(NAMES, LONGEST)) == set(NAMES)


def test_who_came_back_and_leaves_again_is_kept_as_long_again(left, clock):
    left.over(["one"], LONGEST)
    clock.now += LONGEST - 1
    left.over([], LONGEST)
    left.over(["one"], LONGEST)
    clock.now += LONGEST - 1
    assert left.over(["one"], LONGEST) == []


def test_more_files_may_be_open_and_never_fewer(monkeypatch):
    asked = []
    monkeypatch.setattr(resource, "setrlimit", lambda _what, limits: asked.append(limits))
    for now, most, wanted in [
        ((256, 10_240), 10_240, [(sessions.OPEN_FILES, 10_240)]),
        ((256, 1_024), 1_024, [(1_024, 1_024)]),
        ((20_000, 20_000), 20_000, []),
        ((256, resource.RLIM_INFINITY), None, [(sessions.OPEN_FILES, resource.RLIM_INFINITY)]),
    ]:
        asked.clear()
        monkeypatch.setattr(resource, "getrlimit", lambda _what, now=now: now)
        sessions.allow_open_files()
        assert asked == wanted, most


@pytest.fixture(scope="module")
def server(start, demo_file):
    """A dashboard that keeps sessions that were left for four seconds."""
    return start(demo_file, "--server.disconnectedSessionTTL=8")


def test_sessions_that_were_left_leave_no_files_open(server, until):
    with visit(server.url) as visitor:
        visitor.open("data")
        with_one_visitor = server.files
    for _ in range(LEFT_KEPT + 2):
        with visit(server.url) as visitor:
            assert "Catalog" in visitor.open("data").words
    assert until(lambda: server.files < with_one_visitor)


@pytest.mark.soak
def test_four_hundred_sessions_one_after_another_leave_at_most_forty_files_more(
    start, full_demo_file, until, record
):
    server = start(full_demo_file)
    with visit(server.url) as visitor:
        visitor.open()
    before, most = server.files, 0
    for number in range(400):
        with visit(server.url) as visitor:
            visitor.open(ADDRESSES[number % len(ADDRESSES)])
            most = max(most, server.files)
    held = until(lambda: server.files <= before + 40, seconds=20)
    record("files, 400 sessions in turn", before, most, server.files)
    assert held


@pytest.mark.soak
def test_after_thirty_sessions_memory_is_back_within_a_quarter(
    start, full_demo_file, together, until, record
):
    server = start(full_demo_file)

    def visit_all(visitor):
        for address in ADDRESSES:
            visitor.open(address)

    with visit(server.url) as visitor:
        visit_all(visitor)
    before = server.memory

    def visit_some(visitor, number, ready):
        for place in range(4):
            visitor.open(ADDRESSES[(number + place) % len(ADDRESSES)])
        ready.wait()

    together(server, 30, visit_some, seconds=600)
    held = until(lambda: server.memory <= 1.25 * before, seconds=180)
    record("MB, 30 sessions at once", before, server.most_memory, server.memory)
    assert held
