"""Exports: exactly what a card shows, safe to open and easy to read by machine."""

import csv
import io
import re
import zipfile
from datetime import date

import pandas as pd
import pytest

import meaux.subjects  # noqa: F401  defines the metrics, whose units stand in the headings
from meaux.query import export
from meaux.query.filters import Period, Selection
from meaux.query.metrics import DEFINITIONS
from meaux.query.metrics.metric import COLUMN_UNITS
from meaux.query.workbook import Sheet, workbook

SELECTION = Selection(Period(date(2026, 10, 23), date(2026, 11, 23)), date(2026, 11, 22))


def read(frame):
    text = export.csv(frame).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_a_file_is_named_after_its_card_and_its_first_and_last_day():
    name = export.file_name("Cost by team & day", SELECTION, "csv")
    assert name == "meaux_cost-by-team-day_2026-10-23_2026-11-22.csv"


@pytest.mark.parametrize("title", ["long " * 100, "\N{CJK UNIFIED IDEOGRAPH-5C08}" * 100])
def test_a_long_title_is_cut_in_a_file_name(title):
    name = export.file_name(title, SELECTION, "png")
    assert name.endswith(("long_2026-10-23_2026-11-22.png", "\u5c08_2026-10-23_2026-11-22.png"))
    assert 80 < len(name.encode()) < 120


def test_dates_are_iso_and_numbers_have_no_thousands_separators():
    frame = pd.DataFrame(
        {
            "day": pd.to_datetime(["2026-11-22"]),
            "at": pd.to_datetime(["2026-11-22T15:30:00"], utc=True),
            "cost": [1234567.5],
        }
    )
    heading, row = read(frame)
    assert heading == ["Day", "When", "Cost (USD)"]
    assert row == ["2026-11-22", "2026-11-22T15:30:00Z", "1234567.5"]


def test_an_empty_frame_is_a_file_with_headings():
    assert read(pd.DataFrame({"day": [], "cost": []})) == [["Day", "Cost (USD)"]]


def test_what_is_unknown_is_an_empty_cell():
    frame = pd.DataFrame({"name": ["a", None], "cost": [None, 1.0]})
    assert read(frame)[1:] == [["a", ""], ["", "1.0"]]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_a_text_that_a_spreadsheet_would_run_is_disarmed(start):
    frame = pd.DataFrame({"name": [f"{start}HYPERLINK(1)"]}, dtype="str")
    assert export.plain(frame)["Name"].iloc[0] == f"'{start}HYPERLINK(1)"


def test_a_negative_number_stays_a_number():
    assert read(pd.DataFrame({"cost": [-5.0]}))[1] == ["-5.0"]


HOSTILE_SHEETS = ["Cost: a/b [c]*?", "x" * 60, "x" * 60 + "y", "", "'quoted'", "History"]


def test_a_workbook_has_a_sheet_for_every_card_whatever_it_is_called():
    frame = pd.DataFrame({"name": ["=1+1"], "cost": [1.5]})
    content = workbook([Sheet(title, frame) for title in HOSTILE_SHEETS])
    assert content.startswith(b"PK")


def test_a_sheet_may_be_headed_as_the_database_names_its_columns():
    frame = pd.DataFrame({"created_at": ["x"], "Created at": ["y"]})
    content = workbook([Sheet("Result", frame, literal=True), Sheet("Card", frame[["created_at"]])])
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        words = book.read("xl/sharedStrings.xml").decode()
    assert re.findall(r"<t>(.*?)</t>", words) == ["created_at", "x", "Created at", "y"]


def test_a_heading_that_a_spreadsheet_would_run_is_disarmed():
    frame = pd.DataFrame({"=1+1": [1], "b": [2]})
    assert list(export.plain(frame, str)) == ["'=1+1", "b"]


@pytest.mark.parametrize("column", [*export.HEADINGS, *COLUMN_UNITS, *DEFINITIONS])
def test_a_heading_says_its_unit_at_most_once(column):
    assert export.heading(column).count("(") <= 1
