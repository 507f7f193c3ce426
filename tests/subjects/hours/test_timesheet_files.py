"""The timesheet as a file, read back by another library: it adds up to the page's hours."""

import csv
import io
from datetime import timedelta
from functools import partial

import openpyxl
import pytest

from meaux.data.database import fetch_each
from meaux.query import queries
from meaux.query.answers import Ask, ask
from meaux.subjects.hours import figures, timesheet
from meaux.subjects.hours import frames as hours

HOUR = timedelta(hours=1)


@pytest.fixture
def filed(met, select, demo_source):
    """Both files of a selection, and the page's figure of hours."""

    def filed(period="30d", most=100_000, **chosen):
        selection = select(period, **chosen)
        totals = timesheet.totals(met(hours.ByDay, selection), met(hours.People, selection))
        wanted = Ask(queries.timesheet_entries, selection, limit=most)
        [answer] = ask([wanted], demo_source.binding, partial(fetch_each, demo_source.database))
        book = timesheet.as_workbook(answer, {}, totals)
        return (
            openpyxl.load_workbook(io.BytesIO(book), data_only=True),
            list(csv.DictReader(io.StringIO(timesheet.as_csv(answer).decode("utf-8-sig")))),
            met(figures.total_hours, selection).value,
        )

    return filed


def hours_in(cell):
    """The hours of a cell in hours and minutes; none if it is empty."""
    return (cell.value or timedelta()) / HOUR


def grid(sheet):
    """The grid of a sheet: headings of columns, and the hours of each row by its name."""
    rows = list(sheet.iter_rows(min_row=3))
    end = next(n for n, row in enumerate(rows) if row[0].value == "Total")
    heads = [cell.value for cell in rows[0] if cell.value]
    return heads, {
        row[0].value: [hours_in(c) for c in row[1 : len(heads)]] for row in rows[1 : end + 1]
    }


@pytest.mark.parametrize("period", ["7d", "12m"])
def test_every_grid_adds_up_to_the_hours_of_the_page(filed, period):
    book, rows, total = filed(period)
    _, everyone = grid(book["Everyone"])
    assert everyone["Total"][0] == pytest.approx(total, abs=1e-6)
    people = {name: line for name, line in everyone.items() if name != "Total"}
    assert sum(line[0] for line in people.values()) == pytest.approx(total, abs=1e-6)
    assert everyone["Total"][1:] == pytest.approx(
        [sum(line[n] for line in people.values()) for n in range(1, len(everyone["Total"]))],
        abs=1e-6,
    )
    for name, line in people.items():
        _, own = grid(book[name])
        assert own["Total"] == pytest.approx(line, abs=1e-6)
    assert sum(float(row["Hours (h)"] or 0) for row in rows) == pytest.approx(total, abs=0.01)


def test_the_cells_are_the_sums_of_the_table(filed, demo_rows):
    book, _, _ = filed("30d")
    heads, everyone = grid(book["Everyone"])
    found = demo_rows(
        "SELECT u.name, date(e.started_at, 'unixepoch'), sum(coalesce(e.seconds,"
        " e.ended_at - e.started_at)) / 3600.0 FROM time_entries AS e"
        " JOIN users AS u ON u.id = e.user_id WHERE date(e.started_at, 'unixepoch')"
        " BETWEEN '2026-10-23' AND '2026-11-22' AND coalesce(e.seconds, e.ended_at - e.started_at)"
        " >= 0 GROUP BY 1, 2"
    )
    days = [f"{day:%Y-%m-%d}" for day in heads[2:]]
    assert len(days) == 31
    for name, day, hours_of_day in found:
        assert everyone[name][1 + days.index(day)] == pytest.approx(hours_of_day, abs=1e-6)
    assert len(found) == sum(
        value > 0 for name, line in everyone.items() if name != "Total" for value in line[1:]
    )


def test_a_period_without_entries_says_so(filed):
    book, rows, _ = filed("7d", people=("nobody",))
    assert book["Everyone"]["A2"].value == "No entries."
    assert rows == []


def test_the_weekday_stands_over_each_day(filed):
    sheet = filed("7d")[0]["Everyone"]
    days = [(top.value, day.value) for top, day in zip(sheet[2][2:], sheet[3][2:], strict=True)]
    assert [top for top, _ in days] == [f"{day:%a}" for _, day in days]
    assert sheet.freeze_panes == "C4"


def test_entries_that_do_not_count_are_apart(filed):
    book, rows, _ = filed("30d")
    apart = [row["Status"] for row in rows if row["Status"] != "Counted"]
    assert sorted(apart) == ["Negative duration", "Running", "Running", "Running"]
    assert [row["Hours (h)"] for row in rows if row["Status"] != "Counted"] == [""] * 4
    assert [cell.value for cell in book["Not counted"]["G"]][1:] != []
    about = {row[0].value: row[1].value for row in list(book["About"].iter_rows())[::-1]}
    assert about["Not counted"] == "3 entries: running, 1 entry: negative duration"


def test_durations_are_in_hours_and_minutes(filed):
    _, rows, _ = filed("7d")
    for row in rows:
        if row["Status"] == "Counted":
            whole, minutes = row["Duration (h:mm)"].split(":")
            assert int(whole) + int(minutes) / 60 == pytest.approx(
                float(row["Hours (h)"]), abs=0.0085
            )


def test_a_file_that_is_cut_off_says_so(filed, monkeypatch):
    monkeypatch.setattr(timesheet, "MOST_ENTRIES", 10)
    book, rows, _ = filed("30d", most=11)
    about = {row[0].value: row[1].value for row in list(book["About"].iter_rows())[::-1]}
    assert len(rows) == 10
    assert about["Left out"].startswith(
        "Only the latest 10 entries are here. The period has 71.6 h"
    )
