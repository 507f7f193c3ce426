"""`schedule` runs what is due, makes up a missed time once, and is alone."""

from datetime import UTC, datetime

import pytest

from meaux.cli.schedule import Clock
from meaux.data import plan, state
from meaux.data.plan import read_plan
from meaux.data.scheduling import TABLE
from meaux.data.settings import Settings
from meaux.data.state import Jobs

JOBS = [
    {"name": "Quarterly", "run": "alerts", "at": "every 15 minutes"},
    {"name": "Morning", "run": "collect", "at": "daily 08:00"},
]


def at(words):
    return int(datetime.fromisoformat(words).replace(tzinfo=UTC).timestamp())


@pytest.fixture
def clock(tmp_path):
    """A clock that starts nothing; it returns the names of the jobs that were due."""
    started = []
    jobs = read_plan({TABLE: JOBS}).schedule

    def start(job):
        started.append(job.name)
        return clock.code

    run = Clock(Settings(), tmp_path / "state.db", jobs, start)

    def clock(now):
        started.clear()
        codes = list(run.run_due(at(now)))
        assert codes == [clock.code] * len(started)
        return list(started)

    clock.code = 0
    clock.until_next = run.until_next
    clock.path = run.path
    return clock


def test_a_new_job_waits_for_its_next_time_and_then_runs_once_each(clock):
    assert clock("2026-11-22 07:50") == []
    assert clock("2026-11-22 07:59") == []
    assert clock("2026-11-22 08:00") == ["Quarterly", "Morning"]
    assert clock("2026-11-22 08:01") == []
    assert clock("2026-11-22 08:16") == ["Quarterly"]


def test_missed_times_are_made_up_once(clock):
    clock("2026-11-20 07:50")
    assert clock("2026-11-22 12:07") == ["Quarterly", "Morning"]
    assert clock("2026-11-22 12:08") == []


def test_a_job_that_fails_is_not_repeated_before_its_next_time(clock):
    clock("2026-11-22 07:50")
    clock.code = 1
    assert clock("2026-11-22 08:00") == ["Quarterly", "Morning"]
    assert clock("2026-11-22 08:01") == []
    with state.reading(clock.path) as file:
        assert Jobs(file.connection).all()["Morning"].code == 1


def test_it_looks_at_the_clock_at_least_every_minute(clock):
    assert clock.until_next(at("2026-11-22 08:00")) == 60
    assert clock.until_next(at("2026-11-22 08:14:30")) == 30


@pytest.fixture
def scheduled(meaux, environment, tmp_path):
    environment.setenv("MEAUX_STATE", str(tmp_path / "state.db"))
    declared = read_plan({TABLE: JOBS})
    environment.setattr(plan, "read_plan_file", lambda: declared)
    return lambda: meaux("schedule", "--once")


def test_once_runs_what_is_due_in_a_process_of_its_own(scheduled, tmp_path):
    assert scheduled().exit_code == 0
    with state.opened(tmp_path / "state.db") as file, file.step():
        Jobs(file.connection).put(state.Ran("Quarterly", 0))
    result = scheduled()
    assert result.exit_code == 1, "nobody is to be told on this machine"
    assert ", Quarterly: exit code 2, " in result.stdout


def test_only_one_schedule_runs(scheduled, tmp_path, monkeypatch):
    monkeypatch.setattr(state.file, "SECONDS", 0.01)
    with state.locked(tmp_path / "state.db", "schedule", "busy"):
        result = scheduled()
    assert result.exit_code == 2
    assert "Another schedule is running; this one ends." in result.stderr


def test_without_a_job_it_says_how(meaux):
    result = meaux("schedule", "--once")
    assert result.exit_code == 2
    assert "There is nothing to run: add [[schedule]]" in result.stderr
