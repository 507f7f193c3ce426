"""ClickHouse, read as one more database: statements for SQLite are written in its own SQL.

Importing it takes half a second, so only what opens such a database does.
"""

from meaux.data.database.clickhouse.connections import Place
from meaux.data.database.clickhouse.dialect import written
from meaux.data.database.clickhouse.server import ClickHouse

__all__ = ["ClickHouse", "Place", "written"]
