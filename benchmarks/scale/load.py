"""How long a large database takes to load into ClickHouse, and how much space it needs there.

`python -m benchmarks.scale.load FOLDER 1000000` makes a demo with so many time entries and twice as
many rows of the Workers' log in FOLDER/scale.db, loads it into the engine in this process, in
FOLDER/clickhouse, and prints what it took: first from nothing, then without a change, then after
one row has changed. A file that is there already is used.

`python -m benchmarks.scale.load FOLDER 1000000 10` then copies the rows of these two tables in
ClickHouse until they are ten times as many, to measure pages (`benchmarks.scale.pages`) at a size
that would take long to load.
"""

import os
import resource
import sqlite3
import sys
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import clickhouse_connect
from clickhouse_connect.driver.client import Client

from meaux.data.database import SQLiteFile
from meaux.data.source import open_source
from meaux.data.warehouse import MONTH, copied
from meaux.data.warehouse.address import Address
from meaux.demo import build
from meaux.warehouse import Outcome, Reader, Target, load

NOW = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)
NO_MAPPING = Path("no-such-file.toml")

TIMES = {
    "time_entries": {"started_at": 1, "ended_at": 1},
    "worker_logs": {"timestamp": 1000},
}
"""The columns of the tables that grow that hold times, and how many of a unit are a second."""
LATEST = 86_400
"""A row's copies are up to so many seconds earlier than it."""


def grown(path: Path, entries: int) -> None:
    """Make the demo, and copy the rows of two tables until they are as many as they should be."""
    build(path, now=NOW)
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode = OFF")
        database.execute("PRAGMA synchronous = OFF")
        database.execute("PRAGMA cache_size = -1000000")
        for table, wanted in (("time_entries", entries), ("worker_logs", 2 * entries)):
            indexes = database.execute(
                "SELECT name, sql FROM sqlite_master WHERE tbl_name = ? AND type = 'index' "
                "AND sql IS NOT NULL",
                (table,),
            ).fetchall()
            for name, _ in indexes:
                database.execute(f"DROP INDEX {name}")
            copy(database, table, wanted)
            for _, sql in indexes:
                database.execute(sql)
        database.commit()


def copy(database: sqlite3.Connection, table: str, wanted: int) -> None:
    """Copy each row of a table as often as needed, with other ids and other times."""
    info = database.execute(f"PRAGMA table_info({table})").fetchall()
    [count] = database.execute(f"SELECT count(*) FROM {table}").fetchone()
    cells = [cell(table, name, declared) for _, name, declared, *_ in info]
    database.execute(
        f"WITH RECURSIVE more (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM more WHERE n < ?) "
        f"INSERT INTO {table} SELECT {', '.join(cells)} FROM more CROSS JOIN {table} AS t LIMIT ?",
        (wanted // count + 1, wanted - count),
    )


def cell(table: str, name: str, declared: str) -> str:
    if name == "id":
        return "NULL" if declared == "INTEGER" else "t.id || '-' || more.n"
    unit = TIMES[table].get(name)
    return f"t.{name} - (more.n * 7919 + t.rowid) % {LATEST} * {unit}" if unit else f"t.{name}"


def loaded(path: Path, address: Address) -> Outcome:
    opened = open_source(SQLiteFile(path), NO_MAPPING)
    with closing(Target(address)) as target:
        return load(opened, Reader(path), target, opened.evidence)


def change(path: Path) -> None:
    """Change one time entry of last month."""
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(
            "UPDATE time_entries SET note = note || '.' WHERE rowid = "
            "(SELECT rowid FROM time_entries WHERE started_at < 1793000000 "
            "ORDER BY started_at DESC LIMIT 1)"
        )


SHIFT = f"toIntervalSecond((n * 7919 + cityHash64(key)) % {LATEST})"
IN_COPY = {"time_entry": ("started", "ended"), "worker_log": ("at",)}
"""The tables that grow in the copy, with their times; the first one tells the month."""


def multiplied(client: Client, times: int) -> None:
    """Copy the rows of two tables in ClickHouse until they are so many times as many."""
    for table, instants in IN_COPY.items():
        changed = {name: f"{name} - {SHIFT}" for name in instants}
        changed["key"] = "concat(key, '-', toString(n))"
        changed[MONTH] = f"toYYYYMM({changed[instants[0]]})"
        names = [row[0] for row in client.query(f"DESCRIBE meaux.{table}").result_rows]
        cells = ", ".join(f"{changed.get(name, name)} AS new_{name}" for name in names)
        client.command(
            f"INSERT INTO meaux.{table} ({', '.join(names)}) SELECT {cells} FROM meaux.{table} "
            f"CROSS JOIN (SELECT number + 1 AS n FROM numbers({times - 1})) AS more"
        )


def said(what: str, words: str) -> None:
    sys.stdout.write(f"| {what} | {words} |\n")
    sys.stdout.flush()


def used() -> float:
    both = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(found.ru_utime + found.ru_stime for found in map(resource.getrusage, both))


def main(folder: Path, entries: int, times: int = 1) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path, address = folder / "scale.db", Address(folder=str(folder / "clickhouse"))
    began = time.perf_counter()
    if not path.exists():
        grown(path, entries)
        said("file made", f"{time.perf_counter() - began:,.0f} s")
    said("file", f"{path.stat().st_size / 1e6:,.0f} MB, {os.cpu_count()} cores")
    for what in ("from nothing", "nothing changed", "one row changed"):
        if what == "one row changed":
            change(path)
        before = used()
        found = loaded(path, address)
        speed = found.rows / found.seconds
        said(
            what,
            f"{found.rows:,} rows of {found.months} months, {found.seconds:,.1f} s "
            f"({used() - before:,.1f} s of CPU), {speed:,.0f} rows/s",
        )
    client = clickhouse_connect.get_client(interface="chdb", path=address.folder)
    [(size, raw)] = client.query(
        "SELECT sum(data_compressed_bytes), sum(data_uncompressed_bytes) FROM system.parts "
        "WHERE active AND database = 'meaux'"
    ).result_rows
    said("ClickHouse", f"{size / 1e6:,.0f} MB ({raw / 1e6:,.0f} MB before compression)")
    tables = len(copied(open_source(SQLiteFile(path), NO_MAPPING).binding))
    said("memory", f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:,.0f} MB at most")
    said("tables", str(tables))
    if times > 1:
        before = used()
        multiplied(client, times)
        said(f"{times} times as many rows", f"{used() - before:,.1f} s of CPU")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:]))
