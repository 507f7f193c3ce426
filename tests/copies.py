"""Copies on ClickHouse, in this process: loaded, read, and compared with their source."""

import sqlite3
from contextlib import closing
from pathlib import Path

from meaux.data.database import SQLiteFile
from meaux.data.source import open_source
from meaux.data.warehouse import CopiedTable, copied
from meaux.data.warehouse.address import Address
from meaux.query.filters import Selection
from meaux.query.queries import Query, compile_query
from meaux.warehouse import Outcome, Reader, Target, load
from meaux.warehouse.months import EVER

NO_MAPPING = Path("no-such-file.toml")


def loaded(file: Path, address: Address, mapping: Path = NO_MAPPING) -> Outcome:
    """Load a file as the command does."""
    opened = open_source(SQLiteFile(file), mapping)
    with closing(Target(address)) as target:
        return load(opened, Reader(file), target, opened.evidence)


def changed(file: Path, *statements: str) -> None:
    """Change a file."""
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("PRAGMA synchronous = OFF")
        for statement in statements:
            database.execute(statement)


def contents(client, database: str) -> dict[str, list[tuple]]:
    """Return all rows of the copy, sorted, by table."""
    names = client.query(
        "SELECT name FROM system.tables WHERE database = %(d)s AND comment LIKE 'Meaux %%'",
        {"d": database},
    ).result_rows
    return {
        name: sorted(
            client.query(f"SELECT * FROM `{database}`.`{name}`").result_rows,
            key=repr,
        )
        for (name,) in names
    }


def sums_at_the_source(file: Path, mapping: Path = NO_MAPPING) -> dict[str, list]:
    """Return the rows of each logical table that the pages count, and each column's sum or count.

    It is one query over all times, not one a month.
    """
    opened = open_source(SQLiteFile(file), mapping)
    found = {}
    for table in copied(opened.binding).values():
        sql = f"SELECT count(*), {', '.join(map(_summed, table.columns))} FROM {table.name}"
        if table.time:
            at = f"{table.name}.{table.time}"
            sql += f" WHERE in_period({at}) OR {at} IS NULL"
        query = Query("sums", "", sql, frozenset(), (), (), file, 0, returns={"n": "stored"})
        statement = compile_query(query, opened.binding, Selection(EVER, EVER.end)).statement
        with closing(sqlite3.connect(file)) as database:
            [row] = database.execute(statement.sql, statement.params)
        found[table.name] = [value or 0 for value in row]
    return found


def sums_of_the_copy(client, file: Path, database: str, mapping: Path = NO_MAPPING):
    """Return the same of the copy."""
    opened = open_source(SQLiteFile(file), mapping)
    return {
        table.name: [value or 0 for value in _copy_sums(client, table, database)]
        for table in copied(opened.binding).values()
    }


def _summed(column) -> str:
    return f"count({column.read})" if "String" in column.type else f"sum({column.read})"


def _copy_sums(client, table: CopiedTable, database: str) -> tuple:
    columns = [
        f"count({column.name})"
        if "String" in column.type
        else f"sum(toFloat64(toUnixTimestamp64Milli({column.name})))"
        if "DateTime" in column.type
        else f"sum(toFloat64({column.name}))"
        for column in table.columns
    ]
    sql = f"SELECT count(), {', '.join(columns)} FROM {database}.{table.name}"
    return client.query(sql).result_rows[0]
