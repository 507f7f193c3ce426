"""The Executive overview in a browser: a status leads to its projects."""

import re
from urllib.parse import urlencode

from playwright.sync_api import expect

NOT_RUNNING = '[data-testid="stApp"][data-test-script-state="notRunning"]'
BAR = "path[aria-roledescription=bar]"


ADDRESS = "/executive?period=Last+7+days"


def overview(page):
    """The card of the statuses, once the menu has led to the Executive overview."""
    page.locator('[data-testid="stSidebarNavLink"]').filter(has_text="Executive overview").click()
    return statuses(page)


def statuses(page):
    """The card of the statuses, once the Executive overview is open."""
    title = page.get_by_text("Projects by status", exact=True)
    title.wait_for()
    card = page.locator('[data-testid="stVerticalBlock"]').filter(has=title).last
    card.locator(BAR).nth(5).wait_for()
    return card


def shows(page, status):
    """Project analytics is open, filtered by one status and by what was chosen before."""
    expect(page.get_by_role("heading", name="Project analytics", exact=True)).to_be_visible()
    page.locator(NOT_RUNNING).wait_for()
    for asked in (urlencode({"status": status}), "period=Last+7+days"):
        expect(page).to_have_url(re.compile(f"[?&]{re.escape(asked)}(&|$)"))
    expect(
        page.locator('[data-testid="stSidebar"]').get_by_text(status, exact=True)
    ).to_be_visible()


def test_a_click_on_a_status_opens_its_projects_as_often_as_one_clicks(read):
    card = read(ADDRESS, shown=statuses)
    card.locator(BAR).nth(1).click()
    shows(card.page, "In progress")
    overview(card.page).locator(BAR).nth(0).click()
    shows(card.page, "Active")


def test_a_status_is_opened_from_the_keyboard_too(read):
    card = read(ADDRESS, shown=statuses)
    card.get_by_role("link", name="Paused", exact=True).focus()
    card.page.keyboard.press("Enter")
    shows(card.page, "Paused")
