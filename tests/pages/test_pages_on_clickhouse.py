"""Every page on a copy on ClickHouse says what it says on the source."""

import pytest
import said

from meaux.ui import pages

TABS = {
    "Resource usage": ("Workers", "Storage", "AI"),
    "Operations": ("Workflows", "Email", "Events"),
}
VIEWS = [
    (page, tab)
    for page in pages.PAGES
    if page.filtered
    for tab in TABS.get(page.title, ("",))
]


@pytest.fixture
def copied_demo(copy_of, demo_file, chdb_folder):
    return f"clickhouse+chdb://{chdb_folder}?database={copy_of(demo_file)._place.database}"


@pytest.mark.parametrize(("page", "tab"), VIEWS, ids=lambda one: getattr(one, "title", one))
def test_a_page_says_what_it_says_on_the_source(open_page, copied_demo, page, tab):
    where = {"tab": tab} if tab else ()
    on_copy = open_page(copied_demo, page, where)
    assert on_copy.exceptions == []
    assert on_copy.errors == []
    assert said.view(on_copy) == said.view(open_page(page=page, also=where))
