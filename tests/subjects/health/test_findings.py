"""What is said of a database's health is what one finds by asking the database itself."""

import re
import shutil
import sqlite3
import tomllib
from contextlib import closing
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from meaux import demo
from meaux.data.categories import CATEGORIES, NAMES
from meaux.data.database import SQLiteFile, fetch_each
from meaux.data.schema import read_model
from meaux.data.schema.sizes import COUNTED
from meaux.data.source import open_source
from meaux.query.queries import QUERIES, VIEWS
from meaux.subjects import health
from meaux.subjects.health import figures

SCRIPT = Path(demo.__file__).with_name("schema.sql").read_text(encoding="utf-8")
KNOWN = re.findall(r"^CREATE TABLE (\w+)", SCRIPT, re.MULTILINE)


@pytest.fixture
def changed(demo_file, tmp_path):
    """The source of a copy of the demo that a script has changed."""

    def changed(script):
        path = tmp_path / "changed.db"
        shutil.copyfile(demo_file, path)
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(f"PRAGMA synchronous = OFF; {script}")
        return open_source(SQLiteFile(path), override=tmp_path / "none.toml")

    return changed


def by_name(entries):
    return {entry.name: entry for entry in entries}


# The demo, where everything is there


def test_each_known_table_is_told_of_once(demo_health):
    assert sorted(table.name for table in demo_health.tables) == sorted(KNOWN)
    assert len(KNOWN) == 62


@pytest.mark.parametrize("table", KNOWN)
def test_the_rows_of_a_table_are_those_that_are_counted(demo_health, demo_rows, table):
    [(count, first, last)] = demo_rows(f"SELECT count(*), min(rowid), max(rowid) FROM {table}")
    size = by_name(demo_health.tables)[table].size
    if count == 0 or last - first < COUNTED:
        assert (size.rows, size.precision) == (count, "exactly")
    else:
        assert size.precision == "at most"
        assert count <= size.rows == last - first + 1


NEWEST = {
    "time_entries": "strftime('%Y-%m-%d %H:%M', max(started_at), 'unixepoch')",
    "user_sessions": "strftime('%Y-%m-%d %H:%M', max(started_at) / 1000, 'unixepoch')",
    "ai_cost_tracking": "strftime('%Y-%m-%d %H:%M', max(created_at))",
    "cloudflare_usage": "max(usage_date)",
    "worker_logs": "strftime('%Y-%m-%d %H:%M', max(timestamp) / 1000, 'unixepoch')",
}


@pytest.mark.parametrize(("table", "newest"), NEWEST.items())
def test_the_newest_row_of_a_fact_table_is_the_newest_of_all(demo_health, demo_rows, table, newest):
    found = by_name(demo_health.tables)[table]
    assert found.size.of_all
    assert found.newest == demo_rows(f"SELECT {newest} FROM {table}")[0][0]


def test_the_newest_row_is_told_in_the_zone_that_is_chosen(examined, demo_source, select):
    found = examined(demo_source, select("30d", zone="Asia/Kolkata"))
    utc = by_name(examined(demo_source).tables)["time_entries"].newest
    there = by_name(found.tables)["time_entries"].newest
    assert utc != there
    assert by_name(found.tables)["cloudflare_usage"].newest == "2026-11-22"


def test_every_logical_table_stands_on_the_table_that_is_bound(demo_health, demo_source):
    assert {one.name: one.physical for one in demo_health.logical} == {
        name: bound.physical for name, bound in demo_source.binding.tables.items()
    }
    for table in demo_health.tables:
        assert set(table.read_as) == {
            bound.logical
            for bound in demo_source.binding.tables.values()
            if bound.physical == table.name
        }


def test_every_column_is_read_or_says_what_it_needs(demo_health, demo_rows):
    for table in demo_health.logical:
        for column in table.columns:
            assert bool(column.stored) != bool(column.needs), (table.name, column.name)
            if column.stored:
                read = column.stored.replace(", else ", ", ")
                demo_rows(f"SELECT {read} FROM {table.physical} LIMIT 1")


