"""What is paid every month is forecast once, on its day: $10 a day, and invoices beside it."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pandas as pd
import pytest

from meaux.data.budgeting import Budget
from meaux.data.plan import Plan
from meaux.data.thresholds import Thresholds
from meaux.query.filters import Selection, preset
from meaux.subjects.alerts import rules as alerts
from meaux.subjects.money import budget_status, figures
from meaux.subjects.money.outlook import outlook

TODAY = date(2026, 11, 10)
FIFTH = [f"2026-{month:02}-05" for month in (8, 9, 10, 11)]
MONDAYS = [date(2026, 8, 10) + timedelta(weeks=n) for n in range(14)]
EMPTY = """
CREATE TABLE projects (id TEXT, name TEXT, team_id TEXT);
CREATE TABLE teams (id TEXT, name TEXT);
INSERT INTO teams VALUES ('t1', 'Red'), ('t2', 'Blue');
INSERT INTO projects VALUES ('p1', 'Alpha', 't1'), ('p2', 'Beta', 't2');
CREATE TABLE cloudflare_usage (
  usage_date TEXT, service TEXT, resource TEXT, project_id TEXT, cost_usd REAL);
"""


@pytest.fixture
def seen(met, database_of):
    """All that the pages make of $10 a day and the lines that are told: day, service, amount."""

    def seen(*paid, today=TODAY, plan=None, each=10.0, **chosen):
        days = pd.date_range(date(2026, 7, 1), today)
        usage = [(str(day.date()), "Workers", None, "p1", each) for day in days]
        lines = [
            (str(day), service, resource[0] if resource else None, "p1", amount)
            for day, service, amount, *resource in paid
        ]
        values = ", ".join(str(line).replace("None", "NULL") for line in usage + lines)
        source = database_of(f"{EMPTY} INSERT INTO cloudflare_usage VALUES {values};")
        selection = replace(Selection(preset("30d", today), today), **chosen)
        return Seen(partial(met, selection=selection, source=source, plan=plan or Plan()))

    return seen


class Seen:
    """The month's card, the forecast, the budgets and the alerts of one database."""

    def __init__(self, met):
        self.outlook = met(outlook)
        self.month = self.outlook.month
        self.card = met(figures.month_end)
        self.burn = met(figures.daily_burn)
        evidence = met(alerts.Seen)
        self.unusual = evidence.unusual
        self.statuses = {s.budget.name: s for s in evidence.budgets}
        self.alerts = [finding.rule for finding in alerts.evaluate(evidence)]
        self.budgets = budget_status.frame(list(evidence.budgets))

    def due(self):
        """What stands in the file of the forecast as due, by day."""
        due = self.outlook.table.dropna(subset="recurring")
        return {
            str(day.date()): amount
            for day, amount in zip(due["day"], due["recurring"], strict=True)
            if amount
        }

    def forecast_on(self, day):
        table = self.outlook.table.set_index("day")
        return table.loc[pd.Timestamp(day), "forecast"]


def of(service, days, amount, *resource):
    return [(day, service, amount, *resource) for day in days]


def test_an_invoice_that_was_paid_is_not_forecast_again_this_month(seen):
    found = seen(*of("Enterprise plan", FIFTH, 1_200))
    assert found.month.actual == 1_200 + 10 * 10
    assert found.month.forecast == pytest.approx(1_200 + 30 * 10)
    assert found.month.run_rate == pytest.approx(1_200 + 30 * 10)
    assert found.outlook.quarter.forecast == pytest.approx(3 * 1_200 + 92 * 10)
    assert found.due() == {"2026-12-05": 1_200}
    assert found.forecast_on("2026-12-05") == pytest.approx(1_210)
    assert found.forecast_on("2026-12-04") == pytest.approx(10)


def test_the_cards_say_which_line_is_in_them_and_which_is_not(seen):
    found = seen(*of("Enterprise plan", FIFTH, 1_200))
    assert found.card.value == pytest.approx(1_500)
    assert "Includes recurring costs: Enterprise plan ($1,200.00 on the 5th)." in found.card.note
    assert found.burn.value == pytest.approx(10)
    assert "Without recurring costs: Enterprise plan ($1,200.00 on the 5th)." in found.burn.note
    assert (
        found.outlook.included
        == "Includes recurring costs: Enterprise plan ($1,200.00 on the 5th)."
    )


def test_where_no_day_differs_from_the_forecast_no_band_is_said(seen):
    found = seen(*of("Enterprise plan", FIFTH, 1_200))
    assert (found.month.low80, found.month.high80) == (None, None)
    assert "80% range" not in found.card.note
    assert found.outlook.forecast.frame["low80"].isna().all()


