"""Pages as a reader meets them: opened from `app.py`, on a database and a day of one's own."""

import functools
import hashlib
import itertools
import json
import os
import pickle
import re
import shutil
import socket
import sqlite3
import threading
from collections import OrderedDict
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest, local_script_runner

from meaux.charts.sparkline import points as points_of
from meaux.data import settings, source
from meaux.data.database import Fetched, SQLiteFile, Statement, retries
from meaux.data.database.retries import A_MOMENT
from meaux.data.plan import read_plan_file
from meaux.data.schema import bind
from meaux.demo import database as demo_database
from meaux.query.memo import Memo, _same
from meaux.query.workbook import About
from meaux.ui import pages
from meaux.ui.loading import cache, data, shared
from meaux.ui.shell import strip

PROJECT = Path(__file__).resolve().parent.parent.parent
APP = PROJECT / "app.py"
TODAY = "2026-11-22"
SECONDS_A_RUN_MAY_TAKE = 30

NUMBERS = itertools.count()
"""Each test has a D1 of its own: what is known of another isn't taken for it."""


class Page:
    """An open page and what stands on it, in words without Markdown's escapes."""

    def __init__(self, app):
        self.app = app

    def run(self):
        self.app.run()
        return self

    def choose(self, key, value):
        """Set one filter and run."""
        self.app.get_by_key(key).set_value(value)
        return self.run()

    def data_of(self, title):
        """Open the drawer with a card's data."""
        self.app.get_by_key(f"data {title}").click()
        return self.run().drawer

    def press(self, label):
        """Click the button of this name and run."""
        self.button(label).click()
        return self.run()

    def button(self, label):
        return next(button for button in self.app.button if button.label == label)

    @property
    def is_closed(self):
        """Whether the frame shows no page, because nothing could be opened."""
        return any(button.label == "Try again" for button in self.app.button)

    @property
    def exceptions(self):
        return [exception.message for exception in self.app.exception]

    @property
    def errors(self):
        return [plain(error.value) for error in self.app.error]

    @property
    def warnings(self):
        return [plain(warning.value) for warning in self.app.warning]

    @property
    def notices(self):
        return [plain(info.value) for info in self.app.info]

    @property
    def toasts(self):
        return [plain(toast.value) for toast in self.app.toast]

    @property
    def sentence(self):
        """The header's sentence: the period, its zone, and what it is compared with."""
        return next(
            words
            for m in self.app.main.markdown
            if " (" in (words := plain(m.value)) and "20" in m.value
        )

    @property
    def strip(self):
        """How old the data are and what they took, as the header strip says it."""
        said = (plain(caption.value) for caption in self.app.main.caption)
        return next(words for words in said if words.startswith(("Data loaded", "No data")))

    @property
    def between(self):
        """What is said in sentences outside of every card."""
        loose = (node for node in _loose(self.app.main) if node.type in ("caption", "alert"))
        said = [plain(node.value) for node in loose]
        return [words for words in said if not words.startswith(("Data loaded", "No data"))]

    @property
    def sheets(self):
        """The table that each card shows, by its title, as the page's workbook holds it."""
        held = self.app.session_state["receipt"].sheets
        return {title: sheet.frame for title, sheet in held.items()}

    @property
    def workbook(self):
        """The page's workbook, as its button makes it."""
        state = self.app.session_state
        options = state["options"].items()
        names = {key: {id_: name for name, id_ in of.items()} for key, of in options}
        about = About("The page", {}, state["selection"].zone)
        return strip._workbook(state["receipt"], about, lambda: names)

    @property
    def words(self):
        """Everything that stands on the page and in the sidebar, as sent to the browser."""
        return "\n".join(str(node.proto) for node in _leaves(self.app._tree))

    @property
    def buttons(self):
        """What stands on the buttons, in order."""
        return [plain(button.label) for button in self.app.button]

    @property
    def drawer(self):
        """The open drawer; None while none is."""
        return next(iter(self.app.get("dialog")), None)

    def figures(self):
        return [metric.label for metric in self.app.metric]

    def figure(self, label):
        """The number card of this label."""
        framed = (block for block in _framed(self.app.main) if block.metric)
        block = next(block for block in framed if block.metric[0].label == label)
        return Figure(block)

    def number_cards(self):
        """Every number card in order, by its label."""
        framed = (b for b in _framed(self.app.main) if b.metric and not b.header)
        return {b.metric[0].label: Figure(b) for b in framed}

    def cards(self):
        """Every other card in order, by its title."""
        framed = (block for block in _framed(self.app.main) if block.header)
        return {plain(block.header[0].value): Card(block) for block in framed}

    def titles(self):
        """The titles of all cards but the number cards."""
        return [plain(head.value) for head in self.app.main.header]

    def card(self, title):
        """The card of this title."""
        framed = (block for block in _framed(self.app._tree) if block.header)
        return Card(next(b for b in framed if plain(b.header[0].value) == title))


