"""What is measured: the rows of the table, a function for each group of them."""

from __future__ import annotations

import math
import re
import shutil
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from threading import Barrier

from d1.conftest import DATABASES, WRANGLER
from d1.conftest import running as local_d1
from served import Server
from visits import ADDRESSES, Visit, visit

from benchmarks.pages import browser, contenders
from benchmarks.pages.meter import Cost, cost_of, megabytes, rest
from benchmarks.pages.table import Row
from meaux.ui.pages import PAGES

HOME = ""
TITLES = dict(zip(ADDRESSES, (page.title for page in PAGES), strict=True))
WARM = {"Home": 0.3, "Financial analytics": 0.45}
OTHER_WARM, FILTER, COLD = 0.4, 0.3, 1.25
"""Goals: what a page may cost, divided by what stands beside it."""
CROWD, CROWD_WARM, CROWD_COLD, PERCENTILE = 20, 0.8, 2.0, 0.95
"""How many sessions open at once; seconds that all but one in twenty may take."""
FIRST_PAGE, FIRST_VISIT = 1.7, 2.0
"""Seconds from the start to the first page; megabytes of a first visit."""
ROWS_READ = {
    "Home": 26_000,
    "Executive overview": 26_000,
    "Financial analytics": 26_000,
    "Time tracking": 14_000,
    "Team performance": 14_000,
    "Project analytics": 13_000,
    "Resource usage": 16_000,
    "Analytics": 55_000,
}
SUPERSET = {"warm": 240 / 162, "cold": 625 / 295, "cold, large": 1_415 / 6_960}
"""What Superset cost, divided by the naive page, when both were measured on 26 November 2026."""

PERIODS = ("Last 90 days", "Last 30 days")
STARTS, CROWDS = 5, 5
MS = 1_000

CACHED, FETCHED, REFRESHED = ", cached", ", 1 database call", ", 2 database calls"
"""What the dashboard's own strip says of a page whose data are known, are not, or are refreshed:
the choices in the sidebar are then fetched too."""
READ = re.compile(r"([\d,]+) rows? read")
ERROR = 1
"""The format of an alert that tells of an error."""


@dataclass(frozen=True)
class Contenders:
    """The servers that are measured in turn, and the file that they read."""

    file: Path
    ours: Server
    naive: Server
    empty: Server


@contextmanager
def running(file: Path, folder: Path) -> Iterator[Contenders]:
    """All contenders, until the end of the block."""
    with ExitStack() as stack:
        ours, naive, empty = (
            stack.enter_context(contenders.served(made, file))
            for made in (
                folder / "dashboard",
                contenders.script(folder, "naive"),
                contenders.script(folder, "empty"),
            )
        )
        yield Contenders(file, ours, naive, empty)


@dataclass
class Samples:
    """The processor time of each thing measured, in milliseconds, by its name."""

    of: dict[str, list[float]] = field(default_factory=dict)

    def add(self, name: str, seconds: float) -> None:
        """Keep one more."""
        self.of.setdefault(name, []).append(seconds * MS)

    def __getitem__(self, name: str) -> float:
        """Return the median."""
        return median(self.of[name])


def warm(these: Contenders, rounds: int) -> list[Row]:
    """Measure each page in a new session, its data known, and the naive page right after it."""
    for address in ADDRESSES:
        opened(these.ours, address)
    opened(these.naive)
    found = Samples()
    for _ in range(rounds):
        for address, title in TITLES.items():
            found.add(title, opened(these.ours, address, CACHED).processor)
            found.add(f"naive {title}", opened(these.naive).processor)
    rows = [
        Row(
            f"{title}, warm",
            found[title],
            "ms",
            {"naive": found[f"naive {title}"]},
            WARM.get(title, OTHER_WARM),
        )
        for title in TITLES.values()
    ]
    return [*_worst_marked(rows), _superset(rows[0], "warm")]


def _worst_marked(rows: Sequence[Row]) -> list[Row]:
    """Say which of the pages without a goal of its own is the worst."""
    others = [row for row in rows if row.goal == OTHER_WARM]
    worst = max(others, key=lambda row: row.ratio or 0.0)
    marked = Row(f"{worst.what} (worst)", worst.measured, worst.unit, worst.beside, worst.goal)
    return [marked if row is worst else row for row in rows]


