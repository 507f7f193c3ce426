"""The table of the benchmark: what was measured, what stands beside it, and the goals."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

UNKNOWN = "unknown"
UNITS = {
    "ms": "{:,.0f} ms",
    "s": "{:,.2f} s",
    "MB": "{:,.1f} MB",
    "rows": "{:,.0f} rows",
    "ratio": "{:.3g}",
}
"""How a value of each unit is written."""

HEAD = ("what", "measured", "beside", "ratio", "goal", "met")
RULE = "-"


@dataclass(frozen=True)
class Row:
    """One thing measured, in its unit; None is unknown.

    `beside` are values of the same unit by name. Where there are any, the goal is for the ratio of
    what was measured to their sum; else it is for what was measured.
    """

    what: str
    measured: float | None
    unit: str
    beside: Mapping[str, float] = field(default_factory=dict)
    goal: float | None = None

    @property
    def ratio(self) -> float | None:
        """What was measured, divided by the sum of what stands beside it."""
        total = sum(self.beside.values())
        return self.measured / total if self.measured is not None and total else None

    @property
    def met(self) -> bool | None:
        """Whether the goal is met; None without a goal, or if it is unknown."""
        held = self.ratio if self.beside else self.measured
        return None if held is None or self.goal is None else held <= self.goal

    @property
    def cells(self) -> tuple[str, ...]:
        """What stands in the table."""
        beside = " + ".join(
            f"{name} {_written(value, self.unit)}" for name, value in self.beside.items()
        )
        goal = _written(self.goal, "ratio" if self.beside else self.unit)
        return (
            self.what,
            UNKNOWN if self.measured is None else _written(self.measured, self.unit),
            beside,
            _written(self.ratio, "ratio"),
            f"≤ {goal}" if goal else "",
            {True: "yes", False: "no", None: ""}[self.met],
        )


def _written(value: float | None, unit: str) -> str:
    return "" if value is None else UNITS[unit].format(value)


def markdown(rows: Iterable[Row]) -> str:
    """Write a table whose columns are aligned, so that it reads in a terminal too."""
    cells = [HEAD, *(row.cells for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = [_line(line, widths) for line in cells]
    lines.insert(1, _line([RULE * width for width in widths], widths))
    return "\n".join(lines)


def _line(cells: Iterable[str], widths: Iterable[int]) -> str:
    padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
    return f"| {' | '.join(padded)} |"


def replaced(page: str, name: str, text: str) -> str:
    """Return a page with other text between the marks of a name.

    Raises:
        ValueError: the page has no such marks, or several.
    """
    marks = f"<!-- measured: {name} -->", f"<!-- end: {name} -->"
    between = re.compile(f"{re.escape(marks[0])}.*?{re.escape(marks[1])}", re.DOTALL)
    new, count = between.subn(lambda _: "\n\n".join([marks[0], text, marks[1]]), page)
    if count != 1:
        raise ValueError(f"The page must have the marks {marks[0]} and {marks[1]} once.")
    return new
