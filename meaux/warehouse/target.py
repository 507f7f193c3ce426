"""Target: the ClickHouse database that is filled."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from meaux.data.warehouse import (
    APART,
    EVIDENCE,
    LOADS,
    MONTH,
    OWN_TABLES,
    RUNS,
    CopiedTable,
    Evidence,
)
from meaux.data.warehouse.address import Address
from meaux.errors import TargetError
from meaux.warehouse.refusals import sentence
from meaux.warehouse.replicas import KEPT, OF_A_SHARD, OF_ALL, replicated
from meaux.warehouse.statements import digest

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

NEXT = "__next"
"""The end of the name of a table that takes the place of another once all of it is loaded."""
PART = "__month"
"""The end of the name of a table with the months that are being loaded."""
OLD = "__old"
OURS = "Meaux Analytics "
"""The start of the comment of each table of the copy, before the digest of its layout: no other
table of the database is touched."""
LOCAL = "__local"
"""The end of the name of a table with the rows of one server of a cluster."""
AT_ONCE = {"insert_distributed_sync": 1}
"""Has the servers of a cluster write rows before the statement ends, not some time later."""
SECONDS = 600
"""How long a statement may take."""


@dataclass(frozen=True)
class Loaded:
    """A month of a table in the copy: how it was read, and its rows."""

    recipe: str
    rows: int


@dataclass(frozen=True)
class Copied:
    """When the source of the copy was last read to its end, and the rows of the copy.

    `left` are the tables that the last run has not loaded since. `at` is None if no run was
    complete yet.
    """

    at: datetime | None
    rows: int
    left: tuple[str, ...] = ()


GONE = Loaded("", 0)
"""A month that isn't loaded any more."""

Blocks = Iterable[Sequence[Sequence[Any]]]
"""Columns of rows, block by block."""