def test_an_encoding_is_that_of_the_stored_values(demo_health, demo_rows):
    patterns = {
        "epoch_s": r"\d{9,10}",
        "epoch_ms": r"\d{12,13}",
        "date": r"\d{4}-\d\d-\d\d",
        "sqlite": r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d",
        "iso": r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?Z?",
    }
    for table in demo_health.logical:
        for column in table.columns:
            for encoding in column.encodings[:1]:
                sql = f"SELECT {column.stored} FROM {table.physical} WHERE {column.stored} NOT NULL"
                for (value,) in demo_rows(f"{sql} ORDER BY rowid DESC LIMIT 3"):
                    assert any(
                        re.fullmatch(patterns[one], str(value)) for one in column.encodings
                    ), (table.name, column.name, encoding, value)


def asked_in_the_files(table, column=None):
    """The queries whose text names a table or column, or a view that does, read by another rule."""
    named = re.compile(rf"\b{table}\.{column}\b" if column else rf"\b(?:FROM|JOIN)\s+{table}\b")

    def names(block):
        return bool(named.search(bare(block))) or any(map(names, inside(block)))

    return {query.name for query in QUERIES.values() if names(query)}


@cache
def bare(block):
    return re.sub(r"'[^']*'", "", block.sql)


@cache
def inside(block):
    """The views that a query or a view reads."""
    return [VIEWS[name] for name in VIEWS.keys() & set(re.findall(r"\w+", bare(block)))]


@pytest.mark.parametrize("table", ["ai_usage", "person", "worker_log", "reported_week", "profile"])
def test_the_queries_of_a_table_are_those_that_name_it(demo_health, table):
    assert set(by_name(demo_health.logical)[table].queries) == asked_in_the_files(table)


@pytest.mark.parametrize(("table", "column"), [("person", "rate"), ("time_entry", "billable")])
def test_the_queries_of_a_column_are_those_that_name_it(demo_health, table, column):
    [found] = [c for c in by_name(demo_health.logical)[table].columns if c.name == column]
    assert set(found.queries) == asked_in_the_files(table, column)


def test_each_cost_category_names_its_source_and_what_is_not_added(demo_health):
    assert [cost.category for cost in demo_health.costs] == list(NAMES)
    model = read_model()
    for cost in demo_health.costs:
        table = next(one.table for one in CATEGORIES if one.name == cost.category)
        candidates = model.tables[table].candidates
        assert cost.source == candidates[0]
        assert cost.left_out == candidates[1:]
        assert cost.needs == ""


def test_every_query_is_answered_on_the_demo(demo_health):
    assert [query.name for query in demo_health.queries] == list(QUERIES)
    assert all(query.answerable for query in demo_health.queries)
    assert demo_health.problems == 0


def test_each_column_of_a_period_names_the_index_that_sqlite_uses(demo_health, demo_rows):
    assert demo_health.indexes
    for one in demo_health.indexes:
        sql = f'EXPLAIN QUERY PLAN SELECT * FROM {one.table} WHERE "{one.column}" >= ?'
        [plan] = demo_rows(sql, "x")
        assert "USING INDEX" in plan[-1], one
        assert one.index
        assert one.statement == ""


def test_a_column_of_a_period_names_its_queries(demo_health):
    for one in demo_health.indexes:
        assert one.queries
        assert set(one.queries) <= set(QUERIES)


# What is lacking


