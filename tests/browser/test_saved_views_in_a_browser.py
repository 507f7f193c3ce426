"""Saved views and printed pages in a browser: kept over tabs, opened as links, undone."""

import re

from playwright.sync_api import expect

NOT_RUNNING = '[data-testid="stApp"][data-test-script-state="notRunning"]'

DRAWN = '[data-testid="stVegaLiteChart"] svg.marks'


def opened(page):
    """Wait until the page Team performance has run."""
    page.locator(NOT_RUNNING).wait_for()
    page.get_by_role("heading", name="Team performance").wait_for()
    page.get_by_role("button", name="Copy link").wait_for()
    page.locator(DRAWN).nth(3).wait_for()
    page.locator(NOT_RUNNING).wait_for()
    return page


def test_a_view_is_kept_for_the_browser_and_can_be_the_start_page(read, dashboard):
    page = read("/team?period=Last+month", shown=opened)
    page.get_by_role("button", name="Save this view").click()
    page.get_by_role("button", name="Save view", exact=True).click()
    expect(page.get_by_role("dialog").get_by_text("Give the view a name.")).to_be_visible()
    name = page.get_by_role("textbox", name="Name of the view")
    name.fill("<b>Last month</b>")
    page.get_by_role("button", name="Save view", exact=True).click()
    saved = page.get_by_role("navigation", name="Saved views").get_by_role("link")
    expect(saved).to_have_text("<b>Last month</b>")

    page.get_by_role("button", name="Edit views").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Delete").click()
    dialog.get_by_role("button", name="Undo").click()
    expect(dialog.get_by_role("button", name="Delete")).to_be_visible()
    page.locator(NOT_RUNNING).wait_for()
    dialog.get_by_role("combobox", name="Start page").click()
    page.get_by_role("option", name="Last month").click()
    dialog.get_by_role("button", name="Close").click()
    expect(saved).to_have_text("<b>Last month</b> (start page)")

    page.goto(f"{dashboard.url}/")
    opened(page)
    expect(page).to_have_url(re.compile(r"/team\?period=Last\+month$"))
    page.goto(f"{dashboard.url}/team?person=Nobody")
    opened(page)
    saved.click()
    expect(page).to_have_url(re.compile(r"/team\?period=Last\+month$"))
    opened(page)

    page.get_by_role("button", name="Print").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="PDF, A4").click()
    named = "meaux_team-performance-a4_2026-10-01_2026-10-31.pdf"
    assert download.value.suggested_filename == named
    assert download.value.path().read_bytes().startswith(b"%PDF")
