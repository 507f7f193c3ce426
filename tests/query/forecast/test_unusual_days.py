"""Unusual days: what stands out from the eight weeks before it."""

from statistics import median

import numpy as np
import pytest

from meaux.query.forecast import judge

DAYS = 70
WEEK = [50.0, 60.0, 70.0, 65.0, 55.0, 10.0, 5.0]


def weeks(**changes):
    """Ten equal weeks with some changed days, counted from the last one: `d3` is the third last."""
    values = [WEEK[n % 7] for n in range(DAYS)]
    for day, value in changes.items():
        values[-int(day[1:])] = value
    return values


@pytest.fixture
def found():
    """The unusual days of a series, counted from the last one, with their usual value."""

    def found(values, floor=50.0):
        judged = judge(np.array([values], dtype=float).T, floor)
        rows = np.flatnonzero(judged.unusual[:, 0])
        return {len(judged.usual) - row: judged.usual[row, 0] for row in rows}

    return found


def test_a_day_far_from_its_weekday_is_unusual(found):
    assert found(weeks(d3=412)) == {3: WEEK[(DAYS - 3) % 7]}


def test_a_usual_series_has_no_unusual_day(found):
    assert found(weeks()) == {}


def test_a_difference_below_the_floor_is_not_worth_a_word(found):
    usual = weeks()[-3]
    assert found(weeks(d3=usual + 50)) == {}
    assert list(found(weeks(d3=usual + 50), floor=49)) == [3]


def test_a_day_with_fewer_than_8_weeks_before_it_is_not_judged(found):
    assert found([*weeks()[:55], 999.0]) == {}
    assert list(found([*weeks()[:56], 999.0])) == [1]


def test_one_spike_hides_no_other_but_two_hide_a_third(found):
    assert list(found(weeks(d12=900, d3=900))) == [12, 3]
    assert list(found(weeks(d13=900, d12=900, d3=900))) == [13, 12]


def test_what_came_about_a_month_before_is_nothing_unusual():
    values = np.array([weeks(d31=900, d1=1_000)] * 2).T
    values[-31, 1] = WEEK[(DAYS - 31) % 7]
    assert judge(values, 50).unusual[-1].tolist() == [False, True]


def test_a_part_that_is_small_or_rare_is_not_judged():
    """20 on each day but one are 5% of the whole, and seven of the days are too few."""
    of_part, seldom, often = ([0.0] * (DAYS - 1) + [amount] for amount in (20.0, 99.0, 99.0))
    for day in range(7):
        seldom[-2 - day] = often[-2 - day] = of_part[-2 - day] = of_part[-12 - day] = 1.0
    often[-12] = 1.0
    values = np.array([[400.0] * DAYS, of_part, seldom, often]).T
    assert judge(values, 10).unusual[-1].tolist() == [False, False, False, True]


def test_the_limit_is_the_largest_of_its_five_parts():
    """Recomputed day by day, without arrays."""
    rng = np.random.default_rng(3)
    values = rng.gamma(2.0, 60.0, (DAYS, 3))
    values[:, 0] = values.sum(axis=1)
    judged = judge(values, 40)
    for row, day in enumerate(range(56, DAYS)):
        for part in range(3):
            before = [float(values[day - n, part]) for n in range(1, 57)]
            usual = {w: median(before[w::7]) for w in range(7)}
            differences = [abs(value - usual[n % 7]) for n, value in enumerate(before)]
            limits = [
                40,
                0.05 * median(float(values[day - n, 0]) for n in range(1, 57)),
                3.5 * 1.4826 * median(differences),
                2 * sorted(differences)[-2],
                2 * max(differences[26:33]),
            ]
            assert judged.usual[row, part] == pytest.approx(usual[6])
            assert judged.limit[row, part] == pytest.approx(max(limits))
            assert judged.excess[row, part] == pytest.approx(values[day, part] - usual[6])


def test_an_unknown_day_is_neither_unusual_nor_a_zero():
    values = np.array([weeks(d3=np.nan, d10=np.nan, d1=400)]).T
    judged = judge(values, 50)
    assert judged.unusual[:, 0].nonzero()[0].tolist() == [len(judged.usual) - 1]
    assert judged.usual[-3, 0] == WEEK[(DAYS - 3) % 7]
