"""Series: no day is lost, none is made up, and what still runs is marked."""

from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meaux.query import series
from meaux.query.filters import GRAINS, Period, Selection, preset
from meaux.query.filters.period import EARLIEST

START = date(2026, 9, 14)
LINES = ("Time", "AI", "Infrastructure")
few = settings(max_examples=30)
AMOUNTS = st.floats(-500, 5_000).map(lambda amount: round(amount, 2))


def frame(rows):
    found = pd.DataFrame(rows, columns=["day", "category", "cost"])
    return found.astype({"day": "datetime64[s]", "cost": "float64"})


@st.composite
def lines(draw):
    """A period and lines in it."""
    period = Period(START, START + timedelta(draw(st.integers(1, 120))))
    days = st.integers(0, period.days - 1).map(lambda n: START + timedelta(n))
    rows = draw(st.lists(st.tuples(days, st.sampled_from(LINES), AMOUNTS), max_size=40))
    return period, frame(rows)


@few
@given(lines())
def test_a_daily_series_has_every_day_of_every_line_once(drawn):
    period, found = drawn
    filled = series.daily(found, period, "cost", "category", LINES)
    assert len(filled) == period.days * len(LINES)
    assert not filled.duplicated(["day", "category"]).any()
    assert set(filled["day"].dt.date) == set(period)


@few
@given(lines())
def test_filling_changes_no_sum(drawn):
    period, found = drawn
    filled = series.daily(found, period, "cost", "category", LINES)
    assert filled["cost"].sum() == pytest.approx(found["cost"].sum(), abs=1e-6)
    by_line = filled.groupby("category")["cost"].sum()
    for name in LINES:
        own = found[found["category"] == name]["cost"].sum()
        assert by_line[name] == pytest.approx(own, abs=1e-6)
    assert series.daily(found, period, "cost")["cost"].sum() == pytest.approx(
        found["cost"].sum(), abs=1e-6
    )


@few
@given(lines())
def test_the_total_line_is_the_sum_of_the_others_on_every_day(drawn):
    period, found = drawn
    filled = series.daily(found, period, "cost", "category", LINES)
    wide = series.with_total(filled, "cost", "category").pivot_table(
        index="day", columns="category", values="cost", aggfunc="sum"
    )
    assert (wide["Total"] - wide[list(LINES)].sum(axis=1)).abs().max() < 1e-6


@few
@given(lines(), st.sampled_from([grain for grain in GRAINS if grain != "auto"]))
def test_a_grain_changes_no_sum(drawn, grain):
    period, found = drawn
    filled = series.daily(found, period, "cost", "category", LINES)
    selection = Selection(period, period.last, grain=grain)
    summed = series.grained(filled, "cost", selection, "category")
    assert summed["cost"].sum() == pytest.approx(found["cost"].sum(), abs=1e-6)
    assert not summed.duplicated(["day", "category"]).any()


def test_a_day_whose_every_value_is_unknown_stays_unknown():
    found = frame([(START, "Time", None), (START + timedelta(1), "Time", 2.0)])
    filled = series.daily(found, Period(START, START + timedelta(3)), "cost")
    assert filled["cost"].isna().tolist() == [True, False, False]
    assert filled["cost"].tolist()[1:] == [2.0, 0.0]


def grained(period, today, grain):
    found = frame([(day, "Time", 1.0) for day in period])
    summed = series.grained(found, "cost", Selection(period, today, grain=grain))
    return [(row.day.date(), row.cost, extent(row)) for row in summed.itertuples()]


def extent(row):
    """Whether a step is whole, cut off by the period, or not over."""
    assert row.partial or not row.ongoing
    return "running" if row.ongoing else "part" if row.partial else "whole"


def test_today_is_partial_and_no_other_day():
    found = grained(Period(date(2026, 11, 20), date(2026, 11, 23)), date(2026, 11, 22), "day")
    assert [extent for _, _, extent in found] == ["whole", "whole", "running"]


def test_a_week_runs_from_monday_to_sunday_and_only_one_that_is_not_over_is_running():
    period = Period(date(2026, 11, 4), date(2026, 11, 19))
    assert grained(period, date(2026, 11, 18), "week") == [
        (date(2026, 11, 2), 5.0, "part"),
        (date(2026, 11, 9), 7.0, "whole"),
        (date(2026, 11, 16), 3.0, "running"),
    ]


def test_a_week_that_the_period_cuts_off_before_today_changes_no_more():
    found = grained(Period(date(2026, 11, 9), date(2026, 11, 18)), date(2026, 11, 18), "week")
    assert found == [(date(2026, 11, 9), 7.0, "whole"), (date(2026, 11, 16), 2.0, "part")]