def _superset(row: Row, what: str) -> Row:
    """Return what Superset would cost beside it: derived, for it isn't run here."""
    beside = {"Superset": row.beside["naive"] * SUPERSET[what]}
    return Row(f"{row.what}, beside Superset (derived)", row.measured, row.unit, beside)


def filtered(these: Contenders, rounds: int) -> list[Row]:
    """Change the period of an open Home, there and back; the data of both are known."""
    found = Samples()
    with visit(these.ours.url) as ours, visit(these.naive.url) as naive:
        sessions = {"ours": (ours, these.ours), "naive": (naive, these.naive)}
        for session, _ in sessions.values():
            _whole(session.open())
            for period in PERIODS:
                _whole(session.choose("Period", period))
        for _ in range(rounds):
            for period in PERIODS:
                for name, (session, server) in sessions.items():
                    cost = cost_of(lambda s=session, p=period: s.choose("Period", p), server.pid)
                    _whole(session, CACHED if name == "ours" else "")
                    found.add(name, cost.processor)
    beside = {"naive": found["naive"]}
    return [Row("Home, period changed, data cached", found["ours"], "ms", beside, FILTER)]


def cold(these: Contenders, rounds: int, *, large: bool) -> list[Row]:
    """Measure Home with nothing kept of its rows, beside the naive page, the SQL, an empty page."""
    statements = contenders.statements_of_home(these.file)
    for server in (these.ours, these.naive, these.empty):
        opened(server)
    found = Samples()
    for _ in range(rounds):
        forget(these.ours)
        found.add("ours", opened(these.ours, HOME, FETCHED).processor)
        with visit(these.naive.url) as session:
            session.forget()
        found.add("naive", opened(these.naive).processor)
        found.add("bare SQL", contenders.bare_seconds(these.file, statements))
        found.add("empty page", opened(these.empty).processor)
    least = {name: found[name] for name in ("bare SQL", "empty page")}
    naive = Row("Home, cold", found["ours"], "ms", {"naive": found["naive"]})
    return [
        naive,
        Row(
            "Home, cold, beside bare SQL and empty page",
            found["ours"],
            "ms",
            least,
            COLD if large else None,
        ),
        _superset(naive, "cold, large" if large else "cold"),
    ]


def crowded(these: Contenders) -> list[Row]:
    """Open Home in twenty sessions at once; the time on the wall of all but the slowest."""
    slowest: dict[str, list[float]] = {"warm": [], "naive": [], "cold": []}
    for server in (these.ours, these.naive):
        opened(server)
    for _ in range(CROWDS):
        slowest["warm"].append(_crowd(these.ours, CACHED))
        slowest["naive"].append(_crowd(these.naive))
        forget(these.ours)
        slowest["cold"].append(_crowd(these.ours))
    what = f"{CROWD} sessions at once"
    return [
        Row(f"{what}, warm: p95", median(slowest["warm"]), "s", goal=CROWD_WARM),
        Row(f"{what}, cold: p95", median(slowest["cold"]), "s", goal=CROWD_COLD),
        Row(f"{what}, naive, warm: p95", median(slowest["naive"]), "s"),
    ]


def _crowd(server: Server, strip: str = "") -> float:
    """Open Home in all sessions at once, and return the 95th percentile of their seconds."""
    ready = Barrier(CROWD)

    def one(_: int) -> float:
        with visit(server.url) as session:
            ready.wait()
            begun = time.perf_counter()
            session.open()
            taken = time.perf_counter() - begun
            _whole(session, strip)
        return taken

    with ThreadPoolExecutor(CROWD) as pool:
        taken = sorted(pool.map(one, range(CROWD)))
    return taken[math.ceil(PERCENTILE * CROWD) - 1]


def started(file: Path, folder: Path) -> list[Row]:
    """Start the dashboard, and measure until its first page has run; the demo is there."""
    taken = []
    for _ in range(STARTS + 1):
        begun = time.perf_counter()
        with contenders.served(folder / "dashboard", file) as server:
            opened(server)
            taken.append(time.perf_counter() - begun)
    # The first start compiles what the others find compiled.
    return [Row("First page after the start", median(taken[1:]), "s", goal=FIRST_PAGE)]


