"""What the statements of each page cost on a SQLite file, and on its copy on ClickHouse.

`python -m benchmarks.scale.pages FOLDER` opens FOLDER/scale.db and FOLDER/clickhouse, which
`benchmarks.scale.load` made. It runs the statements of each page one after the other: those of all
its cards, in all tabs, for the last 30 days and the last 12 months in New York.

- SQLite: the processor time of a plain connection, which uses one core. `--sqlite` without a period
  leaves it out.
- The page's call: the time of its one call, in which its statements run side by side as they do for
  the dashboard; the least of three.
- Processor time: that of this process, in which ClickHouse runs, for each statement alone.
- Rows: those that ClickHouse says it has read, for each statement alone.

On both, a statement ends after D1's 30 seconds; the sum then begins with `>`. So does a call.
"""

import argparse
import os
import re
import resource
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import chdb

from meaux.data.database import SQLiteFile, Statement, limits
from meaux.data.database.batch import Outcome
from meaux.data.database.clickhouse import ClickHouse, Place, written
from meaux.data.database.parameters import texts
from meaux.data.plan import Plan
from meaux.data.source import Source, open_source
from meaux.errors import QueryError, QueryTimeout
from meaux.query.filters import Selection, preset
from meaux.query.needs import Request, meet
from meaux.query.rollups import rolled_up
from meaux.subjects.events.frames import Trail, View
from meaux.subjects.money.cards.calendar import Year
from meaux.subjects.money.outlook import Scenario
from meaux.subjects.page import Page, all_pages, over_time, parts
from meaux.subjects.timeline.annotations import recorded

TODAY, ZONE = date(2026, 11, 22), "America/New_York"
PERIODS = {"30d": "30 days", "12m": "12 months"}
NO_MAPPING = Path("no-such-file.toml")
DATABASE = "meaux"
STEPS = 100_000
"""The steps of SQLite between two looks at the clock."""
HEAD = ("page", "period", "SQLite", "ClickHouse, the page's call", "ClickHouse, processor time",
        "rows that ClickHouse reads")  # fmt: skip
TRIES = 3
TOO_SLOW = "TIMEOUT_EXCEEDED"


@dataclass(frozen=True)
class Cost:
    """What a statement took: seconds of processor time, and rows read; whole if it ended."""

    cpu: float
    read: int = 0
    is_whole: bool = True

    def __str__(self) -> str:
        return f"{'' if self.is_whole else '> '}{self.cpu:,.2f} s"


Run = Callable[[Statement], Cost]


def asked(page: Page, source: Source, period: str) -> list[Statement]:
    """Return the statements of a page's one call."""
    found: list[Statement] = []

    def fetch(wanted: Sequence[Statement]) -> list[Outcome]:
        found.extend(wanted)
        return [QueryError("not run", "It is not run.")] * len(wanted)

    selection = Selection(preset(period, TODAY), TODAY, ZONE)
    cards = list(parts(page.items))
    more = [recorded] if over_time(cards) else []
    controls = (Year(TODAY.year), Scenario(0, 0, TODAY), View(), Trail(selection, View(), [{}]))
    request = Request(selection, Plan(), source.binding, controls)
    meet([*cards, *more], request, fetch, roll_up=rolled_up)
    return list(dict.fromkeys(found))


@contextmanager
def on_sqlite(path: Path) -> Iterator[Run]:
    """Run statements on one connection."""
    ends = 0.0
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        connection.set_progress_handler(lambda: time.thread_time() > ends, STEPS)

        def run(statement: Statement) -> Cost:
            nonlocal ends
            begun = time.thread_time()
            ends = begun + limits.SECONDS
            try:
                connection.execute(statement.sql, texts(statement)).fetchall()
            except sqlite3.OperationalError:
                return Cost(time.thread_time() - begun, is_whole=False)
            return Cost(time.thread_time() - begun)

        yield run


