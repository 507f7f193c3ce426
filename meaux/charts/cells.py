"""Cells: what a chart reads from a frame whose numbers and names may be anything."""

from __future__ import annotations

import math

import pandas as pd

UNNAMED = "Not named"
LONGEST = 200


def numbers(column: pd.Series) -> pd.Series:
    """The column as floats; what is not a finite number is missing."""
    floats = pd.to_numeric(column, errors="coerce").astype("float64")
    return floats.where(floats.abs() != math.inf)


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


def heading(label: str) -> str:
    """The label as a row of a tooltip, whose key Vega-Lite writes into an expression unescaped.

    Vega keeps two keys for itself: a title and a picture.
    """
    plain = label.replace("\\", "\N{FULLWIDTH REVERSE SOLIDUS}")
    return plain + "\N{NO-BREAK SPACE}" if plain in {"title", "image"} else plain
