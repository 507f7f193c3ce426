"""Take the README's pictures: `make pictures`.

The dashboard runs on the demo, on loopback, from a copy of the sources without anybody's settings.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from conftest import DRAWN, FLAGS, NOT_RUNNING, _chromium
from playwright.sync_api import sync_playwright
from served import PROJECT, Server, copied

PICTURES = {"home": "/"}
"""The page that each picture in docs/ shows."""

DEMO = ""
"""The name of no database: the dashboard opens its demo."""

SIZE = {"width": 1440, "height": 1100}
BUILDING_MS = 180_000
"""The first page waits until the demo is built."""


def take(browser, url):
    """Take each picture once its page is drawn."""
    for name, address in PICTURES.items():
        page = browser.new_page(viewport=SIZE, locale="en-GB")
        page.set_default_timeout(BUILDING_MS)
        page.goto(url + address)
        page.get_by_text("Data loaded").wait_for()
        page.locator(NOT_RUNNING).wait_for()
        page.locator(DRAWN).first.wait_for()
        path = PROJECT / "docs" / f"{name}.png"
        page.screenshot(path=path, animations="disabled")
        print(path.relative_to(PROJECT))  # noqa: T201


def main():
    """Start the dashboard and a browser; end both, whatever happens."""
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        chromium = _chromium(playwright)
        if chromium is None:
            sys.exit("Chromium is needed: install it, or name one in the variable CHROMIUM.")
        server = Server(copied(Path(folder)), DEMO)
        try:
            server.wait()
            browser = playwright.chromium.launch(executable_path=chromium, args=[*FLAGS])
            take(browser, server.url)
            browser.close()
        finally:
            server.stop()


if __name__ == "__main__":
    main()
