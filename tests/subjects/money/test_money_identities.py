"""What must always hold of money, on databases as ugly as they come."""

import itertools
import sqlite3
from contextlib import closing
from datetime import date, datetime, timedelta
from math import isnan
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meaux.data.budgeting import Budget
from meaux.data.database import SQLiteFile
from meaux.data.plan import Plan
from meaux.data.source import open_source
from meaux.query import queries
from meaux.query.filters import Period, Selection
from meaux.subjects.money import budget_status, figures, rankings
from meaux.subjects.money import frames as costs
from meaux.subjects.money.ledger import Ledger
from meaux.subjects.money.outlook import outlook

TODAY = date(2026, 11, 22)
KINDS = ("everything", "no AI table", "only OpenAI's tables", "cents", "time alone")

amounts = st.none() | st.integers(-5_000, 90_000).map(lambda cents: cents / 100)
keys = st.sampled_from([None, "p1", "p2", "gone", ""])
people = st.sampled_from([None, "u1", "gone"])
days = st.integers(0, 80).map(lambda n: str(TODAY - timedelta(n)))
hours = st.integers(0, 23)
currencies = st.sampled_from([None, "USD", "usd", "EUR", "eur", "GBP"])
seconds = st.none() | st.integers(-7_200, 100_000)

TIME = st.lists(st.tuples(days, hours, keys, people, seconds, amounts), max_size=12)
USES = st.lists(st.tuples(days, hours, keys, people, amounts, currencies), max_size=12)
ZONES = st.sampled_from(["UTC", "America/St_Johns", "Pacific/Kiritimati"])
PERIODS = st.builds(
    lambda back, days: Period(TODAY - timedelta(back + days - 1), TODAY - timedelta(back - 1)),
    st.integers(0, 40),
    st.integers(1, 40),
)
PEOPLE_AND_PROJECTS = """
CREATE TABLE projects (id TEXT, name TEXT, team_id TEXT);
INSERT INTO projects VALUES ('p1', 'One', 't1'), ('p2', NULL, NULL);
CREATE TABLE users (id TEXT, name TEXT, hourly_rate REAL);
INSERT INTO users VALUES ('u1', 'Ann', 60);
CREATE TABLE time_entries (
  started_at TEXT, project_id TEXT, user_id TEXT, seconds INTEGER, cost_usd REAL
);
"""
COUNTER = itertools.count()


def money_table(connection, name, cost, uses, when="created_at"):
    """A table of usage whose cost stands in dollars, or in cents."""
    connection.execute(
        f"CREATE TABLE {name} ({when} TEXT, project_id, user_id, model, {cost}, currency)"
    )
    factor = 100 if cost.endswith("cents") else 1
    connection.executemany(
        f"INSERT INTO {name} VALUES (?, ?, ?, 'm', ?, ?)",
        [
            (f"{day}T{hour:02}:30:00Z", key, person, cost and cost * factor, currency)
            for day, hour, key, person, cost, currency in uses
        ],
    )


def written(folder, kind, time, ai, bills):
    """A database of one of the kinds, opened."""
    path = folder / f"{next(COUNTER)}.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(f"PRAGMA synchronous = OFF; {PEOPLE_AND_PROJECTS}")
        connection.executemany(
            "INSERT INTO time_entries VALUES (?, ?, ?, ?, ?)",
            [(f"{day}T{hour:02}:30:00Z", *rest) for day, hour, *rest in time],
        )
        cost = "cost_cents" if kind == "cents" else "cost_usd"
        if kind == "only OpenAI's tables":
            money_table(connection, "openai_spending", "amount_usd", ai)
            money_table(connection, "openai_model_usage", "cost_usd", ai)
        elif kind in ("everything", "cents"):
            money_table(connection, "ai_cost_tracking", cost, ai)
        if kind != "time alone":
            money_table(connection, "cloudflare_usage", cost, bills, "created_at")
        connection.commit()
    return open_source(SQLiteFile(path), override=folder / "none.toml")


def by_hand(kind, time, ai, bills, period, zone):
    """What the lines of the period cost, worked out here: category and project to dollars."""
    lines = []
    for day, hour, key, person, lasted, cost in time:
        worth = cost
        if cost is None and lasted is not None and lasted >= 0 and person == "u1":
            worth = lasted / 3600 * 60
        lines.append((day, hour, "Time", key, worth))
    used = [] if kind in ("no AI table", "time alone") else [("AI", use) for use in ai]
    billed = [] if kind == "time alone" else [("Infrastructure", use) for use in bills]
    for category, (day, hour, key, _, cost, currency) in [*used, *billed]:
        if (currency or "usd").lower() == "usd":
            lines.append((day, hour, category, key, cost))
    found = []
    for day, hour, category, key, cost in lines:
        at = datetime.fromisoformat(f"{day}T{hour:02}:30:00+00:00").astimezone(ZoneInfo(zone))
        if at.date() in period and cost is not None:
            found.append((category, key, cost))
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("ugly")


