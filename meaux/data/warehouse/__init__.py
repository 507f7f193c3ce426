"""Warehouse: how the copy of a database on ClickHouse is laid out, for its loader and its reader.

The copy holds the logical model: a table for each bound logical table, one row for each row that
counts, its values in the types of the model. Rows that don't count are in tables beside them. What
the binding was made from is stored, too, so that the reader binds as on the source.
"""

from meaux.data.warehouse.evidence import Evidence
from meaux.data.warehouse.tables import (
    APART,
    EVIDENCE,
    KIND,
    LOADS,
    MONTH,
    OWN_TABLES,
    RUNS,
    CopiedColumn,
    CopiedTable,
    copied,
    copied_apart,
    copied_table,
)

__all__ = [
    "APART",
    "EVIDENCE",
    "KIND",
    "LOADS",
    "MONTH",
    "OWN_TABLES",
    "RUNS",
    "CopiedColumn",
    "CopiedTable",
    "Evidence",
    "copied",
    "copied_apart",
    "copied_table",
]
