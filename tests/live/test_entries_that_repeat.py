"""A record that is there twice counts once; an id that returns at other times drops nothing."""

import pytest
from live_databases import FOURTH, NOVEMBER, PROJECTS, SECOND, THIRD, TODAY, entries

from meaux.data.database import Statement
from meaux.query.answers import Ask
from meaux.query.filters import Selection
from meaux.query.queries import QUERIES

VIEW = f"""
    CREATE TABLE raw (id TEXT PRIMARY KEY, started_at INTEGER, seconds INTEGER, cost_usd REAL);
    INSERT INTO raw VALUES ('a', {SECOND}, 3600, 100), ('b', {THIRD}, 7200, 50);
    CREATE TABLE tags (entry_id TEXT, tag TEXT);
    INSERT INTO tags VALUES ('a', 'x'), ('a', 'y'), ('a', 'z');
    CREATE VIEW time_entries AS SELECT raw.*, tags.tag FROM raw
    LEFT JOIN tags ON tags.entry_id = raw.id;
"""


def test_an_entry_that_a_view_repeats_for_each_of_its_tags_counts_once(live):
    found = live(VIEW)
    assert (found.hours(), found.cost()) == (3, 150)
    assert found.frame("hours_recorded")["entries"].sum() == 2


def test_of_an_entry_that_was_written_again_the_row_that_changed_last_counts(live):
    columns = "id, started_at, seconds, cost_usd, updated_at"
    rows = ("'a'", SECOND, 3600, 100, FOURTH), ("'a'", SECOND, 1800, 50, THIRD)
    found = live(entries(*rows, columns=columns))
    assert (found.hours(), found.cost()) == (1, 100)


def test_of_the_versions_of_an_entry_the_last_counts(live):
    columns = "id, version, started_at, seconds, cost_usd"
    rows = ("'a'", 2, SECOND, 3600, 100), ("'a'", 10, SECOND, 1800, 50)
    assert live(entries(*rows, columns=columns)).cost() == 50


@pytest.mark.parametrize("id_", ["NULL", "''"])
def test_rows_without_an_id_are_each_their_own(live, id_):
    rows = [(id_, SECOND, 3600, 10)] * 2
    assert live(entries(*rows, columns="id, started_at, seconds, cost_usd")).cost() == 20


def test_an_id_that_is_another_things_drops_no_row(live):
    found = live("""
        CREATE TABLE cloudflare_usage (id TEXT, usage_date TEXT, service TEXT, cost_usd REAL);
        INSERT INTO cloudflare_usage VALUES ('account', '2026-11-02', 'a', 1),
        ('account', '2026-11-02', 'b', 2), ('account', '2026-11-03', 'a', 4);
    """)
    assert found.cost() == 7


def test_ids_that_differ_in_case_are_different_entries(live):
    rows = ("'aB'", SECOND, 3600, 10), ("'Ab'", SECOND, 3600, 10)
    assert live(entries(*rows, columns="id, started_at, seconds, cost_usd")).cost() == 20


def test_a_piece_of_ai_use_that_a_view_repeats_counts_once_in_cost_and_tokens(live):
    found = live("""
        CREATE TABLE raw (id INTEGER PRIMARY KEY, day TEXT, model TEXT, total_tokens INTEGER,
        cost_usd REAL, project_id TEXT);
        INSERT INTO raw VALUES (1, '2026-11-02', 'm', 10, 2, 'p1'),
        (2, '2026-11-02', 'm', 5, 1, 'p1');
        CREATE TABLE project_members (project_id TEXT, user_id TEXT);
        INSERT INTO project_members VALUES ('p1', 'u1'), ('p1', 'u2');
        CREATE VIEW ai_model_usage AS SELECT raw.*, user_id FROM raw
        JOIN project_members USING (project_id);
    """)
    assert found.cost() == 3
    assert found.frame("tokens_by_day")["tokens"].sum() == 15


def compiled(found, query="cost_by_day"):
    asked = Ask(QUERIES[query], Selection(NOVEMBER, TODAY), 5)
    return asked.compiled(found.source.binding).statement


def plan(found, query="cost_by_day"):
    """Every step by which SQLite would answer a query."""
    asked = compiled(found, query)
    explained = Statement(f"EXPLAIN QUERY PLAN {asked.sql}", asked.params)
    [rows] = found.source.database.fetch([explained])
    return "\n".join(str(row[-1]) for row in rows.rows)


