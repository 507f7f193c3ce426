"""Named queries: what can be asked, written in `.sql` files against logical tables.

`queries.cost_by_day` is the query of that name. A file holds blocks like this one:

    -- name: hours_by_day
    -- Hours that each local day's entries lasted.
    -- returns: day date, hours number
    -- optional: time_entry.cost
    SELECT time_entry.started_day AS day, sum(time_entry.seconds) / 3600.0 AS hours
    FROM time_entry
    WHERE in_period(time_entry.started)
      [[ AND time_entry.project IN (SELECT value FROM json_each(:projects)) ]]
    GROUP BY day

- Logical tables go by their own names, every logical column by `table.column`.
- A name that several rows share has the row's id behind it; `…_plain` is the name alone.
- Money is NULL where it is in another currency; `…_foreign` is that amount. `…_unread` is 1 where
  something stands in a column that can't be read.
- An instant also offers `…_day` (its local day), `…_stored` (as it is stored), `…_order` (to order
  by: as it is stored where that sorts as time does, served by an index), `…_milliseconds` and
  `…_timed` (whether it has a time of day: a bare date has none).
- `in_period(table.instant)` compares the stored column with the selected period's bounds.
- `since_start(table.instant)` compares it with the period's first bound alone.
- `in_page(table.instant)` does the same, and on later pages leaves out what the pages before
  showed; such a query orders by `instant_order DESC, key_order DESC` and has a `:limit`. It reads
  a page's rows however deep the page lies.
- `known(table.column)` is 1 where the database has the column, else 0: what is NULL in every row
  of a column that is missing says nothing of the rows.
- `there(table.id)` is whether a row of a table that others name is no deleted one: a list has only
  those, while a name is told, and a rate read, of the others too.
- `offset_at(instant)` is what to add to an instant for its local time; the table `zone_offset`
  holds all of the zone's offsets: `since`, `until`, `seconds`.
- `meaning('vocabulary', table.word)` is what a word means, by a table of `vocabulary.py`.
- `in_order(table.instant)` is 1 where the stored column sorts by time, 0 where it mixes encodings.
- `newest(table.instant)` is the newest instant of all rows up to the end of the period, by an
  index, however encodings mix; it is the same for each row, so that the query asks for one.
- `AND of_projects(table.project)`, `AND of_people(table.person)` and `AND of_members(table.person)`
  keep what the filters choose: projects, people, or people by their teams too.
- A clause in `[[ … ]]` stays only where all its parameters are set.
- What a query can answer without stands behind `optional:`; an optional table that is missing
  has no rows, an optional column that is missing is NULL.
- What it can't do without, though a view could, stands behind `needs:`, alternatives joined by
  `or`.
- An optional column by which the filters choose stands behind `chosen:`, too: where they do, the
  query can't do without it, because no row would be left and nothing is not known to be zero.
- What it says of every category of cost comes from the registry, `meaux.data.categories`: a block
  with `-- each: source` is written once for each, joined by UNION ALL. There `source` is the table
  that feeds the category (a column that it doesn't have is NULL, `source.at` says when), `line` the
  view of its lines, `abroad` that of those in another currency, `'{category}'` its name.
  `-- each: source.column` leaves out those without such a column. The views `source_line` and
  `source_abroad` stand for one of each category that names none of its own.
- In any block, `oldest(source.at) AS source` and `table.category_cost AS category_cost` stand for a
  column of each category. `'{personal}'`, `'{serviced}'`, `'{branch: project}'`, `'{leaf: person}'`
  name those of which that is true, `'{category of table}'` the one that a table feeds. In headers,
  `source`, `source.column` and `personal source` stand for what each of them has.
- `-- view:` in place of `-- name:` makes a block that queries may read like a table.
"""

from meaux.query.queries.compiler import Compiled, Unanswerable, compile_query
from meaux.query.queries.reader import COLUMN_TYPES, Query, View
from meaux.query.queries.reads import QUERIES, VIEWS

__all__ = [
    "COLUMN_TYPES",
    "QUERIES",
    "VIEWS",
    "Compiled",
    "Query",
    "Unanswerable",
    "View",
    "compile_query",
]


def __getattr__(name: str) -> Query:
    try:
        return QUERIES[name]
    except KeyError:
        raise AttributeError(f"there is no query {name!r}") from None
