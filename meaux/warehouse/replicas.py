"""Replicas: the engines of tables of which servers of a cluster keep the same rows."""

from __future__ import annotations

import re

OF_A_SHARD = "'/clickhouse/tables/{uuid}/{shard}', '{replica}'"
"""The place in the Keeper, and the replica's name: each shard has rows of its own."""
OF_ALL = "'/clickhouse/tables/{uuid}', '{shard}_{replica}'"
"""The same if all servers of the cluster have the same rows."""
KEPT = {"insert_deduplicate": 0}
"""Has a replicated table take a block of rows that it has had before, such as a month again."""

_ENGINE = re.compile(r"ENGINE = (\w*MergeTree)(?:\((.*)\))?$", re.MULTILINE)


def replicated(layout: str, place: str) -> str:
    """Return the layout of a table with the engine that keeps replicas."""

    def engine(found: re.Match[str]) -> str:
        name, arguments = found[1], found[2]
        return f"ENGINE = Replicated{name}({', '.join(filter(None, [place, arguments]))})"

    return _ENGINE.sub(engine, layout)
