"""Figures and tables of the Health tab."""

from __future__ import annotations

import pandas as pd

from meaux.subjects.figure import Figure
from meaux.subjects.health.findings import Health, QueryHealth
from meaux.subjects.health.metrics import (
    COLUMNS_BOUND,
    MISSING_INDEXES,
    QUERIES_ANSWERED,
    TABLES_FOUND,
)
from meaux.wording import counted

ANSWERED = "Yes"


def tables_found(found: Health) -> Figure:
    """Return the number of tables found, with the number of logical tables mapped."""
    there = sum(table.kind is not None for table in found.tables)
    kinds = sum(table.physical is not None for table in found.logical)
    note = (
        f"Of the {len(found.tables)} tables that the dashboard knows. "
        f"Together they supply {kinds} of the {len(found.logical)} logical tables."
    )
    return Figure(TABLES_FOUND, float(there), note=note)


def columns_bound(found: Health) -> Figure:
    """Return the number of logical columns mapped."""
    columns = [column for table in found.logical for column in table.columns]
    bound = sum(not column.needs for column in columns)
    return Figure(COLUMNS_BOUND, float(bound), note=f"Of {len(columns)}.")


def all_well(found: Health) -> str:
    """Return the sentence shown if there is nothing to do, with the missing columns."""
    lacking = sum(bool(column.needs) for table in found.logical for column in table.columns)
    if not lacking:
        return "All queries can be answered."
    columns = f"{counted(lacking, 'column')} {'is' if lacking == 1 else 'are'} not mapped"
    return f"All queries can be answered; {columns}, so some cards show less."


def queries_answered(found: Health) -> Figure:
    """Return the number of queries that can be answered."""
    answered = sum(query.answerable for query in found.queries)
    return Figure(QUERIES_ANSWERED, float(answered), note=f"Of {len(found.queries)}.")


def missing_indexes(found: Health) -> Figure:
    """Return the number of date columns without an index."""
    served = len(found.indexes) - len(found.missing_indexes)
    have = "has" if len(found.indexes) == 1 else "have"
    note = f"{served} of {counted(len(found.indexes), 'date column')} {have} an index."
    return Figure(MISSING_INDEXES, float(len(found.missing_indexes)), note=note)


def faults(found: Health) -> pd.DataFrame:
    """Return the invalid entries, with the reason and the effect."""
    rows = [(one.file, one.entry, one.reason, one.effect) for one in found.faults]
    return pd.DataFrame(rows, columns=["file", "entry", "reason", "until_then"])


def tables(found: Health) -> pd.DataFrame:
    """Return all tables that the dashboard can read, with their state."""
    rows = [
        {
            "table": table.name,
            "state": f"{table.state} (view)" if table.kind == "view" else table.state,
            "rows": table.size.rows if table.size else None,
            "counted": table.size.precision if table.size else "",
            "newest": table.newest,
            "read_as": ", ".join(table.read_as),
            "spare_for": ", ".join(table.spare_for),
            "wanted_for": ", ".join(table.wanted),
            "pages": ", ".join(table.pages),
            "queries": len(table.queries),
        }
        for table in found.tables
    ]
    return pd.DataFrame(rows).astype({"rows": "Int64"})


def columns(found: Health) -> pd.DataFrame:
    """Return all logical columns with the SQL that reads them or what they need; these first."""
    rows = [
        {
            "logical_table": table.name,
            "column": column.name,
            "table": table.physical or "",
            "read_from": column.stored or "not mapped",
            "needs": column.needs,
            "type": column.type,
            "encoding": " and ".join(column.encodings),
            "encoding_told_by": column.told_by,
            "names_rows_by": column.named_by,
            "values_read": column.values_read,
            "passed_over": "; ".join(column.passed_over),
            "queries": len(column.queries),
        }
        for table in found.logical
        for column in table.columns
    ]
    frame = pd.DataFrame(rows)
    return frame.sort_values("needs", key=lambda needs: needs == "", kind="stable")


def suggestions(found: Health) -> pd.DataFrame:
    """Return the suggested tables, the best for each logical table first."""
    rows = [
        {
            "logical_table": one.logical,
            "table": one.table,
            "fit": one.percent,
            "rows": str(one.size or ""),
            "newest": one.newest,
            "would_read": ", ".join(f"{name} from {source}" for name, source in one.reads.items()),
            "told_by": one.told_by,
            "would_lack": ", ".join(one.lacks),
            "caution": one.caution,
        }
        for one in found.suggestions
    ]
    return pd.DataFrame(rows)


def costs(found: Health) -> pd.DataFrame:
    """Return the cost categories, each with the table that feeds it."""
    rows = [(c.category, c.source, c.needs, ", ".join(c.left_out)) for c in found.costs]
    return pd.DataFrame(rows, columns=["category", "source", "needs", "not_added"])


def queries(found: Health) -> pd.DataFrame:
    """Return all queries, those that can't be answered first."""
    rows = [(q.name, _answered(q), ", ".join(q.pages)) for q in found.queries]
    rows.sort(key=lambda row: row[1] == ANSWERED)
    return pd.DataFrame(rows, columns=["query", "answered", "pages"])


def _answered(query: QueryHealth) -> str:
    if not query.answerable:
        return query.reason
    return f"Yes, without {', '.join(query.without)}" if query.without else ANSWERED


def indexes(found: Health) -> pd.DataFrame:
    """Return the date columns used by the period filter, each with its index."""
    rows = [
        (one.table, one.column, one.index or "missing", one.size.rows, len(one.queries))
        for one in found.indexes
    ]
    columns = ["table", "column", "index", "rows", "queries"]
    return pd.DataFrame(rows, columns=columns).astype({"rows": "Int64"})


def notes(found: Health) -> pd.DataFrame:
    """Return the data notes: table, note."""
    return pd.DataFrame([(n.about, n.sentence) for n in found.notes], columns=["table", "note"])
