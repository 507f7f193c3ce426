"""Period ends: the month and the quarter, by the run rate and by the forecast."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meaux.query.filters import Period
from meaux.query.forecast import forecast, month_end, quarter_end

MIDDLE = date(2026, 11, 22)


def days(start, values):
    dated = pd.date_range(start, periods=len(values))
    return pd.DataFrame({"day": dated, "cost": np.array(values, dtype="float64")})


def at(daily, today, end=month_end):
    return end(daily, "cost", today, forecast(daily, "cost", today))


def until(today, each, so_far=0.0, start=date(2026, 1, 1)):
    """The same on each complete day, and what today has so far."""
    return days(start, [each] * (today - start).days + [so_far])


def test_a_month_holds_its_days_and_a_quarter_its_months():
    daily = until(MIDDLE, 10)
    assert at(daily, MIDDLE).period == Period(date(2026, 11, 1), date(2026, 12, 1))
    assert at(daily, MIDDLE, quarter_end).period == Period(date(2026, 10, 1), date(2027, 1, 1))


def test_the_run_rate_is_of_complete_days_alone():
    found = at(until(MIDDLE, 10, so_far=500), MIDDLE)
    assert found.actual == 21 * 10 + 500
    assert found.run_rate == pytest.approx(300)


def test_the_run_rate_of_uneven_days_is_their_mean_times_the_month():
    found = at(days(date(2026, 11, 1), [10, 20, 60, 7]), date(2026, 11, 4))
    assert found.run_rate == pytest.approx(90 / 3 * 30)
    assert found.actual == 97


@pytest.mark.parametrize("day", [1, 2, 3])
def test_under_3_complete_days_there_is_no_run_rate(day):
    found = at(until(date(2026, 11, day), 10), date(2026, 11, day))
    assert found.run_rate is None
    assert found.no_run_rate == "needs 3 complete days"
    assert found.forecast == pytest.approx(300)


def test_from_3_complete_days_on_there_is_a_run_rate():
    found = at(until(date(2026, 11, 4), 10), date(2026, 11, 4))
    assert found.run_rate == pytest.approx(300)
    assert found.no_run_rate == ""


@pytest.mark.parametrize(
    ("so_far", "total"),
    [(0, 300), (4, 300), (10, 300), (25, 315)],
)
def test_today_counts_once_the_larger_of_what_it_has_and_what_was_forecast(so_far, total):
    assert at(until(MIDDLE, 10, so_far), MIDDLE).forecast == pytest.approx(total)


@pytest.mark.parametrize(
    ("today", "month"),
    [
        (date(2026, 2, 14), 28),
        (date(2028, 2, 29), 29),
        (date(2026, 4, 30), 30),
        (date(2026, 12, 1), 31),
        (date(2026, 12, 31), 31),
    ],
)
def test_every_month_has_its_own_length(today, month):
    found = at(until(today, 10, 10, start=date(today.year - 1, 6, 1)), today)
    assert found.forecast == pytest.approx(10 * month)
    assert (found.low80, found.high80) == (None, None)


@pytest.mark.parametrize("today", [date(2026, 7, 1), date(2026, 8, 15), date(2026, 9, 30)])
def test_a_quarter_ends_like_a_month(today):
    found = at(until(today, 10, 10), today, quarter_end)
    assert found.forecast == pytest.approx(10 * 92)
    assert found.actual == 10 * ((today - date(2026, 7, 1)).days + 1)


def test_nothing_known_of_the_month_is_no_zero():
    found = at(days(date(2026, 9, 1), [10] * 40), MIDDLE)
    assert found.actual is None
    assert found.forecast is None
    assert found.run_rate is None
    assert found.no_forecast == "no cost recorded in this period"


def test_too_little_for_a_forecast_leaves_the_actual():
    found = at(days(date(2026, 11, 21), [10, 5]), MIDDLE)
    assert found.actual == 15
    assert found.forecast is None
    assert "needs 3 complete days" in found.no_forecast


def test_an_empty_series_has_no_end():
    empty = pd.DataFrame({"day": pd.Series(dtype="datetime64[s]"), "cost": []})
    assert at(empty, MIDDLE).actual is None


def test_a_credit_lowers_what_the_month_comes_to():
    daily = until(MIDDLE, 10)
    daily.loc[daily["day"] == "2026-11-10", "cost"] = -200
    assert at(daily, MIDDLE).actual == 0
    assert at(daily, MIDDLE).forecast == pytest.approx(90, rel=0.05)


@settings(max_examples=12)
@given(
    today=st.dates(date(2026, 3, 1), date(2028, 12, 31)),
    seed=st.integers(0, 999),
    so_far=st.floats(0, 500),
)
def test_a_total_lies_in_its_band_and_is_never_below_what_is_spent(today, seed, so_far):
    values = np.random.default_rng(seed).gamma(4, 25, 60)
    daily = days(pd.Timestamp(today) - pd.Timedelta(days=60), [*values, so_far])
    ahead = forecast(daily, "cost", today)
    for end in (month_end, quarter_end):
        found = end(daily, "cost", today, ahead)
        assert found.actual <= found.low80 <= found.forecast <= found.high80


def test_the_band_of_a_month_holds_about_4_of_5_outcomes():
    inside = []
    for seed in range(40):
        values = np.random.default_rng(seed).normal(100, 20, 120)
        start = date(2026, 11, 30) - pd.Timedelta(days=119)
        daily = days(start, values)
        seen = daily[daily["day"] < pd.Timestamp(2026, 11, 11)]
        found = at(seen, date(2026, 11, 11))
        inside.append(found.low80 <= values[-30:].sum() <= found.high80)
    assert 0.65 <= np.mean(inside) <= 0.95
