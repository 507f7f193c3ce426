"""Health: what of the product's model a database holds, how it is bound, and what is lacking.

`asks` says what to read, a few rows of each table and the budgets, and `looks` a few of those that
could stand in for a missing one; `examine` makes findings of what came back.
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
from meaux.subjects.health.suggestions import looks

__all__ = [
    "ColumnHealth",
    "CostHealth",
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
