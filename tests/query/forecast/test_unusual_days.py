"""Unusual days: what stands out from the same weekday's last eight values."""

import pytest

from meaux.query.forecast import anomalies


@pytest.fixture
def found(series, today):
    return lambda values, floor=50: anomalies(series(values), "cost", today, floor)


def test_a_day_far_from_its_weekday_is_unusual(found, weekly, series):
    values = weekly(70)
    values[-3] = 412
    table = found(values)
    assert list(table["day"]) == [series(values)["day"].iloc[-3]]
    assert table["cost"].tolist() == [412]
    assert table["usual"].tolist() == [weekly(70)[-3]]


def test_a_usual_series_has_no_unusual_day(found, weekly):
    assert found(weekly(140)).empty


def test_a_difference_below_the_floor_is_not_worth_a_word(found, weekly):
    values = weekly(70)
    values[-3] += 50
    assert found(values, floor=50).empty
    assert len(found(values, floor=49)) == 1


def test_a_day_with_fewer_than_8_weeks_before_it_is_not_judged(found, weekly):
    values = weekly(56)
    values[-1] = 999
    assert found(values).empty