def test_an_invoice_on_its_day_is_nothing_unusual_and_raises_no_alert(seen):
    found = seen(*of("Enterprise plan", FIFTH, 1_200))
    assert found.unusual == ()
    assert "unusual day" not in found.alerts


def test_an_invoice_of_twice_the_amount_is_unusual(seen):
    found = seen(*of("Enterprise plan", FIFTH[:3], 1_200), (FIFTH[3], "Enterprise plan", 2_400))
    [one] = found.unusual
    assert (one.day, one.cost, one.usual) == (date(2026, 11, 5), 2_410, 10)
    assert "unusual day" in found.alerts


def test_what_is_due_and_not_paid_is_in_the_month(seen):
    found = seen(*of("Enterprise plan", FIFTH[:3], 1_200), today=date(2026, 11, 4))
    assert found.month.actual == 4 * 10
    assert found.month.forecast == pytest.approx(1_500)
    assert found.month.run_rate == pytest.approx(1_500)
    assert found.due() == {"2026-11-05": 1_200}


def test_what_is_late_is_expected_today_and_after_some_days_no_more(seen):
    late = seen(*of("Enterprise plan", FIFTH[:3], 1_200), today=date(2026, 11, 7))
    assert late.due() == {"2026-11-07": 1_200, "2026-12-05": 1_200}
    assert late.month.forecast == pytest.approx(1_500)
    ended = seen(*of("Enterprise plan", FIFTH[:3], 1_200), today=date(2026, 11, 12))
    assert ended.due() == {}
    assert ended.month.forecast == pytest.approx(300)


def test_on_the_day_itself_it_is_due_until_it_is_paid_and_counts_once(seen):
    day = date(2026, 11, 5)
    due = seen(*of("Enterprise plan", FIFTH[:3], 1_200), today=day)
    paid = seen(*of("Enterprise plan", FIFTH, 1_200), today=day)
    assert due.month.forecast == pytest.approx(1_500)
    assert paid.month.forecast == pytest.approx(1_500)
    assert due.due() == {"2026-11-05": 1_200}
    assert paid.due() == {}


LAST_DAYS = ["2026-07-31", "2026-08-31", "2026-09-30", "2026-10-31"]
WORKING_DAYS = ["2026-08-03", "2026-09-01", "2026-10-01", "2026-11-02"]
FIRST_MONDAYS = ["2026-09-07", "2026-10-05", "2026-11-02"]


@pytest.mark.parametrize(
    ("paid", "month", "due", "words"),
    [
        (of("Rent", LAST_DAYS, 900), 1_200, {"2026-11-30": 900}, "on the last day of the month"),
        (
            of("Rent", WORKING_DAYS, 900),
            1_200,
            {"2026-12-01": 900},
            "on the 1st (next Monday if on a weekend)",
        ),
        (of("Rent", FIRST_MONDAYS, 900), 1_200, {"2026-12-07": 900}, "on the first Monday"),
        (of("Rent", FIFTH[1:], 900), 1_200, {"2026-12-05": 900}, "on the 5th"),
        (of("Credit", FIFTH, -200), 100, {"2026-12-05": -200}, "Credit (-$200.00 on the 5th)"),
        (
            [
                ("2026-09-05", "Seats", 1_000),
                ("2026-10-05", "Seats", 1_040),
                ("2026-11-05", "Seats", 1_080),
            ],
            1_380,
            {"2026-12-05": 1_080},
            "Seats ($1,080.00 on the 5th)",
        ),
        (
            [*of("Plan", FIFTH, 1_200), *of("Support", FIFTH, 300)],
            1_800,
            {"2026-12-05": 1_500},
            "Plan ($1,200.00 on the 5th) and Support ($300.00 on the 5th)",
        ),
        (
            [(day, "Plan", 1_200, f"INV-{n}") for n, day in enumerate(FIFTH)],
            1_500,
            {"2026-12-05": 1_200},
            "Plan ($1,200.00 on the 5th)",
        ),
        (
            [(day, "Workers", 500, "base fee") for day in FIFTH],
            800,
            {"2026-12-05": 500},
            "Workers ($500.00 on the 5th)",
        ),
    ],
    ids=[
        "last day",
        "first working day",
        "first Monday",
        "three months",
        "credit",
        "rising",
        "two on a day",
        "invoice numbers",
        "a fee of a daily service",
    ],
)
def test_lines_of_every_month_come_again_on_their_day(seen, paid, month, due, words):
    found = seen(*paid)
    assert found.month.forecast == pytest.approx(month)
    assert found.due() == due
    assert words in found.outlook.included
    assert found.unusual == ()