def test_without_an_index_the_statement_that_makes_it_is_told_and_works(
    changed, examined, tmp_path
):
    source = changed("DROP INDEX time_entries_time; DROP INDEX worker_logs_time;")
    missing = examined(source).missing_indexes
    assert {(one.table, one.column) for one in missing} == {
        ("time_entries", "started_at"),
        ("worker_logs", "timestamp"),
    }
    assert [one.size.rows for one in missing] == sorted(
        (one.size.rows for one in missing), reverse=True
    )
    with closing(sqlite3.connect(tmp_path / "changed.db")) as connection:
        connection.executescript("\n".join(one.statement for one in missing))
        for one in missing:
            sql = f'EXPLAIN QUERY PLAN SELECT * FROM {one.table} WHERE "{one.column}" >= 1'
            assert "USING INDEX" in connection.execute(sql).fetchone()[-1]
    again = open_source(source.database, override=tmp_path / "none.toml")
    assert examined(again).missing_indexes == []


@pytest.mark.parametrize(
    "script",
    [
        "CREATE INDEX time_entries_started_at ON time_entries (note);",
        "CREATE TABLE time_entries_started_at (x);",
        'CREATE TABLE "TIME_ENTRIES_STARTED_AT" (x);',
    ],
)
def test_the_name_of_a_new_index_is_free(changed, examined, tmp_path, script):
    [missing] = examined(changed("DROP INDEX time_entries_time;" + script)).missing_indexes
    with closing(sqlite3.connect(tmp_path / "changed.db")) as connection:
        connection.executescript(missing.statement)


def test_a_partial_index_does_not_serve_and_neither_does_one_that_begins_elsewhere(
    changed, examined
):
    source = changed(
        "DROP INDEX time_entries_time;"
        "CREATE INDEX some ON time_entries (started_at) WHERE cost_usd IS NOT NULL;"
        "CREATE INDEX other ON time_entries (note, started_at);"
    )
    assert [one.column for one in examined(source).missing_indexes] == ["started_at"]


def test_a_hostile_name_is_quoted_in_the_statement(database_of, examined, tmp_path):
    override = tmp_path / "schema.toml"
    override.write_text(
        """[time_entry]\ntables = ['a "b"; DROP TABLE x; --']\n"""
        """[time_entry.columns]\nstarted = "it's" """
    )
    source = database_of(
        """CREATE TABLE "a ""b""; DROP TABLE x; --" ("it's" INTEGER, seconds);"""
        "CREATE TABLE x (y);",
        override,
    )
    [missing] = examined(source).missing_indexes
    with closing(sqlite3.connect(tmp_path / "database.db")) as connection:
        connection.executescript(missing.statement)
        assert connection.execute("SELECT count(*) FROM x").fetchone() == (0,)


def test_a_missing_table_is_told_with_all_that_depends_on_it(changed, examined):
    found = examined(changed("DROP TABLE teams;"), prepared=True)
    table = by_name(found.tables)["teams"]
    assert (table.kind, table.size, table.state) == (None, None, "Missing")
    logical = by_name(found.logical)["team"]
    assert logical.physical is None
    assert logical.needs == "the table teams"
    assert set(logical.queries) == asked_in_the_files("team")
    assert "Home" in logical.pages
    unanswered = {query.name for query in found.queries if not query.answerable}
    assert "team_choices" in unanswered
    assert unanswered <= set(logical.queries)
    assert found.problems == 1 + len(unanswered)


def test_a_table_that_would_do_is_spare_and_never_added(changed, examined):
    found = examined(changed("DELETE FROM ai_cost_tracking;"))
    assert by_name(found.tables)["ai_cost_tracking"].state == "Alternative"
    [ai] = [cost for cost in found.costs if cost.category == "AI"]
    assert ai.source == "ai_model_usage"
    assert "ai_cost_tracking" not in ai.left_out
    assert "token_usage" in ai.left_out


def test_a_table_that_lacks_what_every_row_needs_does_not_fit(database_of, examined):
    found = examined(database_of("CREATE TABLE time_logs (note);"))
    assert by_name(found.tables)["time_logs"].state == "Unusable"
    notes = {note.about: note.sentence for note in found.notes}
    assert notes["time_entry"].startswith("Table found, but it needs time_logs.started_at")
    assert "required column is missing" in notes["time_logs"]


