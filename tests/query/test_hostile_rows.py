"""Hostile rows in files: no reader of one runs a text, breaks a row, or loses anything."""

import csv
import io
import math
import re
import zipfile
from contextlib import suppress
from datetime import timedelta

import openpyxl
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from meaux.query import export
from meaux.query.answers import without_query
from meaux.query.queries import QUERIES
from meaux.query.typed import typed_frame
from meaux.query.workbook import Book, Sheet, workbook
from meaux.subjects.health import raw_rows
from meaux.subjects.money import frames as costs

LINE_ENDS = ("\r", "\n", "\r\n", "\v", "\f", "\x85", "\u2028", "\u2029", "\x1c", "\x1d", "\x1e")
SIGNS = "=+-@＝＋－＠"
STARTS = ("\r", "\n", "\t", "\x85", "\u2028", *SIGNS)
HOSTILE = (
    *(f"hello{end}=1+1" for end in LINE_ENDS),
    *(f"{start}1+1" for start in STARTS),
    *(f"{blank}=1+1" for blank in (" ", "\xa0", "\0", "\u200b", "\ufeff")),
    *("http://evil.example", "mailto:a@b.example", "internal:Sheet1!A1", "external:c:\\x.xlsx"),
    *("http://evil.example/" + "a" * 2_100, "x" * 32_767),
    *('say "=1+1", then\r=1+1', "a,=1+1", "'=1+1", "_x000D_=1+1", "\ufffe", "007", "1e5", ""),
)
HALF = "half \ud800 a character"
LONG = "y" * 32_766 + "🦐" + "=1+1"
CELLS = {
    "text": HOSTILE,
    "stored": HOSTILE,
    "number": (-5.0, 1e308, -1e308, 0.1 + 0.2, None, 5e-324),
    "integer": (-5, 2**52 + 1, 0, None),
    "date": ("2026-11-22", None),
    "instant": (1_795_000_000, None),
    "days": ('[["2026-11-22",5.0]]', None, "=1+1"),
}
"""What each type of column may hold."""


def rows_of(query):
    """As many rows as it takes for every column to hold all that its type may hold."""
    columns = [CELLS[type_] for type_ in query.returns.values()]
    longest = max(map(len, columns))
    return [tuple(cells[n % len(cells)] for cells in columns) for n in range(longest)]


def read_by_python(text):
    return list(csv.reader(io.StringIO(text, newline="")))


def read_as_spreadsheets_do(text):
    """Rows of cells, where every kind of line end outside of quotes ends a row."""
    rows, cells, cell, quoted, place = [], [], "", False, 0
    while place < len(text):
        sign = text[place]
        if quoted:
            if text.startswith('""', place):
                cell, place = f'{cell}"', place + 1
            elif sign == '"':
                quoted = False
            else:
                cell += sign
        elif sign == '"' and not cell:
            quoted = True
        elif sign == "," or sign in "".join(LINE_ENDS):
            cells, cell = [*cells, cell], ""
            if sign != ",":
                place += text.startswith("\r\n", place)
                rows, cells = [*rows, cells], []
        else:
            cell += sign
        place += 1
    assert not quoted
    assert not cells
    assert not cell
    return rows


def runs(cell):
    """Whether a spreadsheet may run a cell: it begins like a formula and is no number."""
    with suppress(ValueError):
        if math.isfinite(float(cell)):
            return False
    bare = cell.strip("\0\u200b\ufeff" + "".join(map(chr, range(33))) + "\xa0")
    return bool(cell) and (bare[:1] in tuple(SIGNS) or cell[0] in STARTS)


def written(frames):
    """A workbook with a sheet for each frame, and none about them."""
    return workbook([Sheet(title, frame) for title, frame in frames.items()])


def safe(text):
    """A text as a file may hold it: itself, or behind an apostrophe."""
    return (text, f"'{text}")


@pytest.mark.parametrize("query", QUERIES.values(), ids=list(QUERIES))
def test_a_csv_of_hostile_rows_reads_back_row_by_row_and_runs_nothing(query):
    rows = rows_of(query)
    text = export.csv(typed_frame(rows, query)).decode("utf-8-sig")
    for read in (read_by_python, read_as_spreadsheets_do):
        heads, *found = read(text)
        assert len(heads) == len(set(heads)) == len(query.returns)
        assert len(found) == len(rows)
        for cells, row in zip(found, rows, strict=True):
            assert not any(map(runs, cells))
            for cell, value, type_ in zip(cells, row, query.returns.values(), strict=True):
                compare(cell, value, type_)


def compare(cell, value, type_):
    """Hold a cell that was read back to the value that was written."""
    if type_ in ("text", "stored"):
        assert cell in safe(value)
    elif value is None:
        assert cell in ("", None)
    elif type_ == "number":
        assert float(cell) == pytest.approx(value, rel=1e-4)
    elif type_ == "integer":
        assert int(cell) == value


def told(cell):
    """The value of a cell; a duration is in milliseconds again."""
    if isinstance(cell.value, timedelta):
        return cell.value / timedelta(milliseconds=1)
    return "" if cell.value is None else cell.value


