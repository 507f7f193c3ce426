"""Typed: rows from the database as a frame, each column in its declared type.

Most answers have few rows. For those, Python's own loops are several times cheaper than pandas.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from meaux.data.schema.reading import LARGEST_WHOLE
from meaux.data.schema.secrets import without_secrets
from meaux.errors import BadAnswer
from meaux.query.queries import Query
from meaux.wording import counted, whole

# Arrow's texts, the default, cost several times as much in frames of up to thousands of rows.
pd.set_option("mode.string_storage", "python")

Cells = Sequence[object]
"""The cells of a column, as the database returned them."""

_DAY = len("2026-11-22")

FREE_TEXTS = frozenset({"message", "error", "note", "description"})
"""The columns that hold what somebody or a program wrote."""


def typed_frame(rows: Sequence[tuple[object, ...]], query: Query) -> pd.DataFrame:
    """Turn rows into a frame with the query's columns in their declared types.

    date: a local day at midnight, without a zone. instant: in UTC. integer: `Int64`. stored: as
    it came. days: tuples of a day and a number, from a JSON list. A cell that its type can't hold
    (infinity, an integer of more than 64 bits, a text among numbers) is missing. Secrets in free
    texts are masked.

    Raises:
        BadAnswer: a row has another number of columns.
    """
    width = len(query.returns)
    if any(len(row) != width for row in rows):
        raise BadAnswer(f"Query {query.name} returned unexpected columns.")
    columns = zip(*rows, strict=True) if rows else [()] * width
    return pd.DataFrame(
        {
            name: _TYPED[type_](_harmless(cells) if name in FREE_TEXTS else cells)
            for (name, type_), cells in zip(query.returns.items(), columns, strict=True)
        },
        index=pd.RangeIndex(len(rows)),
    )


def _harmless(cells: Cells) -> Cells:
    """Mask what is surely a secret in the cells, such as a token in an error's message."""
    return [without_secrets(c, surely=True) if isinstance(c, str) else c for c in cells]


def unusable(rows: Sequence[tuple[object, ...]], query: Query, frame: pd.DataFrame) -> list[str]:
    """Return a sentence per column with cells that its declared type can't hold."""
    missing = frame.isna().to_numpy()
    found = []
    for place, name in enumerate(query.returns):
        lost = sum(rows[row][place] is not None for row in missing[:, place].nonzero()[0].tolist())
        if lost:
            column = name.replace("_", " ")
            found.append(f"Left out: {counted(lost, 'value')} in {column} that can't be read.")
    return found


def integers(values: pd.Series) -> pd.Series:
    """Round to `Int64`; anything else, or more than 64 bits, is missing."""
    return pd.Series(_integers(values.tolist()), values.index)


def _texts(cells: Cells) -> Any:
    written = [None if cell is None else whole(str(cell)) for cell in cells]
    return pd.array(written, dtype="str")


def _floats(cells: Cells) -> np.ndarray[Any, Any]:
    """Return the cells as floats; NaN for anything but a finite number."""
    found = np.fromiter(map(_float, cells), dtype="float64", count=len(cells))
    found[np.isinf(found)] = math.nan
    return found


def _float(cell: object) -> float:
    match cell:
        case float() | bool():
            return float(cell)
        case int():
            return float(cell) if abs(cell) <= sys.float_info.max else math.nan
        case str():
            return float(pd.to_numeric(cell, errors="coerce"))
    return math.nan


def _integers(cells: Cells) -> pd.arrays.IntegerArray:
    found = [_whole(cell) for cell in cells]
    missing = np.array([one is None for one in found], dtype=bool)
    return pd.arrays.IntegerArray(np.array([one or 0 for one in found], dtype="int64"), missing)


def _whole(cell: object) -> int | None:
    """Return the whole number nearest to a cell; None if it doesn't fit into 64 bits."""
    number = cell if isinstance(cell, int) else _float(cell)
    return round(number) if abs(number) < LARGEST_WHOLE else None


def _dates(cells: Cells) -> Any:
    """Return the days; SQLite writes them as a year, a month and a day."""
    if all(isinstance(cell, str) and _is_day(cell) for cell in cells if cell is not None):
        return np.array(["NaT" if cell is None else cell for cell in cells], dtype="datetime64[s]")
    found = pd.to_datetime(pd.Series(_texts(cells)), format="%Y-%m-%d", errors="coerce")
    return found.astype("datetime64[s]").array


def _is_day(text: str) -> bool:
    """Return whether a text is a day, written as `2026-11-22`."""
    if len(text) != _DAY or not (text[:4] + text[5:7] + text[8:]).isdecimal():
        return False
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _days(cell: object) -> tuple[tuple[date, float], ...] | None:
    """Read a JSON list of days with their numbers; None if it isn't one."""
    if not isinstance(cell, str):
        return None
    try:
        found = tuple((date.fromisoformat(day), float(number)) for day, number in json.loads(cell))
    except (ValueError, TypeError, OverflowError, RecursionError):
        return None
    return found if all(math.isfinite(number) for _, number in found) else None


_TYPED: Mapping[str, Callable[[Cells], Any]] = {
    "text": _texts,
    "number": _floats,
    "integer": _integers,
    "stored": lambda cells: pd.Series(cells, dtype=object),
    "days": lambda cells: pd.Series([_days(cell) for cell in cells], dtype=object),
    "date": _dates,
    "instant": lambda cells: pd.to_datetime(_floats(cells), unit="s", utc=True, errors="coerce"),
}
