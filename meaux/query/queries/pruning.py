"""Pruning: a view without the columns that nobody who reads it names.

SQLite computes every column of a view that it can't merge into its reader, a UNION ALL above all.
A view that groups stays whole: beside `max()` SQLite takes the other columns from the row that
holds the maximum.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise

from meaux.query.queries.reader import bare, members_in

KEPT = 1_000
"""How many views the cache holds, each with some of its columns."""

_MARK = re.compile(
    r"""'(?:[^']|'')*'|[(),]
    |\b(?:SELECT|FROM|UNION\ ALL|UNION|DISTINCT|EXCEPT|INTERSECT|WITH|GROUP\ BY)\b""",
    re.VERBOSE,
)
_INNERMOST = re.compile(r"\([^()]*\)")
_BARE = re.compile(r"(?<![.\w])[a-z_][a-z0-9_]*\b(?!\.)")
_DEPTH = {"(": 1, ")": -1}
_PER_ROW = {"SELECT", "FROM", "UNION ALL", ","}
"""The marks of a selection whose rows are the same whatever its columns are."""


def wanted_of(view: str, readers: Iterable[str]) -> frozenset[str] | None:
    """The columns that some SQL names of a view; None where it takes all, whatever they are."""
    sql = "\n".join(readers)
    if re.search(rf"\*\s+FROM {view}\b", sql):
        return None
    return frozenset(column for table, column in members_in(sql) if table == view)


@lru_cache(maxsize=KEPT)
def pruned(sql: str, wanted: frozenset[str]) -> str:
    """The SELECT, or the SELECTs of a UNION ALL, with those of its columns that are wanted.

    A column that the selection itself orders by stays, and so does the first where none is wanted.
    One whose rows or values hang on all of its columns comes back as it is: of a group, SQLite
    takes a column from the row that has the max() beside it.
    """
    if {found[0] for found in _marks(sql)} - _PER_ROW:
        return sql
    arms = [_parts(arm) for arm in _split(sql, "UNION ALL")]
    names = [_name(column) for column in arms[0][0]]
    used = wanted.union(*(_bare_words(rest) for _, rest in arms))
    kept = [place for place, name in enumerate(names) if name in used] or [0]
    return "UNION ALL\n".join(
        _select([columns[place] for place in kept], rest) for columns, rest in arms
    )


def _select(columns: list[str], rest: str) -> str:
    listed = ",\n    ".join(columns)
    return f"SELECT\n    {listed}\n{rest}"


def _marks(sql: str) -> Iterator[re.Match[str]]:
    """Every mark that stands in no parentheses."""
    depth = 0
    for found in _MARK.finditer(sql):
        depth += _DEPTH.get(found[0], 0)
        if depth == 0 and found[0][0] not in "()'":
            yield found


def _split(sql: str, mark: str) -> list[str]:
    """What stands between the marks of one kind."""
    ends = [(found.start(), found.end()) for found in _marks(sql) if found[0] == mark]
    edges = [(0, 0), *ends, (len(sql), len(sql))]
    return [sql[end:start] for (_, end), (start, _) in pairwise(edges)]


def _parts(arm: str) -> tuple[list[str], str]:
    """The columns of a SELECT, and all that follows them."""
    start = next(found.end() for found in _marks(arm) if found[0] == "SELECT")
    end = next((found.start() for found in _marks(arm) if found[0] == "FROM"), len(arm))
    return [column.strip() for column in _split(arm[start:end], ",")], arm[end:]


def _name(column: str) -> str:
    return re.split(r"[\s.]", column)[-1]


def _bare_words(sql: str) -> set[str]:
    """The words that may name a column of the selection itself: without a table, in no part of it.

    What stands in parentheses has columns of its own.
    """
    outer = bare(sql)
    while (inner := _INNERMOST.sub(" ", outer)) != outer:
        outer = inner
    return set(_BARE.findall(outer))
