"""A real browser on a running dashboard; skipped where there is no Chromium."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Error, expect, sync_playwright
from playwright.sync_api import TimeoutError as Late
from requests.adapters import HTTPAdapter
from urllib3 import Retry

PROJECT = Path(__file__).resolve().parent.parent.parent
PICTURES = PROJECT / "test-output"
TODAY = "2026-11-22"
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
SECONDS_TO_STOP = 10
WAITING_FOR_HEALTH = Retry(total=None, connect=150, backoff_factor=0.05, backoff_max=0.2)
"""Half a minute of tries, each of which is refused until the server listens."""

NOT_RUNNING = '[data-testid="stApp"][data-test-script-state="notRunning"]'
DRAWN = '[data-testid="stVegaLiteChart"] svg.marks'
LOOKED_FOR = "/_stcore/"
"""What Streamlit looks for below a page's own address first, and then finds at the root."""

KNOWN_WARNINGS = ("Infinite extent for field",)


def pytest_collection_modifyitems(items):
    """Browser tests share one worker, and with it one server and one browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


class Server:
    """A dashboard in a process of its own, on a copy of the sources and a free port."""

    def __init__(self, folder, database, *options, **environment):
        self._log = folder / "server.log"
        port = _free_port()
        self.url = f"http://127.0.0.1:{port}"
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true"]
        command += ["--server.address=127.0.0.1", f"--server.port={port}"]
        command += ["--server.fileWatcherType=none", *options]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                command,
                cwd=folder,
                env=_environment(database) | environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait(self):
        """Return once the server answers."""
        with requests.Session() as session:
            session.mount("http://", HTTPAdapter(max_retries=WAITING_FOR_HEALTH))
            try:
                session.get(f"{self.url}/_stcore/health", timeout=5).raise_for_status()
            except requests.RequestException as error:
                pytest.fail(f"The dashboard did not start: {error}\n{self.log}")

    def stop(self):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGTERM)
        try:
            self._process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    @property
    def log(self):
        return self._log.read_text(encoding="utf-8", errors="replace")


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _environment(database):
    others = ("MEAUX_", "CLOUDFLARE_", "STREAMLIT_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(others)}
    return kept | {"MEAUX_DATABASE": str(database), "MEAUX_TODAY": TODAY, "MEAUX_TIMEZONE": "UTC"}


@pytest.fixture(scope="session")
def start(tmp_path_factory):
    """Start a dashboard on a database; the sources are copied, without anybody's secrets."""
    started = []

    def start(database, *options, **environment):
        folder = tmp_path_factory.mktemp("dashboard")
        for name in ("meaux", "pages"):
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(PROJECT / name, folder / name, ignore=ignored)
        (folder / ".streamlit").mkdir()
        shutil.copy(PROJECT / "app.py", folder)
        shutil.copy(PROJECT / ".streamlit" / "config.toml", folder / ".streamlit")
        started.append(Server(folder, database, *options, **environment))
        started[-1].wait()
        return started[-1]

    yield start
    for server in started:
        server.stop()


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
