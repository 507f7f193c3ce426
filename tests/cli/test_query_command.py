"""`query` writes the rows of a named query as CSV, or one sentence that says why not."""

import csv
import io

import pytest

from meaux.data import source
from meaux.query import export
from meaux.query.queries import QUERIES


def rows_of(result):
    assert result.exit_code == 0, result.output
    return list(csv.DictReader(io.StringIO(result.stdout)))


def test_writes_the_columns_that_each_query_declares(meaux, environment, demo_file, demo_source):
    # What is read of the database before a query is the same for all.
    environment.setattr(source, "open_source", lambda _database: demo_source)
    odd = {}
    for name, query in QUERIES.items():
        result = meaux("query", name, "--limit", 3, MEAUX_DATABASE=demo_file)
        heads, *rows = csv.reader(io.StringIO(result.stdout)) if result.stdout else ([],)
        declared = [export.heading(column) for column in query.returns]
        if result.exit_code != 0 or heads != declared or len(rows) > 3:
            odd[name] = result.output
    assert odd == {}


def test_writes_no_byte_order_mark_and_plain_line_ends(meaux, demo_file):
    result = meaux("query", "hours_by_day", MEAUX_DATABASE=demo_file)
    assert result.stdout_bytes.startswith(b'"Day",')
    assert b"\r" not in result.stdout_bytes


@pytest.mark.parametrize(
    ("period", "days"),
    [
        ("7d", ["2026-11-15", "2026-11-22"]),
        ("mtd", ["2026-11-01", "2026-11-22"]),
        ("2026-10-05..2026-10-09", ["2026-10-05", "2026-10-09"]),
        ("2026-10-07..2026-10-07", ["2026-10-07", "2026-10-07"]),
    ],
)
def test_keeps_to_the_period_with_both_its_days(meaux, demo_file, demo_rows, period, days):
    shown = rows_of(meaux("query", "hours_by_day", "--period", period, MEAUX_DATABASE=demo_file))
    expected = demo_rows(
        "SELECT DISTINCT date(started_at, 'unixepoch') FROM time_entries "
        "WHERE date(started_at, 'unixepoch') BETWEEN ? AND ? ORDER BY 1",
        *days,
    )
    assert list(dict.fromkeys(row["Day"] for row in shown)) == [day for (day,) in expected]


def test_books_hours_on_the_days_of_the_zone(meaux, demo_file):
    utc = meaux("query", "hours_by_day", "--period", "7d", MEAUX_DATABASE=demo_file)
    far = meaux("query", "hours_by_day", "--period", "7d", "--zone", "Pacific/Auckland")
    assert rows_of(utc) != rows_of(far)


def test_narrows_to_the_rows_that_are_named(meaux, demo_file, demo_rows):
    [(project,), (other,)] = demo_rows("SELECT id FROM projects ORDER BY id LIMIT 2")
    both = ("--project", project, "--project", other)
    result = meaux(
        "query", "top_projects_by_activity", "--period", "all", *both, MEAUX_DATABASE=demo_file
    )
    assert {row["Project"] for row in rows_of(result)} <= {project, other}


def test_cuts_off_at_the_limit(meaux, demo_file):
    result = meaux("query", "project_choices", "--limit", 2, MEAUX_DATABASE=demo_file)
    assert len(rows_of(result)) == 2


def test_writes_headings_alone_where_nothing_is_recorded(meaux, demo_file):
    result = meaux(
        "query", "hours_by_day", "--period", "2001-01-01..2001-01-02", MEAUX_DATABASE=demo_file
    )
    assert result.exit_code == 0
    assert result.stdout.startswith('"Day",')
    assert len(result.stdout.splitlines()) == 1


def test_says_on_the_error_stream_what_the_rows_lack(meaux, tmp_path, database_of):
    database_of(
        "CREATE TABLE time_entries (project_id, started_at INTEGER, seconds, cost_usd);"
        "INSERT INTO time_entries VALUES ('p', unixepoch('2026-11-20 09:00:00'), 3600, 50);"
    )
    result = meaux("query", "cost_by_day", MEAUX_DATABASE=tmp_path / "database.db")
    [row] = rows_of(result)
    assert row["Category"] == "Time"
    assert "Calculated without the table cloudflare_usage" in result.stderr


def test_says_what_a_query_needs_that_the_database_lacks(meaux, tmp_path, database_of):
    database_of("CREATE TABLE unrelated (id);")
    result = meaux("query", "hours_by_day", MEAUX_DATABASE=tmp_path / "database.db")
    assert result.exit_code == 2
    assert "Needs the table time_entries" in result.stderr
    assert not result.stdout


def test_lists_every_query_with_its_sentence(meaux):
    result = meaux("query", "--list")
    assert result.exit_code == 0
    lines = dict(line.split(maxsplit=1) for line in result.stdout.splitlines())
    assert lines == {name: query.about for name, query in QUERIES.items()}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("hours_by_dya",), "did you mean hours_by_day"),
        (("qqqq",), "there are "),
        ((), "--list"),
        (("hours_by_day", "--period", "fortnight"), "use today, 7d"),
        (("hours_by_day", "--period", "2026-11-02..2026-11-01"), "two days in order"),
        (("hours_by_day", "--period", "2026-11-02.."), "two days in order"),
        (("hours_by_day", "--zone", "Mars/Base"), "Invalid --zone"),
        (("hours_by_day", "--zone", "Europe/Viena"), "did you mean Europe/Vienna?"),
    ],
)
def test_says_what_is_wrong_in_one_sentence(meaux, demo_file, arguments, words):
    result = meaux("query", *arguments, MEAUX_DATABASE=demo_file)
    assert result.exit_code == 2
    assert words in result.stderr
    assert result.stderr.count("\n") == 1
    assert not result.stdout


def test_refuses_a_limit_that_is_no_number_of_rows(meaux, demo_file):
    result = meaux("query", "hours_by_day", "--limit", 0, MEAUX_DATABASE=demo_file)
    assert result.exit_code == 2
    assert "--limit" in result.stderr