def test_a_view_is_found_and_not_counted(changed, examined):
    source = changed(
        "ALTER TABLE users RENAME TO people; CREATE VIEW users AS SELECT * FROM people;"
    )
    found = examined(source)
    table = by_name(found.tables)["users"]
    assert (table.state, table.kind, str(table.size)) == ("In use", "view", "not counted")
    assert any(note.about == "users" and note.sentence.startswith("View") for note in found.notes)


def test_a_view_that_is_broken_does_not_fit_and_costs_no_other_answer(changed, examined):
    source = changed("DROP TABLE teams; CREATE VIEW teams AS SELECT id, nope AS name FROM users;")
    found = examined(source)
    assert by_name(found.tables)["users"].size.rows
    assert by_name(found.logical)["team"].physical is None


def test_a_table_without_rows_is_said_to_be_empty_and_not_zero(changed, examined):
    found = examined(changed("DELETE FROM worker_stats;"))
    assert str(by_name(found.tables)["worker_stats"].size) == "0"
    [note] = [note for note in found.notes if note.about == "worker_stats"]
    assert note.sentence.startswith("No rows yet")


def test_mixed_encodings_texts_for_numbers_and_rows_ahead_of_time_are_noted(database_of, examined):
    found = examined(
        database_of("""
            CREATE TABLE time_entries (started_at, seconds TEXT);
            INSERT INTO time_entries VALUES (1700000000, '60'), ('2099-01-01 09:00:00', '60');
        """)
    )
    sentences = " ".join(note.sentence for note in found.notes if note.about == "time_entries")
    assert "started_at mixes the encodings epoch_s and sqlite" in sentences
    assert "seconds stores numbers as TEXT" in sentences
    assert "Latest row is in the future: 2099-01-01 09:00 or later." in sentences


def test_a_fact_table_that_stopped_growing_is_noted(database_of, examined):
    found = examined(
        database_of("""
            CREATE TABLE time_entries (started_at INTEGER, seconds INTEGER);
            CREATE INDEX by_time ON time_entries (started_at);
            INSERT INTO time_entries VALUES (1700000000, 60);
        """)
    )
    [note] = [note for note in found.notes if note.about == "time_entries"]
    assert note.sentence == "No new rows since 2023-11-14 22:13."


def test_of_rows_written_in_another_order_nothing_is_said_that_is_not_known(database_of, examined):
    found = examined(
        database_of("""
            CREATE TABLE time_entries (started_at INTEGER, seconds INTEGER);
            INSERT INTO time_entries VALUES (1795300000, 60);
            WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c LIMIT 50)
            INSERT INTO time_entries SELECT 1700000000, 60 FROM c;
        """)
    )
    assert by_name(found.tables)["time_entries"].newest == "2023-11-14 22:13 or later"
    assert [note for note in found.notes if note.about == "time_entries"] == []


def test_a_table_that_the_mapping_replaces_is_told_of_only_where_it_is_there(
    database_of, examined, tmp_path
):
    override = tmp_path / "schema.toml"
    override.write_text('[time_entry]\ntables = ["timesheet"]\n[activity]\ntables = ["log"]\n')
    script = "CREATE TABLE timesheet (started_at INTEGER); CREATE TABLE time_logs (started_at);"
    tables = by_name(examined(database_of(script, override)).tables)
    assert tables["timesheet"].state == "In use"
    assert tables["time_logs"].state == "Replaced"
    assert tables["log"].state == "Missing"
    assert "time_sessions" not in tables


def test_of_the_demo_only_the_empty_table_is_noted(demo_health):
    assert [note.about for note in demo_health.notes] == ["tracked_hourly"]


# The mapping to fill in


