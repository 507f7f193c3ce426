"""What is due runs once, what failed again, and what was killed is made up for."""

from datetime import UTC, datetime

import pytest

from meaux.data import state
from meaux.data.state import Job, Result, next_time, run_due
from meaux.data.times import times

PARIS = "Europe/Paris"


class Killed(BaseException):
    """A process that ends, whatever it is doing."""


class Clock:
    """Runs of one job on a state file, at times of the test's own."""

    def __init__(self, path):
        self.path = path
        self.ran, self.says = [], Result()
        self.job = Job("report", times("monday 07:30"), PARIS, self._work)

    def _work(self, maybe):
        self.ran.append(maybe)
        if isinstance(self.says, BaseException):
            raise self.says
        return self.says

    def run(self, words):
        """Run what is due at a time in UTC; return how often the job ran, and what came of it."""
        before = len(self.ran)
        with state.opened(self.path) as file:
            self.done = list(run_due(file, [self.job], self.at(words)))
            self.row = state.Jobs(file.connection).all().get("report")
        return len(self.ran) - before

    @staticmethod
    def at(words):
        return datetime.fromisoformat(words).replace(tzinfo=UTC)


@pytest.fixture
def clock(tmp_path):
    """A job of Mondays at 06:30 UTC, first seen on the Saturday before."""
    clock = Clock(tmp_path / "state.db")
    assert clock.run("2026-11-21T12:00") == 0
    return clock


def test_a_new_job_waits_for_its_next_time(clock):
    assert clock.run("2026-11-23T06:29") == 0
    assert clock.run("2026-11-23T06:30") == 1


def test_a_job_runs_once_for_each_of_its_times(clock):
    assert [clock.run(f"2026-11-23T{hour:02}:00") for hour in range(24)].count(1) == 1
    assert clock.run("2026-11-30T07:00") == 1


def test_missed_times_are_made_up_for_once(clock):
    assert clock.run("2026-12-20T12:00") == 1
    assert clock.run("2026-12-20T12:05") == 0


def test_what_fails_is_tried_again_with_growing_pauses_until_it_succeeds(clock):
    clock.says = Result("connection refused")
    assert clock.run("2026-11-23T07:00") == 1
    [done] = clock.done
    assert done.error == "connection refused"
    assert clock.run("2026-11-23T07:04") == 0
    assert clock.run("2026-11-23T07:05") == 1
    assert clock.run("2026-11-23T07:10") == 0
    clock.says = Result()
    assert clock.run("2026-11-23T07:15") == 1
    assert clock.run("2026-11-23T12:00") == 0
    assert clock.ran == [False, False, False]


def test_what_may_have_been_sent_is_told_so_when_it_is_tried_again(clock):
    clock.says = Result("timed out", maybe=True)
    clock.run("2026-11-23T07:00")
    clock.run("2026-11-23T08:00")
    assert clock.ran == [False, True]


def test_a_job_that_is_not_repeated_waits_for_its_next_time_although_it_failed(clock):
    clock.job = Job("report", times("hourly"), PARIS, clock.job.run, is_repeated=False)
    clock.says = Result("part of it failed")
    assert clock.run("2026-11-23T07:00") == 1
    assert clock.run("2026-11-23T07:30") == 0
    assert clock.run("2026-11-23T08:00") == 1


def test_a_fault_in_a_job_is_told_and_no_other_job_is_lost(clock):
    clock.says = RuntimeError("broken")
    other = Job("other", times("daily"), PARIS, lambda _maybe: Result())
    with state.opened(clock.path) as file:
        list(run_due(file, [other], clock.at("2026-11-21T12:00")))
        done = list(run_due(file, [clock.job, other], clock.at("2026-11-23T07:00")))
    assert [(one.name, one.error) for one in done] == [("report", "broken"), ("other", "")]


def test_a_killed_run_is_repeated_and_says_so(clock):
    clock.says = Killed()
    with pytest.raises(Killed):
        clock.run("2026-11-23T07:00")
    clock.says = Result()
    assert clock.run("2026-11-23T07:01") == 1
    assert clock.ran == [False, True]
    assert clock.run("2026-11-23T07:02") == 0


def test_the_next_run_is_that_of_its_times_or_the_next_try(clock):
    now = clock.at("2026-11-23T07:00")
    assert next_time(clock.job, clock.row, now) == now.timestamp()
    clock.says = Result("refused")
    clock.run("2026-11-23T07:00")
    assert next_time(clock.job, clock.row, now) == clock.at("2026-11-23T07:05").timestamp()
    clock.says = Result()
    clock.run("2026-11-23T07:05")
    assert next_time(clock.job, clock.row, now) == clock.at("2026-11-30T06:30").timestamp()