def test_a_week_that_ends_today_is_not_over():
    period = Period(date(2026, 11, 9), date(2026, 11, 23))
    found = grained(period, date(2026, 11, 22), "week")
    assert [extent for _, _, extent in found] == ["whole", "running"]


def test_a_month_is_partial_where_the_period_cuts_it():
    period = Period(date(2026, 9, 10), date(2026, 11, 11))
    assert grained(period, date(2026, 12, 1), "month") == [
        (date(2026, 9, 1), 21.0, "part"),
        (date(2026, 10, 1), 31.0, "whole"),
        (date(2026, 11, 1), 10.0, "part"),
    ]


def test_a_whole_month_of_the_past_is_not_partial():
    period = Period(date(2026, 10, 1), date(2026, 11, 1))
    assert grained(period, date(2026, 11, 22), "month") == [(date(2026, 10, 1), 31.0, "whole")]


def laid(period, today, compare="previous"):
    """Each compared day of a period, on the day that it lies behind."""
    comparison = Selection(period, today, compare=compare).comparison
    found = frame([(day, "Time", day.day) for day in comparison.then])
    moved = series.aligned(series.daily(found, comparison.then, "cost"), "cost", comparison)
    assert moved["cost"].tolist() == moved["actual_day"].dt.day.tolist()
    pairs = zip(moved["day"].dt.date, moved["actual_day"].dt.date, strict=True)
    return dict(pairs)


@few
@given(lines(), st.sampled_from(["previous", "month", "year"]))
def test_behind_each_day_lies_one_of_the_same_weekday(drawn, compare):
    whole, _ = drawn
    period = replace(whole, months=0)
    behind = laid(period, period.end, compare)
    assert list(behind) == list(period)
    assert all(day.weekday() == then.weekday() for day, then in behind.items())


def test_behind_a_saturday_lies_a_saturday():
    behind = laid(preset("30d", date(2026, 11, 22)), date(2026, 11, 22))
    assert behind[date(2026, 11, 21)] == date(2026, 10, 17)
    assert behind[date(2026, 10, 23)] == date(2026, 9, 18)
    assert date(2026, 11, 22) not in behind


def test_behind_a_day_of_a_month_lies_that_of_the_month_before():
    october = Period(date(2026, 10, 1), date(2026, 11, 1))
    behind = laid(october, date(2026, 11, 22))
    assert behind == {date(2026, 10, n): date(2026, 9, n) for n in range(1, 31)}


def test_a_day_that_the_later_month_lacks_lies_behind_none():
    february = Period(date(2026, 2, 1), date(2026, 3, 1))
    behind = laid(february, date(2026, 11, 22))
    assert behind == {date(2026, 2, n): date(2026, 1, n) for n in range(1, 29)}


@few
@given(lines(), st.integers(0, 60), st.integers(1, 60))
def test_within_keeps_the_days_of_the_period_only(drawn, start, length):
    _, found = drawn
    period = Period(START + timedelta(start), START + timedelta(start + length))
    inside = series.within(found, period)
    assert all(day in period for day in inside["day"].dt.date)
    assert len(inside) == sum(day in period for day in found["day"].dt.date)


@few
@given(lines(), st.sampled_from([grain for grain in GRAINS if grain != "auto"]))
def test_a_level_at_any_grain_is_the_last_one_of_its_days(drawn, grain):
    period, found = drawn
    filled = series.daily(found, period, "cost", "category", LINES)
    selection = Selection(period, period.last, grain=grain)
    drawn_levels = series.levels(
        filled.sample(frac=1, random_state=0), "cost", selection, "category"
    )
    assert not drawn_levels.duplicated(["day", "category"]).any()
    summed = series.grained(filled, "cost", selection, "category")
    assert set(drawn_levels["day"]) == set(summed["day"])
    for name in LINES:
        own = drawn_levels[drawn_levels["category"] == name].sort_values("day")
        last = filled[filled["category"] == name].sort_values("day")["cost"].iloc[-1]
        assert own["cost"].iloc[-1] == last


@few
@given(lines(), st.sampled_from([grain for grain in GRAINS if grain != "auto"]))
def test_the_steps_of_a_period_are_those_of_a_series_over_all_its_days(drawn, grain):
    period, found = drawn
    selection = Selection(period, period.last, grain=grain)
    every_day = series.grained(series.daily(found, period, "cost"), "cost", selection)
    steps = series.steps(selection, found)
    assert steps["day"].tolist() == every_day["day"].tolist()
    assert steps[series.MARKS].equals(every_day[series.MARKS])


def test_the_steps_of_everything_begin_with_what_was_recorded_first():
    found = frame([(date(2026, 11, 20), "Time", 1.0)])
    selection = Selection(Period(EARLIEST, date(2026, 11, 23)), date(2026, 11, 22), grain="day")
    assert [day.day for day in series.steps(selection, found)["day"]] == [20, 21, 22]
