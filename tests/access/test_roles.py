"""Roles: what of the pages each may see."""

import pytest

from meaux.data.access import ROLES, Access
from meaux.subjects.page import all_pages, parts
from meaux.subjects.rights import NEEDED, permitted
from meaux.ui.pages import OWN, PAGES

VIEWER, ANALYST, ADMIN = "cleo", "ben", "anna"
EVERY_PAGE = [page.title for page in PAGES]


@pytest.mark.parametrize(
    ("name", "missing"), [(VIEWER, {"Data"}), (ANALYST, set()), (ADMIN, set())]
)
def test_the_menu_has_the_pages_of_the_role(signed_in, name, missing):
    with signed_in(name).page() as seen:
        assert seen.menu == [title for title in EVERY_PAGE if title not in missing]


def tabs(seen):
    """The titles of the tabs on a page."""
    blocks = [
        message.delta.add_block for message in seen.said if message.delta.HasField("add_block")
    ]
    return [block.tab.label for block in blocks if block.HasField("tab")]


@pytest.mark.parametrize(
    ("name", "shown"), [(ANALYST, ["Catalog", "SQL"]), (ADMIN, ["Health", "Catalog", "SQL"])]
)
def test_the_page_data_has_the_tabs_of_the_role(signed_in, name, shown):
    with signed_in(name).page("data") as seen:
        assert tabs(seen) == shown


@pytest.mark.parametrize("query", ["", "tab=SQL&sql=SELECT+1", "tab=Catalog&table=teams"])
def test_a_viewer_opens_no_data_by_its_address(signed_in, query):
    with signed_in(VIEWER).page("data", query) as seen:
        assert tabs(seen) == []
        assert seen.drawn("text_area") == []
        assert 'title: "Data"' not in seen.words
        assert seen.alerts == ["Your role has no access to Data. Ask for access: Anna Meyer."]
        assert [one for one in seen.said if one.WhichOneof("type") == "page_not_found"] == []
        assert seen.drawn("metric") == seen.drawn("heading") == []


def test_an_analyst_opens_no_health_by_its_address(signed_in):
    with signed_in(ANALYST).page("data", "tab=Health") as seen:
        assert "Tables read" not in seen.words


FILES = {VIEWER: False, ANALYST: True, ADMIN: True}


@pytest.mark.parametrize(("name", "may"), FILES.items())
@pytest.mark.parametrize("page", ["", "financial", "operations"])
def test_files_and_sql_are_for_analysts(signed_in, page, name, may):
    with signed_in(name).page(page) as seen:
        labels = [button.label for button in seen.drawn("download_button")]
        assert ("Export page" in labels) == may


@pytest.mark.parametrize(("name", "may"), FILES.items())
def test_the_data_of_a_card_are_for_all_and_their_files_and_sql_for_analysts(signed_in, name, may):
    with signed_in(name).page("financial", "data=Cost+trend") as seen:
        assert "Data: Cost trend" in seen.words
        labels = [button.label for button in seen.drawn("download_button")]
        assert ("CSV" in labels, "files and SQL" in seen.words) == (may, may)


@pytest.mark.parametrize(("name", "may"), FILES.items())
def test_a_link_opens_rows_for_analysts(signed_in, name, may):
    with signed_in(name).page("financial", "behind=cost") as seen:
        assert ("Rows: Cost" in seen.words) == may
        assert ("Show rows" in seen.words) == may


@pytest.mark.parametrize(("name", "may"), FILES.items())
def test_a_link_opens_what_changed_for_analysts(signed_in, name, may):
    with signed_in(name).page("financial", "changed=cost") as seen:
        assert ("What changed: Cost" in seen.words) == may
        labels = [button.label for button in seen.drawn("button")]
        assert ("What changed" in labels) == may


@pytest.mark.parametrize(("name", "may"), FILES.items())
def test_the_log_is_for_analysts(signed_in, name, may):
    with signed_in(name).page("operations", "tab=Events") as seen:
        assert ("Search events" in seen.words) == may
        assert ([button for button in seen.drawn("button") if button.label == "Older"] != []) == may
        assert seen.drawn("metric") != []


@pytest.mark.parametrize(
    ("name", "path", "status"),
    [
        (VIEWER, "/own", 200),
        (VIEWER, "/media/none", 403),
        (ANALYST, "/media/none", 404),
        (ANALYST, "/_stcore/metrics", 403),
        (ADMIN, "/_stcore/metrics", 200),
    ],
)
def test_routes_ask_for_the_same_rights(signed_in, name, path, status):
    assert signed_in(name).get(path).status_code == status


@pytest.mark.parametrize("role", ROLES)
def test_every_card_is_shown_to_whom_it_is_for_and_to_nobody_else(role):
    access = Access(role)
    for page in all_pages():
        shown = list(parts(permitted(page.items, access)))
        expected = [part for part in parts(page.items) if access.may(NEEDED.get(part, "pages"))]
        assert shown == expected


def test_nothing_stays_of_a_page_for_who_may_not_enter():
    assert [permitted(page.items, Access(None)) for page in all_pages()] == [()] * len(
        (*PAGES, OWN)
    )
