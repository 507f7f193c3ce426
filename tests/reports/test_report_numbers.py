"""The numbers of a report are the pages'."""

import pytest

from meaux.query import export
from meaux.reports import find
from meaux.reports.document import Listed, Missing, Numbers, Picture
from meaux.reports.summary import FIGURES
from meaux.subjects.card import Chart, Table
from meaux.subjects.figure import NumberCard, in_a_row
from meaux.subjects.money.cards import costs
from meaux.subjects.money.figures import cost_of_period
from meaux.subjects.page import Row, parts

SHOWN = [part for items in find("weekly").contents.values() for part in parts(items)]
FIGURES_SHOWN = [part for part in SHOWN if isinstance(part, NumberCard)]
CARDS = [part for part in SHOWN if not isinstance(part, NumberCard)]


def numbers(report):
    shown = [block.items for block in report.document.blocks if isinstance(block, Numbers)]
    return {number.label: number for items in shown for number in items}


def row_of(figure):
    """The cards of the figure's row."""
    items = [item for items in find("weekly").contents.values() for item in items]
    return next(one.items for one in items if isinstance(one, Row) and figure in one.items)


def titled(report, kind):
    return {block.title: block for block in report.document.blocks if isinstance(block, kind)}


@pytest.mark.parametrize("figure", FIGURES_SHOWN, ids=lambda figure: figure.__name__)
def test_a_figure_says_what_it_says_on_its_page(met, week, weekly, figure):
    beside = [part for part in row_of(figure) if isinstance(part, NumberCard)]
    row = in_a_row(met(part, week) for part in beside)
    on_page = row[beside.index(figure)]
    shown = numbers(weekly)[figure.metric.label]
    assert shown.value == on_page.written
    assert shown.change == {None: "", 0: "no change"}.get(on_page.delta, on_page.delta)
    assert shown.words == on_page.words


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.__name__)
def test_a_card_has_the_rows_and_the_reason_that_it_has_on_its_page(met, week, weekly, card):
    of_page = met(card, week)
    for one in of_page if isinstance(of_page, tuple) else (of_page,):
        if isinstance(one, Chart | Table):
            is_ready = one.answer.state == "ready"
            assert (one.title in titled(weekly, Missing)) != is_ready
            if is_ready:
                has_rows_of(weekly, one)


def has_rows_of(report, card):
    held = card.answer.frame if isinstance(card, Table) or card.file is None else card.file
    kind = Picture if isinstance(card, Chart) else Listed
    shown = titled(report, kind)[card.title]
    grid = shown.data if isinstance(card, Chart) else shown.grid
    assert len(grid.rows) + grid.left_out == len(held)
    assert set(grid.headings) <= {export.heading(str(name)) for name in held}


def test_the_summary_is_made_of_the_figures_of_the_pages(met, week, weekly):
    said = " ".join(weekly.document.summary)
    for name in ("cost", "hours", "billable", "error_rate", "delivered"):
        figure = met(FIGURES[name], week)
        assert figure.metric.exact(figure.value) in said


def test_the_hours_of_the_week_are_those_of_the_table(weekly, demo_rows):
    [(hours,)] = demo_rows(
        "SELECT sum(seconds) / 3600.0 FROM time_entries "
        "WHERE date(started_at, 'unixepoch') BETWEEN '2026-11-09' AND '2026-11-15'"
    )
    assert numbers(weekly)["Total time logged"].value == f"{hours:,.1f} h"


def test_the_largest_change_in_the_summary_is_a_bar_of_the_movers(met, week, weekly):
    bars = met(costs.movers, week).answer.frame
    largest = bars.loc[bars["change"].abs().idxmax()]
    assert f"{largest['name']}: " in weekly.document.summary[1]
    assert f"${abs(largest['change']):,.2f}" in weekly.document.summary[1]


@pytest.mark.usefixtures("weekly")
def test_a_report_calls_its_database_once(counted):
    assert counted.database.of_weekly == 1


def test_so_does_the_report_of_a_page(made, counted):
    before = counted.database.calls
    made("projects", source=counted)
    assert counted.database.calls == before + 1


def test_filters_narrow_the_numbers(made, met, select):
    narrowed = made("projects", projects=("prj_cafe_etoile",))
    on_page = met(cost_of_period, select("30d", projects=("prj_cafe_etoile",)))
    assert numbers(narrowed)["Cost"].value == on_page.metric.short(on_page.value)
    assert numbers(narrowed)["Cost"] != numbers(made("projects"))["Cost"]
    assert "project prj_cafe_etoile only" in narrowed.document.scope
