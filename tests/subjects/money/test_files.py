"""What a card's file holds is what the card shows."""

from datetime import date, timedelta

import pandas as pd
import pytest

from meaux.data.budgeting import Budget
from meaux.data.plan import Plan
from meaux.query import export
from meaux.subjects.money import anomalies, budget_status
from meaux.subjects.money import frames as costs
from meaux.subjects.money.ledger import Ledger
from meaux.subjects.money.outlook import outlook

TODAY = date(2026, 11, 22)
DAY = timedelta(1)


@pytest.fixture
def trend(met, select):
    """The file of the cost trend over a selection, and what it was made of."""

    def trend(period, **choices):
        selection = select(period, **choices)
        needs = (costs.ByDay, costs.FirstLine, anomalies.OfPeriod)
        by_day, first, found = (met(need, selection) for need in needs)
        shown = costs.trend(Ledger(by_day, selection.period), selection).frame
        marks = anomalies.marks(found, shown)
        return costs.backdrop(by_day, first, selection, marks).beside(shown), shown, selection

    return trend


def test_the_file_of_the_trend_holds_the_compared_day_beside_each_total(trend, books):
    held, shown, selection = trend("30d")
    assert held[list(shown)].equals(shown)
    totals = held[held["category"] == "Total"]
    moved = selection.period.start - selection.compared.start
    assert totals["day"].dt.date.tolist() == list(selection.period)
    today, over = totals.iloc[-1], totals.iloc[:-1]
    assert today[["compared_day", "before"]].isna().all()
    for line in over.to_dict("records"):
        then = line["day"].date() - moved
        assert line["compared_day"].date() == then
        assert line["before"] == pytest.approx(books.each_day(then, then)[0])
    others = held[held["category"] != "Total"]
    assert others[["compared_day", "before"]].isna().all(axis=None)
    assert totals["before"].sum() == pytest.approx(books.total(selection.compared))


def test_the_file_of_the_trend_says_which_days_are_unusual(trend, books):
    held, *_ = trend("90d")
    marked = held.dropna(subset="unusual")
    assert len(marked)
    lines = books.lines
    for line in marked.to_dict("records"):
        of = lines if line["category"] == "Total" else lines[lines["category"] == line["category"]]
        assert line["cost"] == pytest.approx(of["cost"][of["day"] == line["day"].date()].sum())
        assert line["unusual"].startswith(("All costs", line["category"]))


def test_what_the_trend_does_not_draw_is_not_in_its_file(trend):
    assert "compared_day" not in trend("30d", compare="none")[0]
    weekly, shown, _ = trend("90d", grain="week")
    assert weekly.equals(shown)


def test_the_headings_of_the_trend_name_what_they_hold_with_its_unit(trend):
    assert list(export.plain(trend("30d")[0])) == [
        "Day",
        "Category",
        "Cost (USD)",
        "Incomplete",
        "Not over yet",
        "Compared day",
        "Cost in comparison period (USD)",
        "Unusual",
    ]


@pytest.fixture
def seen(met, select):
    selection = select("30d")
    return outlook(met(costs.RecentLedger, selection), selection)


def test_the_file_of_the_forecast_holds_the_past_the_days_ahead_and_both_bands(seen, books):
    held = seen.table
    behind = held.dropna(subset="actual")
    first = behind["day"].iloc[0].date()
    assert list(behind["actual"]) == pytest.approx(books.each_day(first, TODAY))
    ahead = held.dropna(subset="forecast")
    assert list(ahead["day"].dt.date) == [TODAY + n * DAY for n in range(30)]
    assert list(held["day"].dt.date) == [first + n * DAY for n in range(len(held))]
    assert held["day"].is_unique
    for low, high in (("low95", "low80"), ("low80", "forecast"), ("forecast", "high80")):
        assert (ahead[low] <= ahead[high]).all()
    drawn = seen.forecast.frame
    assert list(ahead["high95"]) == list(drawn["high95"])
    assert list(ahead["forecast"]) == list(drawn["value"])
    assert (seen.period.start, seen.period.last) == (first, TODAY + 29 * DAY)


def test_today_is_in_the_file_of_the_forecast_twice_what_is_known_and_what_is_expected(seen):
    [today] = seen.table[seen.table["day"] == pd.Timestamp(TODAY)].to_dict("records")
    assert today["ongoing"]
    assert today["actual"] == seen.daily["cost"].iloc[-1]
    assert today["forecast"] == seen.forecast.frame["value"].iloc[0]


def test_the_headings_of_the_forecast_have_their_unit(seen):
    assert list(export.plain(seen.table)) == [
        "Day",
        "Actual (USD)",
        "Forecast (USD)",
        "80% range, low (USD)",
        "80% range, high (USD)",
        "95% range, low (USD)",
        "95% range, high (USD)",
        "Recurring costs due (USD)",
        "Not over yet",
    ]


@pytest.fixture
def budgets(met):
    """The table of budgets: of everything, and those of the demo."""
    plan = Plan(budgets=(Budget("All", "total", "", 50_000.0, "meaux.toml"),))
    found = met(budget_status.Statuses, plan=plan)
    return budget_status.frame(found).set_index("name", drop=False)


def test_each_budget_says_what_its_month_end_is_projected_by(budgets, books):
    total = budgets.loc["All"]
    assert total["projected_by"] == "Forecast"
    assert total["projected"] != total["run_rate"]
    names = {name for (name,) in books.rows("SELECT name FROM projects")}
    small = budgets[budgets.index.isin(names)]
    assert len(small)
    assert set(small["projected_by"]) == {"Run rate"}
    assert (small["projected"] == small["run_rate"]).all()


def test_pace_is_in_percentage_points(budgets):
    passed = 22 / 30
    expected = 100 * (budgets["actual"] / budgets["budget"] - passed)
    assert list(budgets["pace"]) == pytest.approx(list(expected))
    heading = export.plain(budgets).columns
    assert {"Pace (pp)", "Projected spend (USD)", "Projected by"} <= set(heading)


def test_a_budget_of_which_nothing_is_known_has_no_projection_and_no_word_for_it():
    [unknown] = budget_status.frame(
        [
            budget_status.BudgetStatus(
                Budget("x", "team", "gone", 10.0, "meaux.toml"), TODAY, "unknown"
            )
        ]
    ).to_dict("records")
    assert pd.isna(unknown["projected"])
    assert pd.isna(unknown["projected_by"])
    assert pd.isna(unknown["pace"])
