"""Each figure and table of Financial analytics and of the Executive overview, worked out again."""

import csv
import io
import math
from dataclasses import fields
from datetime import date, timedelta

import pandas as pd
import pytest
from messy import MESSY

from meaux.query import queries
from meaux.query.filters import Period, month_to_date
from meaux.query.filters.period import last_month
from meaux.subjects.money import figures as money_figures
from meaux.subjects.money import frames as costs
from meaux.subjects.money import rankings, reconciliation
from meaux.subjects.money.cards import costs as cost_cards
from meaux.subjects.money.ledger import Ledger
from meaux.subjects.money.outlook import outlook
from meaux.subjects.people import cards as people_cards
from meaux.subjects.people import figures as people_figures
from meaux.subjects.projects import frames as projects

TODAY = date(2026, 11, 22)
DAY = timedelta(1)
ZONES = ["UTC", "America/New_York", "Asia/Kolkata", "Pacific/Apia"]
DAYS = [date(2026, 11, 22), date(2026, 11, 1), date(2026, 10, 31), date(2026, 9, 30)]

every_zone = pytest.mark.parametrize("zone", ZONES)
every_day = pytest.mark.parametrize("day", DAYS, ids=str)


@pytest.fixture
def no_lines(answer):
    """The demo as if nothing were known to come every month."""
    known = answer(queries.recurring_lines, limit=1)
    return {queries.recurring_lines: known.with_frame(known.frame.head(0))}


@pytest.fixture
def period(select):
    return select("30d").period


@every_zone
@pytest.mark.parametrize("preset", ["7d", "30d", "last-month", "mtd"])
@pytest.mark.parametrize("compare", ["previous", "month", "year"])
def test_the_cost_of_a_period_stands_beside_that_of_the_compared_one(
    met, select, books_of, demo_file, zone, preset, compare
):
    selection = select(preset, zone=zone, compare=compare)
    books = books_of(demo_file, zone)
    figure = met(money_figures.cost, selection)
    assert figure.value == pytest.approx(books.total(selection.period))
    assert figure.before == pytest.approx(books.total(selection.compared))
    assert figure.compared == pytest.approx(books.total(selection.comparable))
    assert figure.versus == f"vs {selection.compared}"
    expected = books.each_day(selection.period.start, selection.period.last)
    assert list(figure.trend) == pytest.approx(expected)


@every_zone
@every_day
def test_the_burn_and_the_run_rate_are_means_of_complete_days(
    met, select, books_of, demo_file, no_lines, zone, day
):
    selection = select(month_to_date(day), today=day, zone=zone)
    books = books_of(demo_file, zone)
    seen, burn = (
        met(wanted, selection, instead=no_lines) for wanted in (outlook, money_figures.daily_burn)
    )
    assert burn.value == pytest.approx(sum(books.each_day(day - 7 * DAY, day - DAY)) / 7)
    thirty = sum(books.each_day(day - 30 * DAY, day - DAY)) / 30
    assert seen.burn(30) == pytest.approx(thirty)
    assert f"${thirty:,.2f} per day over 30 complete days." in burn.note
    passed = day.day - 1
    assert seen.month.actual == pytest.approx(sum(books.each_day(day.replace(day=1), day)))
    if passed < 3:
        assert seen.month.run_rate is None
        return
    days = pd.Period(day, freq="M").days_in_month
    complete = books.each_day(day.replace(day=1), day - DAY)
    assert seen.month.run_rate == pytest.approx(sum(complete) / passed * days)
    assert seen.month.low80 <= seen.month.forecast <= seen.month.high80


@every_zone
@every_day
def test_the_month_to_date_runs_beside_the_whole_of_last_month(
    met, select, books_of, demo_file, zone, day
):
    selection = select("30d", today=day, zone=zone)
    books = books_of(demo_file, zone)
    found = costs.running_totals(met(costs.Recent, selection).frame, selection)
    then = last_month(day)
    for name, first, last in (
        ("This month", day.replace(day=1), day),
        ("Last month", then.start, then.last),
    ):
        line = found[found["month"] == name]
        expected = pd.Series(books.each_day(first, last)).cumsum()
        assert list(line["cost"]) == pytest.approx(list(expected))
        assert list(line["day_of_month"]) == list(range(1, len(expected) + 1))
    assert found["partial"].sum() == 1