class Figure:
    """A number card."""

    def __init__(self, block):
        metric = block.metric[0]
        self.value = plain(metric.value)
        self.delta = metric.delta
        self.versus = plain(metric.proto.delta_description)
        self.help = plain(metric.help)
        points = list(metric.proto.chart_data)
        self.trend = _course(points)
        self.note = " ".join(_texts(block, "caption"))


class Card:
    """A card with a chart or a table, or with what stands in their place."""

    def __init__(self, block):
        self.block = block

    @property
    def state(self):
        """What the card says in place of its chart; empty where it has one."""
        return " ".join([*_texts(self.block, "info"), *_texts(self.block, "error")])

    @property
    def is_broken(self):
        return bool(_texts(self.block, "error"))

    @property
    def note(self):
        """The captions below the body."""
        return " ".join(
            plain(child.value) for child in self.block.children.values() if child.type == "caption"
        )

    @property
    def is_drawn(self):
        """Whether it has a chart, a table or tiles."""
        drawn = self.block.get("vega_lite_chart") or self.block.dataframe
        return bool(drawn or list(_framed(self.block)))

    @property
    def tiles(self):
        """What stands on each of its tiles, its number first, in words without marks."""
        return [
            [*(plain(metric.value) for metric in tile.metric), *map(bare, _texts(tile, "markdown"))]
            for tile in _framed(self.block)
        ]

    @property
    def help(self):
        """The definition behind the question mark."""
        return plain(self.block.header[0].help)

    @property
    def links(self):
        """The links to other pages: what each says, and what its URL asks for."""
        found = (node.proto for node in self.block.get("page_link"))
        return [(plain(link.label), link.query_string) for link in found]

    @property
    def description(self):
        """What the card's chart says to those who can't see it."""
        return json.loads(self.block.get("vega_lite_chart")[0].proto.spec)["description"]

    @property
    def table(self):
        return self.block.dataframe[0].value

    @property
    def has_data(self):
        """Whether it opens a drawer with its data."""
        return any(button.label == "Data" for button in self.block.get("button"))


def _course(points):
    """The values of a small chart, each of which has many points; a zero may come first."""
    for count in range(1, len(points) + 1):
        each, first = points_of(count), len(points) - count * points_of(count)
        blocks = [set(points[start : start + each]) for start in range(first, len(points), each)]
        if first in (0, 1) and all(len(block) == 1 for block in blocks):
            return points[first::each]
    return []


def plain(words):
    """The words without Markdown's backslashes, with hyphens for dashes, as one types them."""
    return re.sub(r"\\(.)", r"\1", words).replace("\N{EN DASH}", "-")


def bare(words):
    """The words without bold and small print, a line's end as a blank."""
    return " ".join(re.sub(r":small\[(.*?)\]|\*\*", r"\1", words).split())


def _texts(block, kind):
    return [plain(node.value) for node in block.get(kind)]


def _framed(node):
    """The blocks with a border, from the top of the page down."""
    for child in node.children.values():
        if hasattr(child, "children"):
            if child.type == "flex_container" and child.proto.flex_container.border:
                yield child
            yield from _framed(child)


