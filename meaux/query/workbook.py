"""Workbook: a page's cards as one XLSX file, with a sheet that says what it contains.

Each sheet is one table whose headings are in its first row. Texts stay texts, whatever they look
like; numbers and dates are numbers and dates, with a format.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from meaux.data.categories import capitalised
from meaux.query import export
from meaux.query.book import DATE, LONG_DURATION, TIME, TIME_TO_THE_SECOND, Book
from meaux.query.filters import Selection
from meaux.query.metrics import DEFINITIONS, Unit, unit_of
from meaux.query.metrics.units import SECOND
from meaux.wording import apart, counted, plural, sentences

FORMATS: dict[Unit | None, str] = {
    "money": "$#,##0.00;-$#,##0.00",
    "price": "$0.00####;-$0.00####",
    "hours": "#,##0.0",
    "count": "#,##0",
    "ratio": "0.0%",
    "points": "+0.0;-0.0;0.0",
    "bytes": "#,##0",
    "gigabytes": "#,##0.000",
    "milliseconds": "#,##0.0",
    "days": "#,##0",
}
"""How a spreadsheet shows each unit; the cell has the number itself."""
WORDS: dict[Unit | None, str] = {
    "money": "US dollars",
    "price": "US dollars",
    "hours": "Hours",
    "count": "Number",
    "ratio": "Share; 0.42 is 42%",
    "points": "Percentage points",
    "bytes": "Bytes",
    "gigabytes": "Gigabytes",
    "milliseconds": "Milliseconds",
    "days": "Days",
}
SMALL_MONEY = "$0.0000##;-$0.0000##"
CENT = 0.01
FRACTIONS = "#,##0.0"
DAY = 86_400 * SECOND
"""Milliseconds of a day, the unit of durations in a spreadsheet."""
LONG = 10 * SECOND
"""Milliseconds from which a column is in hours, minutes and seconds."""

LONGEST = 36_500 * DAY
"""Spreadsheets show no duration above their calendar's last day, and none below zero."""

MOST_ROWS = 1_048_575
"""Rows of a sheet below its heading."""
YEARS = range(1900, 10_000)
"""The years of a spreadsheet's calendar; other dates are written as texts."""
NARROWEST, WIDEST = 8, 60
"""Widths of a column, in characters; longer texts wrap."""
SAMPLED = 300
"""Rows that the width of a column is taken from."""
DATES = ("week",)
"""Columns with days as ISO texts."""
ABOUT = "About"
ABOUT_WIDTHS = (30, 34, 90)

Facts = dict[str, str | date | datetime]
"""What a file is, by the names of facts: period, filters, database, time."""

Cell = tuple[Any, str]
"""A value and its number format."""


@dataclass(frozen=True)
class Sheet:
    """The rows of a card, and what stands about them in the list of sheets.

    - `about`: the definition of its numbers. `note`: what else has to be said.
    - `unit`: that of numbers whose column has none. `units`: that of each row, if they differ.
    - `formats`: the number formats of columns that need another one than their unit's.
    - `literal`: whether its columns have the database's own names.
    """

    title: str
    frame: pd.DataFrame
    about: str = ""
    note: str = ""
    unit: Unit | None = None
    units: tuple[Unit | None, ...] = ()
    literal: bool = False
    formats: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class About:
    """What a workbook is: a title, facts by name, and the zone of its times."""

    title: str
    facts: Facts
    zone: str = "UTC"


def facts(selection: Selection) -> Facts:
    """Return the period and the filters in words."""
    named = {noun: ", ".join(names) for noun, names in selection.named.items()}
    if selection.only is not None and "team" not in named:
        named = {"team": ", ".join(selection.only) or "none", **named}
    shared = dict.fromkeys(("team", "project", "person"), "All") | named
    return {
        "Period": str(selection.period),
        "First day": selection.period.start,
        "Last day": selection.period.last,
        "Time zone": selection.zone,
        "Compared days": str(selection.comparable or "None"),
        "Comparison period": str(selection.compared or "None"),
        **{capitalised(plural(noun)): names for noun, names in shared.items()},
    }


def now_in(zone: str) -> datetime:
    """Return the present on the clock of a zone, for a cell."""
    return datetime.now(ZoneInfo(zone)).replace(tzinfo=None, microsecond=0)


@dataclass(frozen=True)
class Column:
    """A column of a sheet: its heading, its cells, and the unit of its numbers."""

    name: str
    heading: str
    cells: list[Cell]
    unit: str = ""
    definition: str = ""


