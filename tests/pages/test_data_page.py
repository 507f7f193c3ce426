"""Data: the health of the database, its catalog, and a box for SQL that reads."""

import json
import re
import sqlite3
from contextlib import closing

import pytest

from meaux.data.schema.preview import ROWS
from meaux.errors import QueryError, RateLimited
from meaux.query import needs
from meaux.query.answers import ask
from meaux.subjects.health.sql import LARGE
from meaux.subjects.page import all_pages
from meaux.ui import pages
from meaux.ui.data_page import sql as box
from meaux.ui.loading import data

DATA = next(page for page in pages.PAGES if page.title == "Data")
OPENING = 2
EVIL = ":red[boo] $x$ [a](javascript:alert(1)) <img src=x onerror=alert(1)>"
EVIL_NAME = '"' + EVIL.replace('"', '""') + '"'
FOREIGN = "".join(f"CREATE TABLE foreign_{n} (id, a, b_{n});" for n in range(550))
FULL_TEXT = (
    "CREATE VIRTUAL TABLE notes USING fts5 (title, body);"
    "INSERT INTO notes VALUES ('One', 'hello'), ('Two', 'world');"
    "CREATE TABLE _cf_KV (key TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;"
)


@pytest.fixture
def open_data(open_page):
    def open_data(*database, tab="Health", **url):
        return open_page(*database, page=DATA, tab=tab, **url)

    return open_data


@pytest.fixture
def open_sql(open_data):
    """The box with a statement in it."""

    def open_sql(sql, *database, **url):
        return open_data(*database, tab="SQL", also={"sql": sql, **url})

    return open_sql


def calls(counting):
    return sum(len(database.calls) for database in counting)


def asked(counting):
    return [s.sql for database in counting for call in database.calls for s in call]


def press(page, label):
    """Press a button of the form, or below it."""
    page.button(label).click()
    return page.run()


def codes(page):
    return [code.value for code in page.app.code]


# Each part is loaded when it is opened


@pytest.mark.parametrize(
    ("tab", "cold"),
    [("Health", 1), ("Catalog", 0), ("SQL", 0)],
)
def test_a_tab_takes_no_more_than_one_call_and_a_warm_one_none(open_data, counting, tab, cold):
    page = open_data(tab=tab)
    assert page.exceptions == []
    assert calls(counting) == OPENING + cold
    page.run()
    open_data(tab=tab)
    assert calls(counting) == OPENING + cold


def test_health_asks_one_statement_a_table_and_never_for_all_of_its_rows(open_data, counting):
    open_data()
    asked_now = counting[0].calls[-1]
    tables = [s for s in asked_now if s.sql.startswith("SELECT CASE WHEN span")]
    assert (len(tables), len(asked_now)) == (62, 64)
    assert all("LIMIT" in s.sql or "NULL AS newest" in s.sql for s in tables)


def test_an_unknown_tab_is_named_and_the_first_is_shown(open_data):
    page = open_data(tab="Nonsense")
    assert any("Nonsense" in toast for toast in page.toasts)
    assert "Cost sources" in page.titles()


# Health


def test_health_lists_every_known_table_with_their_rows(open_data, demo_rows):
    page = open_data()
    table = page.card("Tables read").table.set_index("table")
    assert len(table) == 62
    assert page.figure("Tables found").value == "62"
    assert page.figure("Missing indexes").value == "0"
    [(projects,)] = demo_rows("SELECT count(*) FROM projects")
    assert table.loc["projects", "rows"] == projects
    assert table.loc["projects", "counted"] == "exactly"
    assert table.loc["worker_logs", "counted"] == "at most"
    assert "Home" in table.loc["time_entries", "pages"]
    assert page.card("Cost sources").table["source"].tolist() == [
        "time_entries",
        "ai_cost_tracking",
        "cloudflare_usage",
    ]


def test_a_missing_index_stands_there_to_be_copied(open_data, demo_copy):
    page = open_data(demo_copy("DROP INDEX time_entries_time"))
    assert page.figure("Missing indexes").value == "1"
    [statement] = [code for code in codes(page) if code.startswith("CREATE INDEX")]
    assert statement == "CREATE INDEX `time_entries_started_at` ON `time_entries` (`started_at`);"


