"""A sparkline shows the course of one number from zero, and a long course by weeks."""

import pandas as pd
import pytest

from meaux.charts import sparkline
from meaux.subjects.money.metrics import COST
from meaux.subjects.projects.metrics import PROJECTS


def values(chart):
    return chart.layer[0].data["value"].tolist()


def scale(spec, chart):
    return spec(chart).encoding("y")["scale"]["domain"]


@pytest.mark.parametrize(
    ("days", "domain"),
    [([90, 100, 95], [0, 100]), ([-5, 20], [-5, 20]), ([-5, -2], [-5, 0]), ([0, 0], [0, 1])],
)
def test_it_begins_at_zero_unless_a_value_is_negative(spec, days, domain):
    assert scale(spec, sparkline(pd.DataFrame({"cost": days}), COST)) == domain


def test_a_long_sum_is_drawn_by_whole_weeks_that_end_with_the_last_day():
    days = [float(number) for number in range(100)]
    chart = sparkline(pd.DataFrame({"cost": days}), COST)
    assert values(chart) == [sum(days[start : start + 7]) for start in range(2, 100, 7)]
    assert chart.description == "Cost per week, 14 weeks: $35.00 to $672.00."


def test_a_long_level_is_drawn_by_the_last_value_of_each_week():
    days = [float(number) for number in range(100)]
    chart = sparkline(pd.DataFrame({"projects": days}), PROJECTS)
    assert values(chart) == days[8::7]


def test_an_unknown_day_is_a_gap_and_no_zero(spec):
    chart = sparkline(pd.DataFrame({"cost": [5.0, None, 7.0]}), COST)
    assert [row["value"] for row in spec(chart).rows()] == [5.0, None, 7.0]


def test_hovering_says_the_value_as_the_card_writes_it(spec):
    chart = sparkline(pd.DataFrame({"cost": [57_112.4]}), COST)
    assert spec(chart).rows()[0]["words"] == COST.short(57_112.4)
