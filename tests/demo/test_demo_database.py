"""The file that holds the demo database."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, date, datetime, timedelta, timezone
from functools import partial

import pytest

from meaux.demo import DEFAULT_PATH, build, database, ensure, last_day
from meaux.errors import NotADatabase

TINY = 0.01


@pytest.fixture
def quick(monkeypatch):
    """Let `ensure` build a tiny database."""
    monkeypatch.setattr(database, "build", partial(build, scale=TINY))


def dump(path):
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def test_the_same_seed_gives_the_same_rows(tmp_path, now):
    for name in ("one.db", "two.db"):
        build(tmp_path / name, now=now, scale=TINY)
    assert dump(tmp_path / "one.db") == dump(tmp_path / "two.db")


def test_another_seed_gives_other_rows(tmp_path, now):
    build(tmp_path / "one.db", now=now, scale=TINY)
    build(tmp_path / "two.db", now=now, scale=TINY, seed=8)
    assert dump(tmp_path / "one.db") != dump(tmp_path / "two.db")


def test_scale_multiplies_the_time_entries_but_not_the_projects(tmp_path, small, now):
    build(tmp_path / "larger.db", now=now, scale=0.1)
    counts = {}
    for path in (small, tmp_path / "larger.db"):
        with closing(sqlite3.connect(path)) as connection:
            counts[path.stem] = connection.execute(
                "SELECT (SELECT count(*) FROM time_entries), (SELECT count(*) FROM projects)"
            ).fetchone()
    assert counts["larger"][0] == pytest.approx(2 * counts["small"][0], rel=0.1)
    assert counts["larger"][1] == counts["small"][1]


def test_progress_is_told_often_and_rises_to_one(tmp_path, now):
    told = []
    build(tmp_path / "demo.db", now=now, scale=TINY, progress=lambda *step: told.append(step))
    fractions = [fraction for _, fraction in told]
    assert len(told) >= 20
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    assert all(label for label, _ in told)


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 3, 1, tzinfo=UTC),
        datetime(2027, 1, 1, 0, 0, 30, tzinfo=UTC),
        datetime(2028, 2, 29, 23, 59, 59, tzinfo=UTC),
        datetime(2026, 8, 31, 12, tzinfo=timezone(timedelta(hours=5, minutes=30))),
    ],
)
def test_any_moment_can_be_the_present(tmp_path, moment):
    path = tmp_path / "demo.db"
    build(path, now=moment, scale=TINY)
    assert last_day(path) == moment.astimezone(UTC).date()


def test_a_time_without_a_zone_is_refused(tmp_path):
    with pytest.raises(ValueError, match="zone"):
        build(tmp_path / "demo.db", now=datetime(2026, 1, 1))  # noqa: DTZ001


def test_the_file_passes_an_integrity_check(small):
    with closing(sqlite3.connect(small)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_the_default_path_lies_in_the_data_folder_of_the_repository():
    assert DEFAULT_PATH.is_absolute()
    assert (DEFAULT_PATH.parents[1] / "pyproject.toml").exists()
    assert DEFAULT_PATH.parts[-2:] == ("data", "meauxos.db")


@pytest.mark.usefixtures("quick")
def test_a_missing_database_is_built_with_its_folder(tmp_path, now):
    path = tmp_path / "data" / "demo.db"
    assert last_day(path) is None
    assert ensure(path, now=now)
    assert last_day(path) == date(2026, 11, 22)


@pytest.mark.usefixtures("quick")
def test_a_database_of_today_is_left_alone(tmp_path, now):
    path = tmp_path / "demo.db"
    ensure(path, now=now)
    before = path.stat().st_mtime_ns
    assert not ensure(path, now=now + timedelta(hours=6))
    assert path.stat().st_mtime_ns == before


@pytest.mark.usefixtures("quick")
def test_a_database_of_yesterday_is_built_again(tmp_path, now):
    path = tmp_path / "demo.db"
    ensure(path, now=now - timedelta(days=1))
    assert ensure(path, now=now)
    assert last_day(path) == date(2026, 11, 22)


@pytest.mark.parametrize("write", [ensure, build])
@pytest.mark.parametrize("content", [b"", b"notes", b"SQLite format 3\0" + bytes(100)])
def test_a_file_that_is_not_a_demo_is_never_overwritten(tmp_path, now, write, content):
    path = tmp_path / "theirs.db"
    path.write_bytes(content)
    with pytest.raises(NotADatabase, match="not a demo database"):
        write(path, now=now)
    assert path.read_bytes() == content


def test_a_failed_build_leaves_the_old_file_and_no_draft(tmp_path, now):
    path = tmp_path / "demo.db"
    build(path, now=now, scale=TINY)
    before = path.read_bytes()

    def fail(_label, fraction):
        if fraction > 0.5:
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        build(path, now=now, scale=TINY, progress=fail)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.usefixtures("quick")
def test_two_at_once_leave_one_good_database(tmp_path, now):
    path = tmp_path / "demo.db"
    with ThreadPoolExecutor(2) as pool:
        built = list(pool.map(lambda _: ensure(path, now=now), range(2)))
    assert any(built)
    assert last_day(path) == date(2026, 11, 22)
    assert list(tmp_path.iterdir()) == [path]