def test_the_mapping_names_all_that_is_not_bound_and_can_be_read_as_it_stands(
    database_of, examined, tmp_path
):
    found = examined(
        database_of("""
            CREATE TABLE time_entries (began INTEGER, started_at INTEGER, lasted REAL);
        """)
    )
    file = tmp_path / "mapping.toml"
    file.write_text(found.mapping, encoding="utf-8")
    model = read_model()
    assert read_model(file).tables == model.tables
    sections = tomllib.loads(found.mapping)
    assert set(sections) == set(model.tables)
    assert "# time_entries also has: began, lasted" in found.mapping
    assert "# Tables not in use: none." in found.mapping
    assert '# seconds = "…"' in found.mapping


def test_the_mapping_is_right_once_it_is_filled_in(database_of, examined, tmp_path):
    script = "CREATE TABLE timesheet (began INTEGER, minutes_spent REAL);"
    mapping = examined(database_of(script)).mapping
    assert "# Tables not in use: timesheet." in mapping
    [section] = re.findall(r"(?m)^\[time_entry\]\n(?:#.*\n)+", mapping)
    filled = re.sub(r'(?m)^# tables = \["…"\]', 'tables = ["timesheet"]', section)
    file = tmp_path / "mapping.toml"
    file.write_text(
        filled + '[time_entry.columns]\nstarted = "began"\nseconds = "{minutes_spent} * 60"\n'
    )
    source = database_of(script, file)
    assert source.binding.tables["time_entry"].physical == "timesheet"
    assert set(source.binding.tables["time_entry"].columns) == {"started", "seconds", "key"}


@pytest.mark.parametrize("name", ["x\ny", 'a "b"', "c\x01d", "]\n[project]\ntables = ['evil']"])
def test_a_hostile_name_stays_in_its_comment(database_of, examined, name):
    quoted = '"' + name.replace('"', '""') + '"'
    found = examined(database_of(f"CREATE TABLE time_entries (started_at, {quoted} TEXT);"))
    sections = tomllib.loads(found.mapping)
    assert sections["project"] == {}


def test_where_nothing_is_bound_every_table_is_missing(database_of, examined):
    found = examined(database_of(""))
    assert all(table.state == "Missing" for table in found.tables)
    assert all(not query.answerable for query in found.queries)
    assert found.indexes == found.notes == []
    assert all(cost.source is None and cost.needs for cost in found.costs)


TWO_BUDGETS = """
CREATE TABLE openai_budgets (name, project_id, team_id, monthly_limit_usd, end_date);
INSERT INTO openai_budgets VALUES
  ('AI', NULL, NULL, 100, '2026-11-10'), ('AI', NULL, NULL, 200, NULL);
"""


@pytest.mark.parametrize(("day", "faults"), [(10, ["$200.00 is ignored"]), (11, [])])
def test_a_budget_is_invalid_on_the_day_that_is_selected(
    database_of, examined, select, day, faults
):
    found = examined(database_of(TWO_BUDGETS), select(today=date(2026, 11, day)))
    assert [fault.reason.partition(":")[0] for fault in found.faults] == faults


# What it costs, and how it is shown


@pytest.mark.parametrize("count", [0, 550])
def test_foreign_tables_are_not_asked_about(database_of, today, count):
    source = database_of("".join(f"CREATE TABLE foreign_{n} (a);" for n in range(count)))
    assert health.asks(source, today) == {}


def test_a_statement_is_asked_for_each_table_that_is_there_and_for_no_view(
    demo_source, changed, today
):
    budgets = {"query ai_budgets", "query project_budgets"}
    assert set(health.asks(demo_source, today)) == {*KNOWN, *budgets}
    viewed = changed("ALTER TABLE users RENAME TO u; CREATE VIEW users AS SELECT * FROM u;")
    assert set(health.asks(viewed, today)) == {*KNOWN, *budgets} - {"users"}