ENTRIES = "CREATE TABLE time_entries (id TEXT {}, started_at TEXT, seconds INTEGER, cost_usd REAL);"
INDEX = "CREATE INDEX by_start ON time_entries (started_at);"


@pytest.mark.parametrize("key", ["", "PRIMARY KEY"])
def test_an_index_range_stays_one_and_a_key_of_the_database_costs_nothing(live, key):
    row = "INSERT INTO time_entries VALUES ('a', '2026-11-02 09:00:00', 60, 1);"
    found = live(ENTRIES.format(key) + INDEX + row)
    steps = plan(found)
    assert "time_entries USING INDEX by_start (started_at>? AND started_at<?)" in steps
    assert ("row_number" in compiled(found).sql) is not bool(key)
    assert "row_number" not in compiled(found, "oldest_records").sql


REQUEST = "request_id TEXT, created_at TEXT, model TEXT, token_type TEXT, cost_usd REAL"
PARTS = """('r1', '2026-11-02 09:00:00', 'm', 'input', 1),
    ('r1', '2026-11-02 09:00:00', 'm', 'output', 4)"""


def used(columns, *rows, table="ai_cost_tracking"):
    return f"CREATE TABLE {table} ({columns}); INSERT INTO {table} VALUES {', '.join(rows)};"


def test_the_lines_of_one_request_are_not_one_line(live):
    assert live(used(REQUEST, PARTS)).cost() == 5
    assert live(used(REQUEST.replace("token_type", "usage_of"), PARTS)).cost() == 5


def test_of_lines_of_one_request_those_that_are_alike_are_one(live):
    columns = "request_id TEXT, created_at TEXT, model TEXT, cost_usd REAL, project_id TEXT"
    row = "('r1', '2026-11-02 09:00:00', 'm', 3, 'p1')"
    assert live(used(columns, row, row, row.replace("p1", "p2"))).cost() == 6


@pytest.mark.parametrize(
    ("before", "after"),
    [("updated_at TEXT", "'2026-11-03'"), ("version INTEGER", "2")],
    ids=["changed", "version"],
)
def test_of_a_request_that_was_written_again_the_row_that_changed_last_counts(live, before, after):
    columns = f"request_id TEXT, created_at TEXT, model TEXT, cost_usd REAL, {before}"
    rows = (
        f"('r1', '2026-11-02 09:00:00', 'm', {cost}, {last})" for cost, last in ((3, 1), (4, after))
    )
    assert live(used(columns, *rows)).cost() == 4


@pytest.mark.parametrize("whose", ["project_id", "user_id"])
@pytest.mark.parametrize("number", ["usage_id", "id"])
def test_one_number_that_several_share_is_a_line_of_each(live, number, whose):
    columns = f"{number} TEXT, created_at TEXT, model TEXT, cost_usd REAL, {whose} TEXT"
    rows = [f"('x', '2026-11-02 09:00:00', 'm', {n}, 'p{n}')" for n in (1, 2)]
    found = live(PROJECTS + used(columns, *rows, rows[1]))
    assert found.cost() == 3


def test_parts_of_one_number_count_though_they_cost_the_same(live):
    rows = PARTS.replace("4)", "1)"), "('r1', '2026-11-02 09:00:00', 'm', 'output', 1)"
    assert live(used(REQUEST, *rows)).cost() == 2
    assert live(used(REQUEST.replace("request_id", "id"), *rows)).cost() == 2


def test_a_version_that_corrects_the_project_is_no_second_line(live):
    columns = "id, project_id TEXT, usage_date TEXT, model TEXT, cost_usd REAL, version"
    rows = "('a', 'p1', '2026-11-02', 'm', 5, 1)", "('a', 'p2', '2026-11-02', 'm', 5, 2)"
    assert live(PROJECTS + used(columns, *rows)).costs() == {"Beta": 5}


def test_lines_of_two_projects_under_one_number_of_infrastructure_are_two(live):
    columns = "line_id, project_id TEXT, usage_date TEXT, service TEXT, cost_usd REAL"
    rows = [f"('a', 'p{n}', '2026-11-02', 'R2', {n})" for n in (1, 2)]
    found = live(PROJECTS + used(columns, *rows, table="cloudflare_usage"))
    assert found.costs() == {"Alpha": 1, "Beta": 2}
