"""Grid: values in rows and columns, and the sum of each row and column."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

import altair as alt
import pandas as pd

from meaux.charts.cells import dotted
from meaux.charts.description import listed
from meaux.charts.layered import tooltip
from meaux.query.metrics import Metric
from meaux.wording import counted, sentences

MOST_SUMS = 31
"""The largest number of row or column sums in the description."""


@dataclass(frozen=True)
class Grid:
    """Values in rows and columns, each with its label.

    `cells` has the columns row and column (the numbers of their labels) and value.
    """

    cells: pd.DataFrame
    rows: list[str]
    columns: list[str]
    metric: Metric

    def names(self) -> list[tuple[str, str]]:
        """Return the labels of each cell's row and column."""
        places = zip(self.cells["row"], self.cells["column"], strict=True)
        return [(self.rows[row], self.columns[column]) for row, column in places]

    def texts(self) -> pd.DataFrame:
        """Return the cells with the words of their tooltips."""
        return self.cells.assign(
            title=[dotted(*both) for both in self.names()],
            row_name=[row for row, _ in self.names()],
            column_name=[column for _, column in self.names()],
            exact=self.metric.exactly(self.cells["value"]),
            row_total=self.cells["row"].map(self._totals("row", self.rows)),
            column_total=self.cells["column"].map(self._totals("column", self.columns)),
        )

    def description(self, *more: str) -> str:
        """Describe the sums of the rows and columns and the highest cell, then add `more`."""
        known = replace(self, cells=self.cells.dropna(subset="value"))
        unknown = len(self.cells) - len(known.cells)
        size = f"{counted(len(self.rows), 'row')} and {counted(len(self.columns), 'column')}"
        said = [
            f"{self.metric.label}, {size}.",
            *(known.figures() if len(known.cells) else []),
            f"Cells without a value: {unknown}." if unknown else "",
            *more,
        ]
        return sentences(*said)

    def figures(self) -> list[str]:
        """Write the total, the row and column sums and the highest cell, of known cells."""
        top = self.cells.sort_values("value", kind="stable").iloc[-1]
        place = f"{self.rows[int(top['row'])]}, {self.columns[int(top['column'])]}"
        highest = f"Highest: {self.metric.exact(top['value'])} ({place})."
        if self.metric.total != "sum":
            return [highest]
        return [
            f"{self.metric.exact(self.cells['value'].sum())} in total.",
            f"Rows: {listed(list(self._totals('row', self.rows).values()), MOST_SUMS)}.",
            f"Columns: {listed(list(self._totals('column', self.columns).values()), MOST_SUMS)}.",
            highest,
        ]

    def _totals(self, by: str, labels: list[str]) -> dict[int, str]:
        """Return each row or column that has cells, by number, with its sum: `Mon 38.5 h`."""
        sums = self.cells.groupby(by)["value"].sum(min_count=1)
        return {
            n: f"{labels[n]} {self.metric.exact(total)}"
            for n, total in zip(sums.index, sums, strict=True)
        }

    def tooltip(self) -> list[alt.Tooltip]:
        """Return the tooltip of these texts; totals only if values add up."""
        totals = {"row_total": "Row total", "column_total": "Column total"}
        more = totals if self.metric.total == "sum" else {}
        return tooltip("title", exact=self.metric.label, **more)


def written(labels: Sequence[str | list[str]]) -> str:
    """Return the expression that writes the label of a number on an axis."""
    return f"{json.dumps(labels)}[datum.value]"
