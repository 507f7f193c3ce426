"""A small demo database, built once."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from meaux.demo import build

NOW = datetime(2026, 11, 22, 17, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demo") / "small.db"
    build(path, now=NOW, scale=0.05)
    return path


@pytest.fixture
def rows(small: Path):
    """Ask the small demo database."""
    with closing(sqlite3.connect(f"file:{small}?mode=ro", uri=True)) as connection:
        yield lambda sql, *parameters: connection.execute(sql, parameters).fetchall()