@every_day
def test_this_month_is_beside_the_same_days_of_the_last(met, select, books, day):
    figure = met(money_figures.cost_this_month, select("30d", today=day))
    assert figure.value == pytest.approx(books.total(month_to_date(day)))
    if day.day == 1:
        assert (figure.before, figure.delta) == (None, None)
        assert figure.note.startswith(
            "No comparison: today is not complete. Covers 1 Nov 2026. October"
        )
        return
    first, passed = day.replace(day=1), timedelta(day.day - 1)
    then = last_month(day).start
    assert figure.compared == pytest.approx(books.total(Period(first, first + passed)))
    assert figure.before == pytest.approx(books.total(Period(then, then + passed)))


def test_a_leap_february_is_compared_with_28_days_of_january(met, select, leap_year, books_of):
    selection, source = select("30d", today=leap_year.today), leap_year.source
    books = books_of(leap_year.file)
    figure = met(money_figures.cost_this_month, selection, source)
    assert figure.versus == "vs 1\N{EN DASH}28 Jan 2028"
    february = Period(date(2028, 2, 1), date(2028, 3, 1))
    assert figure.value == pytest.approx(books.total(february))
    assert figure.before == pytest.approx(books.total(Period(date(2028, 1, 1), date(2028, 1, 29))))
    recent = met(costs.Recent, selection, source)
    seen = outlook(Ledger(recent), selection)
    complete = books.each_day(date(2028, 2, 1), date(2028, 2, 28))
    assert seen.month.run_rate == pytest.approx(sum(complete) / 28 * 29)
    assert list(costs.running_totals(recent.frame, selection)["day_of_month"])[-1] == 29


@every_zone
def test_costs_are_cut_by_category_project_person_and_service(
    met, answer, select, books_of, demo_file, zone
):
    selection = select("30d", zone=zone)
    books = books_of(demo_file, zone)
    shown = met(cost_cards.by_category, selection).answer.frame
    by_category = books.by("category", selection.period)
    assert dict(zip(shown["category"], shown["cost"], strict=True)) == pytest.approx(by_category)
    for query, column in (
        (queries.cost_by_project, "project"),
        (queries.cost_by_service, "service"),
    ):
        frame = answer(query, selection).frame.dropna(subset=["cost"])
        found = frame.groupby(frame[column].fillna("-"))["cost"].sum().to_dict()
        expected = books.by(column, selection.period)
        if column == "service":
            expected.pop("Time tracking")
        assert found == pytest.approx(expected)
    people = books.of(selection.period, category={"Time", "AI"})
    expected = people.groupby(people["person"].fillna("-"))["cost"].sum().to_dict()
    frame = met(costs.ByPerson, selection).frame.dropna(subset=["cost"])
    found = frame.groupby(frame["person"].fillna("-"))["cost"].sum().to_dict()
    assert found == pytest.approx(expected)


def test_the_bars_of_projects_add_up_to_the_total_with_the_rest_in_one(met, books, period):
    shown = met(cost_cards.by_project).answer.frame
    assert shown["cost"].sum() == pytest.approx(books.total(period))
    by_project = books.by("project", period)
    assert shown["name"].nunique() <= rankings.BARS_SHOWN + 2
    names = books.names | {"-": costs.UNASSIGNED}
    dearest = sorted(by_project, key=by_project.get, reverse=True)[: rankings.BARS_SHOWN]
    order = list(dict.fromkeys(shown["name"]))[: rankings.BARS_SHOWN]
    assert order == [names.get(key, key) for key in dearest]


def test_the_dearest_people_are_shown_with_what_they_cost(met, books, period):
    shown = met(cost_cards.by_person).answer.frame
    lines = books.of(period, category={"Time", "AI"})
    named = lines.groupby(lines["person"].fillna("-"))["cost"].sum()
    named = named.sort_values(ascending=False).head(rankings.BARS_SHOWN)
    names = books.people | {"-": "No person"}
    bars = shown.groupby("name")["cost"].sum()
    for key, value in named.items():
        assert bars[names.get(key, key)] == pytest.approx(value)