def _loose(node):
    """What stands in no block with a border, from the top of the page down."""
    for child in node.children.values():
        if not hasattr(child, "children"):
            yield child
        elif not (child.type == "flex_container" and child.proto.flex_container.border):
            yield from _loose(child)


def _leaves(node):
    if not hasattr(node, "children"):
        yield node
        return
    if getattr(node, "proto", None) is not None:
        yield node
    for child in node.children.values():
        yield from _leaves(child)


class Counting:
    """A database that hands everything to the real one, and notes every call."""

    def __init__(self, inside):
        self.inside = inside
        self.calls = []
        self.fault = lambda _statement: None
        self._lock = threading.Lock()

    @property
    def name(self):
        return self.inside.name

    @property
    def title(self):
        return self.inside.title

    def fetch(self, statements):
        with self._lock:
            self.calls.append(list(statements))
        for statement in statements:
            error = self.fault(statement)
            if error is not None:
                raise error
        return self.inside.fetch(statements)

    def fail(self, error, where=lambda _statement: True):
        """From now on raise this error for every call with a statement that is meant."""
        self.fault = lambda statement: error if where(statement) else None

    def recover(self):
        self.fault = lambda _statement: None


class ByContent(Memo):
    """What the tests of this process have made of rows, whichever file these were read from.

    Rows that are the same as others that were read before stand for those: what is made of rows
    depends on them alone.
    """

    def __init__(self):
        super().__init__(entries=RESULTS_KEPT, cells=CELLS_KEPT)
        self._known = {}
        self._first = {}
        self._latest = datetime.min.replace(tzinfo=UTC)
        self._each = threading.Lock()

    def call(self, function, *of):
        if not any(isinstance(value, Fetched) for value in of):
            return super().call(function, *of)
        key = (function, *map(_same, of))
        if key not in self._known:
            rest = [value for value in of if not isinstance(value, Fetched)]
            fetched = [self._read_first(value) for value in of if isinstance(value, Fetched)]
            self._known[key] = rest, fetched
        fetched = iter(self._known[key][1])
        first = [next(fetched) if isinstance(value, Fetched) else value for value in of]
        return super().call(function, *first)

    def _read_first(self, value):
        """The first that was read with these rows, at a time of its own by which it is told."""
        key = content(told(value.rows))
        with self._each:
            if key not in self._first:
                self._latest = max(value.at, self._latest + timedelta(microseconds=1))
                self._first[key] = replace(value, at=self._latest)
            return self._first[key]


def told(rows):
    """What rows tell, but for how long they took."""
    return rows.columns, rows.rows, rows.meta.rows_read, rows.meta.served_by


def content(value):
    """What tells a value from others: 1 is not 1.0, nor True."""
    return hashlib.sha256(repr(value).encode("utf-8", "surrogatepass")).digest()


RESULTS_KEPT = 40_000
CELLS_KEPT = 8_000_000
BINDINGS_KEPT = 40
PAGES_KEPT = 60


def wait_for(script, timeout):
    """Wait until a page has been drawn, without looking for it every millisecond."""
    script._script_thread.join(timeout)
    AS_STREAMLIT_WAITS(script, 0 if script._script_thread.is_alive() else timeout)


AS_STREAMLIT_WAITS = local_script_runner.require_widgets_deltas


@pytest.fixture(scope="session")
def made_once():
    """What is made of rows, once for every test of this process that changes nothing of how."""
    return ByContent()


@pytest.fixture(scope="session")
def bind_once():
    """Bind a model to a schema as the product does, once for every test of this process.

    What is bound depends on the arguments alone, but for how long the rows took: a test's world
    stays its own. A binding that is the same as another in all that it holds stands for that one.
    """
    known, bindings = [], {}

    def bind_once(model, catalog, *rows):
        of = (model, catalog, content([{name: told(one) for name, one in d.items()} for d in rows]))
        for seen, binding in known:
            if seen == of:
                return binding
        made = bind(model, catalog, *rows)
        holds = hashlib.sha256(pickle.dumps(made)).digest()
        bindings[holds] = bindings.pop(holds, made)
        if len(bindings) > BINDINGS_KEPT:
            del bindings[next(iter(bindings))]
        known.append((of, bindings[holds]))
        del known[:-BINDINGS_KEPT]
        return bindings[holds]

    return bind_once


