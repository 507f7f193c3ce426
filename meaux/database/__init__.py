"""Reading a database: Cloudflare D1 over its API, or a SQLite file held to the same rules."""

from meaux.database.d1 import D1
from meaux.database.protocol import Database, Meta, Rows, Statement, Value
from meaux.database.sqlite_file import SQLiteFile

__all__ = ["D1", "Database", "Meta", "Rows", "SQLiteFile", "Statement", "Value"]
