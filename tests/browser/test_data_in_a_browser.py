"""Data in a browser: the box for SQL, its link, the click on a table, and evil names."""

import csv
import io
import re
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from layout import becomes, click_first_row, fits
from playwright.sync_api import expect
from visitors import EVIL_TABLE as EVIL
from visitors import PHONE, READER

NOT_RUNNING = '[data-testid="stApp"][data-test-script-state="notRunning"]'
TABS = ("Health", "Catalog", "SQL")


def drawn(page):
    page.locator(NOT_RUNNING).wait_for()
    page.get_by_role("heading", name="Data", exact=True).wait_for()
    page.locator(NOT_RUNNING).wait_for()
    return page


def link(**words):
    return "/data?" + urlencode(words)


def asked(page):
    return parse_qs(urlsplit(page.url).query)


def heading(page, title):
    return page.get_by_role("heading", name=title, exact=True)


@pytest.mark.parametrize("tab", TABS)
def test_each_tab_draws_without_a_complaint_and_fits_a_phone_and_a_screen(read, tab):
    reader = {"color_scheme": "dark", "viewport": PHONE}
    page = read(link(tab=tab, table="time_entries"), shown=drawn, **reader)
    for size, theme in ((PHONE, "dark"), (READER["viewport"], "light")):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=theme)
        page.locator(NOT_RUNNING).wait_for()
        expect(page.get_by_role("tab", name=tab)).to_have_attribute("aria-selected", "true")
        expect(page.locator('[data-testid="stAlertContentError"]')).to_have_count(0)
        assert fits(page.locator('[data-testid="stMain"]')), size


def test_a_link_fills_the_box_and_control_and_enter_run_it(read):
    page = read(link(tab="SQL", sql="SELECT 40 + 2 AS answer"), shown=drawn)
    box = page.get_by_label("Statement")
    expect(box).to_have_value("SELECT 40 + 2 AS answer")
    expect(heading(page, "Result")).to_have_count(0)
    box.press("Control+Enter")
    expect(heading(page, "Result")).to_be_visible()
    sql = "SELECT id FROM projects WHERE status = ?1"
    box.fill(sql)
    box.press("Control+Enter")
    expect(heading(page, "Result")).to_have_count(0)
    page.get_by_label("?1").fill("active")
    page.get_by_role("button", name="Run", exact=True).click()
    expect(heading(page, "Result")).to_be_visible()
    wanted = {"tab": ["SQL"], "sql": [sql], "p1": ["active"]}
    becomes(page, lambda: asked(page), wanted)


def test_the_result_is_downloaded_as_it_is_shown(read, demo_rows):
    sql = "SELECT id, '=1+1' AS \"=evil\" FROM projects ORDER BY id"
    page = read(link(tab="SQL", sql=sql), shown=drawn)
    page.get_by_role("button", name="Run", exact=True).click()
    expect(heading(page, "Result")).to_be_visible()
    page.locator(".st-key-data-Result button:visible").click()
    with page.expect_download() as started:
        page.get_by_role("dialog").get_by_role("button", name="CSV").click()
    assert re.fullmatch(r"meaux_result_[-0-9]+_[-0-9]+\.csv", started.value.suggested_filename)
    text = started.value.path().read_bytes().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0] == ["id", "'=evil"]
    assert rows[1:] == [
        [id_, "'=1+1"] for (id_,) in demo_rows("SELECT id FROM projects ORDER BY 1")
    ]


def test_a_click_on_a_table_shows_it_and_puts_it_into_the_link(read):
    page = read(link(tab="Catalog"), shown=drawn)
    click_first_row(page)
    expect(heading(page, "Rows")).to_be_visible()
    expect(page).to_have_url(re.compile("table=ai_conversations"))
    page.get_by_role("button", name="Older").click()
    expect(page).to_have_url(re.compile("rows=older-"))


def test_evil_names_do_nothing(read, hostile):
    for address in (
        link(tab="Catalog", table=EVIL),
        link(tab="Catalog", search=EVIL),
        link(tab="SQL", sql=f"SELECT {EVIL}"),
        link(tab=EVIL, table=EVIL),
    ):
        page = read(address, server=hostile, shown=drawn)
        expect(page.locator('img[src="x"]')).to_have_count(0)
        expect(page.locator('a[href^="javascript"]')).to_have_count(0)
        expect(page).to_have_title("Data \N{EN DASH} Meaux Analytics")