@pytest.fixture(scope="session")
def no_state(tmp_path_factory):
    """A state file that isn't there: one for all tests, which so have the same settings."""
    path = tmp_path_factory.mktemp("state") / "no-state.db"
    yield path
    assert not path.exists()


class World(pytest.MonkeyPatch):
    """What a test sets, which is undone after it."""

    def begin(self):
        self._begun = len(self._setattr)

    @property
    def is_as_it_began(self):
        """Whether a test has set nothing but variables of the environment."""
        return len(self._setattr) == self._begun


@pytest.fixture(autouse=True)
def world(request, tmp_path, bind_once, made_once, no_state):
    """Settings and a plan of the test's own, whatever the machine has.

    A test changes settings, clocks and connections by `world`. One that changes by `monkeypatch`
    what is made of rows makes everything anew.
    """
    with World.context() as patch:
        for name in [*os.environ]:
            if name.startswith(("MEAUX_", "CLOUDFLARE_")):
                patch.delenv(name)
        patch.setenv("MEAUX_TODAY", TODAY)
        patch.setenv("MEAUX_TIMEZONE", "UTC")
        patch.setenv("MEAUX_STATE", str(no_state))
        patch.setattr(settings, "read_secrets", lambda *_: {})
        patch.setattr(st, "secrets", st.runtime.secrets.Secrets())
        patch.setattr(st.secrets, "_secrets", {})
        patch.setattr(demo_database, "DEFAULT_PATH", tmp_path / "no-demo.db")
        plan = functools.partial(data.read_plan_file, tmp_path / "no-plan.toml")
        patch.setattr(data, "read_plan_file", plan)
        opened = functools.partial(source.open_source, override=tmp_path / "no-schema.toml")
        patch.setattr(source, "open_source", opened)
        patch.setattr(source, "bind", bind_once)
        # Each new session looks through every installed package for components. There are none.
        patch.setattr(manifest_scanner, "scan_component_manifests", list)
        patch.setattr(local_script_runner, "require_widgets_deltas", wait_for)
        patch.setattr(data, "_memo", Memo() if "monkeypatch" in request.fixturenames else made_once)
        patch.begin()
        yield patch


DRAW_ANEW = {"drawn_anew", "monkeypatch", "counting", "behind", "empty_caches", "caplog", "capfd"}
"""The fixtures by which a test changes or watches how a page is drawn."""

HOW_IT_IS_READ = {"monkeypatch", "counting", "behind", "declare_mapping"}
"""The fixtures by which a test changes or counts how a file is read."""


@pytest.fixture
def own(request, tmp_path):
    """The name by which a test opens a file that others read too.

    Tests share what this process has read of a file. One that changes how it is read, or that
    counts calls, gives the file a name of its own, of which nothing is known yet.
    """
    shares = not HOW_IT_IS_READ & {*request.fixturenames}

    def own(path):
        if shares or tmp_path in path.parents:
            return path
        named = tmp_path / "own" / path.parent.name / path.name
        named.parent.mkdir(parents=True, exist_ok=True)
        if not named.exists():
            named.hardlink_to(path)
        return named

    return own


@pytest.fixture
def empty_caches():
    """Begin and end with empty caches."""
    forget()
    yield
    forget()


def forget():
    """Empty every cache of the process."""
    st.cache_data.clear()
    st.cache_resource.clear()
    data.try_again()
    # A test may hold back what is asked behind a page: nobody would ever answer it.
    for flights in (shared.openings, cache.questions):
        flights._flying.clear()


