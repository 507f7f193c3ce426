"""A sparkline shows the course of one number from zero, and a long course by weeks."""

from math import nan

import pytest

from meaux.charts.sparkline import sparkline, weeks
from meaux.subjects.money.metrics import COST
from meaux.subjects.projects.metrics import PROJECTS


@pytest.mark.parametrize(
    ("days", "first"), [([90.0, 100.0, 95.0], 0), ([-5.0, -2.0], 0), ([-5.0, 20.0], -5)]
)
def test_it_begins_at_zero_unless_values_lie_on_both_sides(days, first):
    points = sparkline(days, COST)
    assert points[0] == first
    assert min(points) == min(0, *days)
    assert max(points) == max(0, *days)


def test_each_value_is_as_wide_as_the_others_and_the_zero_is_much_narrower():
    assert sparkline([3.0, 4.0], COST) == [0.0, *[3.0] * 150, *[4.0] * 150]
    assert sparkline([3.0] * 31, COST) == [0.0, *[3.0] * 310]


def test_a_long_sum_is_drawn_by_whole_weeks_that_end_with_the_last_day():
    days = [float(number) for number in range(100)]
    assert weeks(days, COST) == [sum(days[start : start + 7]) for start in range(2, 100, 7)]
    assert set(sparkline(days, COST)) == {0.0, *weeks(days, COST)}


def test_a_long_level_is_drawn_by_the_last_value_of_each_week():
    days = [float(number) for number in range(100)]
    assert weeks(days, PROJECTS) == days[8::7]


def test_without_a_known_value_nothing_is_drawn():
    assert sparkline([nan, nan], COST) == []
