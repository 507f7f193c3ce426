"""How much longer the pages about work take to open on a million time entries.

Once with as many rows in the period as before, the rest being history; once with forty times as
many in the period too.
"""

import os
import shutil
import sqlite3
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import streamlit as st
from streamlit.testing.v1 import AppTest

from meaux.demo import build

APP = Path(__file__).resolve().parent.parent / "app.py"
NOW = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)
PAGES = ("projects", "time", "team")
TIMES = 40
RUNS = 7
OLDER = """
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 52)
INSERT INTO time_entries ({columns})
SELECT {columns} FROM (
  SELECT entry.*, n.i FROM n CROSS JOIN time_entries AS entry
  WHERE entry.started_at < unixepoch('2026-08-01')
) WHERE TRUE
"""


def lengthened(path: Path) -> int:
    """Repeat what was logged before August until a million entries stand there; their number."""
    with closing(sqlite3.connect(path)) as connection:
        columns = [row[1] for row in connection.execute("PRAGMA table_info(time_entries)")]
        others = ", ".join(column for column in columns if column != "id")
        connection.executescript(OLDER.format(columns=others))
        [(count,)] = connection.execute("SELECT count(*) FROM time_entries")
    return int(count)


def opened(path: Path, page: str) -> float:
    """Seconds of a page's first run, with nothing cached."""
    os.environ |= {"MEAUX_DATABASE": str(path), "MEAUX_TODAY": str(NOW.date())}
    st.cache_data.clear()
    app = AppTest.from_file(APP, default_timeout=120).switch_page(f"pages/work/{page}.py")
    start = time.perf_counter()
    app.run()
    assert not app.exception
    return time.perf_counter() - start


def best(paths: tuple[Path, ...], page: str) -> list[float]:
    """The best of some runs on each file, in turn: what else the machine does hits all alike."""
    runs = [[opened(path, page) for path in paths] for _ in range(RUNS)]
    return [min(seconds) for seconds in zip(*runs, strict=True)]


with tempfile.TemporaryDirectory() as folder:
    usual, longer, busier = (Path(folder, f"{name}.db") for name in ("usual", "longer", "busier"))
    build(usual, now=NOW)
    shutil.copy(usual, longer)
    print(f"{lengthened(longer):,} entries, none more in the period; then {TIMES} x as many there")
    build(busier, now=NOW, scale=TIMES)
    opened(usual, PAGES[0])  # imports and compiled queries are nobody's rows
    for page in PAGES:
        before, history, busy = best((usual, longer, busier), page)
        print(f"{page}: {before:.2f} s, {history / before:.2f} x, {busy / before:.2f} x")
