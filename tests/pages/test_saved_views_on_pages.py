"""Saved views on pages: saved beside the link, listed in the sidebar, one as the start page."""

import pytest

from meaux.data import state
from meaux.data.state.views import Views
from meaux.ui import owner, pages

TIME = pages.find("Time tracking")
EVIL = '<img src=x onerror="alert(1)"> :red[$x$]'


@pytest.fixture
def path(world, tmp_path):
    """A state file, and a browser that is known."""
    path = tmp_path / "state.db"
    world.setenv("MEAUX_STATE", str(path))
    world.setattr(owner, "_who", lambda: "browser me")
    return path


@pytest.fixture
def mine(path):
    """Change or read the views of this browser."""

    def mine(change=lambda _: None):
        with state.opened(path) as file, file.step() as connection:
            views = Views(connection, owner._hash("browser me"))
            change(views)
            return views.all()

    return mine


def listed(page):
    """The list of views in the sidebar, as HTML."""
    return "".join(node.proto.body for node in page.app.sidebar.get("html"))


def test_a_page_is_saved_with_its_filters_and_listed(open_page, mine):
    page = open_page(page=TIME, period="Last 7 days").press("Save this view")
    page.app.text_input(key="view name").set_value("My week")
    page.press("Save view")
    assert page.exceptions == []
    assert [(one.name, one.link) for one in mine()] == [("My week", "/time?period=Last+7+days")]
    assert 'href="/time?period=Last+7+days"' in listed(page)
    assert ">My week</a>" in listed(page)


@pytest.mark.usefixtures("path")
def test_a_view_without_a_name_is_not_saved(open_page):
    page = open_page(page=TIME).press("Save this view").press("Save view")
    assert page.toasts == ["Give the view a name."]
    assert listed(page) == ""


def test_a_hostile_name_is_text(open_page, mine):
    mine(lambda views: views.add(EVIL, "/time"))
    html = listed(open_page(page=TIME))
    assert "<img" not in html
    assert "&lt;img src=x onerror=&quot;alert(1)&quot;&gt; :red[$x$]" in html


def test_the_root_opens_the_start_page_and_a_link_what_it_asks_for(open_page, mine):
    mine(lambda views: views.add("Start", "/time?period=Last+7+days", starts=True))
    page = open_page()
    assert page.app.title[0].value == "Time tracking"
    assert page.sentence.startswith("15-22 Nov 2026")
    assert open_page(period="Last 7 days").app.title[0].value == "Home"
    assert open_page(page=pages.find("Team performance")).app.title[0].value == "Team performance"


@pytest.mark.parametrize("link", ["/nowhere", "https://evil.example/nowhere"])
def test_a_start_page_that_is_no_page_leaves_home(open_page, mine, link):
    mine(lambda views: views.add("Start", link, starts=True))
    page = open_page()
    assert page.exceptions == []
    assert page.app.title[0].value == "Home"


def test_a_view_is_deleted_in_the_sidebar_too(open_page, mine):
    mine(lambda views: views.add("My week", "/time", starts=True))
    page = open_page(page=TIME).press("Edit views").press("Delete")
    assert mine() == ()
    assert listed(page) == ""


def test_without_a_cookie_nothing_is_saved(open_page):
    assert "To save views, allow" in open_page(page=TIME).press("Save this view").words


def test_an_unusable_state_file_leaves_the_page(open_page, path):
    path.write_text("no database")
    page = open_page(page=TIME)
    assert page.exceptions == []
    assert "can't be used" in page.toasts[0]
