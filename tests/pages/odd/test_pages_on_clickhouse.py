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
def copied_demo(copy_of, demo_file, chdb_folder):
    """The address of a copy of the demo."""
    database = copy_of(demo_file).name.rpartition("/")[2]
    return f"clickhouse+chdb://{chdb_folder}?database={database}"


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


def test_the_sql_console_says_that_it_is_for_the_source(open_page, copied_demo):
    page = open_page(copied_demo, HEALTH, {"tab": "SQL"})
    assert any("source's own tables" in words for words in page.notices)