def test_once_the_index_is_made_the_schema_can_be_read_anew(open_data, demo_copy):
    page = open_data(demo_copy("DROP INDEX time_entries_time"))
    demo_copy(next(code for code in codes(page) if code.startswith("CREATE INDEX")))
    page.run()
    assert page.figure("Missing indexes").value == "1"
    press(page, "Reload schema")
    assert page.exceptions == []
    assert page.figure("Missing indexes").value == "0"


def test_what_is_missing_is_named_with_a_mapping_to_fill_in(open_data, five_tables):
    page = open_data(five_tables)
    assert page.exceptions == []
    assert page.errors == []
    assert page.figure("Tables found").value == "5"
    table = page.card("Tables read").table.set_index("table")
    assert table.loc["teams", "state"] == "Missing"
    assert table.loc["time_entries", "rows"] == 3
    [mapping] = [code for code in codes(page) if code.startswith("# .streamlit/schema.toml")]
    assert '[team]\n# A team. Needs the table teams.\n# tables = ["…"]' in mapping
    assert "worker_stats" in page.card("Data notes").table["table"].tolist()
    costs = page.card("Cost sources").table.set_index("category")
    assert costs.loc["AI", "needs"].startswith("the table ai_cost_tracking")


def test_sixty_empty_tables_are_found_and_said_to_be_empty(open_data, sixty_empty_tables):
    page = open_data(sixty_empty_tables)
    assert page.exceptions == []
    assert page.figure("Tables found").value == "62"
    assert set(page.card("Tables read").table["rows"]) == {0}
    assert page.card("Data notes").table["note"].str.startswith("No rows yet").all()


def test_no_table_at_all_is_told_without_a_call(open_data, counting, file_of):
    page = open_data(file_of())
    assert page.exceptions == []
    assert page.figure("Tables found").value == "0"
    assert page.figure("Queries answered").value == "0"
    assert "No table with a date column" in page.card("Indexes").state
    assert calls(counting) == 1


def test_a_failed_call_leaves_what_is_known_without_it(open_data, counting, demo_file):
    page = open_data(demo_file, tab="SQL")
    counting[0].fail(RateLimited(60))
    page.app.query_params["tab"] = "Health"
    page = open_data(demo_file)
    assert page.exceptions == []
    table = page.card("Tables read").table.set_index("table")
    assert table.loc["projects", "counted"] == "not counted"
    assert table.loc["projects", "state"] == "In use"


@pytest.mark.parametrize("page", pages.PAGES, ids=lambda page: page.title)
def test_a_page_asks_no_query_that_health_does_not_know_of(open_page, world, page):
    used = set()

    def noting(asks, *rest):
        used.update(one.query.name for one in asks)
        return ask(asks, *rest)

    world.setattr(data, "ask", noting)
    world.setattr(needs, "ask", noting)
    open_page(page=page)
    [known] = [one for one in all_pages() if one.script == page.script]
    assert known.title == page.title
    assert used <= {query.name for query in known.queries}
    assert used


# Catalog


def test_every_table_is_listed_but_those_of_sqlite_and_d1(open_data, file_of):
    page = open_data(
        file_of(FOREIGN + FULL_TEXT + "CREATE VIEW seen AS SELECT 1 AS a; ANALYZE;"), tab="Catalog"
    )
    assert page.exceptions == []
    table = page.card("Tables").table.set_index("table")
    assert len(table) == 550 + 6 + 1
    assert not [name for name in table.index if name.startswith(("_cf_", "sqlite_"))]
    assert table.loc["notes", "kind"] == "virtual table"
    assert table.loc["seen", "kind"] == "view"
    shadows = table[table["kind"] == "shadow table"]
    assert sorted(shadows.index) == [
        f"notes_{w}" for w in ("config", "content", "data", "docsize", "idx")
    ]
    assert page.card("Tables").note == "557 of 557 tables."


