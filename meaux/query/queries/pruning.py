"""Pruning: a view without the columns that nobody who reads it names.

SQLite computes every column of a view that it can't merge into its reader, a UNION ALL above all.
A view that groups stays whole: beside `max()` SQLite takes the other columns from the row that
holds the maximum.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from meaux.query.queries.reader import members_in

KEPT = 1_000
"""How many views the cache holds, each with some of its columns."""

_HANGS_TOGETHER = re.compile(
    r"^(?:WITH|SELECT DISTINCT|UNION|EXCEPT|INTERSECT|GROUP BY)\b(?! ALL)", re.MULTILINE
)
"""What makes the rows of a selection, or their values, hang on all of its columns."""
_ORDER = re.compile(r"^ORDER BY .*", re.MULTILINE | re.DOTALL)
_BETWEEN = re.compile(r",\n    (?! )")
"""What stands between two columns of a SELECT: each begins a line, a level in."""


def wanted_of(view: str, readers: Iterable[str]) -> frozenset[str] | None:
    """The columns that some SQL names of a view; None where it takes all, whatever they are."""
    sql = "\n".join(readers)
    if re.search(rf"\*\s+FROM {view}\b", sql):
        return None
    return frozenset(column for table, column in members_in(sql) if table == view)


@lru_cache(maxsize=KEPT)
def pruned(sql: str, wanted: frozenset[str]) -> str:
    """The SELECT, or the SELECTs of a UNION ALL, with those of its columns that are wanted.

    They are written as the files have them: a column a line. One that the selection orders by
    stays, and so does the first where none is wanted.
    """
    if _HANGS_TOGETHER.search(sql):
        return sql
    arms = [arm.partition("\nFROM") for arm in sql.split("\nUNION ALL\n")]
    columns = [_BETWEEN.split(listed.removeprefix("SELECT").lstrip()) for listed, *_ in arms]
    names = [re.split(r"[\s.]", column)[-1] for column in columns[0]]
    used = wanted.union(*(re.findall(r"\w+", order) for order in _ORDER.findall(sql)))
    kept = [place for place, name in enumerate(names) if name in used] or [0]
    return "\nUNION ALL\n".join(
        "SELECT\n    " + ",\n    ".join(of_arm[place] for place in kept) + "".join(rest)
        for of_arm, (_, *rest) in zip(columns, arms, strict=True)
    )
