"""Whether a copy on ClickHouse gives the rows of the SQLite file that it was loaded from.

`python -m benchmarks.scale.same FOLDER` opens FOLDER/scale.db and FOLDER/clickhouse, which
`benchmarks.scale.load` made (without its third number, which adds rows to the copy alone). It runs
every named query on both: for the last 30 days and the last 12 months in New York, and for 90 days
in Paris with filters. It lists those with other rows. SQLite has no time limit here.
"""

from __future__ import annotations

import argparse
import json
import math
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from itertools import zip_longest
from pathlib import Path
from typing import Any

from benchmarks.scale.pages import DATABASE, NO_MAPPING, PERIODS, TODAY, ZONE
from meaux.data.database import SQLiteFile
from meaux.data.database.clickhouse import ClickHouse, Place
from meaux.data.database.parameters import texts
from meaux.data.source import Source, open_source
from meaux.query.filters import Selection, preset
from meaux.query.queries import QUERIES, Query, Unanswerable, compile_query

Row = tuple[Any, ...]
PAGE = {"limit": 100}
SELECTIONS = {
    **{name: Selection(preset(name, TODAY), TODAY, ZONE) for name in PERIODS},
    "paris": Selection(
        preset("90d", TODAY),
        TODAY,
        "Europe/Paris",
        teams=("team_lab", "team_client"),
        people=("usr_zoe", "usr_remy"),
    ),
}
HOURS = 3600
"""The time that ClickHouse has for a statement."""


def comparable(rows: Sequence[Sequence[Any]], types: Mapping[str, str]) -> Counter[Row]:
    """Return the rows with numbers to 9 digits and without the places of pages, which differ."""
    return Counter(tuple(map(cell, row, types.values())) for row in rows)


def cell(value: Any, type_: str) -> Any:
    if type_ == "stored":
        return None
    if type_ == "days" and isinstance(value, str):
        return repr(sorted((day, round(float(amount), 6)) for day, amount in json.loads(value)))
    return float(f"{value:.9g}") if isinstance(value, int | float) else value


def differing(there: Counter[Row], here: Counter[Row]) -> list[tuple[Row, Row]]:
    """Return the rows of both that differ in more than the last digits of a number."""
    apart = (there - here, here - there)
    pairs = zip_longest(*(sorted(rows.elements(), key=repr) for rows in apart))
    return [pair for pair in pairs if not is_close(*pair)]


def is_close(one: Row | None, other: Row | None) -> bool:
    return bool(one and other) and all(map(is_same, one or (), other or ()))


def is_same(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-8)
    return bool(one == other)


def compared(
    query: Query, selection: Selection, sources: tuple[Source, Source], file: sqlite3.Connection
) -> tuple[float, float, Counter[Row], Counter[Row]]:
    """Run a query on both; return the seconds of each, and the rows."""
    one, other = (compile_query(query, s.binding, selection, PAGE).statement for s in sources)
    begun = time.perf_counter()
    there = file.execute(one.sql, texts(one)).fetchall()
    between = time.perf_counter()
    [found] = sources[1].database.fetch([other])
    ended = time.perf_counter()
    return (
        between - begun,
        ended - between,
        comparable(there, query.returns),
        comparable(found.rows, query.returns),
    )


def differences(folder: Path, selections: Sequence[str]) -> Iterator[str]:
    """Compare all named queries; yield a line for each, another if it differs, and the sum."""
    path = folder / "scale.db"
    copy = ClickHouse(Place(DATABASE, folder=str(folder / "clickhouse")), seconds=HOURS)
    sources = open_source(SQLiteFile(path), NO_MAPPING), open_source(copy, NO_MAPPING)
    done = rows = differ = 0
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as file:
        for chosen in selections:
            selection = SELECTIONS[chosen]
            for name, query in QUERIES.items():
                try:
                    slow, quick, there, here = compared(query, selection, sources, file)
                except Unanswerable:
                    continue
                done, rows = done + 1, rows + there.total()
                yield f"{name}, {chosen}: {there.total():,} rows, {slow:.1f} s, {quick:.1f} s"
                if apart := differing(there, here):
                    differ += 1
                    yield f"  DIFFERS in {len(apart)} rows, such as {apart[0]}"
    yield f"{done} statements, {rows:,} rows, {differ} statements differ"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--of", choices=SELECTIONS, nargs="+", default=list(SELECTIONS))
    given = parser.parse_args()
    for line in differences(given.folder, given.of):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
