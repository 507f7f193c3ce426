"""Costs: the product's numbers are those that a spreadsheet would find."""

from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meaux.data.database import SQLiteFile
from meaux.data.source import open_source
from meaux.query import queries
from meaux.query.filters import Period, month_to_date
from meaux.query.filters.period import last_month
from meaux.subjects.money import anomalies, figures
from meaux.subjects.money import frames as costs
from meaux.subjects.money.ledger import Ledger

ZONES = ("UTC", "America/New_York", "Asia/Kolkata", "Pacific/Apia")
NO_OVERRIDE = Path("no-such-file.toml")
CATEGORIES = ["AI", "Infrastructure", "Time"]

every_zone = pytest.mark.parametrize("zone", ZONES)


def summed(lines, *by):
    """The sum of each group of lines, as a dict."""
    known = lines.dropna(subset=["cost"])
    return known.groupby(list(by) if len(by) > 1 else by[0], dropna=False)["cost"].sum().to_dict()


@every_zone
@pytest.mark.parametrize("period", ["today", "30d", "last-month", "all"])
def test_every_day_costs_what_its_lines_cost(answer, select, by_hand, within, zone, period):
    selection = select(period, zone=zone)
    found = answer(queries.cost_by_day, selection).frame.dropna(subset=["cost"])
    product = {(row.day.date(), row.category): row.cost for row in found.itertuples()}
    by = summed(within(by_hand.ledger(zone), selection.period), "day", "category")
    assert product == pytest.approx(by)


@every_zone
def test_the_total_does_not_depend_on_how_it_is_cut(answer, select, by_hand, within, zone):
    selection = select("30d", zone=zone)
    whole = within(by_hand.ledger(zone), selection.period)["cost"].sum()
    for query in (queries.cost_by_day, queries.cost_by_project, queries.billed_lines):
        assert answer(query, selection).frame["cost"].sum() == pytest.approx(whole)


def test_projects_and_what_is_unassigned_add_up_to_the_total(answer, select, by_hand, within):
    selection = select("90d")
    lines = within(by_hand.ledger(), selection.period)
    found = answer(queries.cost_by_project, selection).frame
    unassigned = found[found["project"].isna()]["cost"].sum()
    assert unassigned == pytest.approx(lines[lines["project"].isna()]["cost"].sum())
    assert unassigned > 0
    assert found["cost"].sum() == pytest.approx(lines["cost"].sum())


def test_a_project_that_is_gone_keeps_its_cost_under_its_id(answer, demo_rows):
    orphans = {
        project
        for (project,) in demo_rows(
            "SELECT DISTINCT project_id FROM time_entries WHERE project_id IS NOT NULL"
            " AND project_id NOT IN (SELECT id FROM projects)"
        )
    }
    found = answer(queries.cost_by_project, "all").frame
    shown = found[found["project"].isin(orphans)]
    assert set(shown["project"]) == orphans
    assert (shown["name"] == shown["project"]).all()


def test_another_currency_is_in_no_sum_and_is_counted(answer, demo_rows):
    [(lines, amount)] = demo_rows(
        "SELECT count(*), sum(cost_usd) FROM cloudflare_usage WHERE currency = 'EUR'"
    )
    assert lines > 0
    found = answer(queries.other_currencies, "all").frame
    assert found.to_dict("records") == [
        {
            "category": "Infrastructure",
            "currency": "EUR",
            "lines": lines,
            "amount": pytest.approx(amount),
        }
    ]


def test_credits_lower_the_total(answer, demo_rows):
    [(lowered, usd)] = demo_rows(
        "SELECT sum(cost_usd) FILTER (WHERE cost_usd < 0), sum(cost_usd)"
        " FROM cloudflare_usage WHERE currency = 'USD'"
    )
    found = answer(queries.cost_by_day, "all").frame
    assert lowered < 0
    assert found[found["category"] == "Infrastructure"]["cost"].sum() == pytest.approx(usd)


def test_hours_that_nobody_priced_are_counted_and_never_free(answer, select, demo_rows):
    selection = select("30d")
    start, end = selection.bounds
    [(entries, seconds)] = demo_rows(
        "SELECT count(*), sum(e.seconds) FROM time_entries AS e"
        " LEFT JOIN users AS u ON u.id = e.user_id LEFT JOIN projects AS p ON p.id = e.project_id"
        " WHERE e.started_at >= ? AND e.started_at < ? AND e.seconds > 0 AND"
        " coalesce(e.cost_usd, e.hourly_rate, u.hourly_rate, p.hourly_rate) IS NULL",
        start,
        end,
    )
    assert entries >= 4
    by_day = answer(queries.cost_by_day, selection)
    assert by_day.frame["unpriced"].sum() == entries
    assert Ledger(by_day, selection.period).note.startswith(f"{entries} entries have no price")
    found = answer(queries.unpriced_time, selection).frame
    assert list(found.iloc[0]) == [entries, pytest.approx(seconds / 3600)]


