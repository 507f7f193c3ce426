"""Health: what of the product's model a database holds, and which queries it can answer."""

from dataclasses import dataclass
from functools import partial

from meaux.answers import Ask
from meaux.costs import CATEGORIES
from meaux.database import Fetched, Statement, fetch_each
from meaux.filters import Selection
from meaux.queries import QUERIES, Compiled, Query, Unanswerable
from meaux.schema import LogicalTable
from meaux.source import Source


@dataclass(frozen=True)
class TableHealth:
    """A logical table: where it was found, and what of it.

    `columns` holds the columns found, with the encodings of those that are points in time;
    `lacking` says of each other column, and of a table that is missing, what it would need.
    """

    name: str
    physical: str | None
    has_rows: bool
    columns: dict[str, tuple[str, ...]]
    lacking: dict[str, str]
    needs: str | None = None


@dataclass(frozen=True)
class QueryHealth:
    """A query: whether it can be answered, why not, and what it is answered without."""

    name: str
    answerable: bool
    reason: str
    without: dict[str, str]


@dataclass(frozen=True)
class CostHealth:
    """A category of the cost ledger: the physical table that feeds it, or what it would need."""

    category: str
    source: str | None
    needs: str | None


@dataclass(frozen=True)
class Health:
    """All that was found."""

    tables: list[TableHealth]
    costs: list[CostHealth]
    queries: list[QueryHealth]

    @property
    def problems(self) -> int:
        """How many tables are missing and how many queries can't be answered."""
        missing = sum(table.physical is None for table in self.tables)
        return missing + sum(not query.answerable for query in self.queries)


def examine(opened: Source, selection: Selection) -> Health:
    """What a source holds and can answer; the queries are prepared in one call, none is run."""
    return Health(
        [_table(opened, logical) for logical in opened.binding.model.tables.values()],
        [_cost(opened, category, table) for category, table in CATEGORIES.items()],
        _queries(opened, selection),
    )


def _table(opened: Source, logical: LogicalTable) -> TableHealth:
    lacks = partial(opened.binding.lacks, logical.name)
    bound = opened.binding.tables.get(logical.name)
    if bound is None:
        return TableHealth(
            logical.name, None, has_rows=False, columns={}, lacking={}, needs=lacks()
        )
    columns = {name: column.encodings for name, column in bound.columns.items()}
    lacking = {name: words for name in logical.columns if (words := lacks(name))}
    return TableHealth(logical.name, bound.physical, bound.has_rows, columns, lacking)


def _cost(opened: Source, category: str, table: str) -> CostHealth:
    bound = opened.binding.tables.get(table)
    return CostHealth(category, bound.physical if bound else None, opened.binding.lacks(table))


def _queries(opened: Source, selection: Selection) -> list[QueryHealth]:
    outcomes = {query.name: _compiled(opened, query, selection) for query in QUERIES.values()}
    ready = {name: c for name, c in outcomes.items() if isinstance(c, Compiled)}
    prepared = [_plan(c.statement) for c in ready.values()]
    answers = dict(zip(ready, fetch_each(opened.database, prepared), strict=True))
    found = []
    for name, outcome in outcomes.items():
        if isinstance(outcome, Unanswerable):
            found.append(QueryHealth(name, answerable=False, reason=str(outcome), without={}))
        else:
            answer = answers[name]
            reason = "" if isinstance(answer, Fetched) else str(answer)
            found.append(QueryHealth(name, not reason, reason, dict(outcome.without)))
    return found


def _plan(statement: Statement) -> Statement:
    """What prepares a statement, and so finds every fault in it, but reads no row."""
    return Statement(f"EXPLAIN QUERY PLAN {statement.sql}", statement.params)


def _compiled(opened: Source, query: Query, selection: Selection) -> Compiled | Unanswerable:
    try:
        return Ask(query, selection, limit=1).compiled(opened.binding)
    except Unanswerable as reason:
        return reason
