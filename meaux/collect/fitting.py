"""Fitting: where a table's columns stand in a database, and the SQL that fills them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from importlib.resources import files
from typing import Any

from meaux import demo
from meaux.collect.tables import Column, Row, Table
from meaux.data.database import Statement
from meaux.data.schema import Catalog, Model, PhysicalTable, quoted
from meaux.errors import TargetError
from meaux.wording import enumerated, whole

ROWS = 500
"""The maximum number of rows of a statement: one statement is written wholly or not at all."""
DOLLARS = "USD"
DECIMALS = 9
"""The decimals of a written number: sums of floating point numbers differ in the last ones."""
WRITTEN = {
    "date": "%Y-%m-%d",
    "iso": "%Y-%m-%dT%H:%M:%SZ",
    "sqlite": "%Y-%m-%d %H:%M:%S",
}
EPOCHS = {"epoch_s": 1, "epoch_ms": 1_000, "epoch_us": 1_000_000}
_SCALED = re.compile(r"\{(\w+)\} / (\d+)(?:\.0)?")
_MAPPING = "Map it in .streamlit/schema.toml (docs/collect.md)"


@dataclass(frozen=True)
class Place:
    """Where a column stands: its physical name, the encoding of times, the factor of numbers."""

    column: str
    encoding: str = ""
    per: int = 1

    def stored(self, value: Any) -> Any:
        """Return a value as it is stored; rows travel as JSON."""
        if isinstance(value, date):
            return _time(value, self.encoding)
        if isinstance(value, bool):
            return int(value)
        if isinstance(value, int | float):
            scaled = value * self.per
            return scaled if isinstance(scaled, int) else round(scaled, DECIMALS)
        return whole(value) if isinstance(value, str) else value


def _time(value: date, encoding: str) -> str | int:
    at = value if isinstance(value, datetime) else datetime.combine(value, time(), UTC)
    if encoding in EPOCHS:
        return round(at.timestamp()) * EPOCHS[encoding]
    return at.astimezone(UTC).strftime(WRITTEN[encoding])


def _day(stored: Any, encoding: str) -> date | None:
    """Return the day of a stored time; None if it isn't one."""
    try:
        if encoding in EPOCHS:
            return datetime.fromtimestamp(float(stored) / EPOCHS[encoding], UTC).date()
        return date.fromisoformat(str(stored)[:10])
    except (OSError, OverflowError, TypeError, ValueError):
        return None


