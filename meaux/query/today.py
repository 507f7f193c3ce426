"""Today: the rows of the running day are read again alone, and put into a kept answer.

Only for queries that return sums per local day, each made of the rows of that day alone. The days
before stay as they were read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from meaux.data.categories import CATEGORIES
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

    `category` is that of its rows if the ask has a part for each. `tables` are the physical tables
    whose rows it is made of.
    """

    ask: Ask
    whole: Statement
    part: Statement
    tables: frozenset[str]
    category: str = ""


def parts_of(asks: Sequence[Ask], source: Source) -> list[Part]:
    """Return what can be read again of some asks, which the database can answer.

    Costs have a part for each category: a new time entry doesn't change the others.
    """
    return [part for entry in dict.fromkeys(asks) for part in _parts(entry, _again(entry), source)]


def _again(entry: Ask) -> Ask | None:
    """Return the ask for the running day, or the ask itself for a lookup; None for no such."""
    over = entry.selection
    if entry.query.name in LOOKUPS:
        return entry
    if entry.query.name not in BY_DAY or over.today not in over.period or over.between:
        return None
    day = Period(over.today, over.today + DAY)
    return replace(entry, selection=replace(over, period=day, compare="none"))


def _parts(entry: Ask, again: Ask | None, source: Source) -> Iterator[Part]:
    if again is None:
        return
    bound = source.binding.on(entry.on).tables
    read = reads.tables(entry.query.name) & bound.keys()
    whole = entry.compiled(source.binding).statement
    for category, part in _by_category(again).items():
        others = {one.table for one in CATEGORIES if category and one.name != category}
        physical = frozenset(bound[table].physical for table in read - others)
        yield Part(entry, whole, part.compiled(source.binding).statement, physical, category)


def _by_category(again: Ask) -> dict[str, Ask]:
    """Return an ask for each category, if its rows have one and it can be narrowed by it."""
    over = again.selection
    if "category" not in again.query.returns or not again.may_heed("categories"):
        return {"": again}
    chosen = over.categories or tuple(one.name for one in CATEGORIES)
    return {name: replace(again, selection=replace(over, categories=(name,))) for name in chosen}


def spliced(part: Part, whole: Fetched, again: Fetched) -> Fetched:
    """Return the kept answer with the rows of the running day as they are now."""
    if part.part == part.whole:
        return max(whole, again, key=lambda one: one.at)
    columns = list(part.ask.query.returns)
    place, today = columns.index("day"), str(part.ask.selection.today)
    of = columns.index("category") if part.category else place
    before = [row for row in whole.rows.rows if (row[place] or "") < today]
    now = [row for row in whole.rows.rows if row[place] == today]
    after = [row for row in whole.rows.rows if (row[place] or "") > today]
    others = [row for row in now if part.category and row[of] != part.category]
    rows = [*before, *others, *again.rows.rows, *after]
    return Fetched(replace(whole.rows, rows=rows), max(whole.at, again.at), whole.oldest)


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
    """Return the physical tables whose rows SQLite numbers."""
    known = (source.catalog.find(table) for table in tables)
    return [one.name for one in known if one and one.has_rowid and one.kind == "table"]


def ends_of(tables: Sequence[str], source: Source, found: Fetched | None) -> Mapping[str, object]:
    """Return the number of the latest row of each table, from the outcome of the probe."""
    if found is None or not found.rows.rows:
        return {}
    return dict(zip(numbered(tables, source), found.rows.rows[0], strict=True))