@pytest.mark.parametrize(
    ("words", "tables"),
    [
        ("foreign_549", ["foreign_549"]),
        ("B_12", ["foreign_12", *(f"foreign_{n}" for n in range(120, 130))]),
    ],
)
def test_search_looks_at_names_of_tables_and_of_columns(open_data, file_of, words, tables):
    page = open_data(file_of(FOREIGN), tab="Catalog", search=words)
    assert page.card("Tables").table["table"].tolist() == tables
    assert page.card("Tables").note == f"{len(tables)} of 550 tables."


def test_a_search_for_nothing_that_is_there_says_so(open_data):
    page = open_data(tab="Catalog", search="<b>nope</b>")
    assert page.card("Tables").state == "No table or column name matches."


def test_a_table_in_the_link_shows_its_columns_and_its_newest_rows(open_data, counting, demo_rows):
    page = open_data(tab="Catalog", table="time_entries")
    assert page.exceptions == []
    assert calls(counting) == OPENING + 1
    columns = page.card("Columns").table.set_index("column")
    assert columns.loc["started_at", "type"] == "INTEGER"
    assert columns.loc["started_at", "read_as"] == "time_entry.started"
    assert "time_entries_time" in columns.loc["started_at", "indexes"]
    rows = page.card("Rows").table
    newest = demo_rows("SELECT id, seconds FROM time_entries ORDER BY rowid DESC LIMIT ?", ROWS)
    assert list(zip(rows["id"], rows["seconds"].astype(object), strict=True)) == newest
    page.run()
    assert calls(counting) == OPENING + 1


def test_older_and_newer_rows_are_turned_to_by_key(open_data, counting, demo_rows):
    page = open_data(tab="Catalog", table="time_entries")
    first = page.card("Rows").table["id"].tolist()
    assert page.button("Newer").disabled
    press(page, "Older")
    assert page.exceptions == []
    [(expected,)] = demo_rows(
        "SELECT json_group_array(id) FROM ("
        "SELECT id FROM time_entries ORDER BY rowid DESC LIMIT ? OFFSET ?)",
        ROWS,
        ROWS,
    )
    second = page.card("Rows").table["id"].tolist()
    assert second == json.loads(expected)
    assert page.app.query_params["rows"].startswith("older-")
    press(page, "Newer")
    assert page.card("Rows").table["id"].tolist() == first
    assert all("OFFSET" not in sql for sql in asked(counting))


def test_a_link_to_a_page_of_rows_shows_it(open_data):
    page = open_data(tab="Catalog", table="time_entries", rows="older-3")
    assert len(page.card("Rows").table) == 2
    assert page.button("Older").disabled


@pytest.mark.parametrize(
    "rows", ["older-", "newest", "older-1; DROP TABLE x", "newer-99999999999999999999"]
)
def test_a_link_to_rows_that_are_none_shows_the_newest(open_data, rows):
    page = open_data(tab="Catalog", table="teams", rows=rows)
    assert page.exceptions == []
    assert len(page.card("Rows").table) == 4


def test_another_table_begins_with_its_newest_rows(open_data):
    page = open_data(tab="Catalog", table="time_entries")
    press(page, "Older")
    page.choose("table", "teams")
    assert page.exceptions == []
    assert "rows" not in page.app.query_params
    assert len(page.card("Rows").table) == 4


def test_a_table_opens_in_the_console_with_its_columns(open_data):
    page = press(open_data(tab="Catalog", table="teams"), "Open in SQL")
    assert page.app.query_params["tab"] == "SQL"
    press(page, "Run")
    assert page.exceptions == []
    assert len(page.sheets["Result"]) == 4
    page.choose("sketched table", "users")
    press(page, "Put into the box")
    assert page.exceptions == []
    assert page.app.text_area(key="sql").value.endswith("FROM `users`")


def test_a_table_that_is_not_there_is_named_and_none_is_shown(open_data):
    page = open_data(tab="Catalog", table="nope")
    assert page.exceptions == []
    assert any("nope" in toast for toast in page.toasts)
    assert page.titles() == ["Tables"]


def test_a_table_that_cannot_be_read_says_why_in_its_card(open_data, counting):
    page = open_data(tab="Catalog")
    counting[0].fail(QueryError("no such thing"))
    page.choose("table", "teams")
    assert page.exceptions == []
    assert page.card("Rows").is_broken
    assert page.card("Columns").is_drawn


