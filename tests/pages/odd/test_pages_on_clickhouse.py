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
    where = {"tab": tab} if tab else ()
    on_copy = open_page(copied_demo, page, where)
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


def test_the_catalog_shows_the_rows_of_the_copy(open_page, copied_demo, demo_rows):
    where = {"tab": "Catalog", "table": "time_entries"}
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