def remembered(file: Path, folder: Path) -> list[Row]:
    """Measure the memory of the dashboard, from its start to twenty open sessions."""
    with contenders.served(folder / "dashboard", file) as server, ExitStack() as stack:
        server.wait()
        rest(server.pid)
        found = {"idle": megabytes(server.pid)}
        session = stack.enter_context(visit(server.url))
        _walk(session)
        found["ten pages opened"] = megabytes(server.pid)
        for _ in range(3):
            _walk(session)
        found["ten pages opened four times"] = megabytes(server.pid)
        for _ in range(CROWD):
            another = stack.enter_context(visit(server.url))
            _whole(another.open())
            _whole(another.open("time"))
        found[f"the same and {CROWD} sessions open"] = megabytes(server.pid)
    return [Row(f"Memory, {what}", value, "MB") for what, value in found.items()]


def _walk(session: Visit) -> None:
    for address in ADDRESSES:
        _whole(session.open(address))


def sent(file: Path, folder: Path) -> list[Row]:
    """Measure the bytes of a first visit to Home, in a browser that knows nothing yet."""
    with contenders.served(folder / "dashboard", file) as server:
        opened(server)
        megabytes_sent = browser.megabytes_of_first_visit(server.url)
    return [Row("First visit, over the network", megabytes_sent, "MB", goal=FIRST_VISIT)]


def read(file: Path, folder: Path) -> list[Row]:
    """Count the rows that a real, local D1 reads for each page, default filters, nothing known."""
    counts: dict[str, int | None] = dict.fromkeys(TITLES.values())
    if WRANGLER.exists() and shutil.which("node"):
        place = folder / "d1"
        place.mkdir()
        with local_d1(place, DEMO=file) as local:
            told = {
                "CLOUDFLARE_API_BASE_URL": local.url,
                "CLOUDFLARE_DATABASE_ID": DATABASES["DEMO"],
            }
            with (
                contenders.served(folder / "dashboard", "", **told) as server,
                visit(server.url) as session,
            ):
                counts = {title: _rows_read(session, one) for one, title in TITLES.items()}
    return [
        Row(f"{title}, rows read on D1", count, "rows", goal=ROWS_READ.get(title))
        for title, count in counts.items()
    ]


def _rows_read(session: Visit, address: str) -> int | None:
    """Have a page fetch everything, as its button does, and return what its strip says of that."""
    session.open(address)
    _whole(session.press("Refresh data"), REFRESHED)
    said = READ.search(_strip(session))
    return int(said[1].replace(",", "")) if said else None


def opened(server: Server, address: str = HOME, strip: str = "") -> Cost:
    """Open a page in a new session, and return what that takes without the time to connect."""
    with visit(server.url) as session:
        cost = cost_of(lambda: session.open(address), server.pid)
        _whole(session, strip)
    return cost


def forget(server: Server) -> None:
    """Have the dashboard forget all rows and all that is made of them, but not its schema.

    The SQL console opens the database and reads nothing else. What the memo keeps is never found
    again: it is kept for rows that were fetched before.
    """
    with visit(server.url) as session:
        session.forget()
        _whole(session.open("data", "tab=SQL"), CACHED)


def _whole(session: Visit, strip: str = "") -> None:
    """Check that a page came whole, and that its strip says so.

    Raises:
        RuntimeError: it shows an error, or its data came from elsewhere than they should.
    """
    errors = [one.body for one in session.drawn("alert") if one.format == ERROR]
    errors += [one.message for one in session.drawn("exception")]
    if errors:
        raise RuntimeError(f"A page shows an error: {errors}")
    if strip not in _strip(session):
        raise RuntimeError(f"The strip doesn't say {strip!r} but {_strip(session)!r}")


def _strip(session: Visit) -> str:
    """Return what the dashboard says of its data; nothing on other pages."""
    return next((text for text in session.texts if text.startswith("Data loaded")), "")
