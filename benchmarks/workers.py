"""How long the Workers tab takes on a short and on a long log, with the same last 30 days."""

import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np

from meaux.data.database import SQLiteFile, fetch_each
from meaux.data.plan import Plan
from meaux.data.source import Source, open_source
from meaux.query.filters import Selection, preset
from meaux.query.needs import Part, Request, meet
from meaux.subjects.allowances import cards as allowances
from meaux.subjects.workers import cards as workers
from meaux.subjects.workers import figures

TODAY = date(2026, 11, 22)
NOW = int(datetime(2026, 11, 22, 15, tzinfo=UTC).timestamp())
IN_PERIOD, LONG = 20_000, 1_000_000
DAY, PERIOD, BEFORE = 86_400, 30, 520
"""Days of which the last ones have the same rows in both logs, and of what is older."""
TRIES = 5
MOST = 1.5
"""How much slower the long log may be: its rows in the compared period are more, too."""
SCHEMA = """
CREATE TABLE worker_logs (
  id INTEGER PRIMARY KEY, worker_id TEXT, timestamp INTEGER, status INTEGER, outcome TEXT,
  duration_ms REAL, cpu_ms REAL
);
"""


def written(folder: Path, older: int) -> Source:
    """A log whose last 60 days are always the same, with so many older requests."""
    path = folder / f"{older}.db"
    random = np.random.default_rng(0)
    recent = NOW - random.integers(0, 2 * PERIOD * DAY, 2 * IN_PERIOD)
    past = NOW - random.integers(2 * PERIOD * DAY, BEFORE * DAY, older)
    moments = np.sort(np.concatenate([recent, past])) * 1000
    durations = random.lognormal(4, 1, len(moments)).round(2)
    rows = [
        (f"wrk_{n % 12}", int(at), 500 if n % 97 == 0 else 200, "ok", float(took), 1.5)
        for n, (at, took) in enumerate(zip(moments, durations, strict=True))
    ]
    columns = "worker_id, timestamp, status, outcome, duration_ms, cpu_ms"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.executescript(SCHEMA)
        connection.executemany(
            f"INSERT INTO worker_logs ({columns}) VALUES (?, ?, ?, ?, ?, ?)", rows
        )
        connection.execute("CREATE INDEX worker_logs_time ON worker_logs (timestamp)")
        connection.commit()
    return open_source(SQLiteFile(path), override=folder / "none.toml")


TAB: tuple[Part, ...] = (
    figures.deployed_workers,
    figures.requests,
    figures.error_rate,
    *figures.response_times,
    workers.requests,
    workers.error_rate,
    workers.response_time,
    workers.table,
    allowances.workers,
)


def load(source: Source, selection: Selection) -> int:
    """What the tab asks, and what it makes of it; returns how many requests it counts."""
    request = Request(selection, Plan(), source.binding)
    met = meet(TAB, request, lambda wanted: fetch_each(source.database, wanted))
    for part in TAB:
        met.of(part)
    return int(met.of(figures.requests).value or 0)


def seconds(source: Source, selection: Selection) -> float:
    times = []
    for _ in range(TRIES):
        start = time.perf_counter()
        load(source, selection)
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    selection = Selection(preset("30d", TODAY), TODAY)
    with tempfile.TemporaryDirectory() as name:
        short, long = (written(Path(name), older) for older in (2 * IN_PERIOD, LONG))
        counts = [load(log, selection) for log in (short, long)]
        assert counts[0] == counts[1], "the logs must have the same rows in the period"
        took = [seconds(log, selection) for log in (short, long)]
    sizes = [f"{2 * IN_PERIOD + older:,}" for older in (2 * IN_PERIOD, LONG)]
    print(f"{counts[0]:,} requests in the period, in logs of {' and '.join(sizes)}")
    print(f"{'short log':>10} {'long log':>10} {'ratio':>6}")
    print(f"{took[0] * 1e3:7.0f} ms {took[1] * 1e3:7.0f} ms {took[1] / took[0]:6.2f}")
    sys.exit(took[1] / took[0] > MOST)


if __name__ == "__main__":
    main()