def test_each_project_has_its_share_and_its_change(met, books, select):
    selection = select("30d")
    found = met(rankings.Compared, selection).frame
    periods = (selection.period, selection.comparable, selection.compared)
    now, over, then = (books.by("project", p) for p in periods)
    total = sum(now.values())
    shown = {
        project or "-": line
        for project, line in zip(found["project"], found.to_dict("records"), strict=True)
    }
    assert shown.keys() >= now.keys() | then.keys()
    for key, cost in now.items():
        assert shown[key]["cost"] == pytest.approx(cost)
        assert shown[key]["share"] == pytest.approx(cost / total)
    for key in now.keys() | then.keys():
        assert shown[key]["change"] == pytest.approx(over.get(key, 0) - then.get(key, 0))
    assert found["share"].sum() == pytest.approx(1)
    assert found["cost"].sum() == pytest.approx(total)


def test_the_movers_are_the_largest_changes_rises_first(met, books, select):
    selection = select("30d")
    moved = met(rankings.movers, selection).frame
    now, then = (books.by("project", p) for p in (selection.comparable, selection.compared))
    changes = {key: now.get(key, 0) - then.get(key, 0) for key in now.keys() | then.keys()}
    largest = sorted(changes.values(), key=abs, reverse=True)[: rankings.MOVERS_SHOWN]
    assert list(moved["change"]) == pytest.approx(sorted(largest, reverse=True))
    for line in moved.to_dict("records"):
        assert line["word"] in ("", "new", "gone")


def test_without_a_comparison_nothing_is_said_to_have_changed(met, select):
    found = met(rankings.Compared, select("30d", compare="none"))
    assert found.frame["change"].isna().all()
    assert found.frame["before"].isna().all()
    assert rankings.movers(found).state == "empty"


@pytest.mark.parametrize("preset", ["30d", "90d", "last-month", "qtd"])
def test_reports_stand_beside_the_ledger_of_the_same_days(met, select, books, preset):
    selection = select(preset)
    period, reports = selection.period, met(reconciliation.Reports, selection)
    ledger = costs.total_by_day(met(costs.ByDay, selection).frame, period)
    answers = [getattr(reports, field.name) for field in fields(reports)]
    found = reconciliation.reconciled(ledger, period, answers)
    assert list(found["difference"]) == pytest.approx(list(found["ledger"] - found["reported"]))
    shown = {line["source"]: line for line in found.to_dict("records")}
    bounds = (str(period.start), str(period.end))
    days = dict(
        books.rows("SELECT date, total_cost FROM daily_spend WHERE date >= ? AND date < ?", *bounds)
    )
    assert shown["daily_spend"]["reported"] == pytest.approx(sum(days.values()))
    own = sum(books.each_day(date.fromisoformat(day), date.fromisoformat(day))[0] for day in days)
    assert shown["daily_spend"]["ledger"] == pytest.approx(own)
    weeks = books.rows(
        "SELECT week_start, total_cost FROM weekly_spend_reports"
        " WHERE week_start >= ? AND date(week_start, '+7 days') <= ?",
        *bounds,
    )
    starts = [date.fromisoformat(start) for start, _ in weeks]
    assert shown["weekly_spend_reports"]["reported"] == pytest.approx(sum(c for _, c in weeks))
    assert shown["weekly_spend_reports"]["ledger"] == pytest.approx(
        sum(books.total(Period(start, start + 7 * DAY)) for start in starts)
    )
    months = [
        f"{m:%Y-%m}"
        for m in pd.period_range(period.start, period.last, freq="M")
        if m.start_time.date() >= period.start and m.end_time.date() <= period.last
    ]
    for table, column in (("cost_analytics", "cost_usd"), ("project_cost_summary", "total_cost")):
        assert (table in shown) == bool(months)
        if months:
            marks = ", ".join("?" * len(months))
            [(reported,)] = books.rows(
                f"SELECT sum({column}) FROM {table} WHERE month IN ({marks})", *months
            )
            assert shown[table]["reported"] == pytest.approx(reported)
            inside = [d for d in books.lines["day"] if f"{d:%Y-%m}" in months]
            expected = books.lines[books.lines["day"].isin(set(inside))]["cost"].sum()
            assert shown[table]["ledger"] == pytest.approx(expected)


