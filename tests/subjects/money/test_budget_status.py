"""Budget status: what is used of a budget, how fast, and which status that is."""

from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from meaux.data.thresholds import Thresholds
from meaux.query.filters import Period
from meaux.query.forecast import PeriodEnd
from meaux.subjects.money.budgets import (
    STATUSES,
    Budget,
    BudgetStatus,
    assess,
    exhaustion,
    find,
    running,
    status,
)
from meaux.wording import percent_of

AI = Budget("AI", "category", "AI", 2_500.0, "meaux.toml")
TODAY = date(2026, 11, 22)
NOVEMBER = Period(date(2026, 11, 1), date(2026, 12, 1))

days = st.dates(date(2024, 1, 1), date(2032, 12, 31))
dollars = st.floats(-1e6, 1e6).map(lambda value: round(value, 2))
budgets = st.floats(0.01, 1e6)
shares = st.floats(-3, 3)
forecasts = st.none() | shares


def each_day(today, cost, so_far=0.0, days=60):
    """The same cost on each complete day, and what today has so far."""
    dated = pd.date_range(end=pd.Timestamp(today), periods=days + 1)
    return pd.DataFrame({"day": dated, "cost": [cost] * days + [so_far]})


def forecast_of(total, low=None, high=None):
    return PeriodEnd(NOVEMBER, 0.0, None, total, low, high)


def rest_of_month(today):
    """Today and the days of its month after it."""
    return Period(today, (today.replace(day=1) + timedelta(32)).replace(day=1))


def spent(actual, today=TODAY):
    """One cost on the first of the month, and no other."""
    return pd.DataFrame({"day": [pd.Timestamp(today.replace(day=1))], "cost": [actual]})


def test_a_standing_by_hand():
    found = assess(AI, each_day(TODAY, 110, so_far=102), TODAY, forecast_of(3_290, 3_200, 3_400))
    assert found.actual == 21 * 110 + 102 == 2_412
    assert found.used == pytest.approx(0.9648)
    assert found.pace == pytest.approx(0.9648 - 22 / 30)
    assert found.remaining == pytest.approx(88)
    assert (found.burn7, found.burn30) == (110, 110)
    assert found.run_rate == pytest.approx(3_300)
    assert found.forecast == 3_290
    assert found.exhausted_on == TODAY
    assert found.status == "at risk"
    assert found.sentence == (
        "AI budget: $2,412.00 of $2,500.00 used (96%), 23 pp over pace; "
        "exhausted on 22 Nov at the current burn rate."
    )


def test_a_quiet_budget_in_words():
    found = assess(AI, each_day(TODAY, 50), TODAY, forecast_of(1_500))
    assert found.status == "on track"
    assert found.sentence == (
        "AI budget: $1,050.00 of $2,500.00 used (42%), 31 pp under pace; "
        "lasts the month at the current burn rate."
    )


def test_a_budget_that_is_used_up_in_words():
    found = assess(AI, each_day(TODAY, 125), TODAY)
    assert found.status == "over"
    assert found.exhausted_on == date(2026, 11, 20)
    assert found.sentence == (
        "AI budget: $2,625.00 of $2,500.00 used (105%), 32 pp over pace; over budget since 20 Nov."
    )


def test_a_month_that_is_forecast_to_end_over_its_budget_in_words():
    found = assess(AI, each_day(TODAY, 75), TODAY, forecast_of(2_600))
    assert found.status == "at risk"
    assert found.sentence.endswith("; forecast for the month $2,600.00.")


def test_a_budget_in_step_with_the_month_in_words():
    today = date(2026, 11, 15)
    found = assess(AI, spent(1_250, today), today)
    assert found.sentence == "AI budget: $1,250.00 of $2,500.00 used (50%), on pace."


def test_what_is_short_of_the_budget_never_reads_100_per_cent():
    assert "(99.9%)" in assess(AI, spent(2_499.99), TODAY).sentence


def test_a_name_that_says_budget_does_not_say_it_twice():
    named = Budget("Monthly budget", "total", "", 100.0, "meaux.toml")
    assert assess(named, spent(5), TODAY).sentence.startswith("Monthly budget: $5.00 of")


@pytest.mark.parametrize(
    "daily",
    [
        spent(None),
        spent(9, date(2026, 10, 5)),
        pd.DataFrame({"day": pd.Series(dtype="datetime64[s]"), "cost": pd.Series(dtype="float64")}),
    ],
    ids=["unknown", "last month alone", "empty"],
)
def test_a_month_of_which_nothing_is_known_is_unknown_and_not_zero(daily):
    found = assess(AI, daily, TODAY, forecast_of(9_999))
    assert found == BudgetStatus(AI, TODAY, "unknown")
    assert (found.actual, found.used) == (None, None)
    assert found.sentence == "AI budget: spend this month is unknown."


