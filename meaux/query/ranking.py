"""Ranking: the first rows of a ranking, and one row for all others."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from meaux.wording import counted


def top_with_rest(
    rows: pd.DataFrame, most: int, sums: Sequence[str], always: pd.Series
) -> pd.DataFrame:
    """Return the first rows and those that are `always` shown, then one row for the others.

    The rows are in order, with an index from 0. The last row has the sums of these columns and a
    `name`: `3 others`.
    """
    kept = (rows.index < most) | always
    rest = rows[~kept]
    if rest.empty:
        return rows
    line = pd.DataFrame([{"name": counted(len(rest), "other"), **rest[list(sums)].sum()}])
    folded: pd.DataFrame = pd.concat([rows[kept], line.reindex(columns=rows.columns)])
    return folded.reset_index(drop=True)