def test_a_missing_cost_is_hours_times_the_nearest_rate(database_of, select):
    source = database_of("""
        CREATE TABLE projects (id TEXT, hourly_rate REAL);
        CREATE TABLE users (id TEXT, rate_cents INTEGER);
        CREATE TABLE time_entries (
          id INTEGER PRIMARY KEY, project_id TEXT, user_id TEXT, started_at TEXT,
          ended_at TEXT, seconds INTEGER, cost_usd REAL, hourly_rate REAL
        );
        INSERT INTO projects VALUES ('rated', 30), ('bare', NULL);
        INSERT INTO users VALUES ('rated', 2000), ('bare', NULL);
        INSERT INTO time_entries (project_id, user_id, started_at, ended_at, seconds, cost_usd,
          hourly_rate) VALUES
          ('rated', 'rated', '2026-11-01T09:00:00Z', NULL, 7200, 5.0, 10.0),
          ('rated', 'rated', '2026-11-02T09:00:00Z', NULL, 7200, NULL, 10.0),
          ('rated', 'rated', '2026-11-03T09:00:00Z', NULL, 7200, NULL, NULL),
          ('rated', 'bare', '2026-11-04T09:00:00Z', NULL, 7200, NULL, NULL),
          ('bare', 'bare', '2026-11-05T09:00:00Z', NULL, 7200, NULL, NULL),
          ('rated', 'rated', '2026-11-06T09:00:00Z', '2026-11-06T12:00:00Z', NULL, NULL, NULL),
          ('rated', 'rated', '2026-11-07T09:00:00Z', NULL, NULL, NULL, NULL),
          ('rated', 'rated', '2026-11-08T09:00:00Z', NULL, -7200, -9.0, NULL),
          ('rated', 'rated', '2026-11-09T09:00:00Z', '2026-11-09T09:00:00Z', 0, NULL, NULL);
    """)
    compiled = queries.compile_query(queries.cost_by_day, source.binding, select("mtd"))
    rows = source.database.fetch([compiled.statement])[0].rows
    assert {int(day[-2:]): (cost, unpriced) for day, _, cost, unpriced in rows} == {
        1: (5.0, 0),
        2: (20.0, 0),
        3: (40.0, 0),
        4: (60.0, 0),
        5: (None, 1),
        6: (60.0, 0),
        7: (None, None),
        8: (-9.0, 0),
        9: (0.0, 0),
    }


@pytest.mark.parametrize("period", ["7d", "30d", "all"])
def test_the_top_projects_are_those_that_cost_most(answer, by_hand, within, select, period):
    lines = within(by_hand.ledger(), select(period).period).dropna(subset=["project", "cost"])
    expected = lines.groupby("project")["cost"].sum().nlargest(5)
    found = answer(queries.top_projects_by_cost, period, limit=5).frame
    assert list(found["project"]) == list(expected.index)
    assert list(found["cost"]) == pytest.approx(list(expected))


@pytest.mark.parametrize(
    ("day", "days"),
    [(date(2026, 11, 22), 21), (date(2026, 10, 31), 30), (date(2026, 3, 31), 28)],
)
def test_this_month_is_compared_with_the_same_days_of_last_month(
    met, select, by_hand, within, day, days
):
    selection = select(month_to_date(day), today=day)
    figure = met(figures.cost_this_month, selection)
    ledger = by_hand.ledger()
    first, then = day.replace(day=1), last_month(day).start
    now, then = (Period(start, start + timedelta(days)) for start in (first, then))
    assert figure.value == pytest.approx(within(ledger, month_to_date(day))["cost"].sum())
    assert figure.before == pytest.approx(within(ledger, then)["cost"].sum())
    assert figure.compared == pytest.approx(within(ledger, now)["cost"].sum())
    assert figure.versus == f"vs {then}"
    assert sum(figure.trend) == pytest.approx(figure.value)
    assert len(figure.trend) == day.day
    whole = within(ledger, last_month(day))["cost"].sum()
    assert f"{last_month(day).start:%B} total: {figure.metric.short(whole)}." in figure.note


def test_the_day_a_batch_job_ran_away_stands_out(met, select, by_hand_of, full_demo_file, today):
    source = open_source(SQLiteFile(full_demo_file), NO_OVERRIDE)
    spike = today - timedelta(12)
    spike -= timedelta(max(0, spike.weekday() - 4))
    selection = select("30d")
    [found] = [one for one in met(anomalies.OfPeriod, selection, source) if one.day == spike]
    books = by_hand_of(full_demo_file)
    lines = books.ledger()
    of_ai = lines[lines["category"] == "AI"]
    days = of_ai.groupby("day")["cost"].sum()
    usual = pd.Series([days[spike - timedelta(weeks=n)] for n in range(1, 9)]).median()
    assert (found.cost, found.usual) == (pytest.approx(days[spike]), pytest.approx(usual))
    on_the_day = of_ai[of_ai["day"] == spike].groupby("project")["cost"].sum()
    assert (found.where, found.cause.project) == ("AI", on_the_day.idxmax())
    assert found.of_cause > 0.6 * (found.cost - usual)
    ratio = f"{days[spike] / usual:.1f}"
    assert found.text == f"${days[spike]:,.2f}, {ratio}\N{MULTIPLICATION SIGN} a usual {spike:%A}"


