"""Loads into ClickHouse, in this process."""

import sqlite3
from contextlib import closing
from pathlib import Path

from meaux.data.database import SQLiteFile
from meaux.data.source import open_source
from meaux.data.warehouse.address import Address
from meaux.warehouse import Outcome, Reader, Target, load

NO_MAPPING = Path("no-such-file.toml")


def loaded(file: Path, address: Address, mapping: Path = NO_MAPPING) -> Outcome:
    """Load a file as the command does."""
    opened = open_source(SQLiteFile(file), mapping)
    with closing(Target(address)) as target:
        return load(opened, Reader(file), target, opened.evidence)


def changed(file: Path, *statements: str) -> None:
    """Change a file."""
    with closing(sqlite3.connect(file)) as database, database:
        for statement in statements:
            database.execute(statement)


def contents(client, database: str) -> dict[str, list[tuple]]:
    """Return all rows of the copy, sorted, by table."""
    names = client.query(
        "SELECT name FROM system.tables WHERE database = %(d)s AND comment != '' ORDER BY name",
        {"d": database},
    ).result_rows
    return {
        name: sorted(
            client.query(f"SELECT * FROM `{database}`.`{name}`").result_rows,
            key=repr,
        )
        for (name,) in names
    }