def test_the_reconciliation_in_words_names_both_sums(met, period):
    ledger = costs.total_by_day(met(costs.ByDay).frame, period)
    table = reconciliation.reconciled(ledger, period, [met(reconciliation.ReportedByDay)])
    first = table.iloc[0]
    words = reconciliation.sentence(table)
    assert f"${first['reported']:,.2f}" in words
    assert f"${first['ledger']:,.2f}" in words
    assert reconciliation.sentence(table.head(0)) == ""


def test_one_reported_day_is_one_day(met, period):
    reported = met(reconciliation.ReportedByDay)
    one = reported.with_frame(reported.frame.head(1))
    ledger = costs.total_by_day(met(costs.ByDay).frame, period)
    assert reconciliation.reconciled(ledger, period, [one]).iloc[0]["covers"] == "23 Oct 2026"


def test_lifetimes_stand_beside_each_other_project_by_project(answer, select, books):
    selection = select("all")
    found = reconciliation.lifetime(
        answer(queries.cost_by_project, selection).frame,
        answer(queries.reported_by_project, selection).frame,
    )
    *lines, total = found.to_dict("records")
    ledger = books.by("project", selection.period)
    reported = dict(books.rows("SELECT project_id, sum(total_cost) FROM project_costs GROUP BY 1"))
    names = books.names | {"-": "Unassigned"}
    shown = {line["name"]: line for line in lines}
    assert shown.keys() == {names.get(key, key) for key in ledger.keys() | reported.keys()}
    for key in ledger.keys() | reported.keys():
        line, ours, theirs = shown[names.get(key, key)], ledger.get(key), reported.get(key)
        assert line["ledger"] == pytest.approx(math.nan if ours is None else ours, nan_ok=True)
        assert line["reported"] == pytest.approx(
            math.nan if theirs is None else theirs, nan_ok=True
        )
        assert line["difference"] == pytest.approx((ours or 0) - (theirs or 0))
    differences = [abs(line["difference"]) for line in lines]
    assert differences == sorted(differences, reverse=True)
    assert total["name"] == "Total"
    assert total["ledger"] == pytest.approx(books.total(selection.period))
    assert total["reported"] == pytest.approx(sum(reported.values()))
    assert total["difference"] == pytest.approx(total["ledger"] - total["reported"])


def test_a_project_that_one_side_lacks_is_shown_as_such(answer, database_of):
    source = database_of(
        "CREATE TABLE projects (id TEXT, name TEXT);"
        "INSERT INTO projects VALUES ('p1', 'Alpha'), ('p2', 'Beta'), ('p3', 'Gamma');"
        "CREATE TABLE project_costs (project_id TEXT, total_cost REAL);"
        "INSERT INTO project_costs VALUES ('p1', 10), ('p1', 5), ('p2', 8), ('p3', NULL);"
        "CREATE TABLE ai_cost_tracking (created_at TEXT, project_id TEXT, cost_usd REAL);"
        "INSERT INTO ai_cost_tracking VALUES ('2020-01-01T09:00:00Z', 'p1', 20),"
        " ('2026-11-20T09:00:00Z', 'p3', 2), ('2026-11-20T09:00:00Z', NULL, 1);"
    )
    ledger, reported = (
        answer(query, "all", source=source).frame
        for query in (queries.cost_by_project, queries.reported_by_project)
    )
    found = reconciliation.lifetime(ledger, reported)
    cells = found.astype(object).where(found.notna(), None).to_numpy().tolist()
    assert cells == [
        ["Beta", "Reported only", 8, None, -8],
        ["Alpha", "Both", 15, 20, 5],
        ["Gamma", "Ledger only", None, 2, 2],
        ["Unassigned", "Ledger only", None, 1, 1],
        ["Total", "", 23, 23, 0],
    ]
    assert reconciliation.lifetime(ledger.head(0), ledger.head(0)).empty