class Target:
    """A ClickHouse database to fill; its user needs all rights on it."""

    def __init__(self, address: Address) -> None:
        self._address = address
        with self._said():
            self._client = _client(address)

    @property
    def title(self) -> str:
        """The name shown to people."""
        return self._address.title

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def prepare(self) -> None:
        """Make the database and the loader's own tables if they are missing."""
        with self._said():
            self._command(f"CREATE DATABASE IF NOT EXISTS `{self._address.database}`{self._on}")
            for name, table in OWN_TABLES.items():
                made = f"{self._named(name)}{self._on} {self._kept(table.layout(), OF_ALL)}"
                self._command(f"CREATE TABLE IF NOT EXISTS {made}")
                self._complete(name)

    def _missing(self, name: str) -> list[str]:
        """Return the columns that a table of the loader's own lacks: of an older version."""
        found = self._client.query(f"DESCRIBE TABLE {self._named(name)}").result_rows
        there = {column for column, *_ in found}
        return [column for column in OWN_TABLES[name].columns if column not in there]

    def _complete(self, name: str) -> None:
        """Add the columns that a table of an older version lacks."""
        types = OWN_TABLES[name].columns
        if added := [f"ADD COLUMN `{one}` {types[one]}" for one in self._missing(name)]:
            self._command(f"ALTER TABLE {self._named(name)}{self._on} {', '.join(added)}")

    def places(self, tables: Iterable[CopiedTable]) -> dict[str, str]:
        """Return the name of the table to fill for each table, and make it if it is missing.

        That is the table itself if it has the columns that it should have; otherwise one beside it,
        which takes its place with `swap`.
        """
        with self._said():
            there, loaded, places = self._layouts(), self._loaded(), {}
            for table in tables:
                layout, beside = self._kept(table.layout(), OF_A_SHARD), table.name + NEXT
                wanted = digest(layout)
                if there.get(table.name) == wanted:
                    places[table.name] = table.name
                    continue
                places[table.name] = beside
                if there.get(beside) != wanted:
                    self._drop(beside)
                    self._note(beside, dict.fromkeys(loaded.get(beside, {}), GONE))
                    self._make(beside, layout, wanted)
            return places

    def loaded(self) -> Mapping[str, Mapping[int, Loaded]]:
        """Return the loaded months of each table."""
        with self._said():
            return self._loaded()

    def replace(
        self, place: str, names: Sequence[str], recipes: Mapping[int, str], blocks: Blocks
    ) -> int:
        """Replace some months of a table by columns of rows, and return the number of rows.

        The first column is the month; `recipes` has all that are replaced. If the table is in use,
        each month changes at once: the rows are gathered beside the table first.
        """
        with self._said():
            counts: Counter[int] = Counter()
            if place.endswith(NEXT):
                self._drop_months(place, recipes)
                self._fill(place, names, blocks, counts)
            else:
                part = place + PART
                self._drop(part)
                self._command(f"CREATE TABLE {self._local(part)}{self._on} AS {self._local(place)}")
                self._distribute(part)
                self._fill(part, names, blocks, counts)
                source = f"FROM {self._local(part)}"
                self._alter(place, [f"REPLACE PARTITION {m} {source}" for m in counts])
                self._drop_months(place, recipes.keys() - counts.keys())
                self._drop(part)
            self._note(place, {m: Loaded(recipe, counts[m]) for m, recipe in recipes.items()})
        return counts.total()

    def _fill(self, table: str, names: Sequence[str], blocks: Blocks, counts: Counter[int]) -> None:
        for columns in blocks:
            counts.update(columns[0])
            self._client.insert(
                table,
                list(columns),
                database=self._address.database,
                column_names=names,
                column_oriented=True,
                settings=self._settings,
            )
        if self._address.replicated:
            # A month is replaced by the rows of one replica: it needs all that others were given.
            self._command(f"SYSTEM SYNC REPLICA{self._on} {self._local(table)}")
        self._check(table, counts)

    def _check(self, table: str, counts: Mapping[int, int]) -> None:
        """Raise an error if rows were written twice: the driver repeats what wasn't answered."""
        if not counts:
            return
        sql = f"SELECT {MONTH}, count() FROM {self._named(table)} GROUP BY {MONTH}"
        there = {int(one): rows for one, rows in self._client.query(sql).result_rows}
        if any(there.get(one) != rows for one, rows in counts.items()):
            raise TargetError(
                f"The connection to {self.title} broke while rows were written. Run again to go on."
            )

    def swap(self, places: Mapping[str, str]) -> None:
        """Give tables that were filled beside others their names; `places` by logical name."""
        beside = {name: place for name, place in places.items() if name != place}
        if not beside:
            return
        with self._said():
            there, loaded = self._layouts(), self._loaded()
            for name, place in beside.items():
                self._drop(name + OLD)
                gone = dict.fromkeys(loaded.get(name, {}), GONE)
                self._note(name, {**gone, **loaded.get(place, {})})
                self._rename(place, name, is_there=name in there)
                self._note(place, dict.fromkeys(loaded.get(place, {}), GONE))
                self._drop(name + OLD)

    def finish(self, evidence: Evidence, tables: Iterable[str], started: datetime) -> None:
        """Store what the binding was made from, and remove the copies of tables that are gone."""
        with self._said():
            kept, loaded = set(tables), self._loaded()
            for name in self._layouts():
                if name not in kept:
                    self._drop(name)
                    self._note(name, dict.fromkeys(loaded.get(name, {}), GONE))
            self._insert(EVIDENCE, [[started, evidence.written()]])

    def copied(self) -> Copied | None:
        """Return when the copy was last complete and how many rows it has; None without one."""
        # Other commands don't wait for what translates statements.
        from meaux.data.database.clickhouse.runs import LAST, last_run  # noqa: PLC0415

        with self._said():
            if not self._exists(RUNS):
                return None
            if self._missing(RUNS):
                raise TargetError(
                    "The copy was loaded by an older version; run python -m meaux load clickhouse."
                )
            [found] = self._client.query(f"SELECT {LAST} FROM {self._named(RUNS)}").result_rows
            rows = sum(
                month.rows
                for table, months in self._loaded().items()
                for month in months.values()
                if not table.endswith((APART, NEXT))
            )
            last = last_run(found)
            return Copied(last.at, rows, last.left) if last else None

    def newest(self, tables: Iterable[CopiedTable]) -> dict[str, datetime | None]:
        """Return the time of the newest row of each table that is there and has a time.

        It is the newest of all rows, also of those that don't count.
        """
        with self._said():
            there, found = self._layouts(), dict[str, datetime | None]()
            asked = [one for one in tables if one.time and one.name in there]
            for one in asked:
                named = self._named(one.name)
                [[at]] = self._client.query(f"SELECT max(`{one.time}`) FROM {named}").result_rows
                times = [found.get(one.logical), at and at.replace(tzinfo=UTC)]
                found[one.logical] = max(filter(None, times), default=None)
            return found

    def ran(self, row: Sequence[Any]) -> None:
        """Write down a run: a row of `meaux_runs`."""
        with self._said():
            self._insert(RUNS, [row])

    def _exists(self, name: str) -> bool:
        found = self._client.query(f"EXISTS TABLE {self._named(name)}").result_rows
        return bool(found[0][0])

    def _drop_months(self, place: str, months: Iterable[int]) -> None:
        self._alter(place, [f"DROP PARTITION {month}" for month in months])

    def _alter(self, place: str, changes: Sequence[str]) -> None:
        if changes:
            self._command(f"ALTER TABLE {self._local(place)}{self._on} {', '.join(changes)}")

    def _rename(self, place: str, name: str, *, is_there: bool) -> None:
        """Rename a table, and what has its name until then, in one step."""
        for whole in (self._local, self._named) if self._address.cluster else (self._named,):
            pairs = [f"{whole(place)} TO {whole(name)}"]
            if is_there:
                pairs = [f"{whole(name)} TO {whole(name + OLD)}", *pairs]
            self._command(f"RENAME TABLE {', '.join(pairs)}{self._on}")
        if self._address.cluster:
            self._distribute(name)

    def _make(self, name: str, layout: str, mark: str) -> None:
        self._command(
            f"CREATE TABLE {self._local(name)}{self._on} {layout}\nCOMMENT '{OURS}{mark}'"
        )
        self._distribute(name)

    def _distribute(self, name: str) -> None:
        """Make the table that reads and writes the rows of all servers, if there is a cluster."""
        cluster, database = self._address.cluster, self._address.database
        if cluster:
            self._command(
                f"CREATE OR REPLACE TABLE {self._named(name)}{self._on} AS {self._local(name)} "
                f"ENGINE = Distributed('{cluster}', '{database}', '{name}{LOCAL}', rand())"
            )

    def _drop(self, name: str) -> None:
        for whole in dict.fromkeys((self._named(name), self._local(name))):
            self._command(f"DROP TABLE IF EXISTS {whole}{self._on} SYNC")

    def _note(self, place: str, months: Mapping[int, Loaded]) -> None:
        """Write down how some months of a table are loaded now."""
        now = datetime.now(UTC)
        rows = [[place, month, now, one.rows, one.recipe] for month, one in months.items()]
        if rows:
            self._insert(LOADS, rows)

    def _loaded(self) -> dict[str, dict[int, Loaded]]:
        sql = f"SELECT table, month, recipe, rows FROM {self._named(LOADS)} FINAL"
        found: dict[str, dict[int, Loaded]] = {}
        for table, month, recipe, rows in self._client.query(sql).result_rows:
            if recipe:
                found.setdefault(table, {})[month] = Loaded(recipe, rows)
        return found

    def _layouts(self) -> dict[str, str]:
        """Return the digest of the layout of each table of the copy, as it was made."""
        sql = (
            "SELECT name, comment FROM system.tables "
            "WHERE database = %(d)s AND startsWith(comment, %(ours)s)"
        )
        found = self._client.query(sql, {"d": self._address.database, "ours": OURS}).result_rows
        return {name.removesuffix(LOCAL): comment.removeprefix(OURS) for name, comment in found}

    def _insert(self, table: str, rows: Sequence[Sequence[Any]]) -> None:
        self._client.insert(
            table,
            rows,
            database=self._address.database,
            # A newer version's table may have more columns.
            column_names=list(OWN_TABLES[table].columns),
            settings=self._settings,
        )

    def _command(self, sql: str) -> None:
        self._client.command(sql)

    def _kept(self, layout: str, place: str) -> str:
        """Return the layout of a table, with replicas if the cluster has them."""
        return replicated(layout, place) if self._address.replicated else layout

    @property
    def _settings(self) -> dict[str, int] | None:
        at_once = AT_ONCE if self._address.cluster else {}
        return {**at_once, **(KEPT if self._address.replicated else {})} or None

    @property
    def _on(self) -> str:
        return f" ON CLUSTER '{self._address.cluster}'" if self._address.cluster else ""

    def _named(self, table: str) -> str:
        return f"`{self._address.database}`.`{table}`"

    def _local(self, table: str) -> str:
        return self._named(table + LOCAL if self._address.cluster else table)

    @contextmanager
    def _said(self) -> Iterator[None]:
        """Turn the driver's errors into sentences that say what to do and contain no secret."""
        # Other commands don't wait for the driver.
        from clickhouse_connect.driver.exceptions import ClickHouseError  # noqa: PLC0415

        try:
            yield
        except ClickHouseError as error:
            raise TargetError(sentence(self._address, error)) from None


# Its errors are raised, too.
logging.getLogger("clickhouse_connect").setLevel(logging.CRITICAL)


def _client(address: Address) -> Client:
    import clickhouse_connect  # noqa: PLC0415

    if address.folder:
        return clickhouse_connect.get_client(interface="chdb", path=address.folder)
    return clickhouse_connect.get_client(
        host=address.host,
        port=address.port,
        username=address.user,
        password=address.password.reveal(),
        secure=address.secure,
        send_receive_timeout=SECONDS,
        # A session would be locked by a statement whose connection broke.
        autogenerate_session_id=False,
        show_clickhouse_errors="scrub",
    )
