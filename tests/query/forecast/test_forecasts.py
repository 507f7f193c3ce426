"""Forecasts: known series, too little data, bands, back-test."""

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from meaux.query.forecast import burn, forecast

COLUMNS = ["day", "value", "low80", "high80", "low95", "high95"]


@pytest.fixture
def ahead(series, today):
    return lambda values, **how: forecast(series(values), "cost", today, **how)


def widths(found):
    return (found.frame["high80"] - found.frame["low80"]).to_numpy()


def test_a_forecast_begins_today_and_has_30_days(ahead, today):
    found = ahead([5.0] * 40).frame
    assert list(found) == COLUMNS
    assert list(found["day"].dt.date) == [today + timedelta(days=n) for n in range(30)]


def test_a_forecast_reaches_to_its_horizon(ahead):
    assert len(ahead([5.0] * 40, horizon=7).frame) == 7
    assert len(ahead([5.0] * 40, horizon=120).frame) == 120


def test_today_and_the_days_after_it_are_no_part_of_what_is_learned(series, today, weekly):
    daily = series(weekly(60, noise=5))
    later = pd.DataFrame({"day": pd.date_range(today, periods=5), "cost": 9_999.0})
    found = forecast(pd.concat([daily, later]), "cost", today)
    pd.testing.assert_frame_equal(found.frame, forecast(daily, "cost", today).frame)


@pytest.mark.parametrize("level", [0.0, 0.003, 40.0, -7.0, 1e9])
@pytest.mark.parametrize("days", [3, 28, 42, 200])
def test_a_constant_series_stays_as_it_is_without_a_band(ahead, level, days):
    found = ahead([level] * days).frame
    assert np.allclose(found["value"], level)
    assert found[COLUMNS[2:]].isna().all(axis=None)
    assert ahead([level] * days).ahead[["below80", "above80"]].isna().all(axis=None)


def test_a_weekly_pattern_is_repeated(ahead, weekly):
    assert np.allclose(ahead(weekly(70)).frame["value"], np.resize(weekly(7), 30))


def test_a_weekly_pattern_is_found_under_noise(ahead, weekly):
    found = ahead(weekly(140, noise=8)).frame["value"]
    assert np.abs(found - np.resize(weekly(7), 30)).max() < 8


def test_a_trend_goes_on(ahead):
    found = ahead(10 + 0.5 * np.arange(200)).frame["value"].to_numpy()
    assert (np.diff(found) > 0).all()
    assert found[0] == pytest.approx(110, rel=0.02)
    assert found[-1] == pytest.approx(124.5, rel=0.05)


@pytest.mark.parametrize("position", [-1, -20, -70])
def test_a_spike_ruins_neither_the_level_nor_the_band(ahead, weekly, position):
    values = weekly(140, noise=5)
    calm = ahead(values)
    values[position] = 5_000
    spiked = ahead(values)
    assert spiked.frame["value"].sum() == pytest.approx(calm.frame["value"].sum(), rel=0.02)
    assert widths(spiked).mean() == pytest.approx(widths(calm).mean(), rel=0.1)


def test_bills_that_come_every_month_stay_in_the_total(ahead, weekly):
    values = weekly(180, noise=5)
    values[::30] += 600
    assert ahead(values).frame["value"].sum() == pytest.approx(weekly(30).sum() + 600, rel=0.1)


def test_a_change_that_lasts_is_no_spike(ahead):
    noise = np.random.default_rng(3).normal(0, 2, 120)
    values = np.where(np.arange(120) < 110, 50, 150) + noise
    assert ahead(values).frame["value"].mean() == pytest.approx(150, rel=0.1)


def test_a_level_that_moved_once_is_no_level_that_moves_all_the_time(ahead, weekly):
    steady = weekly(180, noise=5)
    moved = steady + np.where(np.arange(180) < 110, 0, 60)
    spans = [
        ahead(values).ahead.loc[29, ["below80", "above80"]].sum() for values in (steady, moved)
    ]
    assert spans[1] == pytest.approx(spans[0], rel=0.25)
    assert ahead(moved).frame["value"].sum() == pytest.approx(
        weekly(210)[180:].sum() + 30 * 60, rel=0.02
    )


def test_two_odd_days_at_the_end_are_no_trend(ahead, weekly):
    values = weekly(120, noise=5)
    values[-2:] = [400, 900]
    found = ahead(values).frame["value"].to_numpy()
    assert found[21:28].sum() <= 1.2 * found[:7].sum()


def test_a_stretch_that_came_twice_comes_again_whole(ahead, weekly):
    values = weekly(200, noise=5)
    for first in (42, 112):
        values[first : first + 7] = 0
    found, often = ahead(values), 2 / 200
    usual = weekly(7).sum()
    assert found.frame["value"].sum() == pytest.approx(
        weekly(230)[200:].sum() - 30 * often * usual, rel=0.03
    )
    below, above = found.ahead.loc[29, ["below80", "above80"]]
    assert below > 0.9 * usual - 30 * often * usual
    assert above < usual