@dataclass(frozen=True)
class Listed:
    """What the list of sheets says of a card: its sheet, and the definitions of its columns.

    `columns` are units and definitions by heading.
    """

    title: str
    name: str
    words: str = ""
    columns: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def workbook(sheets: Sequence[Sheet], about: About | None = None) -> bytes:
    """Return one XLSX file with a sheet per card, in order, and first one about them all.

    A sheet with the same rows as an earlier one is only named in the list of sheets.
    """
    book = Book()
    first = book.add(ABOUT, about.title) if about else None
    written: list[tuple[Sheet, Listed]] = []
    for sheet in sheets:
        same = next((listed.name for one, listed in written if _is_same(one, sheet)), "")
        words = sentences(sheet.about, sheet.note, f"Same rows as the sheet {same}.")
        listed = Listed(sheet.title, same, words) if same else add(book, sheet, about)
        written.append((sheet, listed))
    if first and about:
        describe(book, first, about, [listed for _, listed in written])
    return book.content


def add(book: Book, sheet: Sheet, about: About | None = None) -> Listed:
    """Write a sheet into the book; return its line of the list of sheets."""
    drawn = book.add(sheet.title, about.title if about else "")
    columns = _columns(sheet, about.zone if about else "UTC")
    _table(book, drawn, columns)
    told = {column.heading: (column.unit, column.definition) for column in columns}
    return Listed(
        sheet.title,
        drawn.get_name(),
        sentences(sheet.about, sheet.note, _cut_off(sheet)),
        {head: words for head, words in told.items() if words[1]},
    )


def _table(book: Book, sheet: Any, columns: Sequence[Column]) -> None:
    """Write headings that stay in sight, and the cells below them."""
    for number, column in enumerate(columns):
        width = _width(column)
        wraps = {"text_wrap": True} if width > WIDEST else {}
        sheet.set_column(number, number, max(NARROWEST, min(width, WIDEST)))
        book.write(sheet, 0, number, column.heading, bold=True, bottom=1, text_wrap=True)
        for row, (value, number_format) in enumerate(column.cells, 1):
            how = {"num_format": number_format} if number_format else wraps
            book.write(sheet, row, number, value, **how)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    rows = max((len(column.cells) for column in columns), default=0)
    if rows:
        sheet.autofilter(0, 0, rows, len(columns) - 1)


def _is_same(one: Sheet, other: Sheet) -> bool:
    """Return whether two sheets have the same rows, in any order, in the same columns."""
    if one.unit != other.unit or {*one.frame} != {*other.frame}:
        return False
    return _in_order(one.frame).equals(_in_order(other.frame))


def _in_order(frame: pd.DataFrame) -> pd.DataFrame:
    columns = sorted(map(str, frame))
    return frame.astype("str").sort_values([*frame], ignore_index=True)[columns]


def _cut_off(sheet: Sheet) -> str:
    rows = len(sheet.frame)
    return f"Only the first {MOST_ROWS:,} of {counted(rows, 'row')}." if rows > MOST_ROWS else ""


def describe(book: Book, sheet: Any, about: About, listed: Sequence[Listed]) -> None:
    """Write what the file is: its filters, its sheets, and the definitions of its numbers."""
    for column, width in enumerate(ABOUT_WIDTHS):
        sheet.set_column(column, column, width)
    book.write(sheet, 0, 0, about.title, bold=True, font_size=14)
    row = 2
    for name, value in about.facts.items():
        book.write(sheet, row, 0, name, bold=True)
        style = {str: "", datetime: TIME}.get(type(value), DATE)
        how = {"num_format": style} if style else {}
        book.write(sheet, row, 1, value, align="left", **how)
        row += 1
    row = _heads(book, sheet, row + 1, "Sheet", "Card", "What it shows")
    for one in listed:
        quoted = one.name.replace("'", "''")
        link = f"internal:'{quoted}'!A1"
        sheet.write_url(row, 0, link, book.style(font_color="blue"), one.name)
        book.write(sheet, row, 1, one.title, text_wrap=True)
        book.write(sheet, row, 2, one.words, text_wrap=True)
        row += 1
    columns = {head: words for one in listed for head, words in one.columns.items()}
    if columns:
        row = _heads(book, sheet, row + 1, "Column", "Unit", "Definition")
    for head, (unit, definition) in columns.items():
        book.write(sheet, row, 0, head, text_wrap=True)
        book.write(sheet, row, 1, unit)
        book.write(sheet, row, 2, definition, text_wrap=True)
        row += 1


def _heads(book: Book, sheet: Any, row: int, *heads: str) -> int:
    """Write a line of headings; return the next row."""
    for column, head in enumerate(heads):
        book.write(sheet, row, column, head, bold=True, bottom=1)
    return row + 1


