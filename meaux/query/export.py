"""Export: the rows of a card as CSV, or of a page's cards as one workbook.

Every file passes through `plain`, which makes its cells safe to open in a spreadsheet.
"""

from __future__ import annotations

import csv as rows_of_text
import io
import math
import re
from collections.abc import Callable, Collection, Mapping, Sequence

import pandas as pd

from meaux.data.categories import CATEGORIES
from meaux.query.filters import Period
from meaux.query.metrics import DEFINITIONS, unit_of
from meaux.query.metrics.units import STYLES
from meaux.wording import apart, whole

LINE_ENDS = "\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029"
FORMULA_SIGNS = "=+\\-@＝＋－＠"  # noqa: RUF001  a spreadsheet takes the wide ones for the narrow
RUN = re.compile(rf"[\t{LINE_ENDS}]|[\s\x00-\x1f\x7f\u200b\ufeff]*[{FORMULA_SIGNS}]")
"""The start of a text that a spreadsheet may run, or may read as the start of another cell."""
LONGEST_CELL = 32_767
"""Maximum UTF-16 units in a spreadsheet cell; the rest is dropped or starts a new row."""
LONGEST_SHEET_NAME = 31
LONGEST_FILE_NAME = 80
"""Characters of a title in a file's name."""
DIGITS = 9
"""Decimal places; more digits are the noise of binary fractions."""
WITHOUT_NOISE = 2.0**53 / 10**DIGITS
"""From this number on, no digit would be rounded away."""
EXACT = 10**15
"""From this number on, a workbook rounds integers."""
HEADINGS = {
    "partial": "Partial",
    "ongoing": "Ongoing",
    "known": "Found in",
    "at": "When",
    "weekly": "Hours per week",
    "logged": "When",
    "last_activity": "Last activity in the period",
    "budget": "Budget",
    "used": "Budget used",
    "allowance_used": "Used",
    "pace": "Pace (pp)",
    "projected": "Projected spend",
    "length": "Duration",
    "treatment": "How it counts",
    "lane": "Kind",
    "exhausted_on": "Exhausted on",
    "recurring": "Recurring costs due",
    "includes": "Recurring costs",
    "low80": "80% range, low",
    "high80": "80% range, high",
    "low95": "95% range, low",
    "high95": "95% range, high",
    "burn7": "Burn rate, 7 days",
    "burn30": "Burn rate, 30 days",
    "hours_cost": "Cost of the hours",
    **{category.reported: category.name for category in CATEGORIES},
    "class_a": "Class A operations",
    "class_b": "Class B operations",
    "url": "URL",
    "step_p50": "Step duration, median",
    "run_difference": "Difference (calculated \N{MINUS SIGN} reported)",
    "lifetime_duration": "Lifetime mean duration",
    "message_difference": "Difference (calculated \N{MINUS SIGN} reported)",
    "distinct_messages": "Distinct messages in the period",
    "usual": "Usual cost",
    "text": "Why unusual",
    "cause": "Main cause",
    "use": "Usage",
    "counted": "Count precision",
    "spare_for": "Alternative for",
    "wanted_for": "Missing for",
    "until_then": "Effect",
    "encoding_told_by": "Encoding detected from",
    "names_rows_by": "Foreign key matched by",
    "values_read": "Sampled values read",
    "passed_over": "Columns not used",
    "would_read": "Columns it would use",
    "told_by": "Detected from",
    "would_lack": "Missing columns",
    "not_added": "Not added (same spend)",
}


def file_name(card: str, period: Period, ending: str) -> str:
    """Return `meaux_cost-trend_2026-10-23_2026-11-22.csv`; the dates are the first and last day."""
    plain = "-".join("".join(c if c.isalnum() else " " for c in card.lower()).split())
    return f"meaux_{plain}_{period.start}_{period.last}.{ending}"


def dated_name(title: str, period: Period, ending: str) -> str:
    """Return `2026-11-cost-by-project.png`: the month, or the first and last day, and a title."""
    plain = "-".join("".join(c if c.isalnum() else " " for c in title.lower()).split())
    return f"{_days(period)}-{plain[:LONGEST_FILE_NAME]}.{ending}"


def _days(period: Period) -> str:
    first, last = period.start, period.last
    if first.day == period.end.day == 1 and (first.year, first.month) == (last.year, last.month):
        return f"{first:%Y-%m}"
    one = first == last
    return f"{period.start}" if one else f"{period.start}_{period.last}"


def csv(frame: pd.DataFrame, headings: Callable[[str], str] | None = None) -> bytes:
    """Return the frame as CSV in UTF-8, with units in the headings and formulas disarmed."""
    return text(frame, headings).encode("utf-8-sig")


