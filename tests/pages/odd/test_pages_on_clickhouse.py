"""Every page on a copy on ClickHouse says what it says on the source."""

import pytest
import said

from meaux.ui import pages

TABS = {
    "Resource usage": ("Workers", "Storage", "AI"),
    "Operations": ("Workflows", "Email", "Events"),
    "Data": ("Catalog",),
}
VIEWS = [(page, tab) for page in pages.PAGES for tab in TABS.get(page.title, ("",))]
OTHER_TABLES = "# Other time tables:"
"""The card that compares tables of the source, of which a copy has one."""
HEALTH = next(page for page in pages.PAGES if page.title == "Data")


@pytest.fixture(scope="module")
def copied_demo(copy_of, demo_file, clickhouse):
    """The address of a copy of the demo, with a password full of special characters."""
    return clickhouse.address("reader", copy_of(demo_file).name.rpartition("/")[2])


def lines(page):
    return [line for line in said.view(page).splitlines() if not line.startswith(OTHER_TABLES)]


@pytest.mark.parametrize(
    ("page", "tab"), VIEWS, ids=[f"{page.title} {tab}".strip() for page, tab in VIEWS]
)
def test_a_page_says_on_a_copy_what_it_says_on_the_source(open_page, copied_demo, page, tab):
    where = {"tab": tab} if tab else {}
    on_copy = open_page(copied_demo, page, {**where, "catalog": "Source"})
    assert on_copy.exceptions == []
    assert on_copy.errors == []
    assert "The copy is as of" in on_copy.strip
    assert lines(on_copy) == lines(open_page(page=page, also=where))


def test_health_counts_the_rows_of_the_copy(open_page, copied_demo, demo_rows):
    page = open_page(copied_demo, HEALTH, {"tab": "Health"})
    assert page.exceptions == []
    assert page.errors == []
    tables = page.sheets["Tables read"].set_index("table")
    [(entries,)] = demo_rows("SELECT count(*) FROM time_entries")
    assert tables.loc["time_entries", "rows"] == entries
    assert tables.loc["time_entries", "counted"] == "exactly"


def test_the_sql_console_reads_the_tables_of_the_copy(open_page, copied_demo, demo_rows):
    sql = "SELECT uniqExact(project) AS projects, count() AS entries FROM time_entry"
    page = open_page(copied_demo, HEALTH, {"tab": "SQL", "sql": sql})
    page.press("Run")
    assert page.exceptions == []
    assert page.errors == []
    found = page.sheets["Result"]
    expected = demo_rows("SELECT count(DISTINCT project_id), count(*) FROM time_entries")
    assert [tuple(row) for row in found.itertuples(index=False)] == expected


def test_the_sql_console_of_a_copy_reads_nothing_else(open_page, copied_demo):
    page = open_page(copied_demo, HEALTH, {"tab": "SQL", "sql": "SELECT * FROM system.users"})
    assert page.errors == ["Not run: system.users can't be read: only the copy's own tables can."]


def test_explain_by_hand_says_what_would_be_read(open_page, copied_demo, demo_rows):
    sql = "EXPLAIN SELECT project FROM time_entry"
    page = open_page(copied_demo, HEALTH, {"tab": "SQL", "sql": sql})
    page.press("Run")
    assert page.exceptions == []
    assert page.errors == []
    [(entries,)] = demo_rows("SELECT count(*) FROM time_entries")
    assert f"Reads up to {entries:,} rows of time_entry." in page.words.replace("\\", "")
    assert page.sheets["Result"].columns.tolist() == ["explain"]
    assert not any("-- title:" in code.value for code in page.app.code)


def test_a_result_of_a_copy_can_be_kept_as_a_card(open_page, copied_demo):
    sql = "SELECT status, count() AS n FROM project WHERE status <> ?1 GROUP BY status"
    page = open_page(copied_demo, HEALTH, {"tab": "SQL", "sql": sql, "p1": "it's"})
    page.press("Run")
    [text] = [code.value for code in page.app.code if code.value.startswith("-- title:")]
    assert text == (
        "-- title: Project\n-- chart: table\n-- language: clickhouse\n"
        "SELECT status, count() AS n FROM project WHERE status <> 'it''s' GROUP BY status"
    )


def test_the_catalog_lists_the_tables_of_the_copy(open_page, copied_demo, demo_rows):
    page = open_page(copied_demo, HEALTH, {"tab": "Catalog", "copied": "time_entry"})
    assert page.exceptions == []
    assert page.errors == []
    tables = page.card("Tables").table.set_index("table")
    [(entries,)] = demo_rows("SELECT count(*) FROM time_entries")
    assert tables.loc["time_entry", ["read_from", "rows"]].tolist() == ["time_entries", entries]
    columns = page.card("Columns").table.set_index("column")
    assert columns.loc["started", ["type", "read_from"]].tolist() == [
        "Nullable(DateTime64(3, 'UTC'))",
        "started_at",
    ]
    assert columns.loc["started_timed", "meaning"] == "1 if the time has a time of day"
    newest = page.card("Rows").table
    page.press("Older")
    assert page.app.query_params["rows"] == "50"
    older = page.card("Rows").table
    assert (len(newest), len(older)) == (50, 50)
    assert max(older["started"]) <= min(newest["started"])
    page.press("Newer")
    assert page.card("Rows").table.equals(newest)


def test_the_catalog_finds_tables_and_columns_of_the_copy(open_page, copied_demo):
    page = open_page(copied_demo, HEALTH, {"tab": "Catalog", "search": "billable"})
    tables = page.card("Tables").table.set_index("table")
    assert tables.loc["time_entry", "found"] == "billable, billable_unread"
    assert "project" not in tables.index


def test_a_table_of_the_catalog_opens_in_the_sql_console(open_page, copied_demo):
    page = open_page(copied_demo, HEALTH, {"tab": "Catalog", "copied": "project"})
    page.press("Open in SQL").press("Run")
    assert page.exceptions == []
    assert page.errors == []
    assert page.sheets["Result"]["id"].is_unique
    page.choose("sketched table", "team").press("Put into the box")
    assert page.exceptions == []
    assert "FROM `team`" in page.app.text_area[0].value


def test_the_catalog_shows_the_rows_of_the_copy(open_page, copied_demo, demo_rows):
    where = {"tab": "Catalog", "catalog": "Source", "table": "time_entries"}
    page = open_page(copied_demo, HEALTH, where)
    assert page.exceptions == []
    assert page.errors == []
    found = page.card("Rows of time_entry").table
    assert len(found) == 50
    [(newest,)] = demo_rows("SELECT datetime(max(started_at), 'unixepoch') FROM time_entries")
    assert str(found["started"][0])[:19] == newest


def test_the_sql_below_a_card_is_what_clickhouse_got(open_page, copied_demo):
    operations = next(page for page in pages.PAGES if page.title == "Operations")
    page = open_page(copied_demo, operations, {"tab": "Events"})
    page.data_of("Log")
    page.app.session_state["sql of Log"] = True
    drawer = page.run().drawer
    assert page.exceptions == []
    sql = drawer.code[0].value
    assert '"copy_meauxos".' in sql
    assert "main." not in sql
    named = {one.value.split()[0] for one in drawer.caption if one.value[:1] == "p"}
    assert named, [one.value for one in drawer.caption]
    assert all(f"{{{name}: String}}" in sql for name in named)
