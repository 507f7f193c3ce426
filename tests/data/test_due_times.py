"""Times in words and in cron syntax: which they are, also where clocks change."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meaux.data.times import times

PARIS = "Europe/Paris"
WORDS = {
    "every minute": "*/1 * * * *",
    "every 15 minutes": "*/15 * * * *",
    "hourly": "0 * * * *",
    "every hour": "0 */1 * * *",
    "every 6 hours": "0 */6 * * *",
    "daily": "0 0 * * *",
    "daily 08:00": "0 8 * * *",
    "every day at 8:05": "5 8 * * *",
    "Weekdays  at 08:00": "0 8 * * 1-5",
    "weekly 07:30": "30 7 * * 1",
    "monday 07:30": "30 7 * * 1",
    "on Sundays at 23:59": "59 23 * * 0",
    "monthly 06:00": "0 6 1 * *",
    "0 8 * * 1": "0 8 * * 1",
}


def at(words, zone=PARIS, fold=0):
    return datetime.fromisoformat(words).replace(tzinfo=ZoneInfo(zone), fold=fold)


@pytest.mark.parametrize(("words", "cron"), WORDS.items())
def test_words_are_cron_syntax_in_english(words, cron):
    assert times(words).cron == cron


@pytest.mark.parametrize(
    "text",
    ["", "yesterday", "every 7 minutes", "every 0 minutes", "daily 24:00", "monday 8", "61 * * * *",
     "0 8 30 2 *", "every friday the 13th", "* * *"],
)  # fmt: skip
def test_what_is_no_time_is_refused_with_examples(text):
    with pytest.raises(ValueError, match="is not a time; use words, such as “every 15 minutes”"):
        times(text)


@pytest.mark.parametrize(
    ("words", "now", "last", "following"),
    [
        ("monday 07:30", "2026-11-23T07:30", "2026-11-23T07:30", "2026-11-30T07:30"),
        ("monday 07:30", "2026-11-23T07:29", "2026-11-16T07:30", "2026-11-23T07:30"),
        ("monthly 06:00", "2026-03-31T12:00", "2026-03-01T06:00", "2026-04-01T06:00"),
        # the hour from 2 to 3 is skipped on 29 March: its times come right after it, once
        ("daily 02:30", "2026-03-29T12:00", "2026-03-29T03:00", "2026-03-30T02:30"),
        # the hour from 2 to 3 comes twice on 25 October: its times come once
        ("daily 02:30", "2026-10-25T12:00", "2026-10-25T02:30", "2026-10-26T02:30"),
        ("daily 08:00", "2026-10-25T07:59", "2026-10-24T08:00", "2026-10-25T08:00"),
    ],
)
def test_times_are_those_of_the_zones_clock(words, now, last, following):
    assert times(words).until(at(now), PARIS) == at(last)
    assert times(words).after(at(now), PARIS) == at(following)


def test_what_runs_every_half_hour_runs_in_both_hours_that_the_clock_repeats():
    first = at("2026-10-25T02:00").astimezone(UTC)
    run = times("every 30 minutes")
    found = [first]
    while len(found) < 5:
        found.append(run.after(found[-1], PARIS).astimezone(UTC))
    assert found == [first + timedelta(minutes=30 * n) for n in range(5)]


@given(
    words=st.sampled_from(list(WORDS)),
    now=st.integers(1_767_225_600, 1_830_000_000).map(lambda s: datetime.fromtimestamp(s, UTC)),
    zone=st.sampled_from(["UTC", PARIS, "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"]),
)
def test_now_lies_between_the_last_time_and_the_next(words, now, zone):
    run = times(words)
    last, following = run.until(now, zone), run.after(now, zone)
    assert last <= now < following
    assert run.until(last, zone) == last
    assert run.after(last, zone) == following