def test_an_amount_that_changes_gives_the_days_ahead_a_band(seen):
    days = ["2026-08-20", "2026-09-20", "2026-10-20"]
    amounts = zip(days, (1_000, 1_040, 1_080), strict=True)
    found = seen(*[(day, "Seats", amount) for day, amount in amounts])
    assert found.month.forecast == pytest.approx(1_380)
    # It rose by $40 each time, and 1.2816 deviations hold 4 of 5 cases.
    assert found.month.low80 == pytest.approx(1_380 - 1.2816 * 40, abs=0.1)
    assert found.month.high80 == pytest.approx(1_380 + 1.2816 * 40, abs=0.1)


def test_what_comes_every_week_is_in_the_weekly_pattern(seen):
    found = seen(*of("Cleaning", MONDAYS, 70))
    # Two Mondays are over, three to come.
    assert found.month.forecast == pytest.approx(300 + 5 * 70)
    assert found.outlook.included == ""
    assert found.forecast_on("2026-11-16") == pytest.approx(80)


def test_a_quarterly_invoice_is_not_told_and_not_forecast_again(seen):
    found = seen(("2026-08-05", "Audit", 3_000), ("2026-11-05", "Audit", 3_000))
    assert found.month.forecast == pytest.approx(3_000 + 300)
    assert found.outlook.included == ""


def test_a_subscription_that_was_cancelled_is_due_no_more_and_leaves_nothing_behind(seen):
    found = seen(*of("Plan", FIFTH[:3], 1_200), today=date(2026, 11, 24))
    assert found.due() == {}
    assert found.outlook.included == ""
    assert found.month.forecast == pytest.approx(300)
    assert found.outlook.quarter.forecast == pytest.approx(1_200 + 92 * 10)


def test_twice_is_no_rule(seen):
    found = seen(*of("Plan", FIFTH[2:], 1_200))
    assert found.due() == {}


def test_lines_of_other_projects_are_left_out_where_a_project_is_chosen(seen):
    chosen = seen(*of("Plan", FIFTH, 1_200), projects=("p1",))
    assert chosen.due() == {"2026-12-05": 1_200}
    assert seen(*of("Plan", FIFTH, 1_200), teams=("t1",)).due() == {"2026-12-05": 1_200}


def budgets(**of_scope):
    made = [
        Budget(scope, scope, of, monthly, "meaux.toml") for scope, (of, monthly) in of_scope.items()
    ]
    return Plan(budgets=tuple(made), thresholds=Thresholds())


def test_budgets_burn_and_end_without_what_was_paid_and_with_what_is_due(seen):
    plan = budgets(
        total=("", 1_550.0),
        category=("Infrastructure", 1_550.0),
        project=("p1", 1_350.0),
        team=("Red", 1_550.0),
    )
    found = seen(*of("Plan", FIFTH, 1_200), plan=plan).statuses
    for budget in found.values():
        assert budget.actual == 1_300
        assert budget.burn7 == budget.burn30 == pytest.approx(10)
        assert budget.projected == pytest.approx(1_500)
        assert budget.run_rate == pytest.approx(1_500)
        assert budget.included == "Includes recurring costs: Plan ($1,200.00 on the 5th)."
    # $50 are left at $10 a day, today included.
    assert found["project"].exhausted_on == date(2026, 11, 15)
    assert found["total"].exhausted_on is None
    assert found["total"].forecast < 1_550


def test_a_budget_is_used_up_on_the_day_on_which_more_is_due_than_is_left(seen):
    plan = budgets(total=("", 1_000.0), project=("p1", 1_000.0))
    found = seen(*of("Plan", FIFTH[:3], 1_200), plan=plan, today=date(2026, 11, 4))
    for budget in found.statuses.values():
        assert budget.exhausted_on == date(2026, 11, 5)
    assert found.statuses["total"].status == "at risk"
    assert "forecast over budget" in found.alerts


def test_a_paid_invoice_makes_no_budget_one_that_is_forecast_over(seen):
    plan = budgets(total=("", 1_700.0))
    found = seen(*of("Plan", FIFTH, 1_200), plan=plan)
    assert found.statuses["total"].status == "watch"
    assert "forecast over budget" not in found.alerts
    assert found.budgets["includes"].tolist() == ["Plan ($1,200.00 on the 5th)"]


def test_a_scenario_keeps_what_is_due_on_its_day(seen):
    found = seen(*of("Plan", FIFTH[:3], 1_200), today=date(2026, 11, 4))
    halved = found.outlook.what_if(-0.5, 0.0, None)
    # Four days at $10, today's among them; then half of 26 days and of the plan.
    assert halved.month.forecast == pytest.approx(40 + 26 * 5 + 600)