def decoded(value):
    """A text with the characters that XML can't hold, which openpyxl leaves as `_x000D_`."""
    return unescape(value) if isinstance(value, str) else value


@pytest.mark.parametrize("query", QUERIES.values(), ids=list(QUERIES))
def test_a_workbook_of_hostile_rows_holds_texts_and_no_link_or_formula(query):
    rows = rows_of(query)
    content = written({"Card": typed_frame(rows, query)})
    sheet = openpyxl.load_workbook(io.BytesIO(content))["Card"]
    heads, *found = sheet.iter_rows(max_row=len(rows) + 1)
    assert len(heads) == len(query.returns)
    for cells, row in zip(found, rows, strict=True):
        for cell, value, type_ in zip(cells, row, query.returns.values(), strict=True):
            assert cell.hyperlink is None
            assert cell.data_type in ("s", "n", "d")
            compare(decoded(told(cell)), decoded(value), type_)
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert not re.search("<f>|<hyperlink", sheet)


def test_the_ledger_under_the_names_of_focus_runs_nothing(select):
    query = QUERIES["billed_lines"]
    ledger = without_query("The ledger.", typed_frame(rows_of(query), query), select())
    text = export.text(costs.focus(ledger), str)
    for read in (read_by_python, read_as_spreadsheets_do):
        assert not any(runs(cell) for row in read(text) for cell in row)


@given(st.lists(st.text(st.characters(), max_size=20), min_size=1))
@example(["1E310", "-1E310", "inf", "-inf", "nan"])
def test_no_text_at_all_runs_or_breaks_a_row(texts):
    text = export.text(pd.DataFrame({"name": pd.Series(texts, dtype=object)}))
    rows = read_as_spreadsheets_do(text)
    assert [len(row) for row in rows] == [1] * (len(texts) + 1)
    assert not any(runs(cell) for row in rows for cell in row)


def test_half_a_character_breaks_no_file_and_no_frame():
    found = raw_rows.frame([HALF, HALF], [(HALF, 1), ("b", 2)])
    assert found.iloc[0, 0] == "half \N{REPLACEMENT CHARACTER} a character"
    held = pd.DataFrame({"name": pd.Series([HALF], dtype=object)})
    assert "half \N{REPLACEMENT CHARACTER} a" in export.csv(held).decode()
    assert written({HALF: held}).startswith(b"PK")
    query = QUERIES["project_list"]
    assert len(typed_frame([tuple(HALF for _ in query.returns)], query)) == 1


def test_what_is_too_long_for_a_cell_is_cut_and_says_so():
    frame = pd.DataFrame({"name": [LONG, "z" * 32_767]})
    content = written({"Card": frame})
    sheet = openpyxl.load_workbook(io.BytesIO(content))["Card"]
    assert sheet["A3"].value == "z" * 32_767
    for held in (sheet["A2"].value, read_by_python(export.text(frame))[1][0]):
        assert len(held.encode("utf-16-le")) // 2 <= 32_767
        assert held.startswith("y" * 32_000)
        assert held.endswith("… truncated (32,771 characters)")


def test_two_columns_that_are_headed_the_same_are_both_there():
    frame = pd.DataFrame([[1, 2, 3]], columns=["cost", "cost", "Cost"])
    assert read_by_python(export.text(frame, str.lower)) == [
        ["cost", "cost (2)", "cost (3)"],
        ["1", "2", "3"],
    ]
    sheet = openpyxl.load_workbook(io.BytesIO(written({"Card": frame})))["Card"]
    assert [cell.value for cell in sheet[2]] == [1, 2, 3]


def test_texts_of_every_kind_of_column_are_disarmed():
    frame = pd.DataFrame(
        {
            "category": pd.Series(["=1+1"], dtype="category"),
            "object": pd.Series([("=1+1",)], dtype=object),
            "infinite": [-math.inf],
            "largest": [1e308],
            "nullable": pd.Series([-1.5], dtype="Float64"),
        }
    )
    [cells] = read_by_python(export.text(frame))[1:]
    assert cells == ["'=1+1", "('=1+1',)", "'-inf", "1e+308", "-1.5"]


def test_a_workbook_keeps_every_digit_of_a_whole_number():
    frame = pd.DataFrame({"id": pd.Series([2**53 + 1, 7, None], dtype="Int64")})
    sheet = openpyxl.load_workbook(io.BytesIO(written({"Card": frame})))["Card"]
    assert [sheet[f"A{row}"].value for row in (2, 3, 4)] == ["9007199254740993", 7, None]


@pytest.mark.parametrize("titles", [["Cost 2", "Cost", "COST", "cost"], ["x" * 40] * 12, ["", "?"]])
def test_sheets_have_names_of_their_own(titles):
    made = Book()
    names = [made.name(title) for title in titles]
    assert len({name.lower() for name in names}) == len(titles)
    assert all(0 < len(name) <= 31 for name in names)
