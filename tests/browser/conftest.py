"""A real browser on a running dashboard; skipped where there is no Chromium."""

import os
import shutil
import sqlite3
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from playwright.sync_api import Error, expect, sync_playwright
from playwright.sync_api import TimeoutError as Late
from visitors import EVIL, EVIL_TABLE, READER

pytest.register_assert_rewrite("layout")

HERE = Path(__file__).parent
PROJECT = HERE.resolve().parent.parent
PICTURES = PROJECT / "test-output"
NAMES_OF_CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    # Compile quickly and once: no page stays open long enough to pay for faster code.
    "--js-flags=--no-opt --no-maglev --always-sparkplug",
)
PATIENCE_MS = 60_000
expect.set_options(timeout=PATIENCE_MS)

NOT_RUNNING = '[data-testid="stApp"][data-test-script-state="notRunning"]'
DRAWN = '[data-testid="stVegaLiteChart"] svg.marks'
LOOKED_FOR = "/_stcore/"
"""What Streamlit looks for below a page's own address first, and then finds at the root."""

KNOWN_WARNINGS = ("Infinite extent for field",)
FORBIDDEN = "document.addEventListener('securitypolicyviolation', e => told(e.violatedDirective))"

STILL = """
const still = new CSSStyleSheet();
still.replaceSync(`*, *::before, *::after {
    animation: none !important;
    transition: none !important;
}`);
document.adoptedStyleSheets = [still];
"""
"""Nothing moves: without a graphics card, a processor draws each frame of what fades or turns."""

EMULATED = ("viewport", "color_scheme", "timezone_id")
"""What a tab can change: readers who differ in nothing else share one, and what it has loaded."""

AFTER_THIS_FOLDER = ExitStack()
"""What is closed then."""


def pytest_collection_modifyitems(items):
    """Mark what drives a browser."""
    for item in items:
        if item.path.parent == HERE:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def key_file(tmp_path_factory):
    """The keys of the API."""
    return tmp_path_factory.mktemp("keys") / "keys.json"


@pytest.fixture(scope="session")
def dashboard(start, demo_file, key_file):
    """The dashboard on the small demo, with its API."""
    files = {".streamlit/meaux.toml": "[api]\non = true\n"}
    return start(demo_file, files=files, MEAUX_API_KEYS=str(key_file))


@pytest.fixture(scope="session")
def asked_for(start, demo_file):
    """A dashboard that answers one host, may be framed by one site, and shows its metrics."""
    return start(
        demo_file,
        "--server.allowedHosts=127.0.0.1",
        "--server.allowedHosts=*.example.com",
        MEAUX_FRAME_ANCESTORS="https://intranet.example.com",
        MEAUX_METRICS="yes",
        MEAUX_OPEN="yes",
    )


@pytest.fixture(scope="session")
def hostile_file(demo_file, tmp_path_factory):
    """A demo in which names are attacks, those of a table and its column too."""
    path = tmp_path_factory.mktemp("hostile") / "hostile.db"
    shutil.copyfile(demo_file, path)
    name = '"' + EVIL_TABLE.replace('"', '""') + '"'
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE projects SET name = ? WHERE id = 'prj_cafe_etoile'", [EVIL])
        connection.execute("UPDATE projects SET status = ? WHERE id = 'prj_bolt'", [EVIL])
        connection.execute("UPDATE teams SET name = ? WHERE id = 'team_client'", [EVIL])
        connection.execute("UPDATE openai_spending_alerts SET message = ?", [EVIL])
        connection.execute("UPDATE project_activity SET description = ?", [EVIL])
        connection.execute(f"CREATE TABLE {name} ({name} TEXT)")
        connection.execute(f"INSERT INTO {name} VALUES (?)", [EVIL_TABLE])
    return path


@pytest.fixture(scope="session")
def hostile(start, hostile_file):
    """A dashboard on the demo in which names are attacks."""
    return start(hostile_file)


@pytest.fixture(scope="session")
def chromium():
    """A browser, until the last test of this folder: its loop must not run below other tests."""
    playwright = AFTER_THIS_FOLDER.enter_context(sync_playwright())
    path = _chromium(playwright)
    if path is None:
        pytest.skip("needs Chromium: install it, or name one in the variable CHROMIUM")
    try:
        browser = playwright.chromium.launch(executable_path=path, args=[*FLAGS])
    except Error as error:
        pytest.skip(f"{path} does not start: {error.message.splitlines()[0]}")
    AFTER_THIS_FOLDER.callback(browser.close)
    return browser


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(nextitem):
    """Close the browser after the last test of this folder."""
    if nextitem is None or nextitem.path.parent != HERE:
        AFTER_THIS_FOLDER.close()


