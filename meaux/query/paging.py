"""Paging: one page made of the pages of several tables, latest first.

Each table has its own encoding of time, so each is asked for its next page by its own index, and
the pages are merged. In each table, the next page begins after the last row that was shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from meaux.query.answers import Position

Start = Mapping[str, Position]
"""Where a page begins in each table; a table without a position begins at its latest row."""

Moments = Callable[[pd.DataFrame], pd.Series]
"""Returns the times of some rows."""


def merged(pages: Mapping[str, pd.DataFrame], by: str, moments: Moments) -> pd.DataFrame:
    """Merge the pages of all tables, latest first; each keeps its own order.

    The column `by` gets the name of the table. Without rows, the frame has no columns.
    """
    parts = [
        frame.assign(moment=_falling(moments(frame)), **{by: table})
        for table, frame in pages.items()
        if len(frame)
    ]
    if not parts:
        return pd.DataFrame()
    both = pd.concat(parts, ignore_index=True)
    return both.sort_values("moment", ascending=False, kind="stable", ignore_index=True)


def _falling(at: pd.Series) -> pd.Series:
    """Return the times of a table, none later than one above it.

    A time in an odd spelling can sort to the wrong place. With falling times, a page always ends at
    a row above which all were shown: nothing is lost or shown twice.
    """
    return at.ffill().bfill().cummin()


def positions(shown: pd.DataFrame, by: str) -> dict[str, Position]:
    """Return the position of the last row shown, per table."""
    last = shown.drop_duplicates(by, keep="last")
    return {
        table: Position(place, key)
        for table, place, key in zip(last[by], last["place"], last["key"], strict=True)
    }
