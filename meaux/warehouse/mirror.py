"""Mirror: a SQLite file with the tables of D1 that the model reads, kept up to date in pages.

What is odd in a row is often odd only beside others: duplicates, sums, a refund. So the rules need
whole tables, which D1 can't give in one statement. The mirror has them; everything else is as for a
file. The state of each table is in the same file and is written with its rows.
"""

from __future__ import annotations

import json
import re
import sqlite3
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from meaux.data.database import Database, Rows, Statement
from meaux.data.schema import Catalog, Model, PhysicalTable, quoted
from meaux.errors import OutOfMemory, QueryTimeout, RateLimited, TargetError, TooLarge, Unfinished
from meaux.warehouse.paging import Key, Paged

PAGE = 5_000
"""The number of rows of a page; D1 gets this far in a fraction of its 30 seconds."""
SMALLEST_PAGE = 50
A_DAY = 86_400
"""Each table is read as a whole so often, in seconds: that finds what no other sign shows."""
LATE = 7_200
"""A table is behind if it was due for so many seconds."""
SMALL = 20_000
"""A table of up to so many rows, in which a new row may stand anywhere, is read in each run."""
LONGEST_WAIT = 330.0
PRIVATE = 0o600

STATE = "_cf_mirror"
"""The table of the state; the product overlooks names like this one, which D1 keeps for itself."""
ITSELF = ""
"""The row of the state that names the source."""
_MADE = """\
SELECT m.name AS name, m.type AS kind, m.tbl_name AS of_table, m.sql AS made_by
FROM sqlite_master AS m
WHERE m.sql IS NOT NULL AND m.type IN ('table', 'view', 'index')
  AND substr(m.name, 1, 4) <> '_cf_' AND substr(m.name, 1, 7) <> 'sqlite_'"""

Progress = Callable[[str, float], None]


@dataclass
class Allowance:
    """How much a run may read: a number of rows, and until when. `used` are the rows so far."""

    rows: int | None = None
    is_time: Callable[[], bool] = lambda: True
    used: int = 0

    def refusal(self) -> str:
        """Return why nothing more may be read; empty if it may."""
        if self.rows is not None and self.used >= self.rows:
            return f"the {self.rows:,} rows of this run are used up"
        return "" if self.is_time() else "the hours for reading D1 are over"


@dataclass(frozen=True)
class _Made:
    name: str
    kind: str
    table: str
    sql: str