def text(frame: pd.DataFrame, headings: Callable[[str], str] | None = None) -> str:
    """Return the frame as CSV; every text is quoted, so that a line end in it ends no row."""
    return plain(frame, headings).to_csv(
        index=False, lineterminator="\n", quoting=rows_of_text.QUOTE_NONNUMERIC
    )


def workbook(sheets: Mapping[str, pd.DataFrame], literal: Collection[str] = ()) -> bytes:
    """Return one XLSX file with a sheet per frame, in order.

    `literal` names the sheets that keep their column names. Texts stay texts, whatever they look
    like. An integer that a workbook would round is written as text.
    """
    target = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False}
    with pd.ExcelWriter(target, engine="xlsxwriter", engine_kwargs={"options": options}) as writer:
        for name, (title, frame) in zip(_sheet_names(list(sheets)), sheets.items(), strict=True):
            headed = plain(frame, str if title in literal else heading)
            held = headed.apply(_held_exactly) if len(headed.columns) else headed
            held.to_excel(writer, sheet_name=name, index=False)
            writer.sheets[name].autofit()
    return target.getvalue()


def plain(frame: pd.DataFrame, headings: Callable[[str], str] | None = None) -> pd.DataFrame:
    """Return the frame for a file: ISO dates, headings with units, safe texts.

    The second of two equal headings gets a number.
    """
    named = headings or heading
    columns = [_written(values) for _, values in frame.items()]
    written = pd.DataFrame(dict(enumerate(columns)), index=frame.index)
    written.columns = pd.Index(apart([_safe(named(str(name))) for name in frame]), dtype=object)
    return written


def heading(column: str) -> str:
    """Return the heading of a column, in files and tables."""
    if column in DEFINITIONS:
        return DEFINITIONS[column].column
    words = HEADINGS.get(column, column.replace("_", " ").capitalize())
    unit = unit_of(column)
    return words + STYLES[unit].suffix if unit else words


def _written(values: pd.Series) -> pd.Series:
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        return pd.Series(values.dt.strftime("%Y-%m-%dT%H:%M:%SZ"))
    if pd.api.types.is_datetime64_dtype(values.dtype):
        return pd.Series(values.dt.strftime("%Y-%m-%d"))
    if pd.api.types.is_float_dtype(values.dtype):
        exact = values.abs().ge(WITHOUT_NOISE).fillna(value=False).astype("bool")
        values = values.mask(exact).round(DIGITS).where(~exact, values)
        return _cells(values) if values.isin([math.inf, -math.inf]).any() else values
    return values if pd.api.types.is_numeric_dtype(values.dtype) else _cells(values)


def _cells(values: pd.Series) -> pd.Series:
    return pd.Series([_cell(value) for value in values], index=values.index, dtype=object)


def _cell(value: object) -> object:
    """A finite number as it is, all else as a safe text; None for what is unknown."""
    if value is None or value is pd.NA or value is pd.NaT or value != value:  # noqa: PLR0124  NaN
        return None
    finite = isinstance(value, int) or (isinstance(value, float) and math.isfinite(value))
    return value if finite else _safe(str(value))


def _safe(words: str) -> str:
    """A text that no spreadsheet runs, breaks or drops.

    What would be taken for a formula gets an apostrophe in front. What is too long for a cell is
    cut, and says so at its end.
    """
    words = whole(words)
    return _cut(f"'{words}" if RUN.match(words) else words)


def _cut(words: str) -> str:
    units = words.encode("utf-16-le")
    if len(units) <= 2 * LONGEST_CELL:
        return words
    end = f" \N{HORIZONTAL ELLIPSIS} truncated ({len(words):,} characters)"
    return units[: 2 * (LONGEST_CELL - len(end))].decode("utf-16-le", "ignore") + end


def _held_exactly(values: pd.Series) -> pd.Series:
    """Whole numbers as texts, where a workbook would round one of them."""
    if pd.api.types.is_float_dtype(values.dtype):
        return values
    return pd.Series(
        [
            str(value) if isinstance(value, int) and abs(value) >= EXACT else value
            for value in values.astype(object)
        ],
        index=values.index,
        dtype=object,
    )


def _sheet_names(titles: Sequence[str]) -> list[str]:
    """A name for each sheet that is its own, however a spreadsheet compares them."""
    names: dict[str, str] = {}
    for title in titles:
        base = "".join(c for c in whole(title) if c.isprintable() and c not in "[]:*?/\\'")
        base = base[: LONGEST_SHEET_NAME - 4].strip() or "Sheet"
        name, number = base, 2
        while name.lower() in names:
            name, number = f"{base} {number}", number + 1
        names[name.lower()] = name
    return list(names.values())
