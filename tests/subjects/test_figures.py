"""Figures: what a card says of one number, and of one that could not be got."""

import pytest

from meaux.subjects.figure import Figure, in_a_row
from meaux.subjects.hours import figures as hours_figures
from meaux.subjects.hours.metrics import BILLABLE_RATIO, HOURS
from meaux.subjects.money import figures as money_figures
from meaux.subjects.money.metrics import COST_THIS_MONTH
from meaux.subjects.people import figures as people_figures
from meaux.subjects.people.metrics import ACTIVE_USERS
from meaux.subjects.projects import figures as projects_figures
from meaux.subjects.projects.metrics import TOTAL_PROJECTS
from meaux.subjects.storage.metrics import IMAGES, OBJECTS, STORED


@pytest.mark.parametrize(
    ("figure", "delta"),
    [
        (Figure(HOURS, 110.0, 100.0), "+10.0%"),
        (Figure(HOURS, 90.0, 100.0), "-10.0%"),
        (Figure(HOURS, 100.0, 100.0), 0),
        (Figure(HOURS, 100.04, 100.0), 0),
        (Figure(HOURS, 100.0, None), None),
        (Figure(HOURS, None, 100.0), None),
        (Figure(HOURS, 100.0, 0.0), None),
        (Figure(COST_THIS_MONTH, 10.0, -5.0), None),
        (Figure(TOTAL_PROJECTS, 22.0, 20.0), "+2"),
        (Figure(TOTAL_PROJECTS, 22.0, 22.0), 0),
        (Figure(TOTAL_PROJECTS, 22.0, None), None),
        (Figure(TOTAL_PROJECTS, 20.0, 22.0), "-2"),
        (Figure(STORED, 812e9, 780e9), "+32.0 GB"),
        (Figure(STORED, 5e6, 2e9), "-2.0 GB"),
        (Figure(BILLABLE_RATIO, 0.5, 0.45), "+5.0 pp"),
        (Figure(BILLABLE_RATIO, 0.45, 0.5), "-5.0 pp"),
        (Figure(BILLABLE_RATIO, 0.45, 0.0), "+45.0 pp"),
        (Figure(BILLABLE_RATIO, 0.5, 0.5001), 0),
        (Figure(BILLABLE_RATIO, 0.5, None), None),
        (Figure(BILLABLE_RATIO, None, 0.5), None),
    ],
)
def test_a_change_is_in_per_cent_a_levels_in_its_unit_and_a_ratios_in_points(figure, delta):
    assert figure.delta == delta


@pytest.mark.parametrize(
    ("now", "before", "delta"),
    [
        (1_099.0, 100.0, "+999.0%"),
        (1_099.1, 100.0, "11\N{MULTIPLICATION SIGN}"),
        (2_600.0, 100.0, "26\N{MULTIPLICATION SIGN}"),
        (25_000.0, 1.0, "25,000\N{MULTIPLICATION SIGN}"),
        (-2_600.0, 100.0, "-26\N{MULTIPLICATION SIGN}"),
        (-100.0, 100.0, "-200.0%"),
        (5.0, 1e-320, None),
        (5.0, float("nan"), None),
        (float("nan"), 5.0, None),
        (5.0, 0.0, None),
        (-5.0, -10.0, None),
    ],
)
def test_above_999_per_cent_a_change_is_a_factor_and_without_a_base_there_is_none(
    now, before, delta
):
    assert Figure(COST_THIS_MONTH, now, before).delta == delta


@pytest.mark.parametrize(
    ("metric", "delta"),
    [(HOURS, "+20.0%"), (TOTAL_PROJECTS, "+2"), (BILLABLE_RATIO, "+200.0 pp")],
)
def test_a_change_is_worked_out_from_what_is_comparable(metric, delta):
    assert Figure(metric, 20.0, 10.0, comparable=12.0).delta == delta


def test_a_figure_in_words_says_what_of_it_is_compared():
    figure = Figure(HOURS, 1234.5, 1000.0, "vs 1 Oct 2026", comparable=1200.0)
    assert figure.words == (
        "Total time logged: 1,234.5 h, 1,200.0 h of it on complete days, 1,000.0 h 1 Oct 2026"
    )


def test_a_figure_in_words_says_both_numbers():
    figure = Figure(HOURS, 1234.5, 1000.0, "vs 1 Oct 2026")
    assert figure.words == "Total time logged: 1,234.5 h, 1,000.0 h 1 Oct 2026"


@pytest.mark.parametrize(
    ("figure", "metric"),
    [
        (projects_figures.total_projects, TOTAL_PROJECTS),
        (people_figures.active_users, ACTIVE_USERS),
        (hours_figures.total_hours, HOURS),
        (money_figures.cost_this_month, COST_THIS_MONTH),
    ],
)
def test_a_number_that_can_not_be_got_says_what_it_needs_and_is_not_zero(
    database_of, met, figure, metric
):
    found = met(figure, source=database_of(""))
    assert found.metric is metric
    assert found.value is None
    assert found.unanswered
    assert found.note.startswith("Needs the table")


def test_a_month_without_a_price_is_unknown_and_not_zero(database_of, met):
    source = database_of(
        "CREATE TABLE time_entries (started_at INTEGER, seconds INTEGER, cost_usd REAL);"
        "INSERT INTO time_entries VALUES (strftime('%s', '2026-11-20'), 60, NULL);"
    )
    figure = met(money_figures.cost_this_month, source=source)
    assert figure.value is None
    assert figure.change is None
    assert "1 entry has no price" in figure.note


def test_nothing_is_compared_where_nothing_is_to_be_compared(met, select):
    figure = met(people_figures.active_users, select(compare="none"))
    assert (figure.before, figure.versus, figure.delta) == (None, "", None)
    assert figure.value > 0


def test_a_count_has_all_its_digits_beside_a_much_larger_one():
    row = in_a_row([Figure(IMAGES, 1_107.0), Figure(OBJECTS, 1_121_502.0)])
    assert [figure.written for figure in row] == ["1,107", "1.1M"]


def test_amounts_of_money_in_a_row_are_written_alike():
    row = in_a_row([Figure(COST_THIS_MONTH, 12.5), Figure(COST_THIS_MONTH, 1_234.5)])
    assert [figure.written for figure in row] == ["$12", "$1,234"]
