"""What if: the days ahead cost more or less, and the month ends elsewhere."""

from datetime import date, timedelta

import pandas as pd
import pytest

from meaux.query.forecast import forecast, month_end, what_if

TODAY = date(2026, 11, 12)


@pytest.fixture
def daily():
    """Ten dollars on each of sixty complete days, and two so far today."""
    days = pd.date_range(end=pd.Timestamp(TODAY), periods=61)
    return pd.DataFrame({"day": days, "cost": [10.0] * 60 + [2.0]})


@pytest.fixture
def ahead(daily):
    return forecast(daily, "cost", TODAY)


def test_without_a_change_the_forecast_stays(ahead):
    assert what_if(ahead, TODAY).ahead.equals(ahead.ahead)


def test_a_change_moves_every_day_after_today_and_its_bands():
    dated = pd.date_range(end=pd.Timestamp(TODAY), periods=61)
    uneven = pd.DataFrame({"day": dated, "cost": [8.0, 9.0, 13.0] * 20 + [2.0]})
    ahead = forecast(uneven, "cost", TODAY)
    changed = what_if(ahead, TODAY, change=0.5).ahead.set_index("day")
    before = ahead.ahead.set_index("day")
    assert before["high95"].notna().all()
    today, later = pd.Timestamp(TODAY), pd.Timestamp(TODAY + timedelta(days=1))
    assert changed.loc[today, "value"] == before.loc[today, "value"]
    assert changed.loc[later:, "value"].tolist() == pytest.approx(
        [1.5 * v for v in before.loc[later:, "value"]]
    )
    assert changed.loc[later:, "high95"].tolist() == pytest.approx(
        [1.5 * v for v in before.loc[later:, "high95"]]
    )


def test_an_amount_falls_on_its_day_alone(ahead):
    on = TODAY + timedelta(days=5)
    more = what_if(ahead, TODAY, once=300, on=on).ahead["value"] - ahead.ahead["value"]
    days = ahead.ahead["day"]
    assert more[days == pd.Timestamp(on)].tolist() == [300]
    assert more[days != pd.Timestamp(on)].abs().sum() == 0


def test_an_amount_without_a_day_falls_on_tomorrow(ahead):
    more = what_if(ahead, TODAY, once=7).ahead["value"] - ahead.ahead["value"]
    assert ahead.ahead.loc[more == 7, "day"].tolist() == [pd.Timestamp(TODAY + timedelta(days=1))]


def test_the_month_ends_with_the_change_of_the_days_that_are_left(daily, ahead):
    plain = month_end(daily, "cost", TODAY, ahead).forecast
    halved = month_end(daily, "cost", TODAY, what_if(ahead, TODAY, change=-0.5, once=100)).forecast
    # Eleven complete days and today cost 10 each; eighteen days are left.
    assert plain == pytest.approx(300, abs=0.5)
    assert halved == pytest.approx(12 * 10 + 18 * 5 + 100, abs=0.5)


def test_nothing_known_stays_nothing_known():
    nothing = forecast(pd.DataFrame({"day": [], "cost": []}), "cost", TODAY)
    assert what_if(nothing, TODAY, change=1.0, once=5).ahead.empty
