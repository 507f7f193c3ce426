"""Book: an XLSX file while it is written, with valid sheet names and safe texts."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any

from meaux.query import export
from meaux.wording import whole

DATE, TIME, TIME_TO_THE_SECOND = "d mmm yyyy", "d mmm yyyy hh:mm", "d mmm yyyy hh:mm:ss"
CLOCK = "[h]:mm"
"""Hours and minutes of a duration."""
LONG_DURATION = "[h]:mm:ss"
LONGEST_SHEET_NAME = 31
LONGEST_FOOTER = 200
RESERVED = "history"
"""A name that Excel keeps for itself."""


class Book:
    """An XLSX file that is being written; `content` ends it."""

    def __init__(self) -> None:
        """Begin an empty workbook."""
        # Only a download needs it.
        import xlsxwriter  # noqa: PLC0415

        self._target = io.BytesIO()
        options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
        self._book = xlsxwriter.Workbook(self._target, options)
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}
        self._names: set[str] = {RESERVED}

    @property
    def content(self) -> bytes:
        """The finished file."""
        self._book.close()
        return self._target.getvalue()

    def style(self, **how: Any) -> Any:
        """Return the format with these properties, made once."""
        key = tuple(sorted(how.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format({"valign": "top", **how})
        return self._formats[key]

    def add(self, title: str, footer: str = "") -> Any:
        """Add a sheet with a name of its own, ready to print on paper in landscape."""
        sheet = self._book.add_worksheet(self.name(title))
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        said = whole(footer).replace("&", "&&")[:LONGEST_FOOTER]
        sheet.set_footer(f"&L{said}&R&P / &N")
        sheet.set_header("&L&A")
        return sheet

    def name(self, title: str) -> str:
        """Return a valid name that differs from all others, even without regard to case."""
        kept = "".join(c for c in whole(title) if c.isprintable() and c not in "[]:*?/\\")
        base = _as_long_as(kept.strip("' "), LONGEST_SHEET_NAME) or "Sheet"
        name, number = base, 2
        while name.lower() in self._names:
            end = f" {number}"
            name = _as_long_as(base, LONGEST_SHEET_NAME - len(end)) + end
            number += 1
        self._names.add(name.lower())
        return name

    def write(self, sheet: Any, row: int, column: int, value: Any, **how: Any) -> None:
        """Write a value; a text stays a text, and what is unknown stays empty."""
        if isinstance(value, bool):
            sheet.write_boolean(row, column, value, self.style(**how))
        elif isinstance(value, str):
            words = export.cut(whole(value))
            if export.runs(words):
                how["quote_prefix"] = True
            sheet.write_string(row, column, words, self.style(**how))
        elif isinstance(value, datetime | date):
            sheet.write_datetime(row, column, value, self.style(**how))
        elif value is not None:
            sheet.write_number(row, column, value, self.style(**how))


def _as_long_as(words: str, length: int) -> str:
    """Return the beginning of a text of so many UTF-16 units, without blanks or quotes around."""
    return words.encode("utf-16-le")[: 2 * length].decode("utf-16-le", "ignore").strip("' ")


def sum_of(first_row: int, first_column: int, last_row: int, last_column: int) -> str:
    """Return the formula that sums a range of cells; rows and columns count from 0."""
    # Only a download needs it.
    from xlsxwriter.utility import xl_range  # noqa: PLC0415

    return f"=SUM({xl_range(first_row, first_column, last_row, last_column)})"