@dataclass(frozen=True)
class Fitted:
    """A table as a database has it: the physical name, and the place of each column.

    `is_planned`: it isn't there yet, as in a dry run.
    """

    table: Table
    name: str
    places: Mapping[str, Place]
    is_planned: bool = False

    @property
    def key(self) -> list[str]:
        """The physical columns of the key."""
        return [self.places[name].column for name in self.table.key if name in self.places]

    @property
    def index(self) -> str:
        """SQL of the unique index by which a row is found again."""
        named = quoted(f"collect_{self.name}")
        columns = ", ".join(map(quoted, self.key))
        return f"CREATE UNIQUE INDEX IF NOT EXISTS {named} ON {quoted(self.name)} ({columns})"

    def newest(self) -> Statement:
        """Return the statement that reads how far the table is filled."""
        where = ""
        params: tuple[str, ...] = ()
        if self.table.mine:
            column, words = self.table.mine
            named = quoted(self.places[column].column)
            where = f" WHERE {named} IN (SELECT value FROM json_each(?1))"
            params = (json.dumps(words),)
        column = quoted(self.places[self.table.day].column)
        return Statement(f"SELECT max({column}) AS newest FROM {quoted(self.name)}{where}", params)

    def day(self, stored: Any) -> date | None:
        """Return the day of the newest row; None without rows."""
        return _day(stored, self.places[self.table.day].encoding)

    def stored(self, row: Row) -> list[Any]:
        """Return a row's cells as they are stored, in the order of the places."""
        return [place.stored(row.get(name)) for name, place in self.places.items()]

    def unsplit(self, since: date, farthest: date) -> tuple[Statement, str] | None:
        """Return the statement that looks for stored sums, and the SQL that deletes them.

        From `since` on, a sum would stand beside its parts. None if the table has only sums.
        """
        if not self.table.splits or self.table.splits[0] not in self.places:
            return None
        split, day = (self.places[name] for name in (self.table.splits[0], self.table.day))
        start = f"FROM {quoted(self.name)} WHERE coalesce({quoted(split.column)}, '') = ''"
        asked = f"SELECT 1 {start} AND {quoted(day.column)} >= ?1 LIMIT 1"
        deleted = f"DELETE {start} AND {quoted(day.column)} >= {day.stored(farthest)!r}"
        return Statement(asked, (day.stored(since),)), deleted

    def summed(self, rows: Sequence[Row]) -> Sequence[Row]:
        """Add up the rows that differ only in columns that the table lacks."""
        if all(name in self.places for name in self.table.splits):
            return rows
        key = [name for name in self.table.key if name in self.places]
        alike: dict[tuple[Any, ...], list[Row]] = {}
        for row in rows:
            alike.setdefault(tuple(row[name] for name in key), []).append(row)
        return [
            {**same[0], **{name: sum(row[name] for row in same) for name in self.table.sums}}
            for same in alike.values()
        ]

    def upserts(self, rows: Sequence[Row]) -> Iterator[Statement]:
        """Yield the statements that write some rows; unchanged rows are not written.

        An unknown value never replaces a known one.

        Raises:
            TargetError: An amount in another currency than dollars has no column that says so.
        """
        self._refuse_foreign(rows)
        columns = [place.column for place in self.places.values()]
        sql = _upsert(self.name, columns, self.key)
        yield from (Statement(sql, (cells,)) for cells in self._cells(rows))

    def changes(self, rows: Sequence[Row]) -> Iterator[Statement]:
        """Yield the statements that return the rows, as JSON, that `upserts` would write.

        Raises:
            TargetError: As for `upserts`.
        """
        self._refuse_foreign(rows)
        columns = [place.column for place in self.places.values()]
        sql = _changes(self.name, columns, self.key)
        yield from (Statement(sql, (cells,)) for cells in self._cells(rows))

    def _cells(self, rows: Sequence[Row]) -> Iterator[str]:
        for start in range(0, len(rows), ROWS):
            yield json.dumps([self.stored(row) for row in rows[start : start + ROWS]])

    def _refuse_foreign(self, rows: Sequence[Row]) -> None:
        foreign = {str(row.get("currency", DOLLARS)).upper() for row in rows} - {DOLLARS}
        if foreign and "currency" not in self.places:
            raise TargetError(
                f"The table {self.name} has no column for a currency, but there are amounts in "
                f"{enumerated(sorted(foreign))}. {_MAPPING} or add it."
            )


def _upsert(table: str, columns: Sequence[str], key: Sequence[str]) -> str:
    listed = ", ".join(map(quoted, columns))
    read = ", ".join(f"json_extract(value, '$[{place}]')" for place in range(len(columns)))
    others = [quoted(column) for column in columns if column not in key]
    sets = ", ".join(f"{one} = coalesce(excluded.{one}, {quoted(table)}.{one})" for one in others)
    changed = " OR ".join(
        f"(excluded.{one} IS NOT NULL AND {quoted(table)}.{one} IS NOT excluded.{one})"
        for one in others
    )
    update = f"UPDATE SET {sets} WHERE {changed}" if others else "NOTHING"
    return (
        f"INSERT INTO {quoted(table)} ({listed}) SELECT {read} FROM json_each(?1) WHERE TRUE "
        f"ON CONFLICT ({', '.join(map(quoted, key))}) DO {update}"
    )


def _changes(table: str, columns: Sequence[str], key: Sequence[str]) -> str:
    """Return SQL for the rows that `_upsert` would write."""
    told = {
        column: f"json_extract(one.value, '$[{place}]')" for place, column in enumerate(columns)
    }
    same = " AND ".join(f"stored.{quoted(column)} = {told[column]}" for column in key)
    kept = "".join(
        f" AND ({told[column]} IS NULL OR stored.{quoted(column)} IS {told[column]})"
        for column in columns
        if column not in key
    )
    return (
        "SELECT one.value FROM json_each(?1) AS one WHERE NOT EXISTS "
        f"(SELECT 1 FROM {quoted(table)} AS stored WHERE {same}{kept})"
    )


