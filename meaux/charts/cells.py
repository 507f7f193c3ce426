"""Cells: how charts read the numbers and names of any frame."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from pandas.api.types import is_numeric_dtype

from meaux.data.schema.vocabulary import UNNAMED
from meaux.query.metrics import Metric
from meaux.wording import percent

LONGEST = 200


def read(frame: pd.DataFrame, metric: Metric, **columns: str) -> pd.DataFrame:
    """Return the metric's numbers as `value`, and the given columns as names.

    It has no rows if the frame has none, or no such metric.
    """
    if frame.empty or metric.name not in frame:
        return pd.DataFrame({"value": pd.Series(dtype="float64")})
    named = {new: names(frame[column]) for new, column in columns.items()}
    return pd.DataFrame({**named, "value": numbers(frame[metric.name])})


def numbered(given: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with the number of each row as its first column, `row`."""
    columns = {column: cells.array for column, cells in given.items()}
    return pd.DataFrame({"row": range(len(given)), **columns})


def numbers(column: pd.Series) -> pd.Series:
    """Return the column as floats; a value that isn't a finite number is missing."""
    if not is_numeric_dtype(column.dtype):
        column = pd.to_numeric(column, errors="coerce")
    floats = column.to_numpy("float64", na_value=math.nan)
    return pd.Series(np.where(np.isinf(floats), math.nan, floats), column.index)


def perhaps(frame: pd.DataFrame, column: str) -> pd.Series:
    """Return the numbers of a column; all missing if the frame has no such column."""
    return numbers(frame[column] if column in frame else pd.Series(math.nan, frame.index))


def words(frame: pd.DataFrame, column: str | None) -> list[str]:
    """Return the cells of a column as names, empty if missing, all empty without the column."""
    cells = frame[column] if column in frame else [None] * len(frame)
    return ["" if pd.isna(cell) else name(cell) for cell in cells]


def name(cell: object) -> str:
    """Return the cell as one line of at most 200 characters."""
    words = "" if cell is None or cell is pd.NA or cell != cell else " ".join(str(cell).split())  # noqa: PLR0124
    return shortened(words, LONGEST) or UNNAMED


def names(column: pd.Series) -> pd.Series:
    """Return the column as names."""
    return pd.Series([name(cell) for cell in column], index=column.index, dtype="object")


def keys(frame: pd.DataFrame, label: str, key: str = "key") -> pd.Series:
    """Return the keys of rows with the same name: the column `key`, otherwise the names."""
    return names(frame[key if key in frame else label])


def shortened(words: str, length: int) -> str:
    """Cut words to a length; an ellipsis ends those that are cut."""
    return (
        words if len(words) <= length else words[: length - 1].rstrip() + "\N{HORIZONTAL ELLIPSIS}"
    )


def dotted(*words: str) -> str:
    """Join the words that aren't empty with dots: `$2,412 . 96% . At risk`."""
    return " \N{MIDDLE DOT} ".join(filter(None, words))


def beside(words: str, more: str) -> str:
    """Append words in parentheses, unless they are empty: `$2.00 (67%)`."""
    return f"{words} ({more})" if more else words


def portion(share: float) -> str:
    """Write a share of a total in whole per cent; a small one isn't zero: `67%`, `<1%`."""
    return "<1%" if 0 < share < 0.005 else percent(share)  # noqa: PLR2004


def heading(label: str) -> str:
    """Make a label safe as a key of a tooltip, which Vega-Lite writes unescaped into an expression.

    Vega reserves two keys: title and image.
    """
    plain = label.replace("\\", "\N{FULLWIDTH REVERSE SOLIDUS}")
    return plain + "\N{NO-BREAK SPACE}" if plain in {"title", "image"} else plain