def test_a_table_without_rows_says_so(open_data, file_of):
    page = open_data(file_of("CREATE TABLE t (a);"), tab="Catalog", table="t")
    assert page.card("Rows").state == "No rows."


HOSTILE_NAMES = [EVIL, "it's", 'a "b"', "[x]", "a; DROP TABLE t; --", "проект 🦐", "# a\n- b", " "]


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_hostile_name_is_only_a_name(open_data, file_of, name):
    quoted = '"' + name.replace('"', '""') + '"'
    path = file_of(f"CREATE TABLE {quoted} ({quoted} TEXT); INSERT INTO {quoted} VALUES ('in it');")
    page = open_data(path, tab="Catalog", table=name)
    assert page.exceptions == []
    assert page.errors == []
    assert page.card("Rows").table[name].tolist() == ["in it"]
    assert page.card("Tables").table["table"].tolist() == [name]


def test_bytes_long_texts_and_formulas_are_harmless(open_data, file_of):
    path = file_of(
        "CREATE TABLE t (a, b, c, cost);"
        f"INSERT INTO t VALUES (x'00ff', printf('%.*c', 100000, 'x'), '{EVIL}', '=1+1');"
    )
    page = open_data(path, tab="Catalog", table="t")
    [row] = page.card("Rows").table.to_dict("records")
    assert row["a"] == "BLOB, 2 bytes"
    assert row["b"] == "x" * 300 + "…"
    assert row["c"] == EVIL
    [csv] = page.data_of("Rows").get("download_button")
    assert not csv.disabled


# SQL: what is shown before anything runs


def test_a_link_fills_the_box_and_runs_nothing(open_sql, counting):
    page = open_sql("SELECT count(*) FROM projects")
    assert page.exceptions == []
    assert page.app.text_area(key="sql").value == "SELECT count(*) FROM projects"
    assert page.titles() == []
    assert calls(counting) == OPENING


def test_run_shows_the_rows_for_one_call_to_plan_and_one_to_run(open_sql, counting, demo_rows):
    page = press(open_sql("SELECT status, count(*) AS n FROM projects GROUP BY status"), "Run")
    assert page.exceptions == []
    assert calls(counting) == OPENING + 2
    table = page.card("Result").table
    assert list(table.itertuples(index=False, name=None)) == demo_rows(
        "SELECT status, count(*) FROM projects GROUP BY status"
    )
    assert "read" not in page.card("Result").note
    page.run()
    assert page.card("Result").is_drawn
    assert calls(counting) == OPENING + 2


def test_the_plan_runs_nothing_else(open_sql, counting):
    page = press(open_sql("SELECT max(note) FROM time_entries"), "Show query plan")
    assert page.titles() == []
    assert calls(counting) == OPENING + 1
    assert "EXPLAIN QUERY PLAN" in asked(counting)[-2] + asked(counting)[-1]
    assert any("Full scan of time_entries" in words for words in said(page))
    assert any("SEARCH time_entries" in code or "SCAN time_entries" in code for code in codes(page))


def said(page):
    return [re.sub(r"\\(.)", r"\1", node.value) for node in [*page.app.caption, *page.app.warning]]


@pytest.fixture
def large(file_of):
    return file_of(
        "CREATE TABLE big (a INTEGER PRIMARY KEY, b);"
        "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c "
        f"LIMIT {LARGE + 500}) INSERT INTO big SELECT n, n % 7 FROM c;"
    )


def test_a_large_scan_is_asked_about_first(open_sql, counting, large):
    page = open_sql("SELECT b, count(*) AS n FROM big GROUP BY b", large)
    before = calls(counting)
    press(page, "Run")
    assert page.titles() == []
    assert "Not run yet. Full scan of big: about 10,500 rows." in said(page)
    assert calls(counting) == before + 1
    press(page, "Run anyway")
    assert page.exceptions == []
    assert page.card("Result").table["n"].sum() == LARGE + 500
    assert calls(counting) == before + 2


def test_the_first_rows_of_a_large_table_are_not_asked_about(open_sql, large):
    page = press(open_sql("SELECT * FROM big", large, limit="20"), "Run")
    assert len(page.card("Result").table) == 20
    assert page.card("Result").note.startswith("First 20 rows; more available.")