def test_last_month_and_tomorrow_are_no_part_of_the_actual():
    daily = pd.concat([each_day(TODAY, 10, days=60), spent(7_000, date(2026, 12, 1))])
    assert assess(AI, daily, TODAY).actual == 210


def test_a_known_zero_is_on_track():
    found = assess(AI, each_day(TODAY, 0), TODAY)
    assert (found.actual, found.used, found.status) == (0, 0, "on track")
    assert found.exhausted_on is None


def test_cents_that_add_up_to_the_budget_are_all_of_it():
    lines = pd.DataFrame({"day": [pd.Timestamp(TODAY)] * 3, "cost": [0.1, 0.1, 0.1]})
    assert assess(Budget("B", "total", "", 0.3, ""), lines, TODAY).status == "over"


@pytest.mark.parametrize(
    ("used", "pace", "forecast", "expected"),
    [
        (1.0, 0.5, None, "over"),
        (0.999, 0.5, None, "at risk"),
        (0.8, -0.1, None, "at risk"),
        (0.1, -0.5, 1.0, "at risk"),
        (0.1, -0.5, 0.999, "on track"),
        (0.799, 0.01, None, "watch"),
        (0.5, 0.01, 0.9, "watch"),
        (0.5, 0.0, None, "on track"),
        (0.499, 0.4, None, "on track"),
        (-0.2, -0.9, None, "on track"),
    ],
)
def test_a_status_is_the_most_severe_that_holds(used, pace, forecast, expected):
    assert status(used, pace, forecast) == expected


def test_the_limits_of_a_status_can_be_set():
    limits = Thresholds(over=1.2, at_risk=0.9, watch=0.3)
    assert status(1.1, 0.1, None, limits) == "at risk"
    assert status(0.85, 0.1, 1.1, limits) == "watch"
    assert assess(AI, spent(2_600), TODAY, None, limits).status == "at risk"


@pytest.mark.parametrize(
    ("today", "share"),
    [
        (date(2026, 11, 1), 1 / 30),
        (date(2026, 11, 30), 1),
        (date(2028, 2, 29), 1),
        (date(2028, 2, 14), 14 / 29),
        (date(2026, 2, 14), 14 / 28),
        (date(2026, 12, 31), 1),
    ],
)
def test_the_share_of_the_month_that_has_passed_includes_today(today, share):
    found = assess(AI, spent(0, today), today)
    assert found.pace == pytest.approx(-share)


@pytest.mark.parametrize(
    ("first", "last", "days", "passed"),
    [
        (None, date(2026, 11, 24), range(1, 25), 22 / 24),
        (date(2026, 11, 5), None, range(5, 31), 18 / 26),
        (date(2026, 11, 5), date(2026, 11, 24), range(5, 25), 18 / 20),
        (date(2026, 1, 1), date(2026, 12, 31), range(1, 31), 22 / 30),
    ],
)
def test_a_budget_is_assessed_on_its_own_days_of_the_month(first, last, days, passed):
    budget = replace(AI, first_day=first, last_day=last)
    assert list(running(budget, TODAY)) == [date(2026, 11, day) for day in days]
    found = assess(budget, by_day(d6=250), TODAY)
    assert found.pace == pytest.approx(0.1 - passed)


@pytest.mark.parametrize(
    ("remaining", "burn", "day"),
    [
        (88, 44, 24),
        (87.99, 44, 23),
        (1, 44, 22),
        (8 * 44, 44, 30),
        (9 * 44 - 1, 44, 30),
        (9 * 44, 44, None),
        (1e300, 1e-9, None),
        (88, 0, None),
        (88, -5, None),
        (88, None, None),
        (0, 44, None),
        (-3, 44, None),
    ],
)
def test_a_budget_is_exhausted_on_a_day_of_this_month_or_on_none(remaining, burn, day):
    expected = day and date(2026, 11, day)
    assert exhaustion(remaining, burn, rest_of_month(TODAY)) == expected


def test_a_budget_is_found_by_its_scope_and_what_it_is_of():
    team = Budget("Core", "team", "Core", 100.0, "meaux.toml")
    assert find([AI, team], "team", "core") is team
    assert find([AI, team], "category", "AI") is AI


def test_where_no_budget_is_set_there_is_none():
    assert find([AI], "total") is None
    assert find([AI], "category", "Time") is None
    assert find([], "category", "AI") is None


@given(days, dollars, budgets)
def test_used_times_the_budget_is_the_actual(today, actual, monthly):
    found = assess(Budget("B", "total", "", monthly, ""), spent(actual, today), today)
    assert found.actual == pytest.approx(actual)
    assert found.used * monthly == pytest.approx(actual)
    assert found.remaining + found.actual == pytest.approx(monthly)


@given(days, dollars, budgets)
def test_pace_is_below_used_by_at_most_the_whole_month(today, actual, monthly):
    found = assess(Budget("B", "total", "", monthly, ""), spent(actual, today), today)
    assert found.used - 1 <= found.pace < found.used or found.used > 1e6


