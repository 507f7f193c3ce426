"""Target: the database that `collect` fills, a D1 or a SQLite file."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Protocol

from meaux.collect.tokens import Tokens
from meaux.data.database import D1, Rows, SQLiteFile, Statement
from meaux.data.schema import Catalog, introspection, read_catalog
from meaux.data.settings import CLOUDFLARE_API, Settings
from meaux.errors import NotADatabase, QueryError, SettingError, Unauthorized

WAIT = 30.0
"""How many seconds to wait for another writer of a file."""


class Target(Protocol):
    """A database that can be filled."""

    @property
    def title(self) -> str:
        """The name shown to people."""

    def read(self, statement: Statement) -> list[tuple[Any, ...]]:
        """Return the rows of a statement."""

    def catalog(self) -> Catalog:
        """Return the tables, columns and indexes."""

    def write(self, statements: Sequence[Statement]) -> int:
        """Run all statements or none, and return how many rows were written."""


class D1Target:
    """A D1 over its REST API; rows written are those that D1 bills, with its indexes.

    D1 runs a batch in one transaction. A call may be repeated: the statements are upserts.
    """

    def __init__(self, database: D1) -> None:
        self._database = database

    @property
    def title(self) -> str:
        """The name shown to people."""
        return self._database.title

    def read(self, statement: Statement) -> list[tuple[Any, ...]]:
        """Return the rows of a statement."""
        return self._fetch([statement])[0].rows

    def catalog(self) -> Catalog:
        """Return the tables, columns and indexes."""
        return read_catalog(self._fetch(introspection()))

    def write(self, statements: Sequence[Statement]) -> int:
        """Run all statements or none, and return how many rows were written.

        Raises:
            DatabaseError: D1 refused them, or didn't answer.
        """
        return sum(answer.meta.rows_written or 0 for answer in self._fetch(statements))

    def _fetch(self, statements: Sequence[Statement]) -> list[Rows]:
        try:
            return self._database.fetch(statements)
        except Unauthorized:
            raise Unauthorized(
                "Cloudflare refused the token for D1. The token of `collect` needs the permission "
                "D1 Edit."
            ) from None


class FileTarget:
    """A SQLite file; it is created by the first write."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def title(self) -> str:
        """The name shown to people."""
        return self._path.name

    def read(self, statement: Statement) -> list[tuple[Any, ...]]:
        """Return the rows of a statement; a file that isn't there has no tables."""
        if not self._path.exists():
            raise QueryError("no such file")
        with closing(self._open()) as connection, closing(self._run(connection, statement)) as rows:
            return rows.fetchall()

    def catalog(self) -> Catalog:
        """Return the tables, columns and indexes."""
        if not self._path.exists():
            return Catalog({})
        return read_catalog(SQLiteFile(self._path).fetch(introspection()))

    def write(self, statements: Sequence[Statement]) -> int:
        """Run all statements or none, and return how many rows were written.

        Raises:
            DatabaseError: SQLite refused them, or the file can't be written.
        """
        with closing(self._open()) as connection:
            self._run(connection, Statement("BEGIN IMMEDIATE"))
            before = connection.total_changes
            for statement in statements:
                self._run(connection, statement)
            self._run(connection, Statement("COMMIT"))
            return connection.total_changes - before

    def _open(self) -> sqlite3.Connection:
        try:
            return sqlite3.connect(self._path, timeout=WAIT, isolation_level=None)
        except sqlite3.Error as error:
            raise NotADatabase(f"{self._path.name} can't be opened: {error}.") from None

    def _run(self, connection: sqlite3.Connection, statement: Statement) -> sqlite3.Cursor:
        try:
            return connection.execute(statement.sql, statement.params)
        except sqlite3.OperationalError as error:
            raise QueryError(str(error), f"{self._path.name}: {error}.") from None
        except sqlite3.DatabaseError as error:
            raise QueryError(str(error)) from None


def connect(settings: Settings, given: Tokens, *, create: bool) -> Target:
    """Open the database of the settings, to be filled.

    The address of D1 and that of the Cloudflare API to read are independent. D1 gets the token of
    `collect` if it is at Cloudflare or where Cloudflare is read; elsewhere `CLOUDFLARE_API_TOKEN`.

    Raises:
        SettingError: No database is set, or the file doesn't exist and isn't to be created; D1 has
            no token to write with, or only the gateway is set.
    """
    match settings.source:
        case "file":
            path = Path(settings.database).expanduser()
            if not (create or path.is_file()):
                raise SettingError(
                    f"The file {path.name} doesn't exist. Run with --create to make it."
                )
            return FileTarget(path)
        case "d1":
            url = _database_url(settings, given)
            at_cloudflare = url in (CLOUDFLARE_API, given.cloudflare_url)
            token = given.cloudflare if at_cloudflare else settings.api_token
            if at_cloudflare and not token:
                raise SettingError(
                    "To fill a D1, set MEAUX_COLLECT_TOKEN, with the permission D1 Edit."
                )
            return D1Target(D1(settings.account_id, settings.database_id, token.reveal(), url))
        case "clickhouse":
            raise SettingError(
                "MEAUX_DATABASE is a copy on ClickHouse, which only `meaux load clickhouse` fills. "
                "Collect into the source, then load again."
            )
    raise SettingError(
        "There is no database to fill. Set CLOUDFLARE_DATABASE_ID or MEAUX_DATABASE."
    )


def _database_url(settings: Settings, given: Tokens) -> str:
    if settings.gateway_key and not given.database_url:
        raise SettingError(
            "The gateway only reads. To fill its database, set MEAUX_COLLECT_DATABASE_URL to the "
            f"address of the D1 API: {CLOUDFLARE_API}."
        )
    return given.database_url or settings.base_url
