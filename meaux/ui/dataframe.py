"""Dataframe: a frame as the table of a card, each column in its unit and format."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from meaux.query import export
from meaux.query.filters import Selection
from meaux.query.metrics import MISSING, Unit, unit_of
from meaux.query.metrics.units import HOUR, MINUTE, SECOND
from meaux.ui import data
from meaux.ui.text import safe_url
from meaux.wording import counted

NUMBER_FORMATS: dict[str | None, str] = {
    "money": "dollar",
    "price": "$%.4g",
    "hours": "%,.1f",
    "count": "localized",
    "ratio": "%.1f%%",
    "points": "%+.0f pp",
    "bytes": "bytes",
    "gigabytes": "%.1f",
    "milliseconds": "%,.0f",
    "days": "localized",
}
"""How a table writes each unit; a unit in the heading isn't repeated in the cells."""

SCALES = ((600 * MINUTE, HOUR, "h"), (10 * MINUTE, MINUTE, "min"), (10 * SECOND, SECOND, "s"))
"""The median in milliseconds from which a table writes a column of durations in a unit, the
milliseconds of the unit, and its name; shorter ones are in milliseconds."""

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
    return _scaled(_linked(frame)), columns


def _scaled(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with ratios in percent and durations in a unit that suits them.

    A table writes each column in one unit with a fixed number of decimals.
    """
    numbers = frame.select_dtypes("number")
    factors = {str(name): _factor(str(name), values) for name, values in numbers.items()}
    return frame.assign(**{name: frame[name] * by for name, by in factors.items() if by != 1})


def _factor(name: str, values: pd.Series) -> float:
    """Return the factor that a table multiplies a column by."""
    unit = unit_of(name)
    if unit == "ratio":
        return 100
    return 1 / _scale(values)[0] if unit == "milliseconds" else 1


def _scale(values: pd.Series) -> tuple[int, str]:
    """Return the unit in which durations read best, in milliseconds, and its name."""
    median = values.abs().median()
    return next(((size, name) for least, size, name in SCALES if median >= least), (1, "ms"))


def _linked(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with links only to web addresses."""
    if "url" not in frame:
        return frame
    return frame.assign(url=frame["url"].map(lambda words: safe_url(words) or None))


def _column(name: str, values: pd.Series, zone: str, other: Unit | None) -> Any:
    """Return a column's configuration; a number without a unit of its own has the `other` one."""
    heading = export.heading(name)
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        seconds = ":ss" if name in TO_THE_SECOND else ""
        return st.column_config.DatetimeColumn(
            heading, format=f"D MMM YYYY, HH:mm{seconds}", timezone=zone
        )
    if pd.api.types.is_datetime64_dtype(values.dtype):
        return st.column_config.DateColumn(heading, format="D MMM YYYY")
    if name == "url":
        return st.column_config.LinkColumn(heading, display_text=WITHOUT_SCHEME)
    if isinstance(next(iter(values), None), list):
        highest = max(max(line) for line in values)
        return st.column_config.AreaChartColumn(heading, y_min=0, y_max=highest)
    unit = (unit_of(name) or other) if pd.api.types.is_numeric_dtype(values.dtype) else None
    if unit in NUMBER_FORMATS:
        return _number(heading, unit, values)
    return st.column_config.Column(heading)


def _number(heading: str, unit: Unit | None, values: pd.Series) -> Any:
    """Return the configuration of a number column; durations are `_scaled`."""
    if unit == "milliseconds" and (name := _scale(values)[1]) != "ms":
        return st.column_config.NumberColumn(heading.replace("(ms)", f"({name})"), format="%,.1f")
    return st.column_config.NumberColumn(heading, format=NUMBER_FORMATS[unit])