@given(shares, shares, st.floats(0, 1), forecasts, forecasts)
def test_a_status_never_gets_better_as_more_is_spent(one, other, passed, forecast, higher):
    assume(forecast is None or (higher is not None and higher >= forecast))
    less, more = sorted((one, other))
    before = STATUSES.index(status(less, less - passed, forecast))
    after = STATUSES.index(status(more, more - passed, higher))
    assert after <= before


@given(days, st.floats(-1e9, 1e9), st.none() | st.floats(-1e6, 1e6))
def test_a_budget_is_exhausted_between_today_and_the_end_of_its_month(today, remaining, burn):
    found = exhaustion(remaining, burn, rest_of_month(today))
    if found is not None:
        assert found >= today
        assert (found.year, found.month) == (today.year, today.month)
        assert remaining > 0
        assert burn > 0


@given(st.floats(0.01, 1e6), st.floats(0.01, 1e6), st.floats(0.01, 1e6))
def test_a_faster_burn_exhausts_a_budget_no_later(remaining, one, other):
    slow, fast = sorted((one, other))
    never = date.max
    later = exhaustion(remaining, slow, rest_of_month(TODAY)) or never
    assert (exhaustion(remaining, fast, rest_of_month(TODAY)) or never) <= later


@given(days)
def test_a_budget_of_a_day_more_than_is_left_lasts_the_month(today):
    tomorrow = today + timedelta(days=1)
    assert exhaustion(400.0, 1.0, rest_of_month(today)) is None
    assert exhaustion(1.0, 1.0, rest_of_month(today)) == (
        tomorrow if tomorrow.month == today.month else None
    )


@given(shares, st.lists(st.floats(0.1, 2).map(lambda step: round(step, 2)), max_size=4))
def test_a_share_in_words_stands_on_its_own_side_of_every_step(share, steps):
    shown = float(percent_of(share, steps).strip("%").replace(",", "")) / 100
    assert all((share >= step) == (round(shown, 6) >= step) for step in steps)
    assert shown == pytest.approx(share, abs=0.006)


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.897, "89.7%"),
        (0.8996, "89.9%"),
        (0.9, "90%"),
        (0.904, "90%"),
        (0.499, "49.9%"),
        (0.9999, "99.9%"),
        (1.0, "100%"),
        (1.004, "100%"),
        (12.3456, "1,235%"),
    ],
)
def test_a_share_has_a_decimal_where_a_whole_number_would_pass_a_step(share, words):
    assert percent_of(share, (0.5, 0.9, 1.0)) == words


def test_the_words_of_a_standing_never_pass_a_threshold_that_it_has_not_reached():
    limits = Thresholds(at_risk=0.9)
    found = assess(AI, spent(0.897 * 2_500), TODAY, None, limits)
    assert found.status == "watch"
    assert "(89.7%)" in found.sentence


def by_day(**costs):
    """What some days of November cost: `d2=5`."""
    days = [pd.Timestamp(2026, 11, int(day[1:])) for day in costs]
    return pd.DataFrame({"day": days, "cost": list(costs.values())})


@pytest.mark.parametrize(
    ("daily", "since"),
    [
        (by_day(d2=2_499, d5=1, d9=3), 5),
        (by_day(d2=2_600), 2),
        (by_day(d2=2_600, d4=-200, d9=50, d12=80), 12),
        (by_day(d2=2_600, d4=-50, d9=1), 2),
        (by_day(d1=0.1, d2=0.2, d22=2_499.7), 22),
        (by_day(d2=2_499), None),
        (by_day(d2=2_600, d4=-200), None),
    ],
)
def test_a_budget_is_over_since_the_day_from_which_on_it_never_was_below(daily, since):
    assert assess(AI, daily, TODAY).over_since == (since and date(2026, 11, since))


def test_a_budget_that_is_over_names_at_most_three_days_that_cost_most():
    daily = by_day(d2=10, d3=2_000, d4=400, d5=-30, d6=900)
    assert assess(AI, daily, TODAY).dearest == (
        (date(2026, 11, 3), 2_000), (date(2026, 11, 6), 900), (date(2026, 11, 4), 400),
    )  # fmt: skip
    assert assess(AI, by_day(d2=5), TODAY).dearest == ()


@pytest.mark.parametrize("amount", [50, 100, 200, 700])
def test_what_comes_to_the_threshold_exactly_is_over_since_that_day(amount):
    budget = replace(AI, amount=float(amount))
    daily = each_day(TODAY, 0)
    daily.loc[daily["day"] == pd.Timestamp(TODAY), "cost"] = round(1.1 * amount, 2)
    found = assess(budget, daily, TODAY, thresholds=Thresholds(over=1.1))
    assert (found.status == "over") == (found.over_since == TODAY)
