"""Every page in a browser: it draws, on a screen and on a phone, in both themes."""

import re
from functools import partial

import pytest
from accessibility import COLOURS, complaints
from layout import becomes, click_first_row, fits
from playwright.sync_api import expect
from visitors import PHONE, READER

from meaux.ui import pages

every_page = pytest.mark.parametrize("page", pages.PAGES[1:], ids=lambda page: page.title)
NOT_RUNNING = '[data-testid="stApp"][data-test-script-state="notRunning"]'
CHART = '[data-testid="stVegaLiteChart"]'


def address(page):
    """The page's own address below the root."""
    return "/" + page.script.rpartition("/")[2].removesuffix(".py")


def drawn(title):
    """Wait for a page: its script has run, and its title stands on it."""

    def drawn(page):
        page.locator(NOT_RUNNING).wait_for()
        page.get_by_role("heading", name=title, exact=True).wait_for()
        page.locator(NOT_RUNNING).wait_for()
        return page

    return drawn


@every_page
def test_a_page_draws_without_a_complaint_and_fits_a_phone_and_a_screen(read, page):
    reader = {"color_scheme": "dark", "viewport": PHONE}
    shown = read(address(page), shown=drawn(page.title), **reader)
    for size, theme, rules in ((PHONE, "dark", COLOURS), (READER["viewport"], "light", ())):
        shown.set_viewport_size(size)
        shown.emulate_media(color_scheme=theme)
        shown.locator(NOT_RUNNING).wait_for()
        expect(shown.locator('[data-testid="stAlertContentError"]')).to_have_count(0)
        expect(shown.locator('[data-testid="stException"]')).to_have_count(0)
        assert fits(shown.locator('[data-testid="stMain"]')), size
        becomes(shown, partial(complaints, shown, rules), [])
    for chart in shown.locator(CHART).all():
        chart.scroll_into_view_if_needed()
        expect(chart.locator("svg.marks, canvas.marks").first).to_be_visible()
    expect(shown).to_have_title(re.compile(re.escape(page.title)))


def test_the_rows_behind_a_number_are_open_to_everybody_in_both_themes_and_fit_a_phone(read):
    page = read("/financial?behind=cost", shown=drawn("Financial analytics"), viewport=PHONE)
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_text("cost entries.", exact=False).first).to_be_visible()
    for theme, rules in (("light", ()), ("dark", COLOURS)):
        page.emulate_media(color_scheme=theme)
        page.locator(NOT_RUNNING).wait_for()
        becomes(page, partial(complaints, page, rules), [])
    choices = drawer.get_by_test_id("stSelectbox")

    def tops(*places):
        return [choices.nth(place).bounding_box()["y"] for place in places]

    becomes(page, lambda: tops(0, 2) == tops(1, 3), True)
    assert fits(drawer)


def test_a_click_on_a_project_opens_its_drawer_with_its_link_and_escape_closes_it(read):
    page = read("/projects", shown=drawn("Project analytics"))
    page.get_by_role("button", name="Marais Mailer").click()
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_text("Milestones", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile(r"open=prj_marais"))
    page.keyboard.press("Escape")
    expect(drawer).to_have_count(0)
    expect(page).not_to_have_url(re.compile("open="))


def test_a_click_on_a_row_of_the_table_opens_the_drawer_too(read):
    page = read("/projects?view=Table", shown=drawn("Project analytics"))
    click_first_row(page)
    expect(page.get_by_role("dialog").get_by_text("Milestones", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile(r"open=prj_"))


def test_a_link_to_a_project_opens_its_drawer(read):
    page = read("/projects?open=prj_cafe_etoile", shown=drawn("Project analytics"))
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_text("Café Étoile storefront", exact=True)).to_be_visible()
    expect(drawer.get_by_text("Members", exact=True)).to_be_visible()