@contextmanager
def on_clickhouse(folder: Path) -> Iterator[Run]:
    """Run statements in the engine; their translation isn't measured, because it is kept."""
    with closing(chdb.connect(str(folder))) as engine:
        engine.query(f"SET max_execution_time = {limits.SECONDS:.0f}")

        def run(statement: Statement) -> Cost:
            sql = written(statement.sql, DATABASE)
            named = {f"p{place}": one for place, one in enumerate(texts(statement), start=1)}
            given = {name: one for name, one in named.items() if f"{{{name}:" in sql}
            begun = time.process_time()
            try:
                found = engine.query(sql, "Native", params=given)
            except RuntimeError as error:
                if TOO_SLOW not in str(error):
                    raise
                return Cost(time.process_time() - begun, is_whole=False)
            return Cost(time.process_time() - begun, found.storage_rows_read())

        yield run


def call(copy: ClickHouse, statements: Sequence[Statement]) -> str:
    """Return the seconds of the call that answers a page; a statement may take 30."""
    found = []
    for _ in range(TRIES):
        begun = time.perf_counter()
        try:
            copy.fetch(statements)
        except QueryTimeout:
            return f"> {limits.SECONDS:.0f} s"
        found.append(time.perf_counter() - begun)
    return f"{min(found):,.2f} s"


def total(costs: Sequence[Cost]) -> Cost:
    return Cost(
        sum(one.cpu for one in costs),
        sum(one.read for one in costs),
        all(one.is_whole for one in costs),
    )


def line(*cells: object) -> None:
    sys.stdout.write(f"| {' | '.join(map(str, cells))} |\n")
    sys.stdout.flush()


def worst(statements: Sequence[Statement], costs: Sequence[Cost], most: int) -> None:
    """List the statements that take ClickHouse most, by the views that they read."""
    found = sorted(zip(costs, statements, strict=True), key=lambda one: -one[0].cpu)
    for cost, statement in found[:most]:
        read = ", ".join(re.findall(r"(?m)^(?:WITH )?(\w+) AS ", statement.sql))
        sys.stdout.write(f"    {cost.cpu:.2f} s of CPU, {cost.read:,} rows: {read}\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pages", default="", help="scripts with one of these words, by commas")
    parser.add_argument("--sqlite", choices=PERIODS, nargs="*", default=list(PERIODS))
    parser.add_argument("--worst", type=int, default=0, help="also list so many statements")
    given = parser.parse_args()
    path, folder = given.folder / "scale.db", (given.folder / "clickhouse").resolve()
    copy = ClickHouse(Place(DATABASE, folder=str(folder)))
    sources = open_source(SQLiteFile(path), NO_MAPPING), open_source(copy, NO_MAPPING)
    sys.stdout.write(f"{os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f}\n\n")
    head = [one for one in HEAD if one != "SQLite" or given.sqlite]
    line(*head)
    line(*["---"] * len(head))
    with on_sqlite(path) as sqlite, on_clickhouse(folder) as clickhouse:
        for page in all_pages():
            if not any(word in page.script for word in given.pages.split(",")):
                continue
            for period, words in PERIODS.items():
                wanted = asked(page, sources[1], period)
                if not wanted:
                    continue
                costs = list(map(clickhouse, wanted))
                here, cells = total(costs), [page.title, words]
                if given.sqlite:
                    ran = period in given.sqlite
                    there = asked(page, sources[0], period) if ran else []
                    cells.append(str(total(list(map(sqlite, there)))) if ran else "not run")
                bound = "" if here.is_whole else "> "
                line(*cells, call(copy, wanted), here, f"{bound}{here.read:,}")
                worst(wanted, costs, given.worst)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    sys.stdout.write(f"\n{most:,.1f} GB of memory at most, with the engine in this process\n")
    sys.stdout.write(f"load average at the end {os.getloadavg()[0]:.1f}\n")


if __name__ == "__main__":
    main()