def test_a_table_that_could_not_be_measured_is_there_and_not_counted(demo_source, select, today):
    asks = health.asks(demo_source, today)
    outcomes = dict(zip(asks, fetch_each(demo_source.database, list(asks.values())), strict=True))
    del outcomes["teams"]
    found = health.examine(demo_source, select("30d"), outcomes)
    assert str(by_name(found.tables)["teams"].size) == "not counted"
    assert by_name(found.tables)["teams"].state == "In use"


def test_the_figures_count_what_the_tables_list(changed, examined):
    found = examined(changed("DROP TABLE teams; DROP INDEX worker_logs_time;"))
    tables, columns = figures.tables(found), figures.columns(found)
    there = figures.tables_found(found)
    assert there.value == (tables["state"] != "Missing").sum() == 61
    kinds = len(found.logical)
    mapped = f"Together they supply {kinds - 1} of the {kinds} logical tables."
    assert there.note == f"Of the 62 tables that the dashboard knows. {mapped}"
    bound = columns["read_from"] != "not mapped"
    assert figures.columns_bound(found).value == bound.sum()
    answered = figures.queries(found)["answered"].str.startswith("Yes").sum()
    assert figures.queries_answered(found).value == answered < len(QUERIES)
    indexes = figures.indexes(found)
    assert figures.missing_indexes(found).value == (indexes["index"] == "missing").sum() == 1


def test_what_is_in_need_stands_first(changed, examined):
    found = examined(changed("DROP TABLE teams;"))
    needs = figures.columns(found)["needs"]
    assert list(needs != "") == sorted(needs != "", reverse=True)
    answered = figures.queries(found)["answered"]
    assert list(answered == "Yes") == sorted(answered == "Yes")


# What a missing table costs, by what rows are named, and how that is known


def test_a_missing_table_has_the_queries_of_all_that_nothing_else_stands_for(changed, examined):
    dropped = ("worker_logs", "worker_hourly", "time_logs", "teams")
    found = examined(changed("".join(f"DROP TABLE {name};" for name in dropped)))
    tables = by_name(found.tables)
    logs = tables["worker_logs"]
    assert (logs.state, logs.wanted) == ("Missing", ("worker_log",))
    assert set(logs.queries) == asked_in_the_files("worker_log")
    assert "Resource usage" in logs.pages
    # Time entries are read from another table: this one costs nothing.
    assert tables["time_logs"].state == "Not needed"
    assert (tables["time_logs"].wanted, tables["time_logs"].queries) == ((), ())
    rows = figures.tables(found).set_index("table")
    assert rows.loc["worker_logs", "queries"] == len(logs.queries) > 0
    assert rows.loc["worker_logs", "wanted_for"] == "worker_log"
    assert rows.loc["time_logs", "queries"] == 0


def test_each_candidate_for_what_is_not_found_tells_what_that_costs(database_of, examined):
    tables = by_name(examined(database_of("")).tables)
    for name in read_model().tables["ai_usage"].candidates:
        assert "ai_usage" in tables[name].wanted
        assert asked_in_the_files("ai_usage") <= set(tables[name].queries)


def test_a_table_goes_by_its_own_name_and_is_told_of_once(database_of, examined):
    tables = by_name(examined(database_of("CREATE TABLE TimeEntry (startedAt, seconds);")).tables)
    assert tables["TimeEntry"].read_as == ("activity", "time_entry")[1:]
    assert "time_entries" not in tables
    assert len(tables) == 62


NAMED = """
CREATE TABLE projects (id TEXT, slug TEXT, name TEXT);
INSERT INTO projects VALUES ('p1', 'alpha', 'A'), ('p2', 'beta', 'B');
CREATE TABLE time_entries (started_at INTEGER, seconds INTEGER, project_id TEXT);
"""
ENTRY = "INSERT INTO time_entries VALUES (1700000000, 60, {!r});"


