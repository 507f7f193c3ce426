"""`timesheet` writes the time entries of a period as XLSX and CSV, or says why not."""

import csv
import io
import sqlite3
from contextlib import closing

import openpyxl
import pytest

from meaux.data import source

DAYS = "2026-10-01_2026-10-31"
BOOK, ENTRIES = f"meaux_timesheet_{DAYS}.xlsx", f"meaux_timesheet-entries_{DAYS}.csv"


@pytest.fixture
def timesheet(meaux, environment, demo_file, demo_source, tmp_path):
    """Run the command in a folder of its own, on the demo."""
    environment.setattr(source, "open_source", lambda _database: demo_source)
    environment.chdir(tmp_path)

    def timesheet(*arguments):
        return meaux("timesheet", *arguments, MEAUX_DATABASE=demo_file)

    return timesheet


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_both_files_of_last_month_are_written_and_have_the_hours_of_the_table(
    timesheet, tmp_path, demo_rows
):
    result = timesheet()
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"{BOOK}\n{ENTRIES}\n"
    rows = rows_of((tmp_path / ENTRIES).read_text(encoding="utf-8"))
    hours = sum(float(row["Hours (h)"]) for row in rows if row["Status"] == "Counted")
    [(seconds,)] = demo_rows(
        "SELECT sum(seconds) FROM time_entries WHERE ended_at IS NOT NULL AND seconds >= 0"
        " AND date(started_at, 'unixepoch') BETWEEN '2026-10-01' AND '2026-10-31'"
    )
    assert hours == pytest.approx(seconds / 3600, abs=1e-4 * len(rows))
    book = openpyxl.load_workbook(tmp_path / BOOK)
    assert {"About", "Everyone", "Entries"} <= {*book.sheetnames}


def test_one_file_of_some_people_goes_to_stdout(timesheet, tmp_path):
    result = timesheet("--person", "Mei Lychee", "--period", "mtd", "--csv", "-")
    assert result.exit_code == 0
    assert {row["Person"] for row in rows_of(result.stdout)} == {"Mei Lychee"}
    assert list(tmp_path.iterdir()) == []


def test_no_file_is_overwritten_unless_forced(timesheet, tmp_path):
    kept = tmp_path / ENTRIES
    kept.write_text("mine", encoding="utf-8")
    assert timesheet().stderr == f"{ENTRIES} already exists; --force overwrites it.\n"
    assert [path.name for path in tmp_path.iterdir()] == [ENTRIES]
    assert timesheet("--csv", ENTRIES, "--force").exit_code == 0
    assert kept.read_text(encoding="utf-8") != "mine"


def test_a_database_without_time_entries_says_so(meaux, environment, tmp_path):
    environment.chdir(tmp_path)
    with closing(sqlite3.connect("bare.db")) as connection:
        connection.execute("CREATE TABLE a (b)")
    result = meaux("timesheet", MEAUX_DATABASE="bare.db")
    assert result.exit_code == 2
    assert "time_entries" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["bare.db"]
