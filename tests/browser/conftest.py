"""A real browser on a running dashboard; skipped where there is no Chromium."""

import contextlib
import os
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Error, expect, sync_playwright
from playwright.sync_api import TimeoutError as Late

PROJECT = Path(__file__).resolve().parent.parent.parent
PICTURES = PROJECT / "test-output"
NAMES_OF_CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)
PATIENCE_MS = 20_000
expect.set_options(timeout=PATIENCE_MS)

NOT_RUNNING = '[data-testid="stApp"][data-test-script-state="notRunning"]'
DRAWN = '[data-testid="stVegaLiteChart"] svg.marks'
LOOKED_FOR = "/_stcore/"
"""What Streamlit looks for below a page's own address first, and then finds at the root."""

KNOWN_WARNINGS = ("Infinite extent for field",)


def pytest_collection_modifyitems(items):
    """Browser tests share one worker, and with it one server and one browser."""
    here = Path(__file__).parent
    for item in items:
        if item.path.parent == here:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def dashboard(start, demo_file):
    """The dashboard on the small demo."""
    return start(demo_file)


@pytest.fixture(scope="module")
def chromium():
    """A browser; of a module, because its loop must not run below other tests."""
    with sync_playwright() as playwright:
        path = _chromium(playwright)
        if path is None:
            pytest.skip("needs Chromium: install it, or name one in the variable CHROMIUM")
        try:
            browser = playwright.chromium.launch(executable_path=path, args=[*FLAGS])
        except Error as error:
            pytest.skip(f"{path} does not start: {error.message.splitlines()[0]}")
        yield browser
        browser.close()


def _chromium(playwright):
    own = Path(playwright.chromium.executable_path)
    found = [os.environ.get("CHROMIUM"), *map(shutil.which, NAMES_OF_CHROMIUM)]
    found.append(str(own) if own.is_file() else None)
    return next(filter(None, found), None)


@pytest.fixture
def read(chromium, dashboard):
    """Open a page as a reader does; what the console complains about fails the test."""
    with contextlib.ExitStack() as closing:
        complaints = []

        def read(address="/", server=dashboard, shown=_settled, **reader):
            reader = {"viewport": {"width": 1440, "height": 1000}, "locale": "en-GB"} | reader
            context = chromium.new_context(**reader)
            closing.callback(context.close)
            context.set_default_timeout(PATIENCE_MS)
            page = context.new_page()
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on("console", lambda message: _note(message, complaints))
            page.goto(server.url + address)
            try:
                return shown(page)
            except Late:
                pytest.fail(f"{address} was not drawn: {complaints}\n{server.log[-5_000:]}")

        yield read
        assert complaints == []


def _note(message, complaints):
    if LOOKED_FOR in message.location["url"]:
        return
    if message.type in ("error", "warning") and not any(w in message.text for w in KNOWN_WARNINGS):
        complaints.append(f"{message.type}: {message.text}")


def _settled(page):
    """Wait until the script has run and every chart is drawn; gives the page back."""
    page.locator(NOT_RUNNING).wait_for()
    page.get_by_text("Latest activity", exact=True).wait_for()
    page.locator(DRAWN).nth(3).wait_for()
    return page


@pytest.fixture
def settled():
    """Wait until a page has run and every chart is drawn."""
    return _settled


@pytest.fixture
def picture():
    """Keep a picture of a page, from its top to its end."""
    PICTURES.mkdir(exist_ok=True)

    def picture(page, name):
        width = page.viewport_size["width"]
        height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
        page.set_viewport_size({"width": width, "height": height})
        _settled(page)
        page.screenshot(path=PICTURES / f"{name}.png", animations="disabled")

    return picture
