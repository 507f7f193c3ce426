"""Named queries, written in `.sql` files on logical tables.

A file contains blocks like this one:

    -- name: billable_hours_by_day
    -- Billable hours per local day; all hours if the database has no billable flag.
    -- returns: day date, hours number
    -- optional: time_entry.billable
    SELECT
        time_entry.started_day AS day,
        sum(time_entry.seconds) FILTER (
            WHERE time_entry.billable OR NOT known(time_entry.billable)
        ) / 3600.0 AS hours
    FROM time_entry
    WHERE in_period(time_entry.started)
      [[ AND time_entry.project IN (SELECT value FROM json_each(:projects)) ]]
    GROUP BY day

- Write a logical table by its name and a logical column as `table.column`.
- If several rows have the same name, `table.name` has the row's ID as a suffix;
  `table.name_plain` doesn't.
- A money column is NULL if the row isn't in USD; `…_foreign` then has the amount. `…_unread` is 1
  if the value is unreadable.
- An instant also has `…_day` (local day), `…_stored` (stored value), `…_order` (sort key: the
  stored value if that sorts by time, so an index serves it), `…_milliseconds` and `…_timed` (1 if
  it has a time of day).
- `in_period(table.instant)` compares the stored column with the bounds of the selected period.
- `since_start(table.instant)` compares it only with the period's lower bound.
- `in_page(table.instant)` limits the rows to the period as `in_period` does; later pages also
  exclude the rows already shown (keyset pagination). Such a query orders by
  `instant_order DESC, key_order DESC` and has a `:limit`. It reads the rows of one page only,
  however far back the page is. `place` and `key` of a page's last row are the `:before` and
  `:before_key` of the next page.
- `known(table.column)` is 1 if the database has the column, else 0. Use it to tell a missing column
  from NULL values.
- `there(table.id)` is true if the referenced row is not deleted. Lists show only such rows; names
  and rates also come from deleted rows.
- For somebody who may see some teams only, each logical table has their rows alone, and keys of
  other projects, teams and people are words. A query needs nothing for it. `person_rated` is a
  person's key before that; use it only to look up a rate.
- `offset_at(instant)` is the UTC offset at an instant; the table `zone_offset` lists the zone's
  offsets: `since`, `until`, `seconds`.
- `meaning('vocabulary', table.word)` maps a word through a table of `vocabulary.py`.
- `in_order(table.instant)` is 1 if the stored column sorts by time, 0 if it mixes encodings.
- `newest(table.instant)` is the newest instant up to the end of the period, found through an index
  even with mixed encodings. It has the same value in every row, so select only one row.
- `AND of_projects(table.project)`, `AND of_people(table.person)` and `AND of_members(table.person)`
  apply the filters: by project, by person, or by person and team.
- A clause in `[[ … ]]` is included only if all its parameters are set; one in `[[ with table: … ]]`
  only if the database has the logical table, too. A clause in `[[ unless :name … ]]` is included
  only if that parameter isn't set.
- `:copied` is set if a copy on ClickHouse is read. SQL that only saves D1 rows stands in
  `[[ unless :copied … ]]`.
- On a copy, `first_rows(n, …)` has the first n rows of a group, sorted by these values, each in a
  row of its own; `part_of(row, 2)` is the second value of such a row.
- The query `source_rows` is repeated per category, under the name of its logical table:
  `ai_usage_rows`.
- `optional:` lists tables and columns that may be missing. A missing table has no rows; a missing
  column is NULL.
- `needs:` lists tables and columns that the query requires, even if an `optional:` line of this
  block or of a view that it reads lists them. Of alternatives joined by `or`, one is enough:
  `needs: a.x or a.y`; list both under `optional:` too.
- `chosen:` lists optional columns that filters use. If such a filter is set, the column is
  required: without it the result would be empty, which would look like zero.
- Blocks for cost categories are generated from `meaux.data.categories`: a block with
  `-- each: source` is repeated per category and joined by UNION ALL. In it, these words are
  replaced for each category: `source` for its logical table (missing columns are NULL, `source.at`
  is the time), `line` for the view of its entries, `abroad` for the view of its entries in another
  currency, `'{category}'` for its name. `-- each: source.column` skips categories whose table lacks
  that column.
- A category may name its own views in `meaux.data.categories`: `lines` (read as `line`) and
  `abroad_lines` (read as `abroad`). For a category without them, they are generated from the views
  `source_line` and `source_abroad`.
- `per_day(table.day)` is the day if the parameter `:by_day` is set, otherwise NULL. The queries of
  sums return it and group by it.
- In any block, `oldest(source.at) AS source` and `table.category_cost AS category_cost` expand to
  one column per category, such as `oldest(time_entry.started) AS time_entry`.
- A property in quotes and braces expands to the names of the categories that have it.
  `'{personal}'`: its entries can have a person. `'{serviced}'`: its entries can have a service.
  `'{branch: project}'`, `'{leaf: person}'`: the categories that `cost_tree` breaks down by project
  on the first level, or by person on the second; a branch can also be `service`, a leaf `service`
  or `resource`. `'{category of table}'` is the category whose source is the table.
- In the header lines `optional:` and `needs:`, `source` expands to the logical tables of all
  categories, and `source.column` to that column of each of them that has it: `source.project` is
  `time_entry.project, ai_usage.project, …`. `personal source` covers only the categories whose
  entries can have a person, `serviced source` those whose entries can have a service;
  `personal source.column` works too.
- A block with `-- view:` instead of `-- name:` defines a view that queries can read like a table.
"""

import difflib

from meaux.errors import SettingError
from meaux.query.queries.compiler import (
    Compiled,
    NotForTeams,
    Unanswerable,
    compile_query,
    days_only,
    missing,
)
from meaux.query.queries.reader import COLUMN_TYPES, Query, View
from meaux.query.queries.reads import QUERIES, VIEWS

__all__ = [
    "COLUMN_TYPES",
    "QUERIES",
    "VIEWS",
    "Compiled",
    "NotForTeams",
    "Query",
    "Unanswerable",
    "View",
    "compile_query",
    "days_only",
    "find",
    "missing",
]


def find(name: str) -> Query:
    """Return the query of this name.

    Raises:
        SettingError: there is none; its sentence names similar ones.
    """
    if name in QUERIES:
        return QUERIES[name]
    near = difflib.get_close_matches(name, QUERIES, n=3, cutoff=0.5)
    hint = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(QUERIES)}."
    raise SettingError(f"There is no query {name!r}; {hint}")


def __getattr__(name: str) -> Query:
    try:
        return QUERIES[name]
    except KeyError:
        raise AttributeError(f"there is no query {name!r}") from None
