"""Collation: the order in which a reader looks for names."""

from __future__ import annotations

import unicodedata

import pandas as pd


def key(name: str) -> str:
    """What a name is sorted by: neither its case nor its accents matter."""
    letters = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold()


def keys(column: pd.Series) -> pd.Series:
    """What the cells of a column are sorted by: names by their keys, all else as it is."""
    named = pd.api.types.is_string_dtype(column.dtype)
    return column.map(key, na_action="ignore") if named else column


def by_name(frame: pd.DataFrame, *last: str) -> pd.DataFrame:
    """The rows by their column `name`; those of the last names are last."""
    order = pd.DataFrame({"last": frame["name"].isin(last), "name": frame["name"]})
    return frame.loc[order.sort_values(["last", "name"], key=keys, kind="stable").index]
