"""The keyboard and a phone's menu in a browser: few stops, and a focus that stays."""

import re

import pytest
from layout import becomes
from playwright.sync_api import expect
from visitors import ON_A_PHONE

FOCUS = """() => {
    const it = document.activeElement;
    return it.ariaLabel || it.innerText || it.closest('[role=grid]')?.tagName;
}"""
"""What has the focus: its name, or the text of a cell."""
AT_WORK = """() => {
    const table = document.createElement('div');
    let comes = false;
    table.dataset.testid = 'data-grid-canvas';
    table.addEventListener('keydown', () => comes = true);
    document.body.append(table);
    table.dispatchEvent(new KeyboardEvent('keydown', {key: 'Tab', bubbles: true}));
    table.remove();
    return !comes;
}"""
"""Whether the script keeps Tab from what looks like a table: a page is drawn before it."""


@pytest.fixture
def opened(read):
    """Open a page and wait for what its keyboard needs."""

    def opened(address="/", **how):
        page = read(address, **how)
        page.wait_for_function(AT_WORK)
        return page

    return opened


def leads(page, key, name):
    """A key leads to what has this name, but for an icon before it."""
    page.keyboard.press(key)
    becomes(page, lambda: page.evaluate(FOCUS).split("\n")[-1], name)


def test_tab_stops_once_at_the_toolbar_of_a_chart_and_arrows_move_in_it(opened):
    page = opened(kept=True)
    page.get_by_role("button", name="Show data").first.focus()
    leads(page, "ArrowRight", "Download as PNG")
    leads(page, "ArrowLeft", "Show data")
    leads(page, "ArrowLeft", "Fullscreen")
    leads(page, "ArrowRight", "Show data")
    leads(page, "Tab", "Help")
    leads(page, "Shift+Tab", "Fullscreen")
    leads(page, "Shift+Tab", "Data")


def test_tab_stops_once_at_a_table_and_arrows_move_in_it(opened):
    page = opened(kept=True)
    table = page.get_by_test_id("data-grid-canvas").first
    table.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    expect(table.locator("[aria-selected=true]")).to_have_attribute("aria-colindex", "2")
    page.keyboard.press("Tab")
    becomes(page, lambda: table.evaluate("it => it.contains(document.activeElement)"), False)
    page.keyboard.press("Shift+Tab")
    expect(table).to_be_focused()


def test_a_download_leaves_the_focus_in_its_drawer_which_escape_then_closes(opened):
    page = opened("/?data=Cost+trend")
    drawer = page.get_by_role("dialog")
    button = drawer.get_by_role("button", name="PNG")
    button.focus()
    with page.expect_download():
        page.keyboard.press("Enter")
    expect(button).to_be_focused()
    page.keyboard.press("Escape")
    expect(drawer).to_have_count(0)


def test_on_a_phone_the_menu_closes_once_a_page_is_chosen(read):
    page = read(**ON_A_PHONE)
    page.get_by_test_id("stExpandSidebarButton").click()
    menu = page.get_by_test_id("stSidebar")
    expect(menu).to_have_attribute("data-collapsed", "false")
    menu.get_by_role("link", name=re.compile("Alerts")).click()
    page.get_by_role("heading", name="Alerts", exact=True).wait_for()
    expect(menu).to_have_attribute("data-collapsed", "true")