def test_under_28_complete_days_every_day_is_their_mean(ahead):
    found = ahead([10.0, 20.0, 30.0])
    assert found.method == "mean"
    assert (found.frame["value"] == 20).all()
    assert found.frame["high80"].iloc[0] == pytest.approx(
        20 + 1.8856 * 10 * (4 / 3) ** 0.5, rel=1e-4
    )


@pytest.mark.parametrize(
    ("days", "method"),
    [(3, "mean"), (27, "mean"), (28, "exponential smoothing")],
)
def test_the_method_depends_on_the_complete_days(ahead, weekly, days, method):
    found = ahead(weekly(days, noise=3))
    assert found.method == method
    assert method in found.sentence.lower()
    assert f"{days} complete days" in found.sentence


@pytest.mark.parametrize(
    ("values", "count"),
    [([], "there are none"), ([5], "there is 1"), ([5, 6], "there are 2"), ([np.nan] * 9, "none")],
)
def test_under_3_complete_days_there_is_a_sentence_and_no_forecast(ahead, values, count):
    found = ahead(values)
    assert found.method is None
    assert list(found.frame) == COLUMNS
    assert found.frame.empty
    assert "needs 3 complete days" in found.sentence
    assert count in found.sentence


def test_unknown_days_are_not_zeros(ahead, weekly):
    values = weekly(84)
    values[[5, 30, 31, 32, 60]] = np.nan
    assert np.allclose(ahead(values).frame["value"], np.resize(weekly(7), 30))


def test_days_that_are_missing_are_unknown(series, today, weekly):
    daily = series(weekly(84)).drop(index=[5, 30, 31, 60])
    found = forecast(daily, "cost", today).frame
    assert np.allclose(found["value"], np.resize(weekly(7), 30))


def test_a_series_that_stopped_being_known_is_continued_to_today(ahead, weekly):
    values = weekly(84)
    values[-10:] = np.nan
    assert np.allclose(ahead(values).frame["value"], np.resize(weekly(7), 30))


def test_the_longer_nothing_is_known_the_wider_is_the_band(ahead, weekly):
    noise = np.cumsum(np.random.default_rng(1).normal(0, 5, 120))
    values = 500 + noise + weekly(120)
    fresh = widths(ahead(values[:-10]))[0]
    values[-10:] = np.nan
    assert widths(ahead(values))[0] > fresh


def test_zeros_long_before_the_first_value_are_no_part_of_the_series(ahead):
    found = ahead([0.0] * 60 + [10.0, 20.0, 30.0])
    assert found.method == "mean"
    assert (found.frame["value"] == 20).all()


def test_what_was_never_negative_never_will_be(ahead):
    falling = np.clip(100 - np.arange(80), 0, None) + np.random.default_rng(2).uniform(0, 9, 80)
    found = ahead(falling).ahead
    assert (found.drop(columns="day") >= 0).all(axis=None)


def test_credits_may_go_on_below_zero(ahead, weekly):
    found = ahead(-weekly(60, noise=4)).frame
    assert (found["value"] < 0).all()
    assert (found["low80"] < found["value"]).all()


def test_a_forecast_is_the_same_every_time(ahead, weekly):
    first, second = (ahead(weekly(100, noise=9)).ahead for _ in range(2))
    pd.testing.assert_frame_equal(first, second)


def test_a_forecast_in_cents_is_a_hundred_times_that_in_dollars(ahead, weekly):
    dollars, cents = (ahead(unit * weekly(100, noise=9)).frame for unit in (1, 100))
    assert np.allclose(100 * dollars[COLUMNS[1:]], cents[COLUMNS[1:]], rtol=1e-3)


def test_lines_of_one_day_are_added_up(series, today, weekly):
    halves = pd.concat([series(weekly(60, noise=5) / 2)] * 2)
    found = forecast(halves, "cost", today).frame
    whole = forecast(series(weekly(60, noise=5)), "cost", today).frame
    assert np.allclose(found[COLUMNS[1:]], whole[COLUMNS[1:]])


