"""Recurring costs in a daily series of which nothing but the sums is known."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from meaux.query.forecast import burn, forecast, recurring
from meaux.query.forecast.due import Every, OnDay, OnWeekday, ordinal, rule_of

TODAY = date(2026, 11, 10)


def daily(noise=0.0, today=TODAY, days=91, **paid):
    """About $100 a day, and amounts that are told by their day, `m09d05=600`."""
    dated = pd.date_range(end=pd.Timestamp(today), periods=days + 1)[:-1]
    values = 100 + noise * np.random.default_rng(4).normal(size=days)
    frame = pd.DataFrame({"day": dated, "cost": values})
    for name, amount in paid.items():
        day = pd.Timestamp(2026, int(name[1:3]), int(name[4:6]))
        frame.loc[frame["day"] == day, "cost"] += amount
    return frame


MONTHLY = {"m08d20": 900.0, "m09d20": 900.0, "m10d20": 900.0}


@pytest.mark.parametrize("noise", [0.0, 8.0])
def test_what_stands_out_every_month_is_found_without_a_name_and_forecast_on_its_day(noise):
    found = forecast(daily(noise, **MONTHLY), "cost", TODAY)
    [line] = found.recurring
    assert line.name == ""
    assert line.words.endswith("on the 20th")
    values = found.ahead.set_index("day")["value"]
    assert values["2026-11-20"] == pytest.approx(1_000, rel=0.05)
    assert values.drop(pd.Timestamp(2026, 11, 20)).head(29).max() < 130


def test_what_stands_out_twice_or_at_odd_days_or_with_odd_amounts_is_no_line():
    for paid in (
        {"m09d20": 900.0, "m10d20": 900.0},
        {"m08d20": 900.0, "m09d04": 900.0, "m10d25": 900.0},
        {"m08d20": 900.0, "m09d20": 500.0, "m10d20": 1_400.0},
    ):
        assert forecast(daily(8.0, **paid), "cost", TODAY).recurring == ()


def test_it_is_no_part_of_the_burn():
    october = daily(today=date(2026, 10, 24), days=75, **MONTHLY)
    lines = forecast(october, "cost", date(2026, 10, 24)).recurring
    assert burn(october, "cost", date(2026, 10, 24), 7, lines) == pytest.approx(100)
    assert burn(october, "cost", date(2026, 10, 24), 7) > 200


def of(days, amount=100.0):
    return [(date.fromisoformat(day), amount) for day in days]


def test_lines_of_one_name_on_two_days_of_the_month_are_two():
    first = ["2026-08-01", "2026-09-01", "2026-10-01", "2026-11-01"]
    middle = ["2026-08-15", "2026-09-15", "2026-10-15"]
    found = recurring(of(first + middle), "Seats")
    assert {line.words for line in found} == {
        "Seats ($100.00 on the 1st)",
        "Seats ($100.00 on the 15th)",
    }


def test_what_comes_weekly_is_no_monthly_line():
    weeks = [str(date(2026, 8, 3) + timedelta(weeks=n)) for n in range(14)]
    assert recurring(of(weeks), "Cleaning") == []


def test_a_month_without_it_begins_it_anew():
    days = ["2026-05-05", "2026-06-05", "2026-08-05", "2026-09-05", "2026-10-05"]
    [line] = recurring(of(days), "Plan")
    assert [day.month for day, _ in line.paid] == [8, 9, 10]


@pytest.mark.parametrize(
    ("days", "rule", "words"),
    [
        (["2026-01-31", "2026-02-28", "2026-03-31"], OnDay(31), "on the last day of the month"),
        (["2026-01-30", "2026-02-28", "2026-03-30"], OnDay(30), "on the 30th"),
        (["2026-08-22", "2026-09-22", "2026-10-22"], OnDay(22), "on the 22nd"),
        (
            ["2026-08-14", "2026-09-15", "2026-10-15", "2026-11-13"],
            OnDay(15, -1),
            "on the 15th (previous Friday if on a weekend)",
        ),
        (["2026-08-20", "2026-09-19", "2026-10-19"], None, "every 30 days"),
        (["2026-08-04", "2026-09-01", "2026-10-06"], OnWeekday(1, 1), "on the first Tuesday"),
        (["2026-08-04", "2026-09-06", "2026-10-05"], OnDay(5), "on the 5th"),
    ],
)
def test_the_rule_is_the_simplest_that_fits(days, rule, words):
    found = rule_of([date.fromisoformat(day) for day in days], 4)
    assert found == (rule or Every(30, date.fromisoformat(days[-1])))
    assert found.words == words


def test_days_all_over_the_month_have_no_rule():
    assert rule_of([date(2026, 8, 1), date(2026, 9, 14), date(2026, 10, 27)], 4) is None


@pytest.mark.parametrize(
    ("number", "said"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (11, "11th"), (12, "12th"), (21, "21st")],
)
def test_days_are_said_in_order(number, said):
    assert ordinal(number) == said


@given(
    day=st.integers(1, 31),
    start=st.dates(date(2024, 1, 1), date(2030, 12, 31)),
    months=st.integers(3, 14),
    amount=st.floats(1, 1e6).map(lambda value: round(value, 2)),
)
def test_whatever_the_day_of_the_month_the_next_one_is_a_month_later(day, start, months, amount):
    rule = OnDay(day)
    slot = 12 * start.year + start.month - 1
    paid = [(rule.on(slot + n), amount) for n in range(months + 1)]
    found = recurring(paid[:-1], "Plan")
    assert [line.amount for line in found] == [amount]
    until = paid[-1][0] + timedelta(days=1)
    assert list(found[0].due(paid[-2][0] + timedelta(days=1), until)) == [paid[-1][0]]
