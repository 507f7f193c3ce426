"""What a card's rows are: types, units, charts, and the columns that a chart needs."""

import json
from datetime import date

import pandas as pd
import pytest

from meaux.charts.layered import specification
from meaux.subjects.card import Chart, Table
from meaux.subjects.own.asks import MOST_ROWS
from meaux.subjects.own.frames import typed
from meaux.subjects.own.heading import Mistake


def frame(name, *values, unit="", zone="UTC"):
    return typed([name], [(value,) for value in values], {name: unit} if unit else {}, zone)


FOUND = {
    "day": (("2026-11-22", None), "datetime64[s]"),
    "month": (("2026-11", "2026-10"), "datetime64[s]"),
    "time": (("2026-11-22T10:00:00Z", "2026-11-22 10:00"), "datetime64[us, UTC]"),
    "no day": (("2026-13-45", "2026-11-22"), "str"),
    "words": (("2026-11-22", "x"), "str"),
    "whole": ((1, 2, None), "Int64"),
    "number": ((1, 2.5), "float64"),
}


@pytest.mark.parametrize("kind", FOUND)
def test_a_type_that_all_values_have_is_found(kind):
    values, dtype = FOUND[kind]
    found = frame("a", *values).frame["A"].dtype
    if dtype.endswith("UTC]"):
        assert isinstance(found, pd.DatetimeTZDtype)
    else:
        assert str(found) == dtype


DECLARED = {
    "instant": [1_795_341_600, 1_795_341_600_000, "2026-11-22T10:00:00Z", "2026-11-22 12:00+02:00"],
    "date": ["2026-11-22", "2026-11-22T10:00:00Z", 1_795_341_600],
}


@pytest.mark.parametrize("kind", DECLARED)
def test_a_declared_time_is_read_in_seconds_milliseconds_and_texts(kind):
    for value in DECLARED[kind]:
        [found] = frame("at", value, unit=kind).frame["At"]
        assert found.date() == date(2026, 11, 22)
        assert kind == "date" or (found.hour, str(found.tz)) == (10, "UTC")


def test_a_declared_date_is_the_local_day():
    [found] = frame("at", "2026-11-22T23:30:00Z", unit="date", zone="Asia/Tokyo").frame["At"]
    assert found.date() == date(2026, 11, 23)


def test_what_a_declared_type_cannot_hold_is_counted():
    made = frame("paid", "12.5", "n/a", None, unit="money")
    assert made.frame["Paid (USD)"].iloc[0] == 12.5
    assert made.unread == ("Left out: 1 value in paid that can't be read.",)


def test_columns_have_headings_with_units_each_once():
    made = typed(["total_cost", "n", "n", "Total cost"], [(1.0, 2, 3, "x")], {"": "count"}, "UTC")
    assert list(made.frame) == ["Total cost", "N", "N (2)", "Total cost (2)"]


def test_a_unit_of_a_column_that_is_not_returned_is_a_mistake():
    with pytest.raises(Mistake, match="returns no column paid; its columns: amount and day"):
        typed(["amount", "day"], [], {"paid": "money"}, "UTC")


# Charts


def drawn(card):
    chart = card.shown
    assert isinstance(chart, Chart), card.shown.answer.reason
    return specification(chart.draw(chart.answer.frame, chart.metric))


DAYS = "VALUES ('2026-11-01', 'a', 1), ('2026-11-02', 'a', 2), ('2026-11-02', 'b', 4)"
OVER_DAYS = f"WITH x(day, kind, n) AS ({DAYS}) SELECT day, kind, n FROM x"
SHAPES = {
    "lines": OVER_DAYS,
    "bars": OVER_DAYS,
    "share": "SELECT role, count(*) AS users FROM users GROUP BY role",
}


@pytest.mark.parametrize("chart", SHAPES)
def test_a_chart_says_its_numbers_to_those_who_cannot_see_it(own, chart):
    text = f"-- title: Mine\n-- chart: {chart}\n-- unit: count\n{SHAPES[chart]}"
    assert json.loads(json.dumps(drawn(own(text)), default=str))["description"]


def test_bars_of_names_are_drawn_in_the_order_of_the_rows(own):
    text = "-- chart: bars\nSELECT name, id AS x, 3 - rowid AS n FROM teams LIMIT 2"
    card = own(text)
    assert list(card.shown.answer.frame["value"]) == [2, 1]
    assert list(card.shown.file) == ["Name", "X", "N"]


def test_rows_of_one_day_are_summed_and_that_is_said(own):
    text = "-- chart: lines\nSELECT date(started_at) AS day, 1 AS n FROM work_time_sessions"
    card = own(text)
    assert not card.shown.answer.frame["day"].duplicated().any()
    assert card.shown.note.startswith("Rows of the same day are summed.")


