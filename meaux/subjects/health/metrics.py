"""Metrics of the database itself."""

from meaux.query.metrics.metric import Metric, Unlisted

TABLES_FOUND = Metric(
    "tables_found",
    "Tables found",
    "count",
    "Tables in the database that the dashboard can read.",
    total="last",
)
COLUMNS_BOUND = Metric(
    "columns_bound",
    "Columns mapped",
    "count",
    "Columns that the dashboard uses (logical columns) and found in the database.",
    total="last",
)
QUERIES_ANSWERED = Metric(
    "queries_answered",
    "Queries answered",
    "count",
    "Dashboard queries that this database can answer.",
    total="last",
)
MISSING_INDEXES = Metric(
    "missing_indexes",
    "Missing indexes",
    "count",
    "Date columns used by the period filter that have no index. Each query on them scans the whole "
    "table.",
    good="down",
    total="last",
)


def of_column(name: str) -> Metric:
    """Return a metric for a number column of an SQL result; its name is `value`."""
    return Unlisted("value", name, "number", f"The column {name} of the result.", "neither")
