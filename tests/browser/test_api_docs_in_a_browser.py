"""The page on which the API is read and tried: drawn by files of this server, within its policy."""

import re

import pytest
from playwright.sync_api import expect

from meaux.data import keys


@pytest.fixture(scope="module")
def key(tmp_path_factory):
    path = tmp_path_factory.mktemp("keys") / "keys.json"
    return path, keys.new(path, "reader")


@pytest.fixture(scope="module")
def with_api(start, demo_file, key):
    files = {".streamlit/meaux.toml": "[api]\non = true\n"}
    return start(demo_file, files=files, MEAUX_API_KEYS=str(key[0]))


def _drawn(page):
    page.locator("#operations-queries-queries").wait_for()
    return page


def test_an_endpoint_is_tried_with_a_key_on_the_page_of_the_docs(read, with_api, key):
    page = read("/api/docs", with_api, _drawn)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.locator(".scheme-container .authorize").click()
    page.locator(".modal-ux input").fill(key[1])
    page.locator(".modal-ux .authorize").click()
    page.locator(".modal-ux .btn-done").click()
    shown = page.locator("#operations-state-readyz")
    shown.locator("button.opblock-summary-control").click()
    shown.locator(".try-out__btn").click()
    shown.locator(".execute").click()
    shown.locator(".live-responses-table .response .highlight-code").first.wait_for()
    assert asked
    assert all(url.startswith((with_api.url, "data:", "blob:")) for url in asked)
    status = shown.locator(".live-responses-table .response .response-col_status").first
    expect(status).to_have_text(re.compile("^200"))