def test_several_numbers_are_a_line_each(own):
    text = (
        "-- chart: lines\n-- unit: count\n"
        "SELECT date, sent, delivered FROM email_analytics ORDER BY date LIMIT 9"
    )
    assert list(own(text).shown.answer.frame["series"].unique()) == ["Sent", "Delivered"]


RUNNING = {"2026-11-22": ["2026-11-21"], "2026-11": ["2026-10"], "2026-11-16": ["2026-11-09"]}


@pytest.mark.parametrize("step", RUNNING)
def test_the_day_week_or_month_that_is_not_over_is_marked(own, step):
    listed = " UNION ALL ".join(f"SELECT '{one}' AS day, 1 AS n" for one in [*RUNNING[step], step])
    frame = own(f"-- chart: bars\n{listed}").shown.answer.frame
    assert list(frame["partial"]) == [False, True]


def test_the_largest_lines_are_drawn_and_the_others_counted(own):
    text = (
        "-- chart: lines\nWITH RECURSIVE x(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM x"
        " WHERE n < 30) SELECT '2026-11-01' AS day, 'line ' || n AS line, n AS size FROM x"
    )
    card = own(text)
    assert set(card.shown.answer.frame["value"]) == {*range(21, 31)}
    assert "The 10 largest of 30 lines; the CSV has all." in card.shown.note
    assert len(card.shown.file) == 30


LACKING = {
    "lines": ("SELECT name, 1 AS n FROM users", "chart lines needs a column with days, months"),
    "bars": ("SELECT name FROM users", "chart bars needs a column with a number; the SELECT retu"),
    "share": ("SELECT 1 AS n FROM users", "chart share needs a column with names or days"),
    "number": ("SELECT name FROM users LIMIT 1", "chart number needs a column with a number"),
}


@pytest.mark.parametrize("chart", LACKING)
def test_a_column_that_a_chart_needs_is_named(own, chart):
    sql, words = LACKING[chart]
    shown = own(f"-- chart: {chart}\n{sql}").shown
    assert shown.answer.state == "failed"
    assert shown.answer.reason.startswith(f"cards/card.sql: {words}")


def test_a_number_has_one_row(own):
    reason = own("-- chart: number\nSELECT 1 AS n FROM teams").shown.answer.reason
    assert "number needs one row; the SELECT returns 4" in reason


def test_lines_of_several_units_are_a_mistake(own):
    text = (
        "-- chart: lines\n-- unit: sent count, delivered money\n"
        "SELECT date, sent, delivered FROM email_analytics"
    )
    assert "sent and delivered have several" in own(text).shown.answer.reason


def test_more_rows_than_a_card_shows_are_cut_and_that_is_said(own):
    card = own("SELECT id FROM time_entries")
    assert len(card.shown.answer.frame) == MOST_ROWS
    assert card.shown.note.startswith("First 1,000 rows; more available.")


def test_no_rows_are_an_empty_card(own):
    for chart in ("table", "number", "lines", "bars", "share"):
        shown = own(f"-- chart: {chart}\nSELECT name, 1 AS n FROM users WHERE 0").shown
        assert isinstance(shown, Table)
        assert shown.answer.state == "empty"


def test_a_failure_of_the_database_is_that_of_the_card(own):
    shown = own("SELECT json_extract('[', '$') AS a FROM users").shown
    assert shown.answer.state == "failed"
    assert "malformed JSON" in shown.answer.reason


# A number


def test_a_number_is_compared_on_complete_days_with_those_before(own, select, demo_rows):
    text = (
        "-- chart: number\n-- unit: count\n"
        "SELECT count(*) AS n FROM time_entry WHERE in_period(time_entry.started)"
    )
    figure = own(text).figure
    days = select("30d").comparison

    def counted(first, last):
        [(n,)] = demo_rows(
            "SELECT count(*) FROM time_entries WHERE date(started_at, 'unixepoch') BETWEEN ? AND ?",
            str(first),
            str(last),
        )
        return n

    assert figure.value == counted(date(2026, 10, 23), date(2026, 11, 22))
    assert figure.compared == counted(days.now.start, days.now.last)
    assert figure.before == counted(days.then.start, days.then.last)
    assert figure.versus == f"vs {days.then}"


def test_a_number_that_does_not_depend_on_the_period_is_compared_with_nothing(own):
    figure = own("-- chart: number\nSELECT count(*) AS n FROM users").figure
    assert (figure.value, figure.before, figure.delta) == (15, None, None)


def test_an_unknown_number_is_not_zero(own):
    figure = own("-- chart: number\n-- unit: money\nSELECT sum(x) AS n FROM (SELECT NULL AS x)")
    assert figure.figure.value is None
