"""How much longer Project analytics takes with 5,000 projects than with 25."""

import os
import shutil
import sqlite3
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from streamlit.testing.v1 import AppTest

from meaux.demo import build

APP = Path(__file__).resolve().parent.parent / "app.py"
NOW = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)
MORE = """
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4975)
INSERT INTO projects (id, team_id, name, slug, status, priority, created_at, updated_at)
SELECT 'p' || i, 'team_lab', 'Project ' || i, 'p' || i, 'active', 'low',
  '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z' FROM n;
INSERT INTO project_progress (project_id, progress, recorded_at)
SELECT id, 50, '2026-06-01 00:00:00' FROM projects WHERE id LIKE 'p%' AND name LIKE 'Project %';
INSERT INTO project_milestones (project_id, title, status, created_at)
SELECT id, 'First', 'done', '2026-06-01 00:00:00' FROM projects WHERE name LIKE 'Project %';
"""


def opened(path: Path) -> tuple[float, float]:
    """Seconds of the first run of the page, and of one more with another order."""
    os.environ |= {"MEAUX_DATABASE": str(path), "MEAUX_TODAY": str(NOW.date())}
    app = AppTest.from_file(APP, default_timeout=120).switch_page("pages/work/projects.py")
    start = time.perf_counter()
    app.run()
    cold = time.perf_counter() - start
    start = time.perf_counter()
    app.get_by_key("sort").set_value("Name, A to Z").run()
    assert not app.exception
    return cold, time.perf_counter() - start


with tempfile.TemporaryDirectory() as folder:
    few, many = Path(folder, "few.db"), Path(folder, "many.db")
    build(few, now=NOW)
    shutil.copy(few, many)
    with closing(sqlite3.connect(many)) as connection:
        connection.executescript(MORE)
    opened(few)  # imports and compiled queries are nobody's rows
    times = {path.stem: opened(path) for path in (few, many)}
    for what, n in (("first run", 0), ("another order", 1)):
        ratio = times["many"][n] / times["few"][n]
        print(f"{what}: {ratio:.2f} x with 200 x as many projects ({times['many'][n]:.2f} s)")