def test_savings_are_the_open_ones_the_largest_first(met, books):
    expected = books.rows(
        "SELECT title, estimated_savings_usd FROM cost_optimization WHERE coalesce(status, 'open')"
        " NOT IN ('done', 'applied', 'implemented', 'completed', 'dismissed', 'rejected')"
        " ORDER BY estimated_savings_usd DESC LIMIT 20"
    )
    shown = met(cost_cards.savings).answer.frame
    assert list(shown["savings"]) == pytest.approx([s for _, s in expected])
    assert set(shown["title"]) == {title for title, _ in expected}
    assert not shown.empty


@every_zone
def test_hours_without_a_price_and_other_currencies_are_counted_apart(
    met, answer, select, books_of, demo_file, zone
):
    selection = select("90d", zone=zone)
    books = books_of(demo_file, zone)
    unpriced = [
        seconds
        for at, seconds in books.rows(
            "SELECT e.started_at, coalesce(e.seconds, e.ended_at - e.started_at) AS s"
            " FROM time_entries e LEFT JOIN users u ON u.id = e.user_id"
            " LEFT JOIN projects p ON p.id = e.project_id WHERE s > 0"
            " AND coalesce(e.cost_usd, e.hourly_rate, u.hourly_rate, p.hourly_rate) IS NULL"
        )
        if books.day(at) in selection.period
    ]
    assert answer(queries.unpriced_time, selection).frame.iloc[0].tolist() == [
        len(unpriced),
        pytest.approx(sum(unpriced) / 3600),
    ]
    foreign = books.rows(
        "SELECT upper(currency), count(*), sum(cost_usd) FROM cloudflare_usage"
        " WHERE lower(currency) <> 'usd' AND usage_date >= ? AND usage_date < ? GROUP BY 1",
        str(selection.period.start),
        str(selection.period.end),
    )
    frame = met(costs.OtherCurrencies, selection).frame
    shown = list(zip(frame["currency"], frame["lines"], frame["amount"], strict=True))
    assert shown == [(c, n, pytest.approx(a)) for c, n, a in foreign]


def test_all_that_cost_totals_leave_out_is_told_as_the_totals_tell_it(met, database_of):
    source = database_of(MESSY)
    assert met(money_figures.cost, source=source).note.startswith("3 entries have no price")
    assert met(cost_cards.left_out, source=source).words == (
        "Left out of cost totals: 1 AI entry without a price, 2 Time entries without a price "
        "(0.5 h in 1), 1 AI entry in EUR (EUR 7.00) and 1 Time entry in EUR (EUR 30.00)."
    )


def test_an_entry_in_another_currency_is_told_once(met, answer, database_of):
    source = database_of(
        "CREATE TABLE time_entries (started_at TEXT, seconds INTEGER, cost REAL, currency TEXT);"
        "INSERT INTO time_entries VALUES ('2026-11-02T09:00:00Z', 3600, 100, 'USD'),"
        " ('2026-11-03T09:00:00Z', 3600, 100, 'EUR');"
    )
    assert answer(queries.unpriced_time, source=source).frame.iloc[0]["entries"] == 0
    currencies = met(costs.OtherCurrencies, source=source)
    assert currencies.frame.iloc[0].tolist() == ["Time", "EUR", 1, 100]
    cost = met(money_figures.cost, source=source)
    assert cost.value == 100
    assert cost.note.endswith("1 entry in EUR (EUR 100.00) is left out of cost totals.")
    burn = met(money_figures.daily_burn, source=source)
    assert "$5.00 per day over 20 complete days, since 2 Nov." in burn.note
    assert "No USD entry on 3 Nov: counted as $0." in burn.note