class Drawn:
    """Pages that tests of this process have drawn and not gone on with, for others to look at."""

    def __init__(self):
        self._apps = OrderedDict()

    def take(self, key):
        """The page that was drawn of this, if it still stands as it was drawn; else None."""
        app, tree = self._apps.get(key, (None, None))
        return app if app is not None and app._tree is tree else None

    def keep(self, key, app):
        self._apps[key] = app, app._tree
        if len(self._apps) > PAGES_KEPT:
            self._apps.popitem(last=False)


@pytest.fixture(scope="session")
def drawn_pages():
    return Drawn()


@pytest.fixture
def drawn_anew():
    """Have the pages of a test be drawn by it alone: it watches how."""


@pytest.fixture
def drawn_alike(request, world, demo_file):
    """Return how to find again what is drawn of this; None if a test may draw it differently.

    A test that opens the same page twice has two sessions.
    """
    opened = set()

    def drawn_alike(database, *of):
        is_alone = DRAW_ANEW & {*request.fixturenames} or not world.is_as_it_began
        if is_alone or database != demo_file:
            return None
        key = (*of, *sorted(item for item in os.environ.items() if item[0].startswith("MEAUX_")))
        if key in opened:
            return None
        opened.add(key)
        return key

    return drawn_alike


@pytest.fixture
def open_page(world, own, demo_file, drawn_pages, drawn_alike):
    """Open a page in a new session: of the demo, or of another database; the rest is the URL.

    A page of the demo on which no test has done anything yet is drawn once for all of them.
    """

    def open_page(database=demo_file, page=pages.PAGES[0], also=(), *, lifetime=False, **url):
        if database is not None:
            world.setenv("MEAUX_DATABASE", str(own(database)))
        asked = {**url, **dict(also)}
        key = drawn_alike(database, page.title, repr(asked), lifetime)
        if key is not None and (app := drawn_pages.take(key)) is not None:
            return Page(app)
        app = AppTest.from_file(APP, default_timeout=SECONDS_A_RUN_MAY_TAKE)
        for name, value in asked.items():
            app.query_params[name] = value
        if lifetime:
            app.session_state["lifetime"] = True
        if page is not pages.PAGES[0]:
            app.switch_page(f"pages/{page.script}")
        shown = Page(app).run()
        if key is not None:
            drawn_pages.keep(key, app)
        return shown

    open_page.without_file = lambda: world.delenv("MEAUX_DATABASE")
    return open_page


@pytest.fixture
def declare(world, tmp_path):
    """Write a plan that the pages read."""

    def declare(text):
        path = tmp_path / "meaux.toml"
        path.write_text(text, encoding="utf-8")
        world.setattr(data, "read_plan_file", functools.partial(read_plan_file, path))

    return declare


@pytest.fixture
def counting(world):
    """The databases that are opened from now on, each with its calls."""
    opened = []
    connect = source.connect

    def connect_and_count(*args, **kwargs):
        opened.append(Counting(connect(*args, **kwargs)))
        return opened[-1]

    world.setattr(source, "connect", connect_and_count)
    return opened


@pytest.fixture
def pass_by(world):
    """Let so many seconds pass for what is remembered of failures."""

    def pass_by(seconds=A_MOMENT):
        for flights in (shared.openings, cache.questions):
            now = flights._clock() + seconds
            world.setattr(flights, "_clock", lambda now=now: now)

    return pass_by


@pytest.fixture
def demo_copy(demo_file, tmp_path):
    """A copy of the demo that a test may change: call it with a script."""
    path = tmp_path / "copy.db"
    shutil.copyfile(demo_file, path)

    def change(script=""):
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(f"PRAGMA synchronous = OFF; {script}")
        return path

    return change


@pytest.fixture
def file_of(tmp_path):
    """A new SQLite file that a script writes."""

    def file_of(script=""):
        path = tmp_path / "written.db"
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(f"PRAGMA synchronous = OFF; PRAGMA user_version = 1; {script}")
        return path

    return file_of


class LoopbackD1(ThreadingHTTPServer):
    """Answers as D1 does, from a SQLite file; refuses every token but one."""

    def __init__(self, path, token):
        self.database = SQLiteFile(path)
        self.token = token
        super().__init__(("127.0.0.1", 0), _D1Handler)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/client/v4"