def column(found, table, name):
    [column] = [c for c in by_name(found.logical)[table].columns if c.name == name]
    return column


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["p1", "p2"], "project.id, 100% matched"),
        (["alpha", "beta"], "project.slug, 100% matched"),
        (["alpha", "beta", "gone"], "project.slug, 66% matched"),
        (["x", "y"], "project.id, 0% matched"),
        ([], "project.id, no values sampled"),
    ],
)
def test_a_key_says_by_what_it_names_rows_and_how_many_are_found(
    database_of, examined, names, words
):
    found = examined(database_of(NAMED + "".join(map(ENTRY.format, names))))
    assert column(found, "time_entry", "project").named_by == words
    assert column(found, "time_entry", "seconds").named_by == ""


def test_an_identity_that_is_mapped_by_hand_has_its_own_share(database_of, examined, tmp_path):
    override = tmp_path / "schema.toml"
    override.write_text('[time_entry.columns]\nproject = { identity = "slug" }\n')
    rows = "".join(map(ENTRY.format, ["p1", "p2", "p1", "alpha"]))
    found = examined(database_of(NAMED + rows, override))
    assert column(found, "time_entry", "project").named_by == "project.slug, 33% matched"


def test_what_tells_an_encoding_is_told(database_of, examined, tmp_path):
    def told(script, override=tmp_path / "none.toml"):
        return column(examined(database_of(NAMED + script, override)), "time_entry", "started")

    index = "CREATE INDEX i ON time_entries (started_at);"
    override = tmp_path / "schema.toml"
    override.write_text('[time_entry.columns]\nstarted = { encoding = "epoch_ms" }\n')
    assert told("").told_by == "its type (no values yet)"
    assert told(ENTRY.format("p1")).told_by == "1 value"
    assert told(index + ENTRY.format("p1")).told_by.startswith("its index and ")
    assert told(ENTRY.format("p1"), override).told_by == "the mapping"


# What to do


def advised(source, examined):
    return " ".join(health.advice(examined(source)))


def test_on_the_demo_there_is_nothing_to_do(demo_health):
    assert health.advice(demo_health) == []


def test_an_empty_database_may_be_the_wrong_one(database_of, examined):
    [sentence] = health.advice(examined(database_of("")))
    assert "Is this the right database?" in sentence
    assert "schema.toml" in sentence


def test_what_is_missing_is_counted_and_named_with_its_pages(changed, examined):
    dropped = ("worker_logs", "worker_hourly", "tracked_hourly")
    words = advised(changed("".join(f"DROP TABLE {name};" for name in dropped)), examined)
    assert "can't be answered. Cards are missing on " in words
    assert "Resource usage" in words
    kinds = len(read_model().tables)
    assert (
        f"3 of {kinds} logical tables not mapped: worker_log, worker_hour, tracked_hour." in words
    )


def test_a_category_of_cost_that_nothing_feeds_is_named(database_of, examined):
    words = advised(database_of(NAMED), examined)
    assert "No source for AI: its cost is unknown and left out of cost totals." in words
    assert "No source for Time" not in words


def test_a_cost_in_doubt_asks_for_a_mapping_that_the_snippet_holds(database_of, examined):
    source = database_of(NAMED.replace("project_id TEXT);", "cost INTEGER);"))
    assert "whether time_entries.cost is in dollars or cents" in advised(source, examined)
    line = '# cost = "cost" # in dollars; if in cents: "{cost} / 100.0"'
    assert line in examined(source).mapping


def test_names_that_name_nothing_are_told_of(database_of, examined):
    words = advised(database_of(NAMED + ENTRY.format("gone")), examined)
    assert "No sampled value of time_entries.project_id matches a row" in words


def test_a_missing_index_is_told_of_where_reading_the_table_costs_something(changed, examined):
    words = advised(changed("DROP INDEX worker_logs_time; DROP INDEX users_created;"), examined)
    assert "worker_logs.timestamp has no index" in words
    assert "users" not in words