ABROAD = """
CREATE TABLE projects (id TEXT, name TEXT, team_id TEXT);
INSERT INTO projects VALUES ('p1', 'One', 't1'), ('p2', 'Two', 't2');
CREATE TABLE ai_cost_tracking (
  created_at TEXT, project_id TEXT, user_id TEXT, cost_usd REAL, currency TEXT
);
INSERT INTO ai_cost_tracking VALUES
  ('2026-11-20T09:00:00Z', 'p1', 'u1', 1, 'EUR'), ('2026-11-20T09:00:00Z', 'p2', 'u1', 2, 'eur'),
  ('2026-11-20T09:00:00Z', 'p2', 'u2', 4, 'EUR'), ('2026-11-20T09:00:00Z', 'p1', 'u1', 8, 'USD');
CREATE TABLE cloudflare_usage (usage_date TEXT, project_id TEXT, cost_usd REAL, currency TEXT);
INSERT INTO cloudflare_usage VALUES
  ('2026-11-20', 'p1', 16, 'GBP'), ('2026-11-20', NULL, 32, 'GBP'), ('2026-11-20', 'p2', 64, 'USD');
"""


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({}, [("AI", "EUR", 3, 7), ("Infrastructure", "GBP", 2, 48)]),
        ({"projects": ("p1",)}, [("AI", "EUR", 1, 1), ("Infrastructure", "GBP", 1, 16)]),
        ({"teams": ("t2",)}, [("AI", "EUR", 2, 6)]),
        ({"people": ("u1",)}, [("AI", "EUR", 2, 3)]),
        ({"people": ("u2",), "teams": ("t1",)}, []),
    ],
)
def test_lines_in_another_currency_heed_the_filters(met, select, database_of, chosen, expected):
    frame = met(costs.OtherCurrencies, select("30d", **chosen), database_of(ABROAD)).frame
    assert [tuple(row) for row in frame.itertuples(index=False)] == expected


def test_the_focus_file_holds_the_ledger_line_by_line(met, answer, books, period):
    card = met(cost_cards.focus)
    text = card.made(answer(card.ask.query, card.ask.selection), {}).decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(text)))
    assert list(lines[0]) == [
        "ServiceCategory",
        "ServiceName",
        "BilledCost",
        "ChargePeriodStart",
        "ChargePeriodEnd",
        "BillingCurrency",
        "SubAccountName",
    ]
    assert sum(float(line["BilledCost"]) for line in lines) == pytest.approx(books.total(period))
    assert {line["BillingCurrency"] for line in lines} == {"USD"}
    for line in lines:
        start = date.fromisoformat(line["ChargePeriodStart"])
        assert start in period
        assert date.fromisoformat(line["ChargePeriodEnd"]) == start + DAY


def test_teams_members_and_statuses_are_those_of_the_tables(met, books):
    members = books.rows(
        "SELECT team_id, count(DISTINCT user_id) FROM team_members WHERE left_at IS NULL GROUP BY 1"
    )
    frame = met(people_cards.members_by_team).answer.frame
    assert dict(zip(frame["team"], frame["members"], strict=True)) == dict(members)
    assert met(people_figures.teams).value == len(members)
    [(count,)] = books.rows("SELECT count(*) FROM projects")
    assert projects.by_status(met(projects.ByStatus)).frame["projects"].sum() == count


@every_zone
def test_signups_are_the_accounts_made_in_the_period(met, select, books_of, demo_file, zone):
    selection = select("90d", zone=zone)
    books, figure = books_of(demo_file, zone), met(people_figures.signups, selection)
    made = [(name, books.day(at)) for name, at in books.rows("SELECT name, created_at FROM users")]
    inside = [(name, day) for name, day in made if day in selection.period]
    assert figure.value == len(inside)
    assert sum(figure.trend) == len(inside)
    listed = met(people_cards.signups, selection).answer.frame
    assert sorted(listed["name"]) == sorted(name for name, _ in inside)


def test_more_signups_than_the_list_shows_are_all_counted(met, database_of):
    source = database_of(
        "CREATE TABLE users (id INTEGER PRIMARY KEY, created_at TEXT);"
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 700)"
        " INSERT INTO users SELECT i, '2026-11-10T09:00:00Z' FROM n;"
    )
    assert met(people_figures.signups, source=source).value == 700


def test_nothing_is_forecast_of_an_empty_ledger(met, database_of):
    source = database_of("CREATE TABLE time_entries (started_at, cost_usd);")
    assert met(outlook, source=source) is None
    assert met(money_figures.month_end, source=source).value is None
    burn = met(money_figures.daily_burn, source=source)
    assert (burn.value, burn.note) == (None, "No cost recorded in the last 13 weeks.")