@pytest.mark.parametrize(
    ("statement", "limit", "words"),
    [
        ("SELECT * FROM big", "1", "First 1 row; more available."),
        ("SELECT 1", "20", "1 row."),
        ("SELECT 1 UNION ALL SELECT 2", "20", "2 rows."),
    ],
)
def test_rows_are_counted_in_good_english(open_sql, large, statement, limit, words):
    page = press(open_sql(statement, large, limit=limit), "Run")
    assert page.card("Result").note.startswith(words)


@pytest.mark.parametrize(
    ("limit", "rows"), [("1", 1), ("10000", 10_000), ("10001", 500), ("0", 500)]
)
def test_no_more_rows_come_than_allowed(open_sql, large, limit, rows):
    page = press(open_sql("SELECT * FROM big", large, limit=limit), "Run")
    assert page.exceptions == []
    assert len(page.card("Result").table) == rows


REFUSED = {
    "DELETE FROM projects": "DELETE is not allowed",
    "SELECT 1; DROP TABLE projects": "Only one statement",
    "PRAGMA user_version = 7": "PRAGMA is not allowed",
    "SELECT 'a": "has no end",
    f"SELECT {EVIL}": "Unexpected character",
}


@pytest.mark.parametrize(("sql", "reason"), REFUSED.items())
def test_what_does_not_only_read_is_refused_before_any_call(
    open_sql, counting, demo_copy, sql, reason
):
    path = demo_copy()
    before = path.read_bytes()
    page = press(open_sql(sql, path), "Run")
    assert page.exceptions == []
    assert any(reason in error for error in page.errors)
    assert calls(counting) == OPENING
    assert path.read_bytes() == before


@pytest.mark.parametrize("sql", ["", "   ", "\n"])
def test_an_empty_box_is_no_mistake(open_sql, counting, sql):
    page = press(open_sql(sql), "Run")
    assert page.exceptions == page.errors == []
    assert calls(counting) == OPENING


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("SELECT p.nam FROM projects AS p", "There is no column p.nam. Similar: name."),
        (
            "SELECT 1 FROM email_log",
            "There is no table email_log. Similar: audit_log, email_analytics, email_events.",
        ),
        (
            "SELECT zzz FROM projects",
            "There is no column zzz. “Tables and columns” lists them all.",
        ),
    ],
)
def test_an_unknown_name_is_said_with_similar_ones(open_sql, statement, words):
    page = press(open_sql(statement), "Run")
    assert page.exceptions == []
    assert page.errors == [words]


def test_parameters_are_asked_for_and_bound_as_text(open_sql, counting, demo_rows):
    page = press(open_sql("SELECT id FROM projects WHERE status = ?1 AND ?2 <> 'x'", p2="y"), "Run")
    assert calls(counting) == OPENING
    assert any("Fill in ?1, then press Run." in re.sub(r"\\", "", i.value) for i in page.app.info)
    page.app.text_input(key="p1").set_value("active")
    press(page, "Run")
    assert page.exceptions == []
    expected = [row for (row,) in demo_rows("SELECT id FROM projects WHERE status = 'active'")]
    assert page.card("Result").table["id"].tolist() == expected


def test_a_plan_that_is_asked_for_is_the_result(open_sql):
    page = press(open_sql("EXPLAIN QUERY PLAN SELECT * FROM projects WHERE id = 'x'"), "Run")
    assert page.exceptions == []
    assert page.card("Result").table["detail"].str.startswith("SEARCH projects").all()


def test_a_statement_without_rows_says_so(open_sql):
    page = press(open_sql("SELECT id FROM projects WHERE id = 'nope'"), "Run")
    assert page.card("Result").state == "No rows returned."


def test_another_statement_takes_the_old_result_away(open_sql):
    page = press(open_sql("SELECT 1 AS a"), "Run")
    assert page.titles() == ["Result"]
    page.app.text_area(key="sql").set_value("SELECT 2 AS a")
    press(page, "Show query plan")
    assert page.titles() == []


