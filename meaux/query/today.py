"""Today: the rows of the running day are read again alone, and put into a kept answer.

Only for queries that return sums per local day, each made of the rows of that day alone. The days
before stay as they were read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from meaux.data.database import Fetched, Statement
from meaux.data.schema import quoted
from meaux.data.source import Source
from meaux.query.answers import Ask
from meaux.query.filters import Period
from meaux.query.filters.period import DAY
from meaux.query.queries import reads
from meaux.query.rollups import NAMES

BY_DAY = frozenset(
    {
        "bucket_levels",
        "bucket_peaks",
        "conversations_by_day",
        "cost_by_day",
        "cost_of_budgets",
        "counted_mail",
        "events_by_day",
        "hours_by_day",
        "hours_by_person_day",
        "images_by_day",
        "ledger_sums",
        "model_cost_by_day",
        "reported_by_day",
        "reported_mail",
        "request_sums",
        "runs_by_day",
        "signups_by_day",
        "storage_levels",
        "storage_peaks",
        "tokens_by_day",
        "workflow_costs",
    }
)
"""The queries whose rows of a day are those that the day alone would have."""

LOOKUPS = frozenset(query.name for query in NAMES.values() if query.name.startswith("named_"))
"""The queries of names that such sums are shown with; they are read again as a whole."""


@dataclass(frozen=True)
class Part:
    """What is read again of an ask: `part`, for `whole`, or both the same for a lookup.

    `tables` are the physical tables whose rows it is made of.
    """

    ask: Ask
    whole: Statement
    part: Statement
    tables: frozenset[str]


def parts_of(asks: Sequence[Ask], source: Source) -> list[Part]:
    """Return what can be read again of some asks, which the database can answer."""
    found = []
    for entry in dict.fromkeys(asks):
        if (part := _part(entry)) is not None:
            bound = source.binding.on(entry.on).tables
            tables = reads.tables(entry.query.name) & bound.keys()
            whole, again = (one.compiled(source.binding).statement for one in (entry, part))
            physical = frozenset(bound[table].physical for table in tables)
            found.append(Part(entry, whole, again, physical))
    return found


def _part(entry: Ask) -> Ask | None:
    """Return the ask for the running day, or the ask itself for a lookup; None for no such."""
    over = entry.selection
    if entry.query.name in LOOKUPS:
        return entry
    if entry.query.name not in BY_DAY or over.today not in over.period or over.between:
        return None
    day = Period(over.today, over.today + DAY)
    return replace(entry, selection=replace(over, period=day, compare="none"))


def spliced(part: Part, whole: Fetched, again: Fetched) -> Fetched:
    """Return the kept answer with the rows of the running day as they are now."""
    if part.part == part.whole or whole.at >= again.at:
        return max(whole, again, key=lambda one: one.at)
    place = list(part.ask.query.returns).index("day")
    today = str(part.ask.selection.today)
    before = [row for row in whole.rows.rows if (row[place] or "") < today]
    after = [row for row in whole.rows.rows if (row[place] or "") > today]
    rows = [*before, *again.rows.rows, *after]
    return Fetched(replace(whole.rows, rows=rows), again.at, whole.oldest)


def probe(tables: Sequence[str], source: Source) -> Statement | None:
    """Return the statement that reads the latest row of each table, one row of each.

    It shows whether rows were added; None if no table has numbered rows.
    """
    ends = ", ".join(
        f"(SELECT max(rowid) FROM {quoted(table)}) AS c{place}"
        for place, table in enumerate(numbered(tables, source))
    )
    return Statement(f"SELECT {ends}") if ends else None


def numbered(tables: Sequence[str], source: Source) -> list[str]:
    """Return those of some physical tables whose rows are numbered by SQLite."""
    known = (source.catalog.find(table) for table in tables)
    return [one.name for one in known if one and one.has_rowid and one.kind == "table"]


def ends_of(tables: Sequence[str], source: Source, found: Fetched | None) -> Mapping[str, object]:
    """Return the number of the latest row of each table, from the outcome of the probe."""
    if found is None or not found.rows.rows:
        return {}
    return dict(zip(numbered(tables, source), found.rows.rows[0], strict=True))