class _D1Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if self.headers["authorization"] != f"Bearer {self.server.token}":
            refusal = {"code": 10000, "message": "Authentication error"}
            self._say(401, {"success": False, "errors": [refusal], "messages": [], "result": None})
            return
        asked = [Statement(one["sql"], tuple(one["params"])) for one in body.get("batch", [body])]
        answers = [
            {
                "success": True,
                "results": {"columns": rows.columns, "rows": rows.rows},
                "meta": {"rows_read": 7, "duration": 0.5, "served_by_region": "WNAM"},
            }
            for rows in self.server.database.fetch(asked)
        ]
        self._say(200, {"success": True, "errors": [], "messages": [], "result": answers})

    def _say(self, status, answer):
        content = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def loopback_d1(demo_file):
    """The demo behind a server that speaks D1's words."""
    with LoopbackD1(demo_file, "the-one-good-token") as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def no_d1():
    """The address of an API that nobody serves."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}/client/v4"


@pytest.fixture
def name_d1(world):
    """Have the settings name a D1 database at an address, with a token."""

    def name_d1(base_url, token):
        world.setattr(retries, "_FIRST_PAUSE", 0.0)
        world.setenv("CLOUDFLARE_ACCOUNT_ID", "an-account")
        world.setenv("CLOUDFLARE_DATABASE_ID", f"d8261777-0000-4000-8000-{next(NUMBERS):012}")
        world.setenv("CLOUDFLARE_API_TOKEN", token)
        world.setenv("CLOUDFLARE_API_BASE_URL", base_url)

    return name_d1


FIVE_TABLES = """
CREATE TABLE projects (
  id TEXT PRIMARY KEY, org_id TEXT, team_id TEXT, name TEXT, slug TEXT, status TEXT,
  priority TEXT, color TEXT
);
CREATE TABLE project_stats (
  project_id TEXT, project_name TEXT, url TEXT, status TEXT, type TEXT, category TEXT,
  last_deployed_at INTEGER
);
CREATE TABLE project_costs (
  project_id TEXT, total_time_seconds INTEGER, total_time_cost REAL, total_ai_tokens INTEGER,
  total_ai_cost REAL, total_cost REAL
);
CREATE TABLE worker_stats (
  worker_id TEXT, worker_name TEXT, url TEXT, status TEXT, category TEXT,
  total_requests INTEGER, last_request_at INTEGER
);
CREATE TABLE time_entries (
  id TEXT PRIMARY KEY, started_at INTEGER, ended_at INTEGER, seconds INTEGER, cost_usd REAL,
  note TEXT
);
INSERT INTO projects VALUES
  ('p1', 'o', 'team_red', 'Alpha', 'alpha', 'active', 'high', '#112233'),
  ('p2', 'o', 'team_red', 'Beta', 'beta', 'paused', 'low', NULL),
  ('p3', 'o', 'team_blue', 'Gamma', 'gamma', 'archived', 'low', NULL),
  ('p4', 'o', NULL, 'Delta', 'delta', 'active', 'low', NULL);
INSERT INTO project_stats VALUES ('p1', 'Alpha', NULL, 'live', 'web', 'shop', 1795300000);
INSERT INTO project_costs VALUES ('p1', 7200, 150.0, 1000, 3.5, 153.5);
INSERT INTO time_entries VALUES
  ('t1', 1795180000, 1795183600, 3600, 80.0, 'two days ago'),
  ('t2', 1795183600, 1795190800, 7200, NULL, 'no price'),
  ('t3', 1792500000, 1792503600, 3600, 70.0, 'last month');
"""
"""The tables and columns that the mission names, and no other; `worker_stats` has no rows."""


@pytest.fixture
def five_tables(file_of):
    return file_of(FIVE_TABLES)


@pytest.fixture
def sixty_empty_tables(file_of):
    """The demo's schema without a row."""
    return file_of((PROJECT / "meaux" / "demo" / "schema.sql").read_text(encoding="utf-8"))
