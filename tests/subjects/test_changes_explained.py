"""A change explained: every split of it adds up to the change that the figure shows."""

import sqlite3
from contextlib import closing

import pandas as pd
import pytest
from messy import MESSY

from meaux.query.answers import ask
from meaux.query.filters import Period
from meaux.subjects import changes
from meaux.subjects.behind import BEHIND
from meaux.subjects.changes import EXPLAINED, Change, Explained
from meaux.subjects.figure import NumberCard
from meaux.subjects.money import rankings
from meaux.subjects.money.metrics import COST
from meaux.subjects.page import all_pages, parts
from meaux.subjects.rows import Opening

FIGURES = {
    f"{part.metric.name} {part.__name__}": part
    for page in all_pages()
    for part in parts(page.items)
    if isinstance(part, NumberCard) and part.metric.name in BEHIND
}
SELECTIONS = {
    "30 days": {"period": "30d"},
    "month": {"period": "mtd", "compare": "previous"},
    "last month, by year": {"period": "last-month", "compare": "year"},
    "week": {"period": "7d", "compare": "month", "zone": "America/New_York"},
    "project": {"period": "30d", "projects": ("prj_beignet_bot",)},
    "team": {"period": "30d", "only": ("Lab",)},
}
every_figure = pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES)
every_selection = pytest.mark.parametrize("given", SELECTIONS.values(), ids=SELECTIONS)


@pytest.fixture(scope="module")
def opened(demo_source, later_source, open_script):
    """Each database by its name."""
    return {"demo": demo_source, "messy": open_script(MESSY), "later": later_source}


@pytest.fixture(scope="module")
def explained(demo_source, select, reading):
    """The change of a metric, explained within some groups."""

    def explained(metric, *within, over="30d", source=demo_source):
        chosen = select(over) if isinstance(over, str | Period) else over
        change = Change(Opening(metric.name, within), chosen)
        asks = change.asks()
        answers = ask(list(asks.values()), source.binding, *reading(source))
        return Explained(change, dict(zip(asks, answers, strict=True)))

    return explained


@every_selection
@pytest.mark.parametrize("database", ["demo", "messy", "later"])
@every_figure
def test_every_split_adds_up_to_the_change_of_the_figure(
    explained, met, select, opened, figure, database, given
):
    source, over = opened[database], select(**given)
    shown = met(figure, over, source=source)
    if figure.metric.name not in EXPLAINED:
        assert shown.before is None or figure.metric.total == "ratio of sums"
        return
    found = explained(figure.metric, over=over, source=source)
    if shown.before is None or shown.compared is None:
        assert found.unexplained or not found.answers["then"].answered or found.before == 0
        return
    assert not found.unexplained
    assert (found.before, found.after) == pytest.approx((shown.before, shown.compared))
    for group in found.splits:
        split = found.split(group)
        assert split["change"].sum() == pytest.approx(found.changed, abs=1e-9)
        assert split["before"].sum() == pytest.approx(found.before)
        assert split["after"].sum() == pytest.approx(found.after)
        whole = changes.top(split, 3)
        assert whole[["before", "after", "change"]].sum().tolist() == pytest.approx(
            split[["before", "after", "change"]].sum().tolist(), abs=1e-9
        )
