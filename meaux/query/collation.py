"""Collation: the sort order of names, and suffixes for duplicate names."""

from __future__ import annotations

import unicodedata
from collections import Counter

import pandas as pd


def key(name: str) -> str:
    """Return the sort key of a name, without case and accents."""
    letters = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold()


def keys(column: pd.Series) -> pd.Series:
    """Return the sort keys of a column: names by their keys, other values unchanged."""
    named = pd.api.types.is_string_dtype(column.dtype)
    return column.map(key, na_action="ignore") if named else column


def by_name(frame: pd.DataFrame, *last: str) -> pd.DataFrame:
    """Sort rows by their column `name`, with the names in `last` at the end."""
    order = pd.DataFrame({"last": frame["name"].isin(last), "name": frame["name"]})
    return frame.loc[order.sort_values(["last", "name"], key=keys, kind="stable").index]


def unique_names(ids: pd.Series | pd.Index, names: pd.Series, nobody: str = "") -> pd.Series:
    """Return the names, each on one line; a name of several ids gets its id as a suffix.

    A missing id is named `nobody`.
    """
    keys = ["" if pd.isna(id_) else str(id_) for id_ in ids]
    lines = [
        " ".join(str(name).split()) if key else nobody
        for key, name in zip(keys, names, strict=True)
    ]
    named = dict(zip(keys, lines, strict=True))
    count = Counter(named.values())
    taken = {nobody} & set(lines)
    told = {"": nobody}
    for key in sorted(named.keys() - {""}):
        found = f"{named[key]} ({key})" if count[named[key]] > 1 else named[key]
        while found in taken:
            found = f"{found} ({key})"
        taken.add(found)
        told[key] = found
    return pd.Series([told[key] for key in keys], names.index, dtype="str")


def ids_by_name(choices: pd.DataFrame) -> dict[str, str]:
    """Return ids by name; a shared name gets the id as a suffix."""
    names = unique_names(choices["id"], choices["name"])
    return dict(zip(names, map(str, choices["id"]), strict=True))
