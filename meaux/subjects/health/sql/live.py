"""Live: what the schema is when a statement is checked; the catalog may be older."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from meaux.data.database import Statement
from meaux.data.schema import Catalog

LIVE = Statement(
    """\
SELECT m.name AS name,
       CASE WHEN m.rootpage = 0 THEN coalesce(m.sql, '') END AS made_by,
       CASE WHEN m.rootpage > 0
            THEN (SELECT json_group_array(json_array(c.name, c.hidden))
                  FROM pragma_table_xinfo(m.name) AS c)
       END AS columns
FROM main.sqlite_master AS m
WHERE m.type IN ('table', 'view')
  AND substr(m.name, 1, 4) <> '_cf_'
  AND substr(m.name, 1, 7) <> 'sqlite_'""",
    width=3,
)
"""Reads the SQL of each view and virtual table, and the columns of every other table."""

RELOAD = "Press Reload schema on the Health tab."


@dataclass(frozen=True)
class Live:
    """What a database holds now, by names in lower case.

    - `made`: the SQL of each view and virtual table.
    - `columns`: the columns of every other table; for each, whether it is computed from others.
    """

    made: Mapping[str, str]
    columns: Mapping[str, Mapping[str, bool]]

    @staticmethod
    def of(rows: Iterable[tuple[object, ...]]) -> Live:
        """Return what the answer to `LIVE` says."""
        made: dict[str, str] = {}
        columns: dict[str, dict[str, bool]] = {}
        for name, sql, listed in rows:
            if listed is None:
                made[str(name).lower()] = str(sql)
            else:
                found = json.loads(str(listed))
                columns[str(name).lower()] = {str(one).lower(): bool(how) for one, how in found}
        return Live(made, columns)

    def news(self, name: str, catalog: Catalog) -> str:
        """Return a sentence on what the catalog doesn't know of a table; empty if nothing."""
        known, now = catalog.find(name), self.columns.get(name, {})
        if known is None:
            is_new = name in self.made or name in self.columns
            return f"{name} isn't in the schema that was read. {RELOAD}" if is_new else ""
        if name in (self.columns if known.kind in {"view", "virtual"} else self.made):
            return f"{name} has been made anew. {RELOAD}"
        for column, is_computed in now.items():
            one = known.columns.get(column)
            if one is None or one.computed != is_computed:
                return f"{name}.{column} isn't in the schema that was read. {RELOAD}"
        return ""