@pytest.mark.parametrize("days", [35, 180])
@pytest.mark.parametrize("drift", [0.0, 3.0])
def test_the_bands_hold_about_as_many_days_as_they_say(series, today, weekly, days, drift):
    inside80, inside95, totals = [], [], []
    for seed in range(13):
        walk = np.cumsum(np.random.default_rng(seed + 99).normal(0, drift, days + 30))
        values = 500 + weekly(days + 30, noise=15, seed=seed) + walk
        found = forecast(series(values[:days]), "cost", today)
        after, table = values[days:], found.frame
        inside80.append(((after >= table["low80"]) & (after <= table["high80"])).mean())
        inside95.append(((after >= table["low95"]) & (after <= table["high95"])).mean())
        off = after.sum() - table["value"].sum()
        below, above = (found.ahead[edge].iloc[29] for edge in ("below80", "above80"))
        totals.append(-below <= off <= above)
    assert 0.68 <= np.mean(inside80) <= 0.92
    assert 0.85 <= np.mean(inside95) <= 1.0
    assert 0.6 <= np.mean(totals) <= 1.0


def test_accuracy_compares_the_last_14_days_with_the_week_before_them(ahead, weekly):
    values = weekly(60)
    values[-14:] += 10
    accuracy = ahead(values).accuracy
    assert accuracy.mean_absolute_error == pytest.approx(10)
    assert accuracy.ratio == pytest.approx(1)


def test_smoothing_is_better_than_repeating_a_noisy_week(ahead, weekly):
    found = ahead(weekly(150, noise=10))
    assert found.accuracy.ratio < 1
    error = found.accuracy.mean_absolute_error
    assert found.sentence.endswith(
        f"it was ${error:,.2f} off per day on average; repeating the week before was "
        f"${error / found.accuracy.ratio:,.2f} off."
    )


def test_a_week_that_is_repeated_without_error_has_no_ratio(ahead, weekly):
    found = ahead(weekly(60))
    assert found.accuracy.mean_absolute_error == pytest.approx(0)
    assert found.accuracy.ratio is None
    assert found.sentence.endswith("it was $0.00 off per day on average.")


@pytest.mark.parametrize(("days", "needed"), [(3, 21), (20, 21), (28, 42), (41, 42)])
def test_too_short_a_series_says_what_a_test_needs(ahead, weekly, days, needed):
    found = ahead(weekly(days, noise=3))
    assert found.accuracy is None
    assert found.untested == f"needs {needed} complete days"
    assert found.untested in found.sentence


@pytest.mark.parametrize("days", [21, 42])
def test_a_series_that_is_long_enough_is_tested(ahead, weekly, days):
    assert ahead(weekly(days, noise=3)).accuracy is not None


@settings(max_examples=40)
@given(
    values=st.lists(
        st.one_of(st.just(0.0), st.just(float("nan")), st.floats(-1e6, 1e6)), max_size=90
    )
)
@example([0.0] * 59 + [1e-9])
@example([0.0, 1e6] * 30)
@example([float(n % 7) + 1e-13 * n for n in range(80)])
def test_whatever_the_days_were_every_number_ahead_is_one(series, today, values):
    found = forecast(series(values), "cost", today)
    numbers = found.frame[COLUMNS[1:]]
    assert np.isfinite(numbers["value"]).all()
    bands = numbers[COLUMNS[2:]]
    if bands.isna().all(axis=None):
        return
    assert np.isfinite(bands).all(axis=None)
    assert numbers["low95"].le(numbers["low80"]).all()
    assert numbers["low80"].le(numbers["value"]).all()
    assert numbers["value"].le(numbers["high80"]).all()
    assert numbers["high80"].le(numbers["high95"]).all()
    assert len(found.frame) == (30 if found.method else 0)


@pytest.mark.parametrize(
    ("values", "days", "mean"),
    [
        ([100] * 3 + [1, 2, 3, 4, 5, 6, 7], 7, 4),
        ([10] * 23 + [80] * 7, 30, (230 + 560) / 30),
        ([5, 6, 7], 7, 6),
        # an unknown day counts with what is known of it
        ([5, 6, np.nan, 7], 7, 18 / 4),
        ([100] + [0] * 22 + [np.nan], 30, 100 / 24),
        ([-1, -2, -3], 7, -2),
    ],
)
def test_burn_is_the_mean_of_the_last_complete_days(series, today, values, days, mean):
    assert burn(series(values), "cost", today, days) == pytest.approx(mean)


@pytest.mark.parametrize(
    "values", [[], [5], [5, 6], [np.nan] * 8, [9] * 9 + [np.nan] * 7, [9] * 9 + [0] * 6 + [np.nan]]
)
def test_burn_needs_3_days_of_which_something_is_known(series, today, values):
    assert burn(series(values), "cost", today, 7) is None


@given(st.lists(st.floats(1, 1e6), min_size=4, max_size=20), st.data())
def test_a_day_of_unpriced_lines_changes_no_burn(series, today, values, data):
    """Neither does it where the day has priced lines too: what is unknown of it is left out."""
    values[data.draw(st.integers(1, len(values) - 2))] = 0
    unknown = [value or np.nan for value in values]
    assert burn(series(unknown), "cost", today, 30) == burn(series(values), "cost", today, 30)
