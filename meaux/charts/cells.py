"""Cells: what a chart reads from a frame whose numbers and names may be anything."""

from __future__ import annotations

import math

import pandas as pd

from meaux.query.metrics import Metric

UNNAMED = "Not named"
LONGEST = 200


def read(frame: pd.DataFrame, metric: Metric, **columns: str) -> pd.DataFrame:
    """The metric's numbers as `value`, and as names the columns that are called so in the frame.

    It has no row where the frame has none, or no such metric.
    """
    if frame.empty or metric.name not in frame:
        return pd.DataFrame({"value": pd.Series(dtype="float64")})
    named = {new: names(frame[column]) for new, column in columns.items()}
    return pd.DataFrame({**named, "value": numbers(frame[metric.name])})


def numbered(given: pd.DataFrame) -> pd.DataFrame:
    """The frame with the number of each row as its first column, `row`."""
    columns = {column: cells.array for column, cells in given.items()}
    return pd.DataFrame({"row": range(len(given)), **columns})


def numbers(column: pd.Series) -> pd.Series:
    """The column as floats; what is not a finite number is missing."""
    floats = pd.to_numeric(column, errors="coerce").astype("float64")
    return floats.where(floats.abs() != math.inf)


def perhaps(frame: pd.DataFrame, column: str) -> pd.Series:
    """The numbers of a column that a frame may have, all missing where it hasn't."""
    return numbers(frame[column] if column in frame else pd.Series(math.nan, frame.index))


def words(frame: pd.DataFrame, column: str | None) -> list[str]:
    """The cells of a column that a frame may have, each as a name, empty where it is missing."""
    cells = frame[column] if column in frame else [None] * len(frame)
    return ["" if pd.isna(cell) else name(cell) for cell in cells]


def name(cell: object) -> str:
    """The cell as one line of at most 200 characters."""
    words = "" if cell is None or cell is pd.NA or cell != cell else " ".join(str(cell).split())  # noqa: PLR0124
    return shortened(words, LONGEST) or UNNAMED


def names(column: pd.Series) -> pd.Series:
    """The column as names."""
    return pd.Series([name(cell) for cell in column], index=column.index, dtype="object")


def keys(frame: pd.DataFrame, label: str, key: str = "key") -> pd.Series:
    """What tells rows of the same name apart: the column `key`, otherwise the names themselves."""
    return names(frame[key if key in frame else label])


def shortened(words: str, length: int) -> str:
    """At most so many characters, an ellipsis last where some are missing."""
    return (
        words if len(words) <= length else words[: length - 1].rstrip() + "\N{HORIZONTAL ELLIPSIS}"
    )


def dotted(*words: str) -> str:
    """The words that say anything, with a dot between them: `$2,412 . 96% . At risk`."""
    return " \N{MIDDLE DOT} ".join(filter(None, words))


def beside(words: str, more: str) -> str:
    """The words, and what is more in brackets if that is anything: `$2.00 (66.7%)`."""
    return f"{words} ({more})" if more else words


def heading(label: str) -> str:
    """The label as a row of a tooltip, whose key Vega-Lite writes into an expression unescaped.

    Vega keeps two keys for itself: a title and a picture.
    """
    plain = label.replace("\\", "\N{FULLWIDTH REVERSE SOLIDUS}")
    return plain + "\N{NO-BREAK SPACE}" if plain in {"title", "image"} else plain
