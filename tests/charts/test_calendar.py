"""A calendar has a cell for each day, in its week, in a colour that says how much."""

import datetime as dt
import re

import pandas as pd
import pytest

from meaux.charts import calendar, colours
from meaux.query.metrics import DEFINITIONS

COST, ACTIVE_USERS = DEFINITIONS["cost"], DEFINITIONS["active_users"]


def costs(year=2026, **days):
    """One row a day, as `nov_1=5`."""
    dates = [pd.Timestamp(dt.datetime.strptime(f"{day} {year}", "%b_%d %Y")) for day in days]  # noqa: DTZ007
    return pd.DataFrame({"day": dates, "cost": pd.Series(days.values(), dtype="object")})


def whole(year):
    """A value for every day of the year."""
    days = pd.date_range(f"{year}-01-01", f"{year}-12-31")
    return pd.DataFrame({"day": days, "cost": range(len(days))})


def rows_of(chart, layer):
    spec = chart.to_dict()
    return spec["datasets"][spec["layer"][layer]["data"]["name"]]


def cells(chart):
    """The cells by their day in words."""
    return {row["words"]: row for row in rows_of(chart, 0)}


@pytest.mark.parametrize("year", [2018, 2019, 2020, 2024, 2026, 2028])
def test_a_day_is_in_the_row_of_its_weekday_and_the_column_of_its_week(year):
    days = pd.date_range(f"{year}-01-01", f"{year}-12-31")
    shown = rows_of(calendar(whole(year), COST, year=year), 0)
    week = [int(day.strftime("%W")) for day in days]
    july = next(n for n, day in enumerate(days) if day.month == 7)
    assert [row["weekday"] for row in shown] == [day.isoweekday() - 1 for day in days]
    assert [row["week"] for row in shown] == [number - week[0] for number in week]
    turns = [number - week[july if n >= july else 0] for n, number in enumerate(week)]
    assert [row["turn"] for row in shown] == turns


@pytest.mark.parametrize("year", range(2000, 2029))
def test_every_year_has_room(year):
    shown = rows_of(calendar(whole(year), COST, year=year), 0)
    assert max(row["week"] for row in shown) < 54
    assert max(row["turn"] for row in shown) < 28


def test_a_day_without_a_value_is_hollow_and_zero_is_not():
    chart = calendar(costs(jan_1=0, jan_2=None, jan_3=7), COST, year=2026)
    assert cells(chart)["Thu 1 Jan 2026"]["exact"] == "$0.00"
    assert cells(chart)["Fri 2 Jan 2026"]["value"] is None
    hollow, filled = chart.to_dict()["layer"][:2]
    assert hollow["transform"][-1] == {"filter": "datum.value === null"}
    assert hollow["mark"]["fill"] == "transparent"
    assert filled["transform"][-1] == {"filter": "datum.value !== null"}


def test_days_after_the_last_value_are_not_drawn_but_those_before_today_are():
    frame = costs(jan_2=5)
    assert list(cells(calendar(frame, COST, year=2026))) == ["Thu 1 Jan 2026", "Fri 2 Jan 2026"]
    today = calendar(frame, COST, year=2026, today=pd.Timestamp("2026-03-01"))
    assert len(cells(today)) == 31 + 28 + 1
    later = calendar(frame, COST, year=2026, today=pd.Timestamp("2027-03-01"))
    assert len(cells(later)) == 365


def test_only_the_days_of_its_year_count():
    frame = pd.concat([costs(jan_1=5), costs(2025, dec_31=100), costs(2099, jan_1=100)])
    assert "$5.00 in total" in calendar(frame, COST, year=2026).description
    assert calendar(frame, COST, year=2024).description == "Cost: no values."


def test_several_rows_of_a_day_are_one_cell():
    frame = pd.concat([costs(jan_1=5), costs(jan_1=2.5)])
    assert cells(calendar(frame, COST, year=2026))["Thu 1 Jan 2026"]["exact"] == "$7.50"


def test_the_running_day_is_worded_so_far():
    frame = costs(jan_1=5, jan_2=1).assign(partial=[False, True])
    assert cells(calendar(frame, COST, year=2026))["Fri 2 Jan 2026"]["exact"] == "$1.00 so far"


def scale(chart):
    return chart.to_dict()["layer"][1]["encoding"]["color"]["scale"]


def test_the_colour_goes_from_nothing_to_the_largest_value():
    shown = scale(calendar(costs(jan_1=3, jan_2=50), COST, year=2026))
    assert (shown["domain"][0], shown["domain"][-1]) == (0, 50)
    assert shown["range"] == list(colours.SEQUENTIAL)
    assert len(scale(calendar(costs(jan_1=0), COST, year=2026))["domain"]) == 6


def test_a_credit_has_another_hue_as_strong_as_its_amount_and_a_minus():
    chart = calendar(costs(jan_1=50, jan_2=-20), COST, year=2026)
    shown = scale(chart)
    strengths = dict(zip(shown["domain"], shown["range"], strict=True))
    assert sorted(shown["domain"]) == shown["domain"]
    assert strengths[-50] == colours.NEGATIVE[-1]
    assert strengths[50] == colours.SEQUENTIAL[-1]
    assert [colour[7:] for colour in colours.NEGATIVE] == [c[7:] for c in colours.SEQUENTIAL]
    minus = chart.to_dict()["layer"][2]
    assert minus["mark"]["text"] == "\N{MINUS SIGN}"
    assert minus["transform"][-1] == {"filter": "datum.value < 0"}
    assert "Negative days (marked with a minus): Fri 2 Jan 2026 -$20.00." in (chart.description)


def test_the_months_add_up_to_the_total():
    words = calendar(whole(2026), COST, year=2026).description
    months = re.findall(r"[A-Z][a-z]+ \$([\d,]+\.\d\d)(?=[,.])", words.split("By month: ")[1])
    assert len(months) == 12
    assert sum(float(month.replace(",", "")) for month in months) == sum(range(365))
    assert f"${sum(range(365)):,.2f} in total, 365 of 365 days have a value." in words


def test_what_does_not_add_up_has_no_total_and_no_months():
    frame = costs(jan_1=3, jan_2=5).rename(columns={"cost": "active_users"})
    words = calendar(frame, ACTIVE_USERS, year=2026).description
    assert words == (
        "Active users by day, 2026: 2 of 2 days have a value. "
        "Highest: Fri 2 Jan 2026 5, Thu 1 Jan 2026 3."
    )


def test_each_month_is_named_above_its_first_whole_week():
    months = rows_of(calendar(whole(2026), COST, year=2026), 4)
    assert [row["words"] for row in months][:3] == ["Jan", "Feb", "Mar"]
    for month, row in enumerate(months, 1):
        days = pd.date_range(f"2026-{month:02}-01", periods=7)
        monday = next(day for day in days if day.isoweekday() == 1)
        assert row["week"] == int(monday.strftime("%W"))


def test_the_weekdays_stand_beside_each_half_that_is_drawn():
    assert len(rows_of(calendar(costs(jan_1=1), COST, year=2026), 5)) == 7
    days = rows_of(calendar(costs(jul_1=1), COST, year=2026), 5)
    assert [row["words"] for row in days] == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] * 2


def test_a_line_follows_the_days_on_which_a_month_begins():
    sides = rows_of(calendar(costs(feb_28=1), COST, year=2026), 3)
    places = {(row["week"], row["weekday"], row["wide"], row["high"]) for row in sides}
    assert places == {(4, 6, 0, 1), (4, 6, 1, 0), (5, 0, 0, 6)}
