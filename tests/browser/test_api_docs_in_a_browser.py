"""The page on which the API is read and tried: drawn by files of this server, within its policy."""

import re

from playwright.sync_api import expect

from meaux.data import keys


def _drawn(page):
    page.locator("#operations-queries-queries").wait_for()
    return page


def test_an_endpoint_is_tried_with_a_key_on_the_page_of_the_docs(read, dashboard, key_file):
    page = read("/api/docs", shown=_drawn)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.locator(".scheme-container .authorize").click()
    page.locator(".modal-ux input").fill(keys.new(key_file, "reader"))
    page.locator(".modal-ux .authorize").click()
    page.locator(".modal-ux .btn-done").click()
    shown = page.locator("#operations-state-readyz")
    shown.locator("button.opblock-summary-control").click()
    shown.locator(".try-out__btn").click()
    shown.locator(".execute").click()
    shown.locator(".live-responses-table .response .highlight-code").first.wait_for()
    assert asked
    assert all(url.startswith((dashboard.url, "data:", "blob:")) for url in asked)
    status = shown.locator(".live-responses-table .response .response-col_status").first
    expect(status).to_have_text(re.compile("^200"))
