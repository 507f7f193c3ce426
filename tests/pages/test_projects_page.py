"""Project analytics: tiles, table, filters, order, pages of tiles, and a drawer of its own link."""

import pytest

from meaux.subjects.projects.cards import NONE_FITS
from meaux.ui import pages, project, projects

PROJECTS = next(page for page in pages.PAGES if page.title == "Project analytics")
EVIL = ":red[boo] $x$ [a](javascript:alert(1)) <img src=x onerror=alert(1)>"


@pytest.fixture
def open_projects(open_page):
    def open_projects(*database, **url):
        return open_page(*database, page=PROJECTS, **url)

    return open_projects


def tiles(page):
    """The names on the tiles, in order."""
    return [label.strip("*") for label in page.buttons if label.startswith("**")]


def turn(page, number):
    page.app.get("pagination")[0].set_value(number)
    return page.run()


def calls(counting):
    return sum(len(database.calls) for database in counting)


def test_twelve_tiles_stand_on_a_page_the_dearest_first(open_projects):
    page = open_projects()
    dearest = page.run().card("Projects")
    assert page.exceptions == []
    assert len(tiles(page)) == projects.PER_PAGE
    assert dearest.state == ""
    table = open_projects(view="Table").card("Projects").table
    assert table["cost"].is_monotonic_decreasing
    assert tiles(page) == [" ".join(n.split()) for n in table["name"][: projects.PER_PAGE]]


def test_the_pages_of_tiles_hold_every_project_once(open_projects):
    page = open_projects()
    seen = [
        *tiles(page),
        *tiles(open_projects(also={"page": "2"})),
        *tiles(open_projects(also={"page": "3"})),
    ]
    table = open_projects(view="Table").card("Projects").table
    assert sorted(seen) == sorted(" ".join(name.split()) for name in table["name"])


@pytest.mark.parametrize("number", ["99", "0", "-1", "two"])
def test_a_page_that_is_not_there_shows_one_that_is(open_projects, number):
    page = open_projects(also={"page": number})
    assert page.exceptions == []
    assert page.errors == []
    assert tiles(page)


def test_the_link_holds_filters_order_and_view(open_projects):
    page = open_projects(
        status="Active", priority="High", category="client", sort="Name, Z to A", view="Table"
    )
    table = page.card("Projects").table
    assert len(table)
    assert set(table["status"]) == {"Active"}
    assert set(table["priority"]) == {"High"}
    assert set(table["category"]) == {"client"}
    assert list(table["name"]) == sorted(table["name"], key=str.casefold, reverse=True)


def test_an_unknown_status_in_the_link_is_dropped_with_a_notice(open_projects):
    page = open_projects(status="Sleeping")
    assert page.exceptions == []
    assert any("Sleeping" in toast for toast in page.toasts)
    assert len(tiles(page)) == projects.PER_PAGE


def test_text_finds_projects_by_any_of_their_words(open_projects):
    page = open_projects(find="MARAIS")
    assert tiles(page) == ["Marais Mailer"]
    assert "1 of 25 projects." in page.words.replace("\\", "")


def test_filters_that_leave_nothing_say_so(open_projects):
    page = open_projects(find="no such project")
    assert page.card("Projects").state == NONE_FITS
    assert tiles(page) == []


def test_reset_clears_the_filters_of_the_page_too(open_projects):
    page = open_projects(find="marais", status="Active")
    page.press("Reset filters")
    assert page.app.text_input(key="find").value == ""
    assert page.app.multiselect(key="status").value == []
    assert len(tiles(page)) == projects.PER_PAGE


def test_another_page_of_tiles_the_filters_and_the_order_take_no_call(open_projects, counting):
    page = open_projects()
    before = calls(counting)
    first = tiles(page)
    turn(page, 2)
    assert tiles(page)
    assert not set(tiles(page)) & set(first)
    for key, value in {"sort": "Name, A to Z", "status": ["Active"], "find": "bot"}.items():
        page.choose(key, value)
        assert page.exceptions == []
    assert calls(counting) == before


def test_a_tile_opens_its_drawer_with_one_call_and_puts_it_into_the_link(open_projects, counting):
    page = open_projects()
    assert page.drawer is None
    before = calls(counting)
    name = tiles(page)[0]
    page.app.button(key=f"{project.KEY} prj_cafe_etoile").click()
    page.run()
    assert page.exceptions == []
    assert calls(counting) == before + 1
    assert page.app.query_params[project.KEY] == "prj_cafe_etoile"
    assert page.drawer is not None
    assert page.card("Milestones").is_drawn
    assert page.card("Members").is_drawn
    assert name
    page.run()
    assert calls(counting) == before + 1


