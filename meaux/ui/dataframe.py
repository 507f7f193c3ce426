"""Dataframe: a frame as the table of a card, each column in its unit and format."""

from __future__ import annotations

from typing import Any
from unicodedata import east_asian_width

import pandas as pd
import streamlit as st

from meaux.query import export
from meaux.query.filters import Selection
from meaux.query.metrics import MISSING, Unit, column, unit_of
from meaux.ui.loading import data
from meaux.ui.text import safe_url
from meaux.wording import counted

FORMATS: dict[str, str] = {
    "money": "dollar",
    "price": "$%,.{}f",
    "ratio": "%,.{}f%%",
    "points": "%+,.{}f pp",
}
"""How a table writes a unit, with the decimals of its column; other units are in the heading."""

LETTER, CAPITAL, IDEOGRAPH = 5.6, 7.5, 12.5
"""Pixels of a letter, at most of most texts of its kind."""
PADDING, WIDEST = 20, 400
"""Pixels around a text, and of the widest column."""
WIDEST_NAME = 160
"""Pixels of a first column before numbers, so that a phone shows two of these."""

SHORT = {"hours": "Hours"}
"""Headings that a phone has room for, by column; files have the whole name with the unit."""

WITHOUT_SCHEME = r"^https?://(.*?)/?$"
"""The part of a link that a table shows."""

TO_THE_SECOND = {"logged"}
"""Columns whose times need seconds to be distinct."""

KEYS = "On the keyboard: arrow keys, then Shift and Space."
"""How the keyboard chooses a row of a table."""

UNSCROLLED = 20
"""A table of so many rows is shown whole; a longer one shows ten and scrolls."""


def rows(
    title: str,
    frame: pd.DataFrame,
    selection: Selection,
    unit: Unit | None = None,
    pinned: str = "",
    **how: Any,
) -> Any:
    """Draw a frame as the table of a card; the column `url` holds web links.

    Return what `st.dataframe` does: with `on_select`, the selected rows.
    """
    shown, columns = data.kept(_arranged, frame, selection.zone, unit, pinned)
    return st.dataframe(
        shown,
        column_config=columns,
        hide_index=True,
        placeholder=MISSING,
        alt=f"{title}: {counted(len(frame), 'row')}",
        **{"height": "content" if len(frame) <= UNSCROLLED else "auto", **how},
    )


def literal(title: str, frame: pd.DataFrame) -> None:
    """Draw a frame with the column names of the database."""
    st.dataframe(
        frame,
        hide_index=True,
        placeholder=MISSING,
        alt=f"{title}: {counted(len(frame), 'row')}",
    )


def _arranged(
    frame: pd.DataFrame, zone: str, unit: Unit | None, pinned: str
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Return the rows as a table shows them, and the configuration of its columns."""
    columns = {
        str(name): _column(str(name), values, zone, unit) | {"pinned": str(name) == pinned or None}
        for name, values in frame.items()
    }
    first: dict[str, Any] = next(iter(columns.values()), {})
    if first.get("width") and not frame.select_dtypes("number").empty:
        first["width"] = min(first["width"], WIDEST_NAME)
    return _scaled(_flagged(_linked(frame)), unit), columns


def _scaled(frame: pd.DataFrame, unit: Unit | None) -> pd.DataFrame:
    """Return the rows with the numbers of each column in its unit."""
    factors = {
        str(name): column("", unit_of(str(name)) or unit, values).factor
        for name, values in frame.select_dtypes("number").items()
    }
    return frame.assign(**{name: frame[name] * by for name, by in factors.items() if by != 1})


def _linked(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with links only to web addresses."""
    if "url" not in frame:
        return frame
    return frame.assign(url=frame["url"].map(lambda words: safe_url(words) or None))


def _flagged(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with flags as words: a box would look like the one that chooses a row."""
    flags = frame.select_dtypes("bool")
    return frame.assign(**{str(name): flags[name].map({True: "Yes", False: ""}) for name in flags})


def _column(name: str, values: pd.Series, zone: str, other: Unit | None) -> Any:
    """Return a column's configuration; a number without a unit of its own has the `other` one."""
    heading = SHORT.get(name) or export.heading(name)
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        seconds = ":ss" if name in TO_THE_SECOND else ""
        return st.column_config.DatetimeColumn(
            heading, format=f"D MMM YYYY, HH:mm{seconds}", timezone=zone
        )
    if pd.api.types.is_datetime64_dtype(values.dtype):
        return st.column_config.DateColumn(heading, format="D MMM YYYY")
    if name == "url":
        width = _width(heading, values)
        return st.column_config.LinkColumn(heading, display_text=WITHOUT_SCHEME, width=width)
    if isinstance(next(iter(values), None), list):
        highest = max(max(line) for line in values)
        return st.column_config.AreaChartColumn(heading, y_min=0, y_max=highest)
    unit = (unit_of(name) or other) if pd.api.types.is_numeric_dtype(values.dtype) else None
    if unit:
        return number(heading, unit, values)
    fitting = None if pd.api.types.is_numeric_dtype(values.dtype) else _width(heading, values)
    return st.column_config.Column(heading, width=fitting)


def _width(heading: str, values: pd.Series) -> int:
    """Return the pixels in which the longest text of a column fits, up to a limit."""
    widest = max(map(_pixels, {heading, *map(str, values.dropna())}))
    return min(int(widest) + PADDING, WIDEST)


def _pixels(text: str) -> float:
    """Return the pixels of a text; narrow columns let more of them fit a phone."""
    return sum(
        IDEOGRAPH if east_asian_width(letter) in "WF" else CAPITAL if letter.isupper() else LETTER
        for letter in text
    )


def number(heading: str, unit: Unit, values: pd.Series) -> Any:
    """Return the configuration of a column whose numbers are multiplied by its factor."""
    written = column(heading, unit, values)
    pattern = FORMATS.get(unit, "%,.{}f").format(written.decimals)
    return st.column_config.NumberColumn(written.heading, format=pattern)