def test_columns_that_share_a_name_and_mixed_values_are_shown(open_sql):
    sql = "SELECT 1 AS a, 'x' AS a, NULL AS n, x'0102' AS b UNION ALL SELECT 'y', 2, NULL, 3"
    page = press(open_sql(sql), "Run")
    assert page.exceptions == []
    table = page.card("Result").table
    assert table["a"].tolist() == ["1", "y"]
    assert table["a:1"].tolist() == ["x", "2"]
    assert table["b"].tolist() == ["BLOB, 2 bytes", "3"]


@pytest.mark.parametrize("kind", ["Bars", "Line"])
def test_two_columns_make_a_quick_chart(open_sql, counting, demo_rows, kind):
    sql = "SELECT day, cost FROM (SELECT date AS day, total_cost AS cost FROM daily_spend) LIMIT 30"
    page = press(open_sql(sql, chart=kind), "Run")
    assert page.exceptions == []
    before = calls(counting)
    card = page.card("Chart")
    assert card.is_drawn
    [(total,)] = demo_rows(f"SELECT sum(cost) FROM ({sql})")
    assert "cost" in card.description
    if kind == "Line":
        assert f"{total:,.4f}".rstrip("0") in card.description
    page.run()
    assert calls(counting) == before


def test_a_line_is_not_offered_without_days_nor_a_chart_without_numbers(open_sql):
    page = press(open_sql("SELECT name, 1 AS n FROM projects", chart="Line"), "Run")
    assert page.exceptions == []
    assert page.titles() == ["Result"]
    page = press(open_sql("SELECT name FROM projects", chart="Bars"), "Run")
    assert page.titles() == ["Result"]


@pytest.mark.parametrize("name", [EVIL, 'a "b"', "$x$", ""])
def test_a_hostile_column_is_only_a_name_in_result_and_chart(open_sql, name):
    quoted = '"' + name.replace('"', '""') + '"'
    page = press(open_sql(f"SELECT '{EVIL}' AS label, 3 AS {quoted}", chart="Bars"), "Run")
    assert page.exceptions == []
    assert page.errors == []
    assert name in page.card("Result").table
    assert page.card("Chart").is_drawn


def test_names_to_copy_are_quoted(open_data, file_of):
    path = file_of(f'CREATE TABLE {EVIL_NAME} (a, "it\'s");')
    page = open_data(path, tab="SQL")
    next(box for box in page.app.selectbox if box.label == "Table").set_value(EVIL)
    page.run()
    assert page.exceptions == []
    assert f"SELECT\n  `a`,\n  `it's`\nFROM `{EVIL}`" in codes(page)


def test_a_result_that_made_room_for_others_is_to_be_run_again(open_sql, counting):
    page = press(open_sql("SELECT 1 AS a"), "Run")
    box._kept.clear()
    made = calls(counting)
    assert page.run().notices == [box.LET_GO]
    assert page.titles() == []
    assert calls(counting) == made
    assert press(page, "Run").titles() == ["Result"]


def test_a_refused_statement_is_not_kept_in_any_cache(open_sql, counting):
    page = press(open_sql("SELECT count(*) AS n FROM projects"), "Run")
    first = calls(counting)
    press(page, "Run")
    assert calls(counting) == first + 2


def test_the_box_works_on_a_d1_and_says_how_many_rows_were_read(open_page, loopback_d1, name_d1):
    name_d1(loopback_d1.url, loopback_d1.token)
    page = open_page(None, DATA, tab="SQL", also={"sql": "SELECT id FROM projects LIMIT 3"})
    press(page, "Run")
    assert page.exceptions == []
    assert len(page.card("Result").table) == 3
    assert "7 rows read" in page.card("Result").note


# What to do


def test_what_is_wrong_stands_first_and_as_it_is_in_the_findings(open_data, tmp_path):
    file = tmp_path / "one.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute('CREATE TABLE "Time*Entries" (started_at INTEGER, cost INTEGER)')
    page = open_data(file)
    assert page.exceptions == []
    [words] = [warning.value for warning in page.app.warning]
    assert "No source for AI" in words
    assert words.startswith("- ")
    assert r"whether Time\*Entries\.cost is in dollars or cents" in words


def test_where_nothing_is_wrong_that_is_said(open_data):
    [words] = [success.value for success in open_data().app.success]
    assert words.startswith("All queries can be answered")
