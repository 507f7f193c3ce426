"""What a process and its children take of the machine, as Linux tells it."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
WAITED_FOR = slice(13, 15)
"""Where `stat` has the user and system time of ended children, counted behind the name."""
LOOK, AT_REST = 0.2, 0.01
"""Seconds between two looks at a process, and of work between them in which it is at rest."""
ENDED = (FileNotFoundError, ProcessLookupError)


@dataclass(frozen=True)
class Cost:
    """What something took: seconds of processor time, and seconds on the wall."""

    processor: float
    wall: float


def cost_of(what: Callable[[], object], pid: int) -> Cost:
    """Do something that a process works for, and return what that took."""
    before, begun = processor_seconds(pid), time.perf_counter()
    what()
    wall = time.perf_counter() - begun
    return Cost(processor_seconds(pid) - before, wall)


def rest(pid: int) -> None:
    """Wait until a process has nothing to do."""
    known = processor_seconds(pid)
    while True:
        time.sleep(LOOK)
        before, known = known, processor_seconds(pid)
        if known - before < AT_REST:
            return


def processor_seconds(pid: int) -> float:
    """Return the user and system time of a process and its children, ended ones included."""
    return sum(map(_running, _tree(pid))) + sum(map(_ended, _tree(pid)))


def megabytes(pid: int) -> float:
    """Return the memory of a process and its children: PSS, in which shared pages count once."""
    return sum(map(_pss, _tree(pid))) / 1_000


def _tree(pid: int) -> Iterator[int]:
    yield pid
    for children in PROC.glob(f"{pid}/task/*/children"):
        with suppress(*ENDED):
            for child in children.read_text(encoding="ascii").split():
                yield from _tree(int(child))


def _running(pid: int) -> float:
    """The time of a process by its own clock, which is finer than the hundredths in `stat`."""
    try:
        return time.clock_gettime(~pid << 3 | 2)
    except OSError:
        return 0.0


def _ended(pid: int) -> float:
    try:
        told = (PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except ENDED:
        return 0.0
    times = told.rpartition(") ")[2].split()[WAITED_FOR]
    return sum(map(int, times)) / os.sysconf("SC_CLK_TCK")


def _pss(pid: int) -> int:
    try:
        told = (PROC / str(pid) / "smaps_rollup").read_text(encoding="ascii")
    except ENDED:
        return 0
    return next(int(line.split()[1]) for line in told.splitlines() if line.startswith("Pss:"))
