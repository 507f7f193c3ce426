"""Quiet hours, digests and repeats, by the clock of the zone and over both of its changes."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telling import at, found

from meaux.data.notifying import Notify
from meaux.notify import when

RATE, WORST = found(), found(severity="Critical")
NIGHT = (time(22), time(7))
SPRING, AUTUMN = "2026-03-29", "2026-10-25"


def test_in_quiet_hours_a_finding_waits_until_they_end(desk):
    desk.only(quiet=NIGHT)
    for hour in ("22:00", "23:59"):
        assert desk.run(f"2026-11-22 {hour}", RATE) == []
    assert desk.run("2026-11-23 06:59", RATE) == []
    assert desk.run("2026-11-23 07:00", RATE)


def test_a_critical_finding_waits_too_unless_the_entry_says_otherwise(desk):
    desk.only(quiet=NIGHT)
    assert desk.run("2026-11-22 23:00", WORST) == []
    desk.only(quiet=NIGHT, critical_at_once=True)
    assert desk.run("2026-11-22 23:05", WORST)


def test_on_quiet_days_a_finding_waits_until_the_next_other_day(desk):
    desk.only(quiet=NIGHT, quiet_days=("Sat", "Sun"))
    assert desk.run("2026-11-20 23:00", RATE) == []
    assert desk.last.outcomes[0].waits[0][0].due == at("2026-11-23 07:00")
    assert desk.run("2026-11-22 12:00", RATE) == []
    assert desk.run("2026-11-23 07:00", RATE)


def test_a_message_that_failed_is_not_sent_in_quiet_hours_either(desk):
    desk.only(quiet=NIGHT)
    desk.says = {"Ops": "connection refused"}
    desk.run("2026-11-22 21:58", RATE)
    desk.says = {}
    assert desk.run("2026-11-22 22:30", RATE) == []
    assert desk.run("2026-11-23 07:00", RATE)


def test_a_digest_is_one_message_a_day_in_the_first_run_after_its_time(desk):
    desk.only(digest=time(8))
    assert desk.run("2026-11-22 15:00", RATE) == []
    assert desk.run("2026-11-23 07:59", RATE, found("budget/ai")) == []
    assert len(desk.run("2026-11-23 08:20", RATE, found("budget/ai"))) == 2
    assert desk.run("2026-11-23 09:00", RATE, found("budget/r2")) == []
    assert len(desk.run("2026-11-24 08:00", RATE, found("budget/r2"))) == 3
    assert len(desk.messages) == 2


def test_a_digest_includes_what_the_run_at_its_own_time_finds(desk):
    desk.only(digest=time(8))
    assert desk.run("2026-11-22 08:00", RATE)
    assert desk.run("2026-11-23 08:00", RATE, found("budget/ai")) == [
        ("Ops", "opened", "Warning", "budget/ai"),
        ("Ops", "repeated", "Warning", "error rate"),
    ]


def test_a_digest_that_no_run_was_there_for_is_sent_in_the_next_one(desk):
    desk.only(digest=time(8))
    desk.run("2026-11-22 20:00")
    assert desk.run("2026-11-23 17:00", RATE)


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 23), (AUTUMN, 25)])
def test_on_a_day_that_is_shorter_or_longer_the_times_of_day_stay(desk, day, hours):
    desk.only(quiet=NIGHT)
    start, end = at(f"{day} 00:00"), at(f"{day} 07:00")
    assert end - start == (hours - 17) * 3600
    assert desk.run(start, RATE) == []
    assert desk.run(end - 1, RATE) == []
    assert desk.run(end, RATE)
    assert desk.run(at(f"{day} 23:00"), RATE) == []


def test_a_digest_at_a_time_that_is_skipped_comes_once_and_right_after(desk):
    desk.only(digest=time(2, 30))
    runs = range(at("2026-03-28 03:00"), at("2026-03-29 12:00"), 1800)
    sent = [now for now in runs if desk.run(now, RATE)]
    assert sent == [at("2026-03-28 03:00"), at(f"{SPRING} 03:30")]


def test_a_digest_at_a_time_that_comes_twice_is_sent_once(desk):
    desk.only(digest=time(2, 30))
    runs = range(at("2026-10-24 03:00"), at("2026-10-25 12:00"), 1800)
    sent = [now for now in runs if desk.run(now, RATE)]
    assert sent == [at("2026-10-24 03:00"), at(f"{AUTUMN} 02:30")]


@pytest.mark.parametrize("day", [SPRING, AUTUMN])
def test_once_a_day_is_by_the_day_of_the_zone(desk, day):
    start = when.local(at(f"{day} 08:00"), desk.zone).date()
    first, last = (when.instant(start + n * when.DAY, time(8), desk.zone) for n in (-1, 2))
    sent = [now for now in range(first, last, 3600) if desk.run(now, RATE)]
    assert sent == [when.instant(start + n * when.DAY, time(8), desk.zone) for n in (-1, 0, 1)]


times = st.builds(time, st.integers(0, 23), st.integers(0, 59))


@given(times, times, st.integers(at("2026-03-25 00:00"), at("2026-11-01 00:00")))
def test_quiet_hours_always_end_within_a_day_and_an_hour(start, end, now):
    if start != end:
        after = when.after_quiet(Notify("Ops", "ops", quiet=(start, end)), now, "Europe/Paris")
        assert now <= after <= now + 25 * 3600
        again = when.after_quiet(Notify("Ops", "ops", quiet=(start, end)), after, "Europe/Paris")
        assert again == after
