"""Dialect: writes a statement that was compiled for SQLite in ClickHouse's SQL."""

from __future__ import annotations

import re
from functools import lru_cache

from sqlglot import exp, parse_one

from meaux.data.database.clickhouse.aggregates import AGGREGATES
from meaux.data.database.clickhouse.functions import FUNCTIONS
from meaux.data.database.clickhouse.relations import RELATIONS

KEPT = 2_000
"""The number of statements whose translation is kept."""

_RULES = {**AGGREGATES, **FUNCTIONS, **RELATIONS}
_PLACE = re.compile(r"""('(?:[^']|'')*'|`(?:[^`]|``)*`|"(?:[^"]|"")*")|\?(\d+)""")


@lru_cache(maxsize=KEPT)
def written(sql: str, database: str) -> str:
    """Return a SQLite statement as ClickHouse's, with parameters `{p1:String}`.

    Tables of `main` are those of the database.
    """
    tree = parse_one(_PLACE.sub(_named, sql), read="sqlite")
    for node in reversed(list(tree.walk(bfs=True))):
        rule = _RULES.get(type(node))
        if rule is not None:
            new = rule(node)
            if new is not node:
                if node is tree:
                    tree = new
                else:
                    node.replace(new)
    for table in tree.find_all(exp.Table):
        if table.db == "main":
            table.set("db", exp.to_identifier(database, quoted=True))
    return tree.sql(dialect="clickhouse", copy=False)


def _named(found: re.Match[str]) -> str:
    return found[1] or f":p{found[2]}"