def as_made(table: Table) -> Fitted:
    """Return a table as `--create` makes it."""
    places = {one.name: Place(one.name, one.encoding, one.per) for one in table.columns}
    return Fitted(table, table.name, places, is_planned=True)


def made(table: Table) -> list[Statement]:
    """Return the statements that create a table, with its indexes, as in the demo."""
    script = files(demo).joinpath("schema.sql").read_text(encoding="utf-8")
    [create] = re.findall(rf"(?ms)^CREATE TABLE {table.name} \(.*?^\);", script)
    indexes = re.findall(rf"(?m)^CREATE INDEX \w+ ON {table.name} .*;$", script)
    return [Statement(sql.rstrip(";")) for sql in (create, *indexes)]


def found(table: Table, catalog: Catalog, model: Model) -> PhysicalTable | None:
    """Return the physical table to fill; None if there is none.

    A mapping in `schema.toml` that names other tables decides.
    """
    candidates = model.tables[table.logical].candidates
    names = [table.name] if table.name in candidates else candidates
    return next((one for name in names if (one := catalog.find(name))), None)


def fitted(table: Table, physical: PhysicalTable, model: Model) -> Fitted:
    """Return where the columns of a table stand in a physical one.

    Raises:
        TargetError: A needed column is missing, or can't be written.
    """
    if physical.kind != "table":
        raise TargetError(f"{physical.name} is a {physical.kind}: only a table can be filled.")
    places: dict[str, Place] = {}
    for one in table.columns:
        place = _place(one, table, physical, model)
        if place and place.column not in [other.column for other in places.values()]:
            places[one.name] = place
    return Fitted(table, physical.name, places)


def _place(column: Column, table: Table, physical: PhysicalTable, model: Model) -> Place | None:
    """Return where a column stands; None if the table lacks one that isn't needed."""
    logical = model.tables[table.logical].columns.get(column.logical)
    own = physical.columns.get(column.name)
    read = {c.lower() for one in (logical.candidates if logical else ()) for c in columns_in(one)}
    if own and (not logical or column.name in read):
        encoding = (logical.encoding if logical else "") or column.encoding
        return Place(own.spelt, _writable(encoding, physical, own.spelt), column.per)
    for candidate in logical.candidates if logical else ():
        scaled = _SCALED.fullmatch(candidate)
        name, per = (scaled[1], int(scaled[2])) if scaled else (candidate, 1)
        if there := physical.called(name):
            if not column.encoding:
                return Place(there.spelt, "", per)
            encoding = (logical.encoding if logical else "") or _guessed(column, there.declared)
            if not encoding:
                raise TargetError(
                    f"The encoding of {physical.name}.{there.spelt} is unknown. {_MAPPING}."
                )
            return Place(there.spelt, _writable(encoding, physical, there.spelt))
    if column.needed or column.name in set(table.key) - set(table.splits):
        raise TargetError(
            f"The table {physical.name} has no column {column.name}. {_MAPPING} or add it."
        )
    return None


def columns_in(candidate: str) -> Iterable[str]:
    """Return the physical columns that a candidate reads."""
    return re.findall(r"\{(\w+)\}", candidate) or [candidate]


def _guessed(column: Column, declared: str) -> str:
    """Return the encoding of a time column that the mapping doesn't name; empty if unknown."""
    if re.search("CHAR|TEXT|DATE", declared, re.IGNORECASE):
        return column.encoding if column.encoding in WRITTEN else "iso"
    return ""


def _writable(encoding: str, physical: PhysicalTable, column: str) -> str:
    if encoding and encoding not in {*WRITTEN, *EPOCHS}:
        can = enumerated([*WRITTEN, *EPOCHS], "or")
        raise TargetError(
            f"{physical.name}.{column} is stored as {encoding}, which can't be written; use {can}."
        )
    return encoding


def is_keyed(one: Fitted, physical: PhysicalTable) -> bool:
    """Return whether a unique index or the primary key is exactly the key."""
    key = {column.lower() for column in one.key}
    unique = [i.columns for i in physical.indexes if i.unique and not i.partial]
    known = [*unique, tuple(physical.primary_key)]
    return any({(name or "").lower() for name in columns} == key for columns in known if columns)
