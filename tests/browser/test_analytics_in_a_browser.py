"""Analytics in a browser: the sunburst opens and closes where it is clicked."""

import pytest
from playwright.sync_api import expect

NOT_RUNNING = '[data-testid="stApp"][data-test-script-state="notRunning"]'
TITLE = "Cost breakdown"


def opened(page):
    """Wait for the page: its script has run, and the card stands on it."""
    page.get_by_text(TITLE, exact=True).wait_for()
    page.locator(NOT_RUNNING).wait_for()
    return page


@pytest.fixture
def sunburst(read):
    """The drawn sunburst."""
    page = read("/analytics", shown=opened)
    title = page.get_by_text(TITLE, exact=True)
    card = page.locator('[data-testid="stVerticalBlock"]').filter(has=title).last
    title.scroll_into_view_if_needed()
    expect(arcs(card, "AI")).to_be_visible()
    return card.locator("svg.marks")


def arcs(drawn, name):
    """The arcs of this name; a screen reader says their path, cost and share."""
    return drawn.locator(f'path[aria-roledescription^="arc"][aria-label^="{name}; Cost: $"]')


def test_a_click_on_an_arc_zooms_into_it_and_one_on_the_middle_back_out(sunburst):
    everything = sunburst.get_by_text("Cost", exact=True)
    expect(everything).to_be_visible()
    expect(arcs(sunburst, "Time")).to_be_visible()
    arcs(sunburst, "AI").click(force=True)  # its own name may lie above it
    middle = sunburst.get_by_text("\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK} AI", exact=True)
    expect(middle).to_be_visible()
    expect(arcs(sunburst, "Time")).to_have_count(0)
    middle.click()
    expect(everything).to_be_visible()
    expect(arcs(sunburst, "Time")).to_be_visible()
