"""Export: exactly what a card shows, as CSV, or a page's cards as one workbook."""

from __future__ import annotations

import io
from collections.abc import Callable, Collection, Mapping, Sequence

import pandas as pd

from meaux.categories import CATEGORIES
from meaux.filters import Period
from meaux.metrics import DEFINITIONS, unit_of
from meaux.metrics.units import STYLES

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
LONGEST_SHEET_NAME = 31
DIGITS = 9
"""Digits behind the point; what lies beyond is the noise of binary fractions."""
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
    "low80": "80 % band, low",
    "high80": "80 % band, high",
    "low95": "95 % band, low",
    "high95": "95 % band, high",
    "burn7": "Burn, 7 days",
    "burn30": "Burn, 30 days",
    "hours_cost": "Cost of the hours",
    **{category.reported: category.name for category in CATEGORIES},
    "class_a": "Class A operations",
    "class_b": "Class B operations",
    "url": "Address",
    "step_p50": "Step duration, median",
    "run_difference": "Counted less reported",
    "lifetime_duration": "Lifetime mean duration",
    "message_difference": "Counted less reported",
    "distinct_messages": "Distinct in the period",
}


def file_name(card: str, period: Period, ending: str) -> str:
    """`meaux_cost-trend_2026-10-23_2026-11-22.csv`; the second date is the period's last day."""
    plain = "-".join("".join(c if c.isalnum() else " " for c in card.lower()).split())
    return f"meaux_{plain}_{period.start}_{period.last}.{ending}"


def csv(frame: pd.DataFrame, headings: Callable[[str], str] | None = None) -> bytes:
    """The frame as CSV in UTF-8, headed with units unless told otherwise, formulas disarmed."""
    return plain(frame, headings or heading).to_csv(index=False).encode("utf-8-sig")


def workbook(sheets: Mapping[str, pd.DataFrame], literal: Collection[str] = ()) -> bytes:
    """One XLSX with a sheet for each frame, in order; `literal` names those to head as they are."""
    target = io.BytesIO()
    with pd.ExcelWriter(
        target, engine="xlsxwriter", engine_kwargs={"options": {"strings_to_formulas": False}}
    ) as writer:
        for name, (title, frame) in zip(_sheet_names(list(sheets)), sheets.items(), strict=True):
            headed = plain(frame, str if title in literal else heading)
            headed.to_excel(writer, sheet_name=name, index=False)
            writer.sheets[name].autofit()
    return target.getvalue()


def plain(frame: pd.DataFrame, headings: Callable[[str], str] | None = None) -> pd.DataFrame:
    """The frame as a reader of a file expects it: ISO dates, headings with units, safe texts."""
    named = headings or heading
    written = {_disarmed(named(str(name))): _written(values) for name, values in frame.items()}
    return pd.DataFrame(written)


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
    if pd.api.types.is_string_dtype(values.dtype) or values.dtype == object:
        return values.map(_disarmed)
    return values.round(DIGITS) if pd.api.types.is_float_dtype(values.dtype) else values


def _disarmed(cell: object) -> object:
    """A text that a spreadsheet would take for a formula gets an apostrophe in front."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell


def _sheet_names(titles: Sequence[str]) -> list[str]:
    names: list[str] = []
    for title in titles:
        base = "".join(c for c in title if c not in "[]:*?/\\'")[: LONGEST_SHEET_NAME - 3].strip()
        count = sum(name.startswith(base) for name in names)
        names.append(f"{base} {count + 1}" if count else base)
    return names
