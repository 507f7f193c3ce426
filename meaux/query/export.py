"""Export: exactly what a card shows, as CSV, or a page's cards as one workbook.

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
"""How a text begins that a spreadsheet may run, or may take for the start of another cell."""
LONGEST_CELL = 32_767
"""UTF-16 units that a spreadsheet's cell holds; it drops the rest, or begins a new row with it."""
LONGEST_SHEET_NAME = 31
DIGITS = 9
"""Digits behind the point; what lies beyond is the noise of binary fractions."""
WITHOUT_NOISE = 2.0**53 / 10**DIGITS
"""From here on a number has no digit that could be rounded away."""
EXACT = 10**15
"""From here on a workbook rounds whole numbers."""
HEADINGS = {
    "partial": "Partial",
    "ongoing": "Still running",
    "known": "Known by",
    "at": "When",
    "weekly": "Hours per week",
    "logged": "When",
    "last_activity": "Last activity in the period",
    "budget": "Budget",
    "used": "Budget used",
    "allowance_used": "Used",
    "pace": "Pace (% points)",
    "projected": "Projected end",
    "exhausted_on": "Used up on",
    "recurring": "Recurring, due",
    "includes": "Recurring lines",
    "low80": "80% band, low",
    "high80": "80% band, high",
    "low95": "95% band, low",
    "high95": "95% band, high",
    "burn7": "Burn, 7 days",
    "burn30": "Burn, 30 days",
    "hours_cost": "Cost of the hours",
    **{category.reported: category.name for category in CATEGORIES},
    "class_a": "Class A operations",
    "class_b": "Class B operations",
    "url": "Address",
    "step_p50": "Step duration, median",
    "run_difference": "Counted minus reported",
    "lifetime_duration": "Lifetime mean duration",
    "message_difference": "Counted minus reported",
    "distinct_messages": "Distinct in the period",
}


def file_name(card: str, period: Period, ending: str) -> str:
    """`meaux_cost-trend_2026-10-23_2026-11-22.csv`; the second date is the period's last day."""
    plain = "-".join("".join(c if c.isalnum() else " " for c in card.lower()).split())
    return f"meaux_{plain}_{period.start}_{period.last}.{ending}"


def csv(frame: pd.DataFrame, headings: Callable[[str], str] | None = None) -> bytes:
    """The frame as CSV in UTF-8, headed with units unless told otherwise, formulas disarmed."""
    return text(frame, headings).encode("utf-8-sig")


def text(frame: pd.DataFrame, headings: Callable[[str], str] | None = None) -> str:
    """The frame as CSV; every text stands in quotes, so that no line end in it ends a row."""
    return plain(frame, headings).to_csv(
        index=False, lineterminator="\n", quoting=rows_of_text.QUOTE_NONNUMERIC
    )


def workbook(sheets: Mapping[str, pd.DataFrame], literal: Collection[str] = ()) -> bytes:
    """One XLSX with a sheet for each frame, in order; `literal` names those to head as they are.

    Texts stay texts, whatever they look like. A whole number that a workbook would round is one.
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
    """The frame as a reader of a file expects it: ISO dates, headings with units, safe texts.

    Of two columns that would be headed the same, the second says so.
    """
    named = headings or heading
    columns = [_written(values) for _, values in frame.items()]
    written = pd.DataFrame(dict(enumerate(columns)), index=frame.index)
    written.columns = pd.Index(apart([_safe(named(str(name))) for name in frame]), dtype=object)
    return written


def heading(column: str) -> str:
    """What a column is called in a file."""
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
    end = f" \N{HORIZONTAL ELLIPSIS} cut here, of {len(words):,} characters"
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