def test_a_link_opens_the_drawer_of_its_project(open_projects, demo_rows):
    page = open_projects(open="prj_cafe_etoile", period="Last 12 months")
    assert page.exceptions == []
    titles = demo_rows(
        "SELECT title FROM project_milestones WHERE project_id = 'prj_cafe_etoile'"
        " ORDER BY due_date"
    )
    assert page.card("Milestones").table["title"].tolist() == [title for (title,) in titles]
    people = demo_rows(
        "SELECT u.name FROM project_members AS m JOIN users AS u ON u.id = m.user_id"
        " WHERE project_id = 'prj_cafe_etoile'"
    )
    assert set(page.card("Members").table["name"]) == {name for (name,) in people}
    assert page.card("Cost over time").is_drawn


def test_another_order_begins_at_its_first_page(open_projects):
    page = turn(open_projects(), 3).choose("sort", "Lowest cost")
    assert tiles(page) == tiles(open_projects(sort="Lowest cost"))


@pytest.mark.parametrize("choice", [{}, {"person": "Zoë Tupelo"}], ids=["everybody", "a person"])
def test_the_drawer_adds_up_to_what_the_tile_says(open_projects, choice):
    table = open_projects(view="Table", **choice).card("Projects").table
    cost = table.set_index("project").loc["prj_cafe_etoile", "cost"]
    assert cost > 0
    page = open_projects(open="prj_cafe_etoile", **choice)
    assert len(page.card("Members").table) > 1
    said = page.card("Cost over time").description
    parts = [float(p.split(": $")[1].split(" in total")[0].replace(",", ""))
             for p in said.replace(". ", "\n").split("\n") if " in total" in p]  # fmt: skip
    assert sum(parts) == pytest.approx(cost, abs=0.02)


def test_a_link_to_a_project_that_is_gone_says_so_and_shows_the_list(open_projects):
    page = open_projects(open="prj_gone")
    assert page.drawer is None
    assert any("prj_gone" in toast for toast in page.toasts)
    assert tiles(page)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        " JavaScript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "file:///etc/passwd",
        "//evil.example",
        "http://[",
        "not an address",
        "",
    ],
)
def test_an_address_that_is_none_of_the_web_is_no_link(open_projects, demo_copy, url):
    path = demo_copy(
        f"UPDATE projects SET url = '{url}'; UPDATE project_stats SET url = NULL;"
        f" UPDATE projects SET name = '{EVIL}', color = 'red;}} body {{display:none'"
        " WHERE id = 'prj_cafe_etoile'"
    )
    page = open_projects(path, open="prj_cafe_etoile")
    assert page.exceptions == []
    assert page.errors == []
    assert page.app.get("link_button") == []
    assert "display:none" not in page.words


def test_an_evil_name_is_text_on_its_tile_and_on_its_drawer(open_projects, demo_copy):
    path = demo_copy(
        f"UPDATE projects SET name = '{EVIL}', category = '{EVIL}', status = '{EVIL}'"
        " WHERE id = 'prj_cafe_etoile'; "
        f"UPDATE project_milestones SET title = '{EVIL}'; UPDATE teams SET name = '{EVIL}'"
    )
    page = open_projects(path, open="prj_cafe_etoile")
    assert page.exceptions == []
    assert EVIL in tiles(page)
    written = [*page.app.markdown, *page.app.caption, *page.app.button]
    for words in (getattr(node, "value", None) or node.label for node in written):
        if isinstance(words, str) and "onerror" in words:
            assert "\\<img" in words


def test_a_database_of_projects_alone_shows_them_and_says_what_is_unknown(open_projects, file_of):
    path = file_of(
        "CREATE TABLE projects (id TEXT, name TEXT, status TEXT);"
        "INSERT INTO projects VALUES ('a', 'Alpha', 'active'), ('b', 'Beta', NULL);"
    )
    page = open_projects(path)
    assert page.exceptions == []
    assert tiles(page) == ["Alpha", "Beta"]
    assert "- in the period" in page.words.replace("\\", "").replace("**", "").replace(
        "\N{EN DASH}", "-"
    )
    assert "No progress recorded" in page.words
    assert "project_activity" in page.card("Stale projects").state


def test_without_a_table_of_projects_the_list_says_which_it_needs(open_projects, file_of):
    page = open_projects(file_of("CREATE TABLE users (id TEXT);"))
    assert page.exceptions == []
    assert "the table projects" in page.card("Projects").state
