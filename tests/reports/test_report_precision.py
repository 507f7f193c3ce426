"""Numbers beside each other: one unit and one precision in each row of figures and each column.

Counts of different things in a row of figures are each written alone.
"""

import re
from collections import defaultdict

import pytest

from meaux.query.metrics import DEFINITIONS, MISSING
from meaux.reports import kinds
from meaux.reports.document import Listed, Numbers, Picture

PAGES = [kind.name for kind in kinds() if kind.page]
NUMBER = re.compile(r"(?P<before>[-+<$]*)(?P<number>[\d,]+(?:\.(?P<decimals>\d+))?)(?P<after>.*)")
LETTERS = ("k", "M", "B", "T")
SMALL = re.compile(r"-?[<$]*\d{1,3}")
"""A number below a thousand, which has no letter."""
BY_LABEL = {metric.label: metric for metric in DEFINITIONS.values()}


def precision(written):
    """The decimals of a number and the unit behind it."""
    found = NUMBER.fullmatch(written)
    assert found, written
    after = found["after"].strip()
    return len(found["decimals"] or ""), "a letter" if after in LETTERS else after


def kind_of(label):
    metric = BY_LABEL[label]
    rate = metric.unit == "money" and metric.total == "ratio of sums"
    return metric.unit, metric.name if metric.unit == "count" else rate


def alike(row):
    """The precisions of a row; beside letters, a number below a thousand is whole."""
    found = {written: precision(written) for written in row}
    if (1, "a letter") in found.values():
        found = {one: of for one, of in found.items() if not SMALL.fullmatch(one)}
    return {*found.values()}


@pytest.mark.parametrize("name", PAGES)
def test_the_figures_of_a_row_are_written_alike(made, name):
    for block in made(name).document.blocks:
        if isinstance(block, Numbers):
            row = defaultdict(set)
            for one in block.items:
                if one.value != MISSING and one.label in BY_LABEL:
                    row[kind_of(one.label)].add(one.value)
            assert all(len(alike(written)) == 1 for written in row.values()), row


@pytest.mark.parametrize("name", PAGES)
def test_the_numbers_of_a_column_are_written_alike(made, name):
    for block in made(name).document.blocks:
        grid = getattr(block, {Listed: "grid", Picture: "data"}.get(type(block), ""), None)
        for n, heading in enumerate(grid.headings if grid else ()):
            if grid.right[n]:
                written = {precision(row[n]) for row in grid.rows if row[n] != MISSING}
                assert len(written) <= 1, (block.title, heading, written)
