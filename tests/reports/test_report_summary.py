"""The sentences of the summary: each rule with its condition."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from meaux.data.budgeting import Budget
from meaux.query.filters import Period, Selection
from meaux.reports import summary
from meaux.reports.summary import NOTHING, Facts, Mover, moved, sentences_of
from meaux.subjects.email.metrics import DELIVERY_RATE, MAIL_SENT
from meaux.subjects.figure import Figure
from meaux.subjects.hours.metrics import BILLABLE_RATIO, HOURS
from meaux.subjects.money.budgets import BudgetStatus
from meaux.subjects.money.metrics import COST
from meaux.subjects.workers.metrics import ERROR_RATE
from meaux.subjects.workflows.metrics import FAILED_RUNS, RUNS

WEEK = Selection(Period(date(2026, 11, 9), date(2026, 11, 16)), date(2026, 11, 22))
THEN = "vs 2–8 Nov 2026"
NO_COSTS = pd.DataFrame({"category": [], "cost": []})
UNKNOWN = Facts(
    cost=Figure(COST, None),
    categories=NO_COSTS,
    mover=None,
    budgets=(),
    outlook=None,
    hours=Figure(HOURS, None),
    billable=Figure(BILLABLE_RATIO, None),
    error_rate=Figure(ERROR_RATE, None),
    runs=Figure(RUNS, None),
    failed_runs=Figure(FAILED_RUNS, None),
    mail=Figure(MAIL_SENT, None),
    delivered=Figure(DELIVERY_RATE, None),
    selection=WEEK,
)


def said(**known):
    return sentences_of(replace(UNKNOWN, **known))


def test_there_are_five_rules_and_each_says_its_condition():
    assert len(summary.RULES) == 5
    assert all(rule.condition.endswith(".") for rule in summary.RULES)


def test_what_is_unknown_has_no_sentence():
    assert said() == (NOTHING,)


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        (Figure(COST, 150.0, 100.0, THEN), "up 50.0% from $100.00 (2–8 Nov 2026)"),
        (Figure(COST, 50.0, 100.0, THEN), "down 50.0% from $100.00 (2–8 Nov 2026)"),
        (Figure(COST, 100.0, 100.0, THEN), "unchanged from $100.00 (2–8 Nov 2026)"),
        (Figure(COST, 2600.0, 100.0, THEN), "26× that of $100.00 (2–8 Nov 2026)"),
        (Figure(COST, 100.0, 0.0, THEN), ""),
        (Figure(COST, 100.0), ""),
        (Figure(BILLABLE_RATIO, 0.5, 0.4, THEN), "up 10.0 pp from 40.0% (2–8 Nov 2026)"),
    ],
)
def test_a_change_is_written_in_words(figure, words):
    assert moved(figure) == words


@pytest.mark.parametrize(
    ("costs", "largest"),
    [
        ({"Time": 90.0, "AI": 10.0}, ", mostly Time (90%)"),
        ({"Time": 40.0, "AI": 35.0, "Infrastructure": 25.0}, ", most of it Time (40%)"),
        ({"Time": 100.0}, ""),
        ({}, ""),
    ],
)
def test_the_first_sentence_says_the_cost_and_its_largest_category(costs, largest):
    rows = pd.DataFrame({"category": list(costs), "cost": list(costs.values())})
    [sentence] = said(cost=Figure(COST, 100.0, 80.0, THEN), categories=rows)
    assert sentence == f"Cost was $100.00, up 25.0% from $80.00 (2–8 Nov 2026){largest}."


@pytest.mark.parametrize(
    ("mover", "words"),
    [
        (Mover("Bolt", 30.0, 90.0, 60.0, "AI", 25.0), "up $30.00 (50%), mainly AI (+$25.00)"),
        (Mover("Bolt", -30.0, 30.0, 60.0, "AI", -25.0), "down $30.00 (50%), mainly AI (-$25.00)"),
        (Mover("Bolt", 30.0, 90.0, 60.0), "up $30.00 (50%)"),
        (Mover("Bolt", 30.0, 30.0, None), "$30.00 after no cost before"),
        (Mover("Bolt", -60.0, None, 60.0), "no cost after $60.00 before"),
    ],
)
def test_the_second_names_the_largest_change_and_its_cause(mover, words):
    assert said(mover=mover) == (f"The largest change by project is Bolt: {words}.",)


def budget(name, status, used):
    given = Budget(name, "total", "", 100.0, "meaux.toml")
    return BudgetStatus(
        given, WEEK.today, status, actual=None if used is None else 100 * used, used=used
    )


@pytest.mark.parametrize(
    ("budgets", "words"),
    [
        ([], ""),
        ([("A", "unknown", None), ("B", "none", None)], ""),
        ([("A", "on track", 0.2), ("B", "watch", 0.6)], "none of 2 budgets is over or at risk"),
        ([("A", "over", 1.2), ("B", "watch", 0.6)], "of 2 budgets, 1 is over (A 120%)"),
        (
            [("A", "over", 1.2), *((name, "at risk", 0.9) for name in "BCDE")],
            "of 5 budgets, 1 is over (A 120%) and 4 are at risk (B 90%, C 90%, D 90%, 1 other)",
        ),
    ],
)
def test_the_third_counts_the_budgets_over_and_at_risk(budgets, words):
    found = said(budgets=tuple(budget(*one) for one in budgets))
    assert found == ((f"Today, {words}.",) if words else (NOTHING,))


def test_the_third_says_that_budgets_disregard_filters():
    narrowed = replace(WEEK, projects=("p",))
    [sentence] = said(budgets=(budget("A", "over", 1.2),), selection=narrowed)
    assert sentence.endswith("(for the whole company).")


LOGGED = "10.0 h were logged, up 25.0% from 8.0 h (2–8 Nov 2026)"


@pytest.mark.parametrize(
    ("hours", "before", "billable", "words"),
    [
        (10.0, 8.0, 0.5, f"{LOGGED}; 50.0% of the classified hours are billable."),
        (10.0, 8.0, None, f"{LOGGED}."),
        (0.0, 8.0, None, "0.0 h were logged, down 100.0% from 8.0 h (2–8 Nov 2026)."),
        (0.0, 0.0, None, NOTHING),
    ],
)
def test_the_fourth_says_the_hours_and_the_billable_ratio(hours, before, billable, words):
    figure, ratio = Figure(HOURS, hours, before, THEN), Figure(BILLABLE_RATIO, billable)
    assert said(hours=figure, billable=ratio) == (words,)


def test_the_fifth_says_what_failed_of_what_is_recorded():
    whole = said(
        error_rate=Figure(ERROR_RATE, 0.02),
        runs=Figure(RUNS, 60.0),
        failed_runs=Figure(FAILED_RUNS, 3.0),
        mail=Figure(MAIL_SENT, 1.0),
        delivered=Figure(DELIVERY_RATE, None),
    )
    assert whole == (
        "2.0% of Worker requests failed, 3 of 60 workflow runs failed and 1 message was sent.",
    )
    mail = said(mail=Figure(MAIL_SENT, 200.0), delivered=Figure(DELIVERY_RATE, 0.985))
    assert mail == ("98.5% of 200 messages were delivered.",)


def test_all_five_stand_in_the_order_of_the_rules(weekly):
    starts = [sentence.split()[0] for sentence in weekly.document.summary]
    assert starts[:3] == ["Cost", "The", "Today,"]
    assert len(starts) == 5
