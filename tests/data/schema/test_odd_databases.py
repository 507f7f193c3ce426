"""Databases as they come: what stands in them is found, and what is odd in them does no harm."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from meaux.data.database import SQLiteFile, fetch_each
from meaux.data.source import open_source
from meaux.errors import QueryError
from meaux.query.filters import Period, Selection
from meaux.query.queries import QUERIES, compile_query

ENTRIES = """
CREATE TABLE time_entries (
  id TEXT PRIMARY KEY, project_id TEXT, user_id TEXT, started_at INTEGER, seconds INTEGER
);
INSERT INTO time_entries VALUES ('t1', 'p1', 'u1', 1767268800, 3600);
"""
DAY = datetime(2026, 1, 1, tzinfo=UTC).date()


def hours(source):
    selection = Selection(Period(DAY, DAY.replace(day=2)), DAY)
    statement = compile_query(QUERIES["hours_by_day"], source.binding, selection).statement
    rows = source.database.fetch([statement])[0].rows
    return [(day, hours, entries, running) for day, _, hours, entries, running, *_ in rows]


ODDITIES = {
    "nothing else": "",
    "a table without rowid": "CREATE TABLE teams (id TEXT PRIMARY KEY) WITHOUT ROWID;",
    "a strict table": "CREATE TABLE teams (id TEXT PRIMARY KEY) STRICT;",
    "a view": "CREATE VIEW users AS SELECT 'u1' AS id, 'Una' AS name;",
    "a broken view": "CREATE VIEW users AS SELECT * FROM long_gone;",
    "a view that fails when it is read": (
        "CREATE TABLE t (x); CREATE VIEW users AS SELECT x AS id FROM t; DROP TABLE t;"
    ),
    "full text search": (
        "CREATE VIRTUAL TABLE projects USING fts5 (id, name);"
        "INSERT INTO projects VALUES ('p1', 'One');"
    ),
    "tables of D1's own": (
        "CREATE TABLE _cf_KV (key TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;"
        "CREATE TABLE _cf_METADATA (key INTEGER PRIMARY KEY);"
    ),
    "statistics": "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT); ANALYZE;",
    "quotes in names": (
        """CREATE TABLE "it's ""quoted"" [here] `too`" ("a ""b"" c", 'it''s', "[x]", "`y`");"""
    ),
    "names of another alphabet": 'CREATE TABLE "проекты 🦐" ("имя" TEXT);',
    "an empty name": 'CREATE TABLE "" ("" TEXT);',
    "550 foreign tables": "".join(f"CREATE TABLE foreign_{n} (id, a, b);" for n in range(550)),
    "a hundred columns": f"CREATE TABLE wide ({', '.join(f'c{n}' for n in range(100))});",
    "a generated column": "CREATE TABLE g (a INTEGER, b INTEGER GENERATED ALWAYS AS (a + 1));",
    "a column named rowid": "CREATE TABLE teams (rowid TEXT, id TEXT);",
    "words of SQL as names": 'CREATE TABLE "select" ("from" TEXT, "where" TEXT, "order" TEXT);',
}


@pytest.mark.parametrize("script", ODDITIES.values(), ids=ODDITIES)
def test_a_database_is_read_beside(database_of, script):
    source = database_of(ENTRIES + script)
    assert hours(source) == [("2026-01-01", 1.0, 1, 0)]


@pytest.mark.parametrize("script", ODDITIES.values(), ids=ODDITIES)
def test_every_query_is_answered_or_says_what_it_needs_beside(database_of, script):
    source = database_of(ENTRIES + script)
    selection = Selection(Period(DAY, DAY.replace(day=2)), DAY)
    statements = [
        compile_query(query, source.binding, selection, {"limit": 5}).statement
        for query in (QUERIES["hours_by_day"], QUERIES["cost_by_day"], QUERIES["active_people"])
    ]
    outcomes = fetch_each(source.database, statements)
    assert not any(isinstance(outcome, QueryError) for outcome in outcomes)


def test_an_empty_database_binds_to_nothing(database_of):
    source = database_of("")
    assert source.binding.tables == {}
    assert source.catalog.tables == {}
    assert source.binding.lacks("project") == "the table projects"


def test_an_empty_file_is_an_empty_database(tmp_path):
    path = tmp_path / "empty.db"
    path.touch()
    assert open_source(SQLiteFile(path), tmp_path / "none.toml").binding.tables == {}


def test_names_are_found_in_any_case_and_written_as_they_stand(database_of):
    script = ENTRIES.replace("time_entries", "TIME_Entries").replace("started_at", "Started_AT")
    source = database_of(script)
    bound = source.binding.tables["time_entry"]
    assert bound.physical == "TIME_Entries"
    assert bound.columns["started"].stored == "`Started_AT`"
    assert hours(source) == [("2026-01-01", 1.0, 1, 0)]


def test_a_view_may_take_the_place_of_a_table(database_of):
    script = ENTRIES.replace("time_entries", "raw_entries")
    source = database_of(script + "CREATE VIEW time_entries AS SELECT * FROM raw_entries;")
    assert source.catalog.find("time_entries").kind == "view"
    assert hours(source) == [("2026-01-01", 1.0, 1, 0)]


def test_a_table_without_rowid_is_sampled_too(database_of):
    source = database_of(ENTRIES.replace(");\nINSERT", ") WITHOUT ROWID;\nINSERT"))
    assert not source.catalog.find("time_entries").has_rowid
    assert source.binding.tables["time_entry"].has_rows
    assert hours(source) == [("2026-01-01", 1.0, 1, 0)]


def test_d1s_own_tables_are_in_no_catalog(database_of):
    source = database_of(ODDITIES["tables of D1's own"] + ODDITIES["statistics"])
    assert list(source.catalog.tables) == ["t"]


def test_the_schema_is_read_in_two_calls_however_many_tables_there_are(tmp_path):
    path = tmp_path / "many.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.executescript(ENTRIES + ODDITIES["550 foreign tables"])
    database = SQLiteFile(path)
    calls = []

    class Counting:
        name = title = "counting"

        def fetch(self, statements):
            calls.append(len(statements))
            return database.fetch(statements)

    source = open_source(Counting(), tmp_path / "none.toml")
    assert len(source.catalog.tables) == 551
    assert calls == [2, 1]


LOGS = """
CREATE TABLE time_logs (project_id TEXT, work_date TEXT, hours REAL);
INSERT INTO time_logs VALUES ('p1', '2026-01-01', 2.5);
"""
NO_ENTRIES = "CREATE TABLE time_entries (started_at INTEGER, seconds INTEGER);"


def test_the_first_candidate_that_has_rows_is_read(database_of):
    source = database_of(NO_ENTRIES + LOGS)
    assert source.binding.tables["time_entry"].physical == "time_logs"
    assert hours(source) == [("2026-01-01", 2.5, 1, 0)]


def test_where_no_candidate_has_rows_the_first_is_read(database_of):
    source = database_of(NO_ENTRIES + LOGS.partition("INSERT")[0])
    assert source.binding.tables["time_entry"].physical == "time_entries"
    assert hours(source) == []


def test_a_table_that_lacks_a_required_column_is_passed_over(database_of):
    source = database_of("CREATE TABLE time_entries (seconds); " + LOGS)
    assert source.binding.tables["time_entry"].physical == "time_logs"


def test_the_other_candidates_that_have_rows_are_kept_and_can_be_asked_instead(database_of):
    binding = database_of(ENTRIES + LOGS).binding
    assert list(binding.others["time_entry"]) == ["time_logs"]
    other = binding.on({"time_entry": "time_logs"})
    assert other.tables["time_entry"].physical == "time_logs"
    assert binding.tables["time_entry"].physical == "time_entries"
    source = database_of(ENTRIES + LOGS)
    assert hours(replace(source, binding=other)) == [("2026-01-01", 2.5, 1, 0)]


def test_an_empty_candidate_is_none_to_ask_instead(database_of):
    assert database_of(NO_ENTRIES + LOGS).binding.filled("time_entry") == {}


def test_a_candidate_that_lacks_a_required_column_is_kept_with_what_it_lacks(database_of):
    binding = database_of(
        ENTRIES + "CREATE TABLE time_sessions (note); INSERT INTO time_sessions VALUES ('x');"
    ).binding
    words = "time_sessions.started_at or time_sessions.start_time or time_sessions.start_at"
    assert binding.others["time_entry"] == {"time_sessions": words}
    assert binding.on({"time_entry": "time_sessions"}).lacks("time_entry") == words


def test_a_table_that_is_not_there_can_not_be_asked_instead(database_of):
    binding = database_of(ENTRIES).binding
    assert binding.on({"time_entry": "time_logs"}).lacks("time_entry") == "the table time_logs"


def test_the_table_in_use_is_asked_as_it_is(database_of):
    binding = database_of(ENTRIES + LOGS).binding
    assert binding.on({"time_entry": "time_entries"}) == binding
    assert binding.on({}) == binding


def test_where_the_only_table_lacks_a_required_column_that_column_is_named(database_of):
    binding = database_of("CREATE TABLE ai_cost_tracking (created_at, tokens);").binding
    assert "ai_usage" not in binding.tables
    words = binding.lacks("ai_usage")
    assert words.startswith("ai_cost_tracking.cost_usd or ai_cost_tracking.total_cost_usd or")


def test_nothing_is_lacking_of_what_is_bound(database_of):
    binding = database_of(ENTRIES).binding
    assert binding.lacks("time_entry") is None
    assert binding.lacks("time_entry", "seconds") is None


def test_a_missing_table_is_named_with_those_that_would_do(database_of):
    binding = database_of(ENTRIES).binding
    assert binding.lacks("infrastructure_usage") == (
        "the table cloudflare_usage or the table billing_usage or the table cost_breakdown"
    )
    assert binding.lacks("infrastructure_usage", "cost") == binding.lacks("infrastructure_usage")


def test_a_missing_column_is_named_with_its_table(database_of):
    binding = database_of(ENTRIES).binding
    assert binding.lacks("time_entry", "billable") == (
        "time_entries.billable or time_entries.is_billable or time_entries.billable_flag"
    )


def test_at_most_three_ways_out_are_named(database_of):
    binding = database_of("CREATE TABLE time_entries (started_at, seconds);").binding
    assert binding.lacks("time_entry", "cost").count(" or ") == 2


def test_the_fingerprint_changes_with_the_binding_only(database_of):
    one = database_of(ENTRIES).binding.fingerprint
    assert database_of(ENTRIES).binding.fingerprint == one
    assert database_of(ENTRIES + "CREATE TABLE other (x);").binding.fingerprint == one
    assert database_of(ENTRIES + "CREATE TABLE teams (id);").binding.fingerprint != one


def test_numbers_in_text_columns_are_numbers(database_of):
    source = database_of("""
        CREATE TABLE time_entries (started_at TEXT, seconds TEXT);
        INSERT INTO time_entries VALUES ('2026-01-01 09:00:00', ' 3600 '),
          ('2026-01-01 10:00:00', '1.8e3'), ('2026-01-01 11:00:00', 'soon'),
          ('2026-01-01 12:00:00', '');
    """)
    assert hours(source) == [("2026-01-01", 1.5, 2, 1)]  # "soon" is unread, and not running


def mapped(tmp_path, content):
    path = tmp_path / "schema.toml"
    path.write_text(content, encoding="utf-8")
    return path


def test_a_mapped_expression_may_make_an_instant(database_of, tmp_path):
    override = mapped(tmp_path, "[time_entry.columns]\nstarted = '{began_ms} / 1000'")
    source = database_of(
        """
        CREATE TABLE time_entries (began_ms INTEGER, seconds INTEGER);
        INSERT INTO time_entries VALUES (1767268800000, 3600);
        """,
        override,
    )
    assert hours(source) == [("2026-01-01", 1.0, 1, 0)]


HOSTILE = (
    "it's",
    'a "b"',
    "a `b`",
    "a:b",
    ":limit",
    "?1",
    "[[ x ]]",
    "a -- b",
    "x; y",
    "in_period(a.b)",
)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_mapped_table_or_column_may_have_any_name(database_of, tmp_path, name):
    text = name.replace("\\", "\\\\").replace('"', '\\"')
    override = mapped(
        tmp_path,
        f'[time_entry]\ntables = ["{text}"]\n[time_entry.columns]\nseconds = "{text}"',
    )
    quoted = '"' + name.replace('"', '""') + '"'
    source = database_of(
        f"""
        CREATE TABLE {quoted} (started_at INTEGER, {quoted} INTEGER);
        INSERT INTO {quoted} VALUES (1767268800, 3600);
        """,
        override,
    )
    assert hours(source) == [("2026-01-01", 1.0, 1, 0)]
