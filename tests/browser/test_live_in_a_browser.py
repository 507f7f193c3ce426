"""Live in a browser: figures follow the database, and nothing else moves."""

import re
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from meaux.data.settings import PROJECT

NINE = int(datetime(2026, 11, 22, 9, tzinfo=UTC).timestamp())
INSERT = (
    "INSERT INTO time_entries (id, project_id, user_id, started_at, ended_at, seconds, cost_usd) "
    "VALUES (?, 'prj_bolt', 'usr_yuki', ?, ?, 36000, 1000)"
)
METRICS = '[data-testid="stMetric"]'
WATCH = """
() => {
  const main = document.querySelector('[data-testid="stMain"]');
  main.scrollTo(0, 300);
  window.nodes = [...document.querySelectorAll(
    '[data-testid="stMetric"], [data-testid="stVegaLiteChart"]')];
  window.scrolls = new Set();
  window.blank = 0;
  const look = () => {
    window.scrolls.add(main.scrollTop);
    window.blank += [...document.querySelectorAll('[data-testid="stVegaLiteChart"]')]
      .filter(chart => !chart.querySelector('svg.marks path')).length;
    requestAnimationFrame(look);
  };
  look();
}
"""
SEEN = """
() => ({
  scrolls: [...window.scrolls],
  blank: window.blank,
  gone: window.nodes.filter(node => !node.isConnected).length,
})
"""
HIDE = """
hidden => {
  Object.defineProperty(document, 'hidden', {value: hidden, configurable: true});
  document.dispatchEvent(new Event('visibilitychange'));
}
"""


@pytest.fixture(scope="module")
def written_file(demo_file, tmp_path_factory):
    """A demo to which rows are written while it is open."""
    path = tmp_path_factory.mktemp("written") / "written.db"
    shutil.copyfile(demo_file, path)
    return path


HURRIED = """
from datetime import timedelta

from meaux.ui.live import following, wall

following.INTERVALS["10s"] = wall.SHORTEST = timedelta(seconds=2)
"""
"""The shortest intervals, so that nobody waits for them."""


@pytest.fixture(scope="module")
def followed(start, written_file):
    """A dashboard on that demo, whose shortest intervals are shorter still."""
    app = (PROJECT / "app.py").read_text(encoding="utf-8")
    return start(written_file, files={"app.py": HURRIED + app})


def write(path, name):
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(INSERT, (name, NINE, NINE + 36_000))


def test_a_figure_follows_the_database_and_nothing_else_moves(read, followed, written_file):
    page = read("/?live=10s", followed)
    logged = page.locator(METRICS).filter(has_text="Total time logged")
    value = logged.locator('[data-testid="stMetricValue"]')
    before = float(value.inner_text().removesuffix(" h").replace(",", ""))
    page.evaluate(WATCH)
    write(written_file, "new")
    expect(value).to_have_text(f"{before + 10:,.1f} h")
    expect(page.get_by_text("New rows")).to_be_visible()
    assert page.evaluate(SEEN) == {"scrolls": [300], "blank": 0, "gone": 0}


def test_live_pauses_while_the_tab_is_hidden_or_a_menu_is_open(read, followed):
    page = read("/?live=5min", followed)
    page.evaluate(HIDE, True)
    expect(page.get_by_text("Live is paused while the tab is hidden.")).to_be_visible()
    page.evaluate(HIDE, False)
    expect(page.get_by_text("Live is paused")).to_have_count(0)
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_text("Live is paused while a dialog or menu is open.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_text("Live is paused")).to_have_count(0)


def test_the_pages_of_a_wall_take_turns_until_somebody_leaves_it(read, followed):
    def shown(page):
        expect(page.get_by_role("heading", name="Home")).to_be_visible()
        expect(page.get_by_test_id("stSidebar")).to_have_count(0)
        return page

    address = "/?wall=1&pages=home,operations&every=2s&period=Last+7+days"
    page = read(address, followed, shown)
    expect(page.get_by_role("heading", name="Operations")).to_be_visible()
    expect(page.get_by_role("heading", name="Home")).to_have_count(0)
    expect(page).to_have_url(followed.url + address)
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("stSidebar")).to_be_visible()
    expect(page).not_to_have_url(re.compile("wall"))
