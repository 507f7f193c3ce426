"""SQL that somebody writes: sent only where it is one statement that does nothing but read.

Three things stand between such a text and the database. Its tokens are told apart as SQLite tells
them, so that nothing hides behind a comment, a quote or a strange letter. Another reader of SQL,
sqlglot, must understand it as one query. And what is sent stands inside `SELECT * FROM (…)`, where
SQLite's own grammar takes nothing that writes. On a copy on ClickHouse, see `copied`.
"""

from meaux.subjects.health.sql.copied import LARGE as LARGE_ON_A_COPY
from meaux.subjects.health.sql.copied import (
    CopiedReading,
    CopiedTables,
    estimated,
    reads_up_to,
)
from meaux.subjects.health.sql.guard import Guard, Masks
from meaux.subjects.health.sql.live import LIVE, Live
from meaux.subjects.health.sql.names import Names, named
from meaux.subjects.health.sql.reading import MOST_ROWS, Reading, read
from meaux.subjects.health.sql.scans import LARGE, Scan, about, outline, reads, scans, tables
from meaux.subjects.health.sql.similar import explained
from meaux.subjects.health.sql.tokens import Refused

__all__ = [
    "LARGE",
    "LARGE_ON_A_COPY",
    "LIVE",
    "MOST_ROWS",
    "CopiedReading",
    "CopiedTables",
    "Guard",
    "Live",
    "Masks",
    "Names",
    "Reading",
    "Refused",
    "Scan",
    "about",
    "estimated",
    "explained",
    "named",
    "outline",
    "read",
    "reads",
    "reads_up_to",
    "scans",
    "tables",
]
