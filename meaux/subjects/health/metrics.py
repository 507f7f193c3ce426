"""The database itself: how much of what the product asks for is there."""

from meaux.query.metrics.metric import Metric, Unlisted

TABLES_FOUND = Metric(
    "tables_found",
    "Tables found",
    "count",
    "Tables that are there, of those that the product may read.",
    total="last",
)
COLUMNS_BOUND = Metric(
    "columns_bound",
    "Columns bound",
    "count",
    "Logical columns, of all logical tables, for which the database has a column.",
    total="last",
)
QUERIES_ANSWERED = Metric(
    "queries_answered",
    "Queries answered",
    "count",
    "Named queries that this database can answer, of all there are.",
    total="last",
)
MISSING_INDEXES = Metric(
    "missing_indexes",
    "Missing indexes",
    "count",
    "Columns that are compared with the period without an index, so that a query of any period "
    "reads the whole table.",
    good="down",
    total="last",
)


def of_column(name: str) -> Metric:
    """A column of numbers that somebody asked for in SQL; it goes by the name `value`."""
    return Unlisted("value", name, "number", f"The column {name} of the result.", "neither")
