"""Raw rows: rows without a named query, as a frame and as the data of a quick chart."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from meaux.data.schema.reading import LARGEST_WHOLE
from meaux.wording import apart, whole

DAYS = r"\d{4}-\d{2}-\d{2}(?:[T ].*)?"
BARS = 40
"""Maximum number of bars in a quick chart."""


def frame(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> pd.DataFrame:
    """Return rows as a frame with the database's column names, made unique.

    A BLOB is shown by its size. A column of numbers stays numeric; a mixed column becomes text.
    """
    names = apart([whole(name) for name in columns])
    cells = [[_cell(cell) for cell in row] for row in rows]
    found = pd.DataFrame(cells, columns=names, dtype=object)
    return found.apply(_typed) if names else found


def numbers(found: pd.DataFrame) -> list[str]:
    """Return the number columns."""
    known = found.dropna(axis="columns", how="all").select_dtypes("number")
    return [str(name) for name in known]


def days(found: pd.DataFrame) -> list[str]:
    """Return the columns in which every row has a date, with or without a time."""
    texts = [str(name) for name in found if pd.api.types.is_string_dtype(found[name].dtype)]
    return [name for name in texts if found[name].str.fullmatch(DAYS).all()]


def by_day(found: pd.DataFrame, day: str, value: str) -> pd.DataFrame:
    """Return the sum of a column by day: day, value."""
    on = pd.to_datetime(found[day].str[:10], errors="coerce", format="%Y-%m-%d")
    rows = pd.DataFrame({"day": on, "value": _finite(found[value])}).dropna()
    return rows.groupby("day")["value"].sum().reset_index()


def by_label(found: pd.DataFrame, label: str, value: str) -> pd.DataFrame:
    """Return the first rows as labels and values: label, value."""
    rows = pd.DataFrame({"label": found[label].astype("str"), "value": _finite(found[value])})
    return rows.dropna(subset=["value"]).head(BARS)


def _finite(values: pd.Series) -> pd.Series:
    return values.astype("float64").replace([math.inf, -math.inf], math.nan)


def _cell(cell: object) -> object:
    return f"BLOB, {len(cell)} bytes" if isinstance(cell, list) else cell


def _typed(values: pd.Series) -> pd.Series:
    kinds = {type(cell) for cell in values if cell is not None}
    if kinds <= {int} and all(-LARGEST_WHOLE <= cell < LARGEST_WHOLE for cell in values.dropna()):
        return values.astype("Int64")
    if kinds <= {int, float}:
        return values.astype("float64")
    return values.map(lambda cell: None if cell is None else whole(str(cell))).astype("str")
