"""How long the Events tab and a page of its log take, with 40,000 and with a million records.

Both databases have the same records in the last 60 days.
"""

import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

from meaux.data.database import SQLiteFile, fetch_each
from meaux.data.plan import Plan
from meaux.data.source import Source, open_source
from meaux.query.answers import Position
from meaux.query.filters import Selection, preset
from meaux.query.needs import Met, Part, Request, meet
from meaux.subjects.events import cards, figures
from meaux.subjects.events import frames as events
from meaux.subjects.events.frames import LOGS, Start, Trail, View

TODAY = date(2026, 11, 22)
NOW = int(datetime(2026, 11, 22, 15, tzinfo=UTC).timestamp())
DAYS, RECENT, OLDER, LONG = 60, 8_000, 600, 192_000
"""Of each log: so many records in the last days, and so many in the days before, in two years."""
TRIES = 7
MOST = 1.3
"""How much slower the million may be: its indexes are one level deeper."""
TABLES = {
    "system_events": ("TEXT", "strftime('%Y-%m-%d %H:%M:%S', at, 'unixepoch')"),
    "platform_events": ("INTEGER", "at * 1000"),
    "audit_log": ("TEXT", "strftime('%Y-%m-%dT%H:%M:%SZ', at, 'unixepoch')"),
    "event_log": ("INTEGER", "at"),
    "error_logs": ("TEXT", "strftime('%Y-%m-%dT%H:%M:%SZ', at, 'unixepoch')"),
}
"""Each log with the type of its time and how that is written."""

WRITE = """
CREATE TABLE {table} (
  id INTEGER PRIMARY KEY, severity TEXT, message TEXT, source TEXT, action TEXT,
  created_at {type}
);
WITH RECURSIVE n (i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM n WHERE i < {recent})
INSERT INTO {table} (severity, message, source, action, created_at)
SELECT
  CASE i % 20 WHEN 0 THEN 'critical' WHEN 1 THEN 'error' WHEN 2 THEN 'warning' ELSE 'info' END,
  'message ' || (i % 50), 'source ' || (i % 7), 'update', {stored}
FROM (
  SELECT i, {now} - CASE
    WHEN i > 0 THEN ({recent} - i) * {days} * 86400 / {recent}
    ELSE {days} * 86400 - i * 670 * 86400 / {older}
  END AS at FROM n
);
CREATE INDEX {table}_time ON {table} (created_at);
"""


def written(folder: Path, older: int) -> Source:
    """Five logs whose last 60 days are always the same, with so many older records each."""
    path = folder / f"{older}.db"
    sizes = {"first": -older, "older": older, "recent": RECENT, "days": DAYS, "now": NOW}
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        for table, (type_, stored) in TABLES.items():
            script = WRITE.format(table=table, type=type_, stored=stored, **sizes)
            connection.executescript(script)
    return open_source(SQLiteFile(path), override=folder / "none.toml")


CARDS: tuple[Part, ...] = (
    figures.events,
    *figures.severities,
    cards.severity,
    cards.by_log,
    cards.top_errors,
)


def of(source: Source, selection: Selection, start: Start, *parts: Part) -> Met:
    """What the tab asks for some of its parts, where its log begins so, and what it makes of it."""
    request = Request(selection, Plan(), source.binding, (Trail(selection, View(), [start]),))
    met = meet(parts, request, lambda wanted: fetch_each(source.database, wanted))
    for part in parts:
        met.of(part)
    return met


def tab(source: Source, selection: Selection) -> int:
    """The whole tab; returns how many records it counts."""
    found = of(source, selection, {}, *CARDS, events.page).of(figures.events)
    return int(found.value or 0)


def turn(source: Source, selection: Selection, start: Start) -> int:
    return len(of(source, selection, start, events.page).of(events.page).answer.frame)


def deep() -> dict[str, Position]:
    """Where a page begins that lies 29 days back."""
    at = NOW - 29 * 86_400
    moment = datetime.fromtimestamp(at, UTC)
    texts = (moment.strftime("%Y-%m-%d %H:%M:%S"), moment.strftime("%Y-%m-%dT%H:%M:%SZ"))
    places = (texts[0], at * 1000, texts[1], at, texts[1])
    return {log: Position(place, "0") for log, place in zip(LOGS, places, strict=True)}


def fastest(run: Callable[[Source], object], sources: list[Source]) -> list[float]:
    """The least processor time on each source; they take turns, so that both meet the same load."""
    times: list[list[float]] = [[] for _ in sources]
    for _ in range(TRIES):
        for source, taken in zip(sources, times, strict=True):
            start = time.process_time()
            run(source)
            taken.append(time.process_time() - start)
    return [min(taken) for taken in times]


def main() -> None:
    selection = Selection(preset("30d", TODAY), TODAY)
    runs = {
        "tab": lambda source: tab(source, selection),
        "first page": lambda source: turn(source, selection, {}),
        "deep page": lambda source: turn(source, selection, deep()),
    }
    with tempfile.TemporaryDirectory() as name:
        sources = [written(Path(name), older) for older in (OLDER, LONG)]
        counted = [tab(source, selection) for source in sources]
        assert counted[0] == counted[1], "the logs must have the same records in the period"
        took = {what: fastest(run, sources) for what, run in runs.items()}
    sizes = " and of ".join(f"{(RECENT + older + 1) * len(TABLES):,}" for older in (OLDER, LONG))
    print(f"{counted[0]:,} records in the period, in logs of {sizes}")
    print(f"{'':12}{'short':>9} {'long':>9} {'ratio':>6}")
    for what, (short, long) in took.items():
        print(f"{what:12}{short * 1e3:6.0f} ms {long * 1e3:6.0f} ms {long / short:6.2f}")
    sys.exit(max(long / short for short, long in took.values()) > MOST)


if __name__ == "__main__":
    main()
