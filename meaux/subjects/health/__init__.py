"""Health: what was found in the database, how it is mapped, and what is missing.

`asks` returns statements for a few rows of each table and the budgets, `looks` for tables that
could replace a missing one; `examine` turns their results into findings.
"""

from meaux.subjects.health.advice import advice
from meaux.subjects.health.examination import asks, examine, prepared
from meaux.subjects.health.findings import (
    ColumnHealth,
    CostHealth,
    Health,
    LogicalHealth,
    Note,
    PeriodIndex,
    QueryHealth,
    Suggestion,
    TableHealth,
)
from meaux.subjects.health.growth import Growth
from meaux.subjects.health.suggestions import looks

__all__ = [
    "ColumnHealth",
    "CostHealth",
    "Growth",
    "Health",
    "LogicalHealth",
    "Note",
    "PeriodIndex",
    "QueryHealth",
    "Suggestion",
    "TableHealth",
    "advice",
    "asks",
    "examine",
    "looks",
    "prepared",
]