@pytest.mark.parametrize("complete", [0, 1, 2, 3])
def test_a_young_ledger_is_projected_from_three_complete_days_on(met, database_of, complete):
    days = [TODAY - n * DAY for n in range(complete + 1)]
    lines = ", ".join(f"('{day}T09:00:00Z', 12.5)" for day in days)
    source = database_of(
        "CREATE TABLE ai_cost_tracking (created_at TEXT, cost_usd REAL);"
        f"INSERT INTO ai_cost_tracking VALUES {lines};"
    )
    seen, burn, month = (
        met(wanted, source=source)
        for wanted in (outlook, money_figures.daily_burn, money_figures.month_end)
    )
    assert seen.month.actual == 12.5 * (complete + 1)
    if complete < 3:
        assert (burn.value, month.value) == (None, None)
        assert "3 complete days" in burn.note
        assert "3 complete days" in month.note
    else:
        assert burn.value == 12.5
        assert seen.month.run_rate == 12.5 * 30
        assert month.value == pytest.approx(12.5 * 12)


@pytest.mark.parametrize(
    ("second", "unpriced"),
    [
        (
            "('2026-11-03T09:00:00Z', 1e999)",
            "1 entry on 3 Nov has no price and is left out.",
        ),
        # the same where that day has a priced line too
        ("('2026-11-02T10:00:00Z', NULL)", "1 entry on 2 Nov has no price and is left out."),
        (
            "('2026-11-02T10:00:00Z', NULL), ('2026-11-04T10:00:00Z', NULL)",
            "2 entries on 2 Nov and 4 Nov have no price and are left out.",
        ),
        (
            ", ".join(f"('2026-11-0{n}T10:00:00Z', NULL)" for n in (3, 5, 7, 9)),
            "4 entries on 4 of these days have no price and are left out.",
        ),
    ],
)
def test_a_line_without_a_price_changes_no_mean_and_is_named_beside_it(
    met, database_of, second, unpriced
):
    """$96 on the first of 20 complete days are $4.80 a day, whatever else has no price."""
    source = database_of(
        "CREATE TABLE ai_cost_tracking (created_at TEXT, cost_usd REAL);"
        f"INSERT INTO ai_cost_tracking VALUES ('2026-11-02T09:00:00Z', 96), {second};"
    )
    seen = met(outlook, source=source)
    assert seen.burn(30) == pytest.approx(96 / 20)
    assert seen.month.run_rate == pytest.approx(96 / 20 * 30)
    note = f"$4.80 per day over 20 complete days, since 2 Nov. {unpriced}"
    assert met(money_figures.daily_burn, source=source).note.startswith(
        f"Covers 15\N{EN DASH}21 Nov 2026. {note}"
    )


def test_the_ways_to_project_an_end_have_names_of_their_own(met, database_of):
    days = ", ".join(f"('2026-11-{day:02}T09:00:00Z', {day})" for day in range(2, 22))
    source = database_of(
        "CREATE TABLE ai_cost_tracking (created_at TEXT, cost_usd REAL);"
        f"INSERT INTO ai_cost_tracking VALUES {days};"
    )
    # 2 + 3 + ... + 21 = 230 on 20 complete days; the month has 30
    said = "$345.00 at the current run rate"
    month, quarter = (
        met(figure, source=source)
        for figure in (money_figures.month_end, money_figures.quarter_end)
    )
    assert said in month.note
    assert "at the current run rate" in quarter.note
    seen = met(outlook, source=source)
    assert seen.forecast.sentence.startswith("Run rate: every day is the mean of 20 complete days.")


def test_on_the_first_of_a_month_there_is_a_forecast_and_no_run_rate(met, select, books, no_lines):
    day = date(2026, 11, 1)
    selection = select(month_to_date(day), today=day)
    seen, month = (
        met(wanted, selection, instead=no_lines) for wanted in (outlook, money_figures.month_end)
    )
    assert seen.month.actual == pytest.approx(books.total(month_to_date(day)))
    assert seen.month.run_rate is None
    assert seen.month.forecast > seen.month.actual
    assert month.value == seen.month.forecast