PERIODS = st.builds(
    lambda start, days: Period(start, start + timedelta(days)),
    st.dates(date(2025, 6, 1), date(2026, 11, 20)),
    st.integers(1, 60),
)


@settings(max_examples=20)
@given(period=PERIODS, zone=st.sampled_from(ZONES))
def test_in_every_period_the_parts_add_up_to_the_whole(
    answer, select, by_hand, within, period, zone
):
    selection = select(period, zone=zone, grain="day")
    lines = within(LEDGERS.setdefault(zone, by_hand.ledger(zone)), period)
    whole = pytest.approx(lines["cost"].sum(), abs=1e-6)
    by_day = answer(queries.cost_by_day, selection)
    assert by_day.frame["cost"].sum() == whole
    assert answer(queries.cost_by_project, selection).frame["cost"].sum() == whole
    trend = costs.trend(Ledger(by_day, selection.period), selection).frame
    if trend.empty:
        return
    by_line = trend.groupby("category")["cost"].sum()
    assert by_line["Total"] == whole
    assert by_line[CATEGORIES].sum() == whole
    assert trend["day"].nunique() == period.days


LEDGERS = {}


@pytest.mark.parametrize(
    "choice", [{"projects": ("prj_cafe_etoile",)}, {"people": ("usr_zoe",)}, {"teams": None}]
)
def test_a_choice_leaves_the_lines_that_fit_it(answer, select, by_hand, within, demo_rows, choice):
    if "teams" in choice:
        [(team,)] = demo_rows("SELECT min(team_id) FROM projects")
        members = {key for (key,) in demo_rows("SELECT id FROM projects WHERE team_id = ?", team)}
        selection, column, chosen = select("90d", teams=(team,)), "project", members
    else:
        [(name, ids)] = choice.items()
        column = {"projects": "project", "people": "person"}[name]
        selection, chosen = select("90d", **choice), set(ids)
    lines = within(by_hand.ledger(), selection.period)
    expected = lines[lines[column].isin(chosen)]["cost"].sum()
    assert expected > 0
    assert answer(queries.cost_by_day, selection).frame["cost"].sum() == pytest.approx(expected)


LEDGER = """
CREATE TABLE time_entries (started_at TEXT, seconds INTEGER, user_id TEXT, cost_usd REAL);
INSERT INTO time_entries VALUES ('2026-11-20', 3600, 'u', 50), ('2026-11-20', 60, 'u', NULL);
CREATE TABLE ai_cost_tracking (created_at TEXT, project_id TEXT, model TEXT, cost_usd REAL);
INSERT INTO ai_cost_tracking VALUES ('2026-11-20', 'p', 'm', 7);
"""


@pytest.mark.parametrize(
    ("choice", "cost", "without"),
    [
        ({}, 57, "Infrastructure"),
        ({"people": ("u",)}, 50, "AI, which needs ai_cost_tracking.user_id"),
        ({"projects": ("p",)}, 7, "Time, which needs time_entries.project_id"),
    ],
)
def test_a_category_that_can_not_be_chosen_from_is_named_and_not_nothing(
    answer, database_of, select, choice, cost, without
):
    selection = select("30d", **choice)
    found = answer(queries.cost_by_day, selection, source=database_of(LEDGER))
    assert found.frame["cost"].sum() == cost
    ledger = Ledger(found, selection.period)
    assert without in ledger.gap
    drawn = costs.by_category_over_time(ledger, selection).frame
    assert set(drawn["category"]) == set(ledger.fed)
    assert all(name not in ledger.gap for name in ledger.fed)


def test_what_costs_by_project_and_by_person_have_to_do_without_is_said(
    answer, database_of, select
):
    source = database_of(LEDGER)
    by_project = answer(queries.cost_by_project, select("30d"), source=source)
    said = Ledger(by_project).caveats("project")
    assert "Not included: Infrastructure, which needs " in said
    assert "Time costs can't be assigned to projects: this needs time_entries.project_id" in said
    assert "1 entry has no price and is left out of cost totals." in said
    by_person = answer(queries.cost_by_person, select("30d"), source=source)
    said = Ledger(by_person).caveats("person")
    assert "Infrastructure" not in said
    assert "AI costs can't be assigned to people: this needs ai_cost_tracking.user_id" in said
    assert "1 entry has no price and is left out of cost totals." in said
