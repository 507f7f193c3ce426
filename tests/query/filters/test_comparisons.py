"""Comparisons: weekdays meet their like, months meet months, and only days that are over count."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from meaux.query.filters import PRESETS, Period, Selection, month_to_date, preset
from meaux.query.filters.period import months_before

DAY = timedelta(1)
TODAY = date(2026, 11, 22)
"""A Sunday."""

days = st.dates(date(2002, 1, 1), date(2098, 12, 30))
lengths = st.integers(1, 800)
every_comparison = pytest.mark.parametrize("compare", ["previous", "month", "year"])


def span(first, last):
    """A period by its first and last day, in ISO form."""
    return Period(date.fromisoformat(first), date.fromisoformat(last) + DAY)


def compared(period, today=TODAY, compare="previous"):
    """Which days are held beside which, as two periods."""
    found = Selection(period, today, compare=compare)
    return found.comparable, found.compared


@pytest.mark.parametrize(
    ("period", "now", "then"),
    [
        # 30 days that are over, moved back by 35; 7 by 7; 90 by 91
        (preset("30d", TODAY), "2026-10-23 2026-11-21", "2026-09-18 2026-10-17"),
        (preset("7d", TODAY), "2026-11-15 2026-11-21", "2026-11-08 2026-11-14"),
        (preset("wtd", TODAY), "2026-11-16 2026-11-21", "2026-11-09 2026-11-14"),
        (preset("last-week", TODAY), "2026-11-09 2026-11-15", "2026-11-02 2026-11-08"),
        (preset("90d", TODAY), "2026-08-24 2026-11-21", "2026-05-25 2026-08-22"),
        # seven days, and ten of them
        (span("2026-11-09", "2026-11-15"), "2026-11-09 2026-11-15", "2026-11-02 2026-11-08"),
        (span("2026-11-05", "2026-11-14"), "2026-11-05 2026-11-14", "2026-10-22 2026-10-31"),
        # shorter: the same weekdays of the week before
        (span("2026-11-18", "2026-11-20"), "2026-11-18 2026-11-20", "2026-11-11 2026-11-13"),
        (span("2026-11-21", "2026-11-21"), "2026-11-21 2026-11-21", "2026-11-14 2026-11-14"),
        (span("2026-11-20", "2026-11-22"), "2026-11-20 2026-11-21", "2026-11-13 2026-11-14"),
    ],
)
def test_a_period_of_days_is_compared_with_the_same_weekdays(period, now, then):
    assert compared(period) == (span(*now.split()), span(*then.split()))


@pytest.mark.parametrize(
    ("period", "today", "now", "then"),
    [
        ("mtd", "2026-11-22", ("2026-11-01", "2026-11-21"), ("2026-10-01", "2026-10-21")),
        ("last-month", "2026-11-22", ("2026-10-01", "2026-10-31"), ("2026-09-01", "2026-09-30")),
        ("last-month", "2026-03-05", ("2026-02-01", "2026-02-28"), ("2026-01-01", "2026-01-31")),
        ("qtd", "2026-11-22", ("2026-10-01", "2026-11-21"), ("2026-07-01", "2026-08-21")),
        ("last-quarter", "2026-11-22", ("2026-07-01", "2026-09-30"), ("2026-04-01", "2026-06-30")),
        ("last-quarter", "2026-02-05", ("2025-10-01", "2025-12-31"), ("2025-07-01", "2025-09-30")),
        ("ytd", "2026-11-22", ("2026-01-01", "2026-11-21"), ("2025-01-01", "2025-11-21")),
        ("last-year", "2026-11-22", ("2025-01-01", "2025-12-31"), ("2024-01-01", "2024-12-31")),
        ("12m", "2026-11-22", ("2025-11-23", "2026-11-21"), ("2024-11-23", "2025-11-21")),
        # the days that February lacks are left out of March
        ("mtd", "2026-03-31", ("2026-03-01", "2026-03-28"), ("2026-02-01", "2026-02-28")),
        ("mtd", "2028-02-29", ("2028-02-01", "2028-02-28"), ("2028-01-01", "2028-01-28")),
        # whole months of a quarter that runs meet whole months
        ("qtd", "2026-12-01", ("2026-10-01", "2026-11-30"), ("2026-07-01", "2026-08-31")),
        ("ytd", "2028-03-01", ("2028-01-01", "2028-02-29"), ("2027-01-01", "2027-02-28")),
    ],
)
def test_a_calendar_period_is_compared_with_calendar(period, today, now, then):
    today = date.fromisoformat(today)
    assert compared(preset(period, today), today) == (span(*now), span(*then))


@pytest.mark.parametrize(
    ("chosen", "then"),
    [
        (("2026-10-01", "2026-10-31"), ("2026-09-01", "2026-09-30")),
        (("2026-02-01", "2026-02-28"), ("2026-01-01", "2026-01-31")),
        (("2026-07-01", "2026-09-30"), ("2026-04-01", "2026-06-30")),
        (("2025-01-01", "2025-12-31"), ("2024-01-01", "2024-12-31")),
    ],
)
def test_a_range_of_exactly_whole_months_is_a_calendar_period(chosen, then):
    assert compared(span(*chosen)) == (span(*chosen), span(*then))


def test_a_month_that_runs_is_compared_with_the_same_days_of_the_month_before():
    whole = span("2026-11-01", "2026-11-30")
    expected = span("2026-11-01", "2026-11-21"), span("2026-10-01", "2026-10-21")
    assert compared(whole) == expected


def test_the_same_days_may_be_meant_as_days_or_as_a_month():
    """On the 8th the last 7 days are those of the month to date."""
    today = date(2026, 11, 8)
    rolling, month = preset("7d", today), month_to_date(today)
    assert rolling == month
    assert compared(rolling, today)[1] == span("2026-10-25", "2026-10-31")
    assert compared(month, today)[1] == span("2026-10-01", "2026-10-07")


@pytest.mark.parametrize(
    ("period", "compare", "then"),
    [
        # dates meet dates where months are meant
        ("mtd", "month", ("2026-10-01", "2026-10-21")),
        ("mtd", "year", ("2025-11-01", "2025-11-21")),
        ("last-month", "month", ("2026-09-01", "2026-09-30")),
        ("last-month", "year", ("2025-10-01", "2025-10-31")),
        ("qtd", "year", ("2025-10-01", "2025-11-21")),
        # weekdays meet weekdays where days are: four weeks or five, and 52
        ("7d", "month", ("2026-10-18", "2026-10-24")),
        ("7d", "year", ("2025-11-16", "2025-11-22")),
        ("30d", "month", ("2026-09-18", "2026-10-17")),
        ("30d", "year", ("2025-10-24", "2025-11-22")),
    ],
)
def test_the_same_period_last_month_or_year_is_as_fair(period, compare, then):
    assert compared(preset(period, TODAY), compare=compare)[1] == span(*then)


@every_comparison
@given(days, lengths)
def test_weekdays_meet_weekdays_in_any_number_of_days(compare, start, length):
    period = Period(start, start + length * DAY, months=0)
    now, then = compared(period, period.end, compare)
    assert now == period
    assert then.days == now.days
    assert then.end <= now.start
    moved = (now.start - then.start).days
    assert moved % 7 == 0
    least = {"previous": 7, "month": 28, "year": 364}[compare]
    assert moved == max(least, next(n for n in range(length, length + 7) if n % 7 == 0))


@every_comparison
@given(days, st.integers(1, 30), st.integers(1, 24))
@example(date(2028, 1, 1), 1, 12)
def test_whole_months_meet_whole_months(compare, start, later, count):
    first = start.replace(day=1)
    period = Period(first, months_before(first, -count))
    now, then = compared(period, period.end + later * DAY, compare)
    assert now == period
    assert then.start.day == then.end.day == 1
    assert then.end <= now.start
    apart = max(count, {"previous": 1, "month": 1, "year": 12}[compare])
    assert months_before(now.start, apart) == then.start
    assert months_before(now.end, apart) == then.end


@every_comparison
@pytest.mark.parametrize("name", [name for name in PRESETS if name != "all"])
@given(days)
@example(date(2028, 2, 29))
@example(date(2028, 3, 1))
@example(date(2027, 3, 31))
@example(date(2026, 12, 31))
def test_a_preset_is_compared_on_days_that_are_over_and_with_days_that_it_has_not(
    name, compare, today
):
    period = preset(name, today)
    now, then = compared(period, today, compare)
    if period.start == today:
        assert now is then is None
        return
    assert now.start == period.start
    assert today not in now
    assert then.end <= period.start
    assert abs(then.days - now.days) <= 3


@given(days)
@example(date(2026, 3, 31))
def test_a_month_to_date_meets_as_many_days_of_the_month_before(today):
    assume(today.day > 1)
    now, then = compared(month_to_date(today), today)
    assert [day.day for day in now] == [day.day for day in then]
    assert months_before(now.start, 1) == then.start
    assert today.day - 1 - now.days in range(3)


@every_comparison
@given(days, lengths, st.integers(-10, 810))
def test_each_compared_day_lies_behind_one_like_it_or_none(compare, start, length, ago):
    period = Period(start, start + length * DAY)
    comparison = Selection(period, start + ago * DAY, compare=compare).comparison
    assume(comparison)
    pairs = [(day, comparison.ahead(day)) for day in comparison.then]
    ahead = [day for _, day in pairs if day]
    assert len(set(ahead)) == len(ahead)
    assert all(day in comparison.now for day in ahead)
    if comparison.months:
        assert all(day.day == behind.day for behind, day in pairs if day)
    else:
        assert ahead == list(comparison.now)
        assert all(day.weekday() == behind.weekday() for behind, day in pairs)


@pytest.mark.parametrize(
    ("period", "apart", "unmet"),
    [
        (preset("30d", TODAY), "weekday, 5 weeks", ""),
        (span("2026-11-18", "2026-11-20"), "weekday, 1 week", ""),
        (preset("mtd", TODAY), "day of the month, 1 month", ""),
        (
            span("2026-10-01", "2026-10-31"),
            "day of the month, 1 month",
            "No matching day for 31 Oct 2026.",
        ),
        (
            span("2026-02-01", "2026-02-28"),
            "day of the month, 1 month",
            "Not shown, no matching day: 29-31 Jan 2026.",
        ),
        (
            span("2026-01-01", "2026-03-31"),
            "day of the month, 3 months",
            "Not shown, no matching day: 29-30 Nov 2025.",
        ),
    ],
)
def test_which_day_lies_behind_which_is_said_and_what_has_no_counterpart(period, apart, unmet):
    said = f"Pale bars: comparison period (same {apart} earlier). {unmet}".strip()
    drawn = Selection(period, TODAY).comparison.drawn_as("Pale bars")
    assert drawn.replace("\N{EN DASH}", "-") == said
