"""What the pages cost beside a naive page, the bare SQL and an empty page: `make bench`.

docs/performance.md says what is measured and how.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from served import TODAY

from benchmarks.pages import contenders, measures
from benchmarks.pages.table import Row, markdown, replaced
from meaux.data.settings import PROJECT
from meaux.demo import build
from meaux.wording import day_of

PAGE = PROJECT / "docs" / "performance.md"
LARGE = PROJECT / "data" / "large.db"
"""A demo of a million time entries; it is kept, because it takes minutes to build."""
SCALE = 40
NOW = datetime.combine(date.fromisoformat(TODAY), datetime.min.time(), UTC).replace(hour=15)
ROUNDS, COLD_ROUNDS, LARGE_ROUNDS = 12, 8, 4


def main() -> None:
    """Measure, print the table, and write it into the docs if asked to."""
    given = _arguments()
    begun, load = time.monotonic(), os.getloadavg()[0]
    with TemporaryDirectory() as name:
        rows = _large(Path(name)) if given.large else _usual(Path(name), given.rounds)
    minutes = (time.monotonic() - begun) / 60
    text = f"{_how(minutes, load)}\n\n{markdown(rows)}"
    print(text)
    if given.write:
        part = "a million time entries" if given.large else "the demo"
        PAGE.write_text(replaced(PAGE.read_text("utf-8"), part, text), "utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description="Measure the pages.")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="of the warm pages")
    parser.add_argument(
        "--large",
        action="store_true",
        help=f"a cold Home on a million time entries; builds {LARGE.relative_to(PROJECT)} first",
    )
    parser.add_argument("--write", action="store_true", help="the table into docs/performance.md")
    return parser.parse_args()


def _usual(folder: Path, rounds: int) -> list[Row]:
    """Measure everything at the size of the demo."""
    file = folder / "demo.db"
    _say("building the demo")
    build(file, now=NOW)
    contenders.dashboard(folder)
    rows = []
    with measures.running(file, folder) as these:
        _say("warm pages")
        rows += measures.warm(these, rounds)
        _say("another period")
        rows += measures.filtered(these, rounds)
        _say("cold pages")
        rows += measures.cold(these, COLD_ROUNDS, large=False)
        _say("many sessions")
        rows += measures.crowded(these)
    for words, measure in {
        "starts": measures.started,
        "a first visit": measures.sent,
        "memory": measures.remembered,
        "rows read on D1": measures.read,
    }.items():
        _say(words)
        rows += measure(file, folder)
    return rows


def _large(folder: Path) -> list[Row]:
    """Measure a cold Home on a million time entries."""
    if not LARGE.exists():
        _say(f"building {LARGE.relative_to(PROJECT)}")
        build(LARGE, now=NOW, scale=SCALE)
    contenders.dashboard(folder)
    with measures.running(LARGE, folder) as these:
        _say("cold pages")
        return measures.cold(these, LARGE_ROUNDS, large=True)


def _say(words: str) -> None:
    """Tell what is measured now."""
    print(f"{datetime.now(UTC):%H:%M:%S} {words}", file=sys.stderr)


def _how(minutes: float, load: float) -> str:
    """Say when and on what it was measured."""
    cores = os.cpu_count()
    return (
        f"{day_of(datetime.now(UTC).date())}, {cores} processors, {platform.system()}, Python "
        f"{platform.python_version()}. It took {minutes:.0f} minutes; the load of the machine was "
        f"{load:.1f} before and {os.getloadavg()[0]:.1f} at the end."
    )


if __name__ == "__main__":
    main()
