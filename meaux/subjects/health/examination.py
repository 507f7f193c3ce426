"""The examination: from an open database, and what its tables were measured at, to findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date

from meaux.data.categories import CATEGORIES, Category
from meaux.data.database import Fetched, Outcome, Statement
from meaux.data.faults import Fault
from meaux.data.plan import Plan
from meaux.data.schema import BoundTable, LogicalColumn, LogicalTable, Size
from meaux.data.schema.secrets import Secrecy
from meaux.data.schema.sizes import is_indexed
from meaux.data.source import Source
from meaux.query.answers import Ask
from meaux.query.filters import Selection
from meaux.query.queries import QUERIES, Query, Unanswerable, reads
from meaux.query.rollups import added_up_from
from meaux.subjects.health import cells, indexes, limits, mapping, measures, notes, suggestions
from meaux.subjects.health.findings import (
    ColumnHealth,
    CostHealth,
    Health,
    LogicalHealth,
    QueryHealth,
    TableHealth,
)
from meaux.subjects.page import pages_asking
from meaux.wording import counted

NOTHING_PREPARED: Mapping[str, Outcome] = {}
NOTHING_DECLARED = Plan()


def asks(opened: Source, today: date) -> dict[str, Statement]:
    """Return the statements that measure each existing table, by its name, and read the budgets."""
    return {**measures.asks(opened), **limits.asks(opened, today)}


def prepared(opened: Source, selection: Selection) -> dict[str, Statement]:
    """Return a statement that prepares each query, which finds its faults without reading a row."""
    found = {}
    for query in QUERIES.values():
        with suppress(Unanswerable):
            statement = _asked(query, selection).compiled(opened.binding).statement
            sql, params = statement.sql, statement.params
            found[query.name] = Statement(f"EXPLAIN QUERY PLAN {sql}", params)
    return found


def examine(  # noqa: PLR0913, PLR0917  what was read, by what it was read for
    opened: Source,
    selection: Selection,
    outcomes: Mapping[str, Outcome],
    looked: Mapping[str, Outcome] = suggestions.NOT_LOOKED,
    declared: Plan = NOTHING_DECLARED,
    plans: Mapping[str, Outcome] = NOTHING_PREPARED,
    cards: Sequence[Fault] = (),
) -> Health:
    """Return what a source contains and can answer.

    `outcomes`, `looked` and `plans` are the outcomes of `asks`, `looks` and `prepared`, by the same
    names. `declared` is the plan in force, `cards` are the mistakes in cards of one's own.
    """
    sizes = measures.measured(opened, outcomes)
    names = measures.candidates(opened)
    secrecy = Secrecy.of((), declared.rules.common.hide)
    suggested = suggestions.suggested(opened, selection, looked, secrecy)
    tables = [_table(opened, name, sizes.get(name.lower()), selection.zone) for name in names]
    return Health(
        tables,
        [_logical(opened, table) for table in opened.binding.model.tables.values()],
        [_cost(opened, category) for category in CATEGORIES],
        [_query(opened, query, selection, plans) for query in QUERIES.values()],
        indexes.of_periods(opened, sizes),
        list(notes.notes(opened, tables, selection)),
        mapping.snippet(opened, suggestions.best(suggested)),
        suggested,
        [
            *declared.faults,
            *opened.faults,
            *cards,
            *limits.faults(opened, outcomes, selection.today),
        ],
    )


def _table(opened: Source, name: str, size: Size | None, zone: str) -> TableHealth:
    table, binding = opened.catalog.find(name), opened.binding
    logical = [bound.logical for bound in binding.tables.values() if bound.physical == name]
    wanted = _wanted(opened, name)
    queries = tuple(
        dict.fromkeys(query for one in logical or wanted for query in reads.readers(one))
    )
    pages = pages_asking(queries)
    if table is None:
        return TableHealth(name, None, (), (), None, "", queries, pages, wanted=tuple(wanted))
    spare = [
        logical
        for logical in binding.others
        if any(option.physical == table.name for option in binding.spare(logical))
    ]
    known = size or Size()
    return TableHealth(
        table.name,
        table.kind,
        tuple(logical),
        tuple(spare),
        known,
        measures.newest(known, measures.written(opened, table), zone),
        queries,
        pages,
        replaced=not any(_may_stand_on(opened, logical, name) for logical in binding.model.tables),
        wanted=tuple(wanted),
        none_by=", ".join(
            dict.fromkeys(
                said
                for bound in binding.tables.values()
                if bound.physical == table.name
                for said in bound.said_by
            )
        ),
    )


def _wanted(opened: Source, name: str) -> list[str]:
    """Return the unbound logical tables that could be read from a table."""
    binding = opened.binding
    unbound = (logical for logical in binding.model.tables if logical not in binding.tables)
    return [logical for logical in unbound if _may_stand_on(opened, logical, name)]


def _may_stand_on(opened: Source, logical: str, name: str) -> bool:
    """Return whether a table is a candidate for a logical one; a missing one by its name."""
    table = opened.catalog.find(name)
    candidates = opened.binding.model.tables[logical].candidates
    if table is None:
        return name.lower() in map(str.lower, candidates)
    return any(opened.catalog.meant(candidate) is table for candidate in candidates)


def _logical(opened: Source, table: LogicalTable) -> LogicalHealth:
    bound = opened.binding.tables.get(table.name)
    queries = reads.readers(table.name)
    return LogicalHealth(
        table.name,
        bound.physical if bound else None,
        bool(bound and bound.has_rows),
        opened.binding.lacks(table.name) or "",
        tuple(
            _column(opened, table, column, bound)
            for column in table.columns.values()
            if not column.quiet or (bound and column.name in bound.columns)
        ),
        queries,
        pages_asking(queries),
    )


def _column(
    opened: Source, table: LogicalTable, column: LogicalColumn, bound: BoundTable | None
) -> ColumnHealth:
    found = bound.columns.get(column.name) if bound else None
    physical = opened.catalog.find(bound.physical) if bound else None
    over = cells.passed_over(column, physical, bound) if bound and physical else ()
    return ColumnHealth(
        column.name,
        column.type,
        column.required,
        cells.read_from(found) if found else "",
        found.encodings if found else (),
        opened.binding.lacks(table.name, column.name) or "",
        reads.readers_of_column(table.name, column.name),
        _told_by(opened, column, bound) if found and found.encodings else "",
        found.identity if found else None,
        cells.values(found) if found else "",
        tuple(over),
    )


def _told_by(opened: Source, column: LogicalColumn, bound: BoundTable | None) -> str:
    """Say what the encodings of an instant come from: the mapping, an index, values or its type."""
    if bound is None or column.encoding:
        return "the mapping"
    found, table = bound.columns[column.name], opened.catalog.find(bound.physical)
    if not found.seen.cells:
        return "its type (no values yet)"
    values = counted(found.seen.cells - found.seen.unread, "value")
    indexed = table is not None and is_indexed(table, found)
    return f"its index and {values}" if indexed else values


def _cost(opened: Source, category: Category) -> CostHealth:
    bound = opened.binding.tables.get(category.table)
    spare = opened.binding.spare(category.table)
    return CostHealth(
        category.name,
        bound.physical if bound else None,
        opened.binding.lacks(category.table) or "",
        tuple(option.physical for option in spare if option.has_rows),
    )


def _query(
    opened: Source, query: Query, selection: Selection, plans: Mapping[str, Outcome]
) -> QueryHealth:
    pages = pages_asking(added_up_from(query) or [query.name])
    try:
        without = _asked(query, selection).missing(opened.binding)
    except Unanswerable as reason:
        return QueryHealth(query.name, answerable=False, reason=str(reason), pages=pages)
    plan = plans.get(query.name)
    fault = "" if plan is None or isinstance(plan, Fetched) else str(plan)
    return QueryHealth(query.name, not fault, fault, dict(without), pages)


def _asked(query: Query, selection: Selection) -> Ask:
    return Ask(query, selection, limit=1, names=("",))
