"""Pruning: removes the columns of a view that no reader names.

SQLite computes every column of a view that it can't merge into its reader, above all of a UNION
ALL. A view that groups stays whole: next to `max()` SQLite takes the other columns from the row
with the maximum.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from meaux.query.queries.reader import members_in

KEPT = 1_000
"""The number of views that the cache holds, each with some of its columns."""

_HANGS_TOGETHER = re.compile(
    r"^(?:WITH|SELECT DISTINCT|UNION|EXCEPT|INTERSECT|GROUP BY)\b(?! ALL)", re.MULTILINE
)
"""SQL that makes the rows or values of a selection depend on all of its columns."""
_ORDER = re.compile(r"^ORDER BY .*", re.MULTILINE | re.DOTALL)
_BETWEEN = re.compile(r",\n    (?! )")
"""The separator of two columns of a SELECT: each begins a line, indented one level."""


def wanted_of(view: str, readers: Iterable[str]) -> frozenset[str] | None:
    """Return the columns that some SQL reads of a view; None if it reads all of them."""
    found: set[str] = set()
    for sql in readers:
        if re.search(rf"\*\s+FROM {view}\b", sql):
            return None
        found.update(column for table, column in members_in(sql) if table == view)
    return frozenset(found)


@lru_cache(maxsize=KEPT)
def pruned(sql: str, wanted: frozenset[str]) -> str:
    """Return the SELECT, or the SELECTs of a UNION ALL, with only the wanted columns.

    The files have one column per line. A column in ORDER BY stays, and so does the first one if no
    column is wanted.
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