def _columns(sheet: Sheet, zone: str) -> list[Column]:
    """Return the columns of a sheet with headings of their own."""
    found = [
        _column(str(name), values, sheet, zone)
        for name, values in sheet.frame.head(MOST_ROWS).items()
    ]
    heads = apart([column.heading for column in found])
    return [replace(column, heading=head) for column, head in zip(found, heads, strict=True)]


def _column(name: str, values: pd.Series, sheet: Sheet, zone: str) -> Column:
    if sheet.literal:
        unit, head = None, name
    else:
        unit = (unit_of(name) or sheet.unit) if export.is_number(values) else None
        head = export.heading(name, unit)
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        local = values.dt.tz_convert(zone).dt.tz_localize(None)
        exact = TIME_TO_THE_SECOND if local.dt.second.gt(0).any() else TIME
        return Column(name, f"{head} ({zone})", [_moment(at, exact) for at in local])
    if name in DATES and not sheet.literal:
        values = pd.to_datetime(values, errors="coerce").fillna(values)
    if pd.api.types.is_datetime64_dtype(values.dtype):
        return Column(name, head, [_moment(at, DATE) for at in values])
    if not export.is_number(values):
        return Column(name, head, [_cell(value, "") for value in values])
    return _numbers(name, head, values, unit, sheet)


def _numbers(name: str, head: str, values: pd.Series, unit: Unit | None, sheet: Sheet) -> Column:
    told = DEFINITIONS[name].definition if name in DEFINITIONS and not sheet.literal else ""
    if sheet.units:
        units = sheet.units
        cells = [
            _cell(export.without_noise(pd.Series([value]), of).iloc[0], _format(of, [value]))
            for value, of in zip(values, units, strict=True)
        ]
        return Column(name, head, cells, WORDS.get(unit, ""), told)
    if unit == "milliseconds" and LONG <= values.max() < LONGEST and values.min() >= 0:
        head = head.replace(" (ms)", " (h:mm:ss)")
        days = values.astype("Float64") / DAY
        cells = [_cell(value, LONG_DURATION) for value in days]
        return Column(name, head, cells, "Hours, minutes, seconds", told)
    style = _format(unit, values)
    if unit is None and not sheet.literal and pd.api.types.is_integer_dtype(values.dtype):
        style = FORMATS["count"]
    if name in sheet.formats:
        cells = [_cell(value, sheet.formats[name]) for value in values]
        return Column(name, head, cells, "Hours and minutes", told)
    rounded = export.without_noise(values, unit)
    cells = [_cell(value, style) for value in rounded.astype(object)]
    return Column(name, head, cells, WORDS.get(unit, ""), told)


def _format(unit: Unit | None, values: Any) -> str:
    """Return the format of a column's numbers; small amounts need more decimals."""
    known = [abs(float(value)) for value in values if not pd.isna(value) and math.isfinite(value)]
    if unit == "money" and known and 0 < max(known) < CENT:
        return SMALL_MONEY
    if unit == "count" and any(value % 1 for value in known):
        return FRACTIONS
    return FORMATS.get(unit, "")


def _moment(at: Any, style: str) -> Cell:
    """Return a time for a date cell, or as a text if the calendar of spreadsheets lacks it."""
    if pd.isna(at):
        return None, ""
    if at.year not in YEARS:
        return f"{at:%Y-%m-%d}", ""
    return at.to_pydatetime(warn=False), style


def _cell(value: Any, style: str) -> Cell:
    """Return a value that a cell can hold: a number, a flag, a text, or None for unknown."""
    if value is None or value is pd.NA or value is pd.NaT or value != value:  # noqa: PLR0124  NaN
        return None, ""
    if isinstance(value, bool) or type(value).__name__ == "bool_":
        return bool(value), ""
    if isinstance(value, int) or (hasattr(value, "is_integer") and math.isfinite(value)):
        whole_number = not isinstance(value, float)
        too_large = whole_number and abs(int(value)) >= export.EXACT
        return (str(value), "") if too_large else (value, style)
    return str(value), ""


def _width(column: Column) -> int:
    """Return the width that a column's longest line needs, in characters."""
    words = [len(_shown(value, style)) for value, style in column.cells[:SAMPLED]]
    return max([*words, max(map(len, column.heading.split()), default=0) + 3]) + 2


def _shown(value: Any, style: str) -> str:
    """Return about what a spreadsheet shows."""
    if value is None:
        return ""
    if isinstance(value, date):
        return style
    if isinstance(value, str):
        return max(value.splitlines(), key=len, default="")
    return f"{value:,.2f}  " if style else str(value)