@dataclass
class Mirror:
    """The file and its source. `now` gives the time in seconds since 1970.

    `unread` are the tables whose new rows the last update didn't read.
    """

    path: Path
    source: Database
    model: Model
    catalog: Catalog
    allowance: Allowance = field(default_factory=Allowance)
    progress: Progress = lambda _label, _share: None
    now: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    unread: Sequence[str] = ()
    _share: float = 0.0

    def update(self) -> str:
        """Read what is new; return why not all of it was read, empty if it was.

        Raises:
            Unfinished: Some table has not been read to its end yet.
            DatabaseError: D1 didn't answer; what was read before stays.
        """
        made = {one.name: one for one in self._made()}
        wanted = self._wanted(made)
        with closing(self._opened()) as file:
            self._make(file, [one for one in wanted if one.kind == "table"])
            tables = [
                Paged(self.catalog.tables[one.name.lower()])
                for one in wanted
                if one.kind == "table"
            ]
            refusal = self._read_all(file, tables)
            if unfinished := [t.table.name for t in tables if not self._state(file, t).passed]:
                raise Unfinished(refusal, self.allowance.used, unfinished)
            beside = [
                one
                for one in made.values()
                if one.kind == "index" and one.table in {table.name for table in wanted}
            ]
            self._make(file, [*beside, *(one for one in wanted if one.kind == "view")])
            self._remove(file, {one.name for one in [*wanted, *beside]})
        return refusal

    def _read_all(self, file: sqlite3.Connection, tables: Sequence[Paged]) -> str:
        """Read each table; return why not all was read, empty if it was.

        Tables that were never read to their end come first, then what is new, then whole tables
        that are due.
        """
        refusal, read = "", set[str]()
        for step in (self._read_first, self._read_new, self._read_again):
            for number, one in enumerate(tables):
                if refusal := self.allowance.refusal():
                    break
                self._share = number / len(tables)
                refusal = step(file, one)
                if refusal:
                    break
                if step == self._read_new:
                    read.add(one.table.name)
        self.unread = [name for one in tables if (name := one.table.name) not in read]
        return refusal

    def _read_first(self, file: sqlite3.Connection, one: Paged) -> str:
        return "" if self._state(file, one).passed else self._pass(file, one)

    def _read_new(self, file: sqlite3.Connection, one: Paged) -> str:
        """Read the rows behind the last one, and those that a column says were changed.

        Of a table in which a new row may stand anywhere, all rows are read if they are few.
        """
        if not one.grows_at_its_end:
            [count] = file.execute(f"SELECT count(*) FROM {_named(one)}").fetchone()
            return self._pass(file, one) if count <= SMALL else ""
        last = file.execute(f"SELECT max({quoted(one.key[0])}) FROM {_named(one)}").fetchone()
        refusal = self._range(file, one, tuple(value for value in last if value is not None))
        column = self._changed_column(one.table)
        return refusal or (self._changes(file, one, column) if column else "")

    def _read_again(self, file: sqlite3.Connection, one: Paged) -> str:
        """Read a whole table if that is due, and go on where the last run stopped."""
        state = self._state(file, one)
        is_due = self.now() - state.passed >= A_DAY
        return self._pass(file, one) if is_due or state.place else ""

    def _pass(self, file: sqlite3.Connection, one: Paged) -> str:
        """Read a whole table page by page; rows that are gone leave the mirror, too."""
        state = self._state(file, one)
        return self._range(file, one, state.place, began=state.began or self.now())

    def _range(
        self, file: sqlite3.Connection, one: Paged, after: Key, *, began: float | None = None
    ) -> str:
        """Read the rows behind a key; those of a pass, if it is one that `began` then."""
        size = PAGE
        while True:
            if refusal := self.allowance.refusal():
                return refusal
            try:
                self._tell(one)
                rows = one.read(self._fetch(one.page(after, size)).rows)
            except (QueryTimeout, TooLarge, OutOfMemory):
                if size <= SMALLEST_PAGE:
                    raise
                size //= 2
                continue
            is_last = len(rows) < size
            until = () if is_last else rows[-1][0]
            with file:
                self._replace(file, one, rows, after, until)
                if began is not None:
                    self._note(file, one, until, began, is_last=is_last)
            if is_last:
                return ""
            after = until

    def _tell(self, one: Paged) -> None:
        read = f"{self.allowance.used:,} rows read in this run"
        self.progress(f"D1, {one.table.name}: {read}", self._share)

    def _changes(self, file: sqlite3.Connection, one: Paged, column: str) -> str:
        """Read the rows that were changed since the last change in the mirror."""
        [newest] = file.execute(f"SELECT max({quoted(column)}) FROM {_named(one)}").fetchone()
        if newest is None:
            return ""
        since: Key = (newest, 0)
        place = one.columns.index(column)
        while not (refusal := self.allowance.refusal()):
            rows = one.read(self._fetch(one.changed(column, since, PAGE)).rows)
            with file:
                self._put(file, one, rows)
            if len(rows) < PAGE:
                return ""
            key, cells = rows[-1]
            since = (cells[place], *key)
        return refusal

    def _changed_column(self, table: PhysicalTable) -> str:
        """Return the column that says when a row was changed, if an index serves it."""
        meant = (
            logical
            for logical in self.model.tables.values()
            for name in logical.candidates
            if (found := self.catalog.meant(name)) and found.name == table.name
        )
        columns = (table.called(name) for logical in meant for name in logical.changed)
        return next(
            (column.spelt for column in columns if column and table.index_on(column.spelt)), ""
        )

    def _replace(
        self,
        file: sqlite3.Connection,
        one: Paged,
        rows: Sequence[tuple[Key, tuple[Any, ...]]],
        after: Key,
        until: Key,
    ) -> None:
        """Replace the rows behind one key, up to another one, by those that D1 has there."""
        key = ", ".join(map(quoted, one.key))
        places = ", ".join("?" for _ in one.key)
        bounds = [f"({key}) > ({places})"] if after else []
        bounds += [f"({key}) <= ({places})"] if until else []
        where = f" WHERE {' AND '.join(bounds)}" if bounds else ""
        file.execute(f"DELETE FROM {_named(one)}{where}", (*after, *until))
        self._put(file, one, rows)

    def _put(
        self,
        file: sqlite3.Connection,
        one: Paged,
        rows: Iterable[tuple[Key, tuple[Any, ...]]],
    ) -> None:
        rowid = [one.table.key] if one.table.key else []
        columns = ", ".join(map(quoted, [*rowid, *one.columns]))
        places = ", ".join("?" for _ in [*rowid, *one.columns])
        cells = ((*key, *cells) if rowid else cells for key, cells in rows)
        sql = f"INSERT OR REPLACE INTO {_named(one)} ({columns}) VALUES ({places})"
        file.executemany(sql, cells)

    def _fetch(self, statement: Statement) -> Rows:
        """Read a page; if D1 refuses more calls, wait once for as long as it says."""
        try:
            [rows] = self.source.fetch([statement])
        except RateLimited as limited:
            wait = LONGEST_WAIT if limited.retry_after is None else limited.retry_after
            if wait > LONGEST_WAIT:
                raise
            self.sleep(wait)
            [rows] = self.source.fetch([statement])
        read = rows.meta.rows_read
        self.allowance.used += len(rows.rows) if read is None else read
        return rows

    def _made(self) -> list[_Made]:
        """Return how D1's tables, views and indexes are made."""
        rows = self._fetch(Statement(_MADE, width=4)).rows
        return [_Made(*row) for row in rows]

    def _wanted(self, made: Mapping[str, _Made]) -> list[_Made]:
        """Return the tables and views that the model may read, and those that its views read."""
        found = filter(None, map(self.catalog.meant, self.model.candidates()))
        pending, wanted = [one.name for one in found], {}
        while pending:
            one = made.get(pending.pop())
            kind = self.catalog.tables[one.name.lower()].kind if one else ""
            if one is None or one.name in wanted or kind == "virtual":
                continue
            wanted[one.name] = one
            if one.kind == "view":
                words = set(re.findall(r"\w+", one.sql.lower()))
                pending += [
                    n for n in made if n.lower() in words and n.lower() in self.catalog.tables
                ]
        return [wanted[name] for name in sorted(wanted)]

    def _opened(self) -> sqlite3.Connection:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        file = sqlite3.connect(self.path)
        self.path.chmod(PRIVATE)
        file.execute("PRAGMA ignore_check_constraints = ON")
        file.execute(
            f"CREATE TABLE IF NOT EXISTS {STATE} "
            "(name TEXT PRIMARY KEY, made_by TEXT, place TEXT, began REAL, passed REAL)"
        )
        file.execute(
            f"INSERT OR IGNORE INTO {STATE} VALUES ('{ITSELF}', ?, '', 0, 0)", (self.source.name,)
        )
        file.commit()
        [source] = file.execute(f"SELECT made_by FROM {STATE} WHERE name = '{ITSELF}'").fetchone()
        if source != self.source.name:
            file.close()
            raise TargetError(
                f"{self.path.name} has the rows of another database. Set MEAUX_MIRROR to a file of "
                "this one."
            )
        return file

    def _make(self, file: sqlite3.Connection, made: Iterable[_Made]) -> None:
        """Make what is missing or made differently now; a table is then read from its start."""
        known = dict(file.execute(f"SELECT name, made_by FROM {STATE}"))
        for one in made:
            if known.get(one.name) == one.sql:
                continue
            with file:
                self._drop(file, one.name)
                file.execute(one.sql)
                file.execute(
                    f"INSERT OR REPLACE INTO {STATE} VALUES (?, ?, '', 0, 0)", (one.name, one.sql)
                )

    def _remove(self, file: sqlite3.Connection, kept: set[str]) -> None:
        for (name,) in file.execute(f"SELECT name FROM {STATE}").fetchall():
            if name not in {*kept, ITSELF}:
                with file:
                    self._drop(file, name)
                    file.execute(f"DELETE FROM {STATE} WHERE name = ?", (name,))

    def _drop(self, file: sqlite3.Connection, name: str) -> None:
        there = file.execute("SELECT type FROM sqlite_master WHERE name = ?", (name,)).fetchone()
        if there:
            file.execute(f"DROP {there[0].upper()} {quoted(name)}")
            # Its indexes are gone with it.
            gone = f"NOT IN (SELECT name FROM sqlite_master) AND name <> '{ITSELF}'"
            file.execute(f"DELETE FROM {STATE} WHERE name {gone}")

    def _state(self, file: sqlite3.Connection, one: Paged) -> _State:
        row = file.execute(
            f"SELECT place, began, passed FROM {STATE} WHERE name = ?", (one.table.name,)
        ).fetchone()
        return _State(tuple(json.loads(row[0])) if row[0] else (), row[1], row[2])

    def _note(
        self, file: sqlite3.Connection, one: Paged, place: Key, began: float, *, is_last: bool
    ) -> None:
        """Write down how far a pass is; it finds what D1 had when it began."""
        change = "place = '', began = 0, passed = ?" if is_last else "began = ?, place = ?"
        values = (began,) if is_last else (began, json.dumps(place))
        file.execute(f"UPDATE {STATE} SET {change} WHERE name = ?", (*values, one.table.name))


@dataclass(frozen=True)
class _State:
    """How far a table is read.

    `place` is the key up to which the current pass has come, and `began` its start, in seconds
    since 1970. `passed` is the start of the last one that came to the end; 0 if none did.
    """

    place: Key
    began: float
    passed: float


def _named(one: Paged) -> str:
    return f"main.{quoted(one.table.name)}"


def behind(path: Path, now: float) -> list[str]:
    """List the tables that were not compared with D1 for more than a day, and unfinished ones."""
    if not path.exists():
        return []
    with closing(sqlite3.connect(path)) as file:
        rows = file.execute(
            f"SELECT s.name FROM {STATE} AS s JOIN sqlite_master AS m ON m.name = s.name "
            "WHERE m.type = 'table' AND s.passed < ? ORDER BY s.name",
            (now - A_DAY - LATE,),
        )
        return [name for (name,) in rows]