def _chromium(playwright):
    own = Path(playwright.chromium.executable_path)
    found = [os.environ.get("CHROMIUM"), *map(shutil.which, NAMES_OF_CHROMIUM)]
    found.append(str(own) if own.is_file() else None)
    return next(filter(None, found), None)


class Tab:
    """A tab of one kind of reader, which opens page after page and notes what goes wrong."""

    def __init__(self, chromium, reader):
        self.complaints = []
        self.page = chromium.new_context(**reader).new_page()
        self.page.set_default_timeout(PATIENCE_MS)
        self._told = self.page.context.new_cdp_session(self.page)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._note)
        self.page.expose_binding(
            "told", lambda _, rule: self.complaints.append(f"forbidden: {rule}")
        )
        self.page.add_init_script(FORBIDDEN)
        self.page.add_init_script(STILL)
        self._kept = None

    def open(self, address, *, viewport, color_scheme, timezone_id, kept=False):
        """Open a page, unless the tab has kept it open."""
        self.page.set_viewport_size(viewport)
        self.page.emulate_media(color_scheme=color_scheme)
        self._told.send("Emulation.setTimezoneOverride", {"timezoneId": timezone_id or ""})
        this = (address, color_scheme, timezone_id)
        if kept and self._kept == this:
            return
        if self._kept:
            self._clear()
        self._kept = this if kept else None
        self.page.goto(address)

    def leave(self, *, failed=False):
        """Leave the page, and nothing of it unless it is kept; returns what went wrong."""
        complaints = [*self.complaints]
        if failed or complaints or not self._kept:
            self._clear()
        self.complaints.clear()
        return complaints

    def _clear(self):
        self.page.evaluate("localStorage.clear(); sessionStorage.clear()")
        self.page.context.clear_cookies()
        self.page.goto("about:blank")
        self._kept = None

    def _note(self, message):
        if LOOKED_FOR in message.location["url"]:
            return
        if message.type in ("error", "warning") and not any(
            words in message.text for words in KNOWN_WARNINGS
        ):
            self.complaints.append(f"{message.type}: {message.text}")


@pytest.fixture(scope="session")
def tab_of(chromium):
    """The tab of a kind of reader: what one page has loaded, the next need not load again."""
    tabs = {}

    def tab_of(**reader):
        lasting = {name: told for name, told in reader.items() if name not in EMULATED}
        kind = str(sorted(lasting.items()))
        if kind not in tabs:
            tabs[kind] = Tab(chromium, READER | lasting)
        return tabs[kind]

    return tab_of


@pytest.fixture
def page(tab_of):
    """An empty page, whose complaints don't count, in a browser that knows nobody."""
    tab = tab_of()
    tab.open("about:blank", **{name: READER.get(name) for name in EMULATED})
    yield tab.page
    tab.leave()


@pytest.fixture
def read(tab_of, dashboard, request):
    """Open a page as a reader does.

    What the console complains about, or the page's policy forbids, fails the test. A page that is
    `kept` stays open for the next test that asks for it: a test that passes leaves it as it was.
    """
    used, failed = [], request.session.testsfailed

    def read(address="/", server=dashboard, shown=_settled, *, kept=False, **reader):
        tab = tab_of(**reader)
        used.append(tab)
        seen = {name: (READER | reader).get(name) for name in EMULATED}
        tab.open(server.url + address, **seen, kept=kept)
        try:
            return shown(tab.page)
        except Late:
            pytest.fail(f"{address} was not drawn: {tab.complaints}\n{server.log[-5_000:]}")

    yield read
    failed = request.session.testsfailed > failed
    complaints = [words for tab in dict.fromkeys(used) for words in tab.leave(failed=failed)]
    assert complaints == []


def _settled(page):
    """Wait until the script has run and every chart is drawn; gives the page back."""
    page.get_by_text("Latest activity", exact=True).wait_for()
    page.locator(DRAWN).nth(3).wait_for()
    page.locator(NOT_RUNNING).wait_for()
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