@settings(max_examples=30)
@given(kind=st.sampled_from(KINDS), time=TIME, ai=USES, bills=USES, period=PERIODS, zone=ZONES)
def test_every_cut_of_a_ledger_adds_up_to_the_same_total(
    met, answer, folder, kind, time, ai, bills, period, zone
):
    source = written(folder, kind, time, ai, bills)
    selection = Selection(period, TODAY, zone)
    by_day = met(costs.ByDay, selection, source)
    by_project, by_person, by_service, billed = (
        answer(query, selection, source=source)
        for query in (
            queries.cost_by_project,
            queries.cost_by_person,
            queries.cost_by_service,
            queries.billed_lines,
        )
    )

    lines = by_hand(kind, time, ai, bills, period, zone)
    total = pytest.approx(sum(cost for *_, cost in lines), abs=1e-6)

    figure = met(figures.cost, selection, source)
    assert (figure.value or 0.0) == total
    assert (figure.value is None) == (not lines)
    assert sum(cost for cost in figure.trend if not isnan(cost)) == total
    assert len(figure.trend) == (period.days if lines else 0)

    categories = costs.by_category(Ledger(by_day, selection.period), selection).frame
    if not categories.empty:
        assert categories["cost"].sum() == total
        for category, cost in zip(categories["category"], categories["cost"], strict=True):
            own = sum(c for name, _, c in lines if name == category)
            assert cost == pytest.approx(own, abs=1e-6)

    assert by_project.frame["cost"].sum() == total
    assert rankings.by_project(by_project).frame["cost"].sum() == total
    compared = met(rankings.Compared, selection, source).frame
    assert compared["cost"].sum() == total
    unassigned = by_project.frame["project"].isna()
    assert by_project.frame[unassigned]["cost"].sum() == pytest.approx(
        sum(cost for _, key, cost in lines if not key), abs=1e-6
    )

    assert billed.frame["cost"].sum() == total
    assert costs.focus(billed)["BilledCost"].sum() == total

    trend = costs.trend(Ledger(by_day, selection.period), selection).frame
    if not trend.empty:
        sums = trend.groupby("category")["cost"].sum()
        assert sums["Total"] == total
        assert sums.drop("Total").sum() == total

    person = sum(cost for category, _, cost in lines if category != "Infrastructure")
    if by_person.state != "unavailable":
        assert by_person.frame["cost"].sum() == pytest.approx(person, abs=1e-6)
    if by_service.state != "unavailable":
        service = sum(cost for category, _, cost in lines if category != "Time")
        assert by_service.frame["cost"].sum() == pytest.approx(service, abs=1e-6)


@settings(max_examples=10)
@given(kind=st.sampled_from(KINDS), time=TIME, ai=USES, bills=USES, zone=ZONES)
def test_the_month_is_the_same_in_the_outlook_in_the_card_and_in_the_budget(
    met, folder, kind, time, ai, bills, zone
):
    source = written(folder, kind, time, ai, bills)
    month = Period(TODAY.replace(day=1), TODAY + timedelta(1))
    selection = Selection(month, TODAY, zone)
    plan = Plan(budgets=(Budget("All", "total", "", 1_000.0, "meaux.toml"),))

    spent = sum(cost for *_, cost in by_hand(kind, time, ai, bills, month, zone))
    card = met(figures.cost_this_month, selection, source).value
    assert (card or 0.0) == pytest.approx(spent, abs=1e-6)
    seen = met(outlook, selection, source)
    [budget] = met(budget_status.Statuses, selection, source, plan=plan)
    if budget.actual is not None:
        assert budget.actual == pytest.approx(spent, abs=1e-5)
        assert budget.remaining == pytest.approx(1_000 - spent, abs=1e-5)
    if seen is not None and seen.month.actual is not None and budget.actual is not None:
        assert seen.month.actual == pytest.approx(spent, abs=1e-6)
        assert budget.burn7 == seen.burn(7)
        assert budget.run_rate == seen.month.run_rate
        assert budget.forecast == seen.month.forecast
