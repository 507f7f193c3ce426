"""Reading a database: Cloudflare D1 over its API, or a SQLite file held to the same rules."""

from meaux.data.database.batch import Fetched, Outcome, fetch_each, together
from meaux.data.database.d1 import D1
from meaux.data.database.in_flight import Flights
from meaux.data.database.metering import ROWS, Meter, Metered
from meaux.data.database.protocol import Copy, Database, Loaded, Meta, Rows, Statement, Value
from meaux.data.database.sqlite_file import SQLiteFile

__all__ = [
    "D1",
    "ROWS",
    "Copy",
    "Database",
    "Fetched",
    "Flights",
    "Loaded",
    "Meta",
    "Meter",
    "Metered",
    "Outcome",
    "Rows",
    "SQLiteFile",
    "Statement",
    "Value",
    "fetch_each",
    "together",
]
