"""Marks in a browser: a click filters the page, a second one or a chip takes the filter away."""

import re

from layout import has_rows
from playwright.sync_api import expect

NOT_RUNNING = '[data-testid="stApp"][data-test-script-state="notRunning"]'
BAR = "path[aria-roledescription=bar]"
CHIP = '[class*="st-key-chip-"] button:visible'
KEY = ".role-legend-symbol path"
CARD = '[data-testid="stVerticalBlock"]'


def financial(page):
    """The page has run and its last charts are drawn."""
    page.locator(NOT_RUNNING).wait_for()
    card(page, "Cost by person").locator(BAR).first.wait_for()
    return page


def card(page, title):
    return page.locator(CARD).filter(has=page.get_by_text(title, exact=True)).last


def bar(page, number):
    found = card(page, "Cost by person").locator(BAR)
    found.nth(3).wait_for()
    return found.nth(number)


def name_of(mark):
    return mark.get_attribute("aria-label").partition(";")[0]


def chips(page, *words):
    """The chips are these, and no more."""
    page.locator(NOT_RUNNING).wait_for()
    expect(page.locator(CHIP)).to_have_count(len(words))
    for number, text in enumerate(words):
        expect(page.locator(CHIP).nth(number)).to_contain_text(text)
    page.locator(NOT_RUNNING).wait_for()
    page.wait_for_function("document.querySelectorAll('[data-stale=true]').length === 0")


def in_link(page, *asked):
    for words in asked:
        expect(page).to_have_url(re.compile(rf"[?&]{re.escape(words)}(&|$)"))


def test_a_click_on_a_bar_filters_the_page_and_a_second_one_takes_it_back(read):
    page = read("/financial", shown=financial, kept=True)
    name = name_of(bar(page, 0))
    bar(page, 0).click()
    chips(page, f"Person: {name}")
    expect(page).to_have_url(re.compile(r"[?&]person="))
    bar(page, 0).click()
    chips(page)
    expect(page).not_to_have_url(re.compile("person="))


def test_shift_adds_a_bar_and_chips_take_them_away(read):
    page = read("/financial", shown=financial, kept=True)
    bar(page, 0).click()
    chips(page, "Person: ")
    names = [name_of(one) for one in card(page, "Cost by person").locator(BAR).all()]
    other = next(n for n, name in enumerate(names) if name != names[0])
    bar(page, other).click(modifiers=["Shift"])
    chips(page, "Person: ", "Person: ")
    page.locator(CHIP).first.click()
    chips(page, "Person: ")
    page.locator(CHIP).first.click()
    chips(page)


def test_a_click_on_a_legend_sets_the_category_and_one_on_a_day_the_period(read):
    page = read("/financial", shown=financial, kept=True)
    card(page, "Cost by person").locator(KEY).nth(1).click()
    chips(page, "Category: ")
    expect(page).to_have_url(re.compile("cost_category="))
    page.locator(CHIP).first.click()
    chips(page)
    trend = card(page, "Cost trend").locator("svg.marks")
    trend.scroll_into_view_if_needed()
    trend.click()
    chips(page, "Day: ")
    in_link(page, "period=Custom", "back=Last+30+days")
    expect(page).to_have_url(re.compile(r"[?&]days="))
    page.locator(CHIP).first.click()
    chips(page)
    expect(page).not_to_have_url(re.compile("period="))


def test_a_click_on_a_day_sets_the_period_on_a_page_that_a_link_narrows(read):
    page = read("/financial?cost_category=AI", shown=financial)
    chips(page, "Category: AI")
    trend = card(page, "Cost trend").locator("svg.marks")
    trend.scroll_into_view_if_needed()
    trend.click()
    chips(page, "Day: ", "Category: AI")


def test_a_row_of_the_data_is_chosen_from_the_keyboard_and_filters_the_page(read):
    page = read("/financial", shown=financial)
    data = page.locator(".st-key-data-Cost-by-person button:visible")
    data.focus()
    page.keyboard.press("Enter")
    drawer = page.get_by_role("dialog")
    has_rows(drawer)
    drawer.locator("canvas").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+Space")
    offer = drawer.get_by_role("button", name="Filter the page by person")
    offer.wait_for()
    offer.focus()
    page.keyboard.press("Enter")
    expect(drawer).to_have_count(0)
    chips(page, "Person: ")
    expect(page).not_to_have_url(re.compile("data="))
    expect(data).to_be_focused()


def explained(page):
    """The drawer of what changed is drawn."""
    page.locator(NOT_RUNNING).wait_for()
    page.get_by_role("dialog").locator(BAR).first.wait_for()
    return page.get_by_role("dialog")


def test_a_bar_of_what_changed_looks_into_it_and_so_do_keys_with_the_new_heading_in_sight(read):
    drawer = read("/financial?changed=cost", shown=explained)
    heading = drawer.locator(".st-key-heading")
    expect(heading).to_be_focused()
    drawer.locator(BAR).first.click()
    expect(heading).to_contain_text("Cost of category")
    expect(heading).to_be_focused()
    drawer.page.set_viewport_size({"width": 1280, "height": 400})
    part = drawer.get_by_role("combobox")
    part.focus()
    part.scroll_into_view_if_needed()
    expect(heading).not_to_be_in_viewport()
    part.press("ArrowDown")
    part.press("Enter")
    expect(heading).to_contain_text(" and ")
    expect(heading).to_be_in_viewport(ratio=1)
    expect(heading).to_be_focused()
