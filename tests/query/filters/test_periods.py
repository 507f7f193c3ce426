"""Periods: half-open ranges of local days, and the words for them."""

import calendar
from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from meaux.query.filters import PRESETS, Period, month_to_date, preset
from meaux.query.filters.period import EARLIEST, last_month, months_before

DAY = timedelta(days=1)
LEAP_DAY = date(2028, 2, 29)

days = st.dates(date(2001, 1, 1), date(2099, 12, 30))
lengths = st.integers(1, 800)
months = st.integers(1, 24)


@st.composite
def periods(draw):
    start = draw(days)
    return Period(start, start + draw(lengths) * DAY)


@given(days, lengths)
def test_a_period_holds_its_first_day_and_not_its_end(start, length):
    period = Period(start, start + length * DAY)
    assert period.start in period
    assert period.last in period
    assert period.end not in period
    assert period.start - DAY not in period


@given(periods())
def test_a_period_is_as_long_as_the_days_in_it(period):
    inside = list(period)
    assert len(inside) == period.days == len(set(inside))
    assert inside == sorted(inside)
    assert all(day in period for day in inside)


@pytest.mark.parametrize("end", [date(2026, 11, 22), date(2026, 11, 21)])
def test_a_period_has_at_least_one_day(end):
    with pytest.raises(ValueError, match="must end after it starts"):
        Period(date(2026, 11, 22), end)


@given(periods(), days)
def test_the_days_before_a_day_are_those_of_the_period_that_come_first(period, day):
    before = period.before(day)
    assert list(before or ()) == [inside for inside in period if inside < day]


@pytest.mark.parametrize(
    ("period", "months"),
    [
        (Period(date(2026, 10, 1), date(2026, 11, 1)), 1),
        (Period(date(2026, 7, 1), date(2026, 10, 1)), 3),
        (Period(date(2025, 11, 1), date(2026, 11, 1)), 12),
        (Period(date(2024, 11, 1), date(2026, 11, 1)), 24),
        (Period(date(2026, 10, 1), date(2026, 10, 31)), 0),
        (Period(date(2026, 10, 2), date(2026, 11, 2)), 0),
        (Period(date(2026, 10, 2), date(2026, 11, 1)), 0),
        (preset("last-month", date(2026, 11, 22)), 1),
        (preset("mtd", date(2026, 11, 22)), 1),
        (preset("qtd", date(2026, 11, 22)), 3),
        (preset("ytd", date(2026, 11, 22)), 12),
        (preset("12m", date(2026, 11, 22)), 12),
        (preset("today", date(2026, 11, 22)), 0),
        (preset("7d", date(2026, 11, 22)), 0),
        (preset("30d", date(2026, 10, 31)), 0),
    ],
    ids=str,
)
def test_a_period_is_counted_in_months_if_its_preset_or_its_days_mean_months(period, months):
    assert period.counted_in_months == months


@given(days, st.integers(0, 30), st.integers(0, 30))
def test_any_other_range_is_counted_in_days(start, early, late):
    first = start.replace(day=1)
    period = Period(first + early * DAY, months_before(first, -1) + late * DAY)
    assert bool(period.counted_in_months) == (period.start.day == 1 == period.end.day)


@given(periods(), lengths)
def test_a_period_reaching_back_ends_where_it_ended(period, length):
    wider = period.reaching_back(length)
    assert wider.end == period.end
    assert wider.days == period.days + length


@given(days, months)
@example(date(2028, 3, 31), 1)
@example(LEAP_DAY, 12)
def test_the_same_day_of_an_earlier_month_is_its_last_if_it_lacks_that_day(day, count):
    earlier = months_before(day, count)
    assert (day.year * 12 + day.month) - (earlier.year * 12 + earlier.month) == count
    assert earlier.day == min(day.day, calendar.monthrange(earlier.year, earlier.month)[1])


@pytest.mark.parametrize("name", PRESETS)
@given(days)
@example(LEAP_DAY)
@example(date(2027, 2, 28))
@example(date(2026, 1, 1))
@example(date(2026, 12, 31))
def test_every_preset_has_a_meaning_on_every_day(name, today):
    period = preset(name, today)
    over = name in {"last-week", "last-month", "last-quarter", "last-year"}
    assert (today in period) is not over
    assert (period.last < today) if over else period.last == today


@pytest.mark.parametrize(("name", "count"), [("today", 0), ("7d", 7), ("30d", 30), ("90d", 90)])
@given(days)
def test_last_n_days_are_n_complete_days_and_today(name, count, today):
    period = preset(name, today)
    assert period.days == count + 1
    assert period.end == today + DAY


@given(days)
def test_the_week_to_date_begins_on_monday_and_last_week_ends_before_it(today):
    this, last = preset("wtd", today), preset("last-week", today)
    assert this.start.isoweekday() == last.start.isoweekday() == 1
    assert this.days == today.isoweekday()
    assert last.days == (this.start - last.start).days == 7


@given(days)
def test_last_year_is_all_of_the_year_before_the_year_to_date(today):
    last = preset("last-year", today)
    assert last.start == date(today.year - 1, 1, 1)
    assert last.end == preset("ytd", today).start


@given(days)
def test_the_month_to_date_begins_on_the_first(today):
    period = month_to_date(today)
    assert period.start == today.replace(day=1)
    assert period.days == today.day
    assert preset("mtd", today) == period


@given(days)
def test_last_month_is_all_of_the_month_before(today):
    period = last_month(today)
    assert period.end == today.replace(day=1)
    assert period.start.day == 1
    assert period.days == calendar.monthrange(period.start.year, period.start.month)[1]


@given(days)
def test_the_last_quarter_is_the_three_months_before_the_quarter_to_date(today):
    period = preset("last-quarter", today)
    assert period.end == preset("qtd", today).start
    assert [day.month % 3 for day in period if day.day == 1] == [1, 2, 0]


@given(days)
def test_the_quarter_to_date_begins_in_january_april_july_or_october(today):
    start = preset("qtd", today).start
    assert start.day == 1
    assert start.month in (1, 4, 7, 10)
    assert 0 <= (today.year - start.year) * 12 + today.month - start.month <= 2


@given(days)
def test_the_year_to_date_begins_on_new_years_day(today):
    assert preset("ytd", today).start == date(today.year, 1, 1)


@given(days)
def test_the_last_12_months_are_a_year_of_days_with_today_in_it(today):
    period = preset("12m", today)
    assert period.days in (365, 366)
    assert months_before(period.end, 12) == period.start


def test_the_period_all_begins_before_any_record():
    assert preset("all", date(2026, 11, 22)).start == EARLIEST


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (date(2026, 11, 22), date(2026, 11, 23), "22 Nov 2026"),
        (date(2026, 11, 1), date(2026, 11, 23), "1-22 Nov 2026"),
        (date(2026, 10, 24), date(2026, 11, 23), "24 Oct - 22 Nov 2026"),
        (date(2025, 12, 24), date(2026, 1, 3), "24 Dec 2025 - 2 Jan 2026"),
        (date(2025, 11, 1), date(2026, 11, 23), "1 Nov 2025 - 22 Nov 2026"),
        (date(2026, 11, 30), date(2026, 12, 1), "30 Nov 2026"),
    ],
)
def test_a_period_in_words_is_as_short_as_it_can_be(start, end, words):
    assert str(Period(start, end)) == words.replace("-", "\N{EN DASH}")


@given(periods())
def test_the_words_of_a_period_name_its_last_day_and_never_its_end(period):
    assert str(period).endswith(f"{period.last.day} {period.last:%b %Y}")
