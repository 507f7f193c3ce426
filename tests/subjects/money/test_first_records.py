"""Nothing is compared with a time before the first record: it is unknown, not nothing."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated

import pytest

from meaux.data.categories import SOURCES
from meaux.data.plan import Plan
from meaux.query import queries
from meaux.query.filters import Period
from meaux.query.needs import OLDEST, Request, queries_of, recorded
from meaux.subjects.ai import figures as ai_figures
from meaux.subjects.email import figures as email_figures
from meaux.subjects.events import figures as events_figures
from meaux.subjects.hours import figures as hours_figures
from meaux.subjects.money import figures as money_figures
from meaux.subjects.money import frames as costs
from meaux.subjects.money import rankings
from meaux.subjects.people import figures as people_figures
from meaux.subjects.projects import figures as projects_figures
from meaux.subjects.workers import figures as workers_figures
from meaux.subjects.workflows import figures as workflows_figures

TODAY = date(2026, 11, 22)
DAY = timedelta(1)
FIRST = date(2026, 10, 10)
"""The first day of every record in the young database."""
SENTENCE = "No comparison: no data before 10 Oct 2026."
ZONES = ["UTC", "America/New_York", "Asia/Kolkata", "Pacific/Apia"]

YOUNG = """
CREATE TABLE projects (id TEXT, name TEXT, status TEXT, created_at TEXT);
INSERT INTO projects VALUES ('p1', 'Alpha', 'active', '2026-10-10');
CREATE TABLE users (id TEXT, name TEXT, created_at TEXT);
CREATE TABLE user_sessions (user_id TEXT, started_at TEXT);
CREATE TABLE time_entries (
  started_at TEXT, user_id TEXT, project_id TEXT, seconds INTEGER, cost_usd REAL
);
CREATE TABLE ai_cost_tracking (created_at TEXT, project_id TEXT, cost_usd REAL);
WITH RECURSIVE days (day) AS (
  SELECT '2026-10-10' UNION ALL SELECT date(day, '+1 day') FROM days WHERE day < '2026-11-22'
)
INSERT INTO time_entries SELECT day || 'T09:00:00Z', 'u1', 'p1', 3600, 50 FROM days;
INSERT INTO ai_cost_tracking VALUES ('2026-11-20T09:00:00Z', 'p1', 9);
INSERT INTO user_sessions VALUES ('u1', '2026-11-01T09:00:00Z');
INSERT INTO users VALUES ('u1', 'Ann', '2026-10-10T09:00:00Z');
INSERT INTO users VALUES ('u2', 'Bo', '2026-11-10T09:00:00Z');
CREATE TABLE project_activity (project_id TEXT, action TEXT, created_at TEXT);
INSERT INTO project_activity SELECT 'p1', 'deploy', started_at FROM time_entries;
CREATE TABLE project_milestones (project_id TEXT, title TEXT, completed_at TEXT, created_at TEXT);
INSERT INTO project_milestones SELECT 'p1', 'One', started_at, started_at FROM time_entries;
CREATE TABLE worker_logs (worker_id TEXT, timestamp TEXT, status INTEGER);
INSERT INTO worker_logs SELECT 'w1', started_at, 200 FROM time_entries;
CREATE TABLE ai_conversations (id TEXT, started_at TEXT);
INSERT INTO ai_conversations SELECT started_at, started_at FROM time_entries;
CREATE TABLE workflow_runs (id TEXT, workflow_name TEXT, status TEXT, started_at TEXT);
INSERT INTO workflow_runs SELECT started_at, 'nightly', 'success', started_at FROM time_entries;
CREATE TABLE email_analytics (date TEXT, sent INTEGER);
INSERT INTO email_analytics SELECT substr(started_at, 1, 10), 5 FROM time_entries;
CREATE TABLE error_logs (level TEXT, message TEXT, created_at TEXT);
INSERT INTO error_logs SELECT 'error', 'Broke', started_at FROM time_entries;
"""


@pytest.fixture
def young(database_of):
    return database_of(YOUNG)


@pytest.fixture
def began(met, select):
    """The first day on which one of these tables has a record."""

    def began(*tables, zone="UTC", **source):
        return met(Annotated[date | None, recorded(*tables)], select("7d", zone=zone), **source)

    return began


COMPARED = [
    money_figures.cost,
    hours_figures.total_hours,
    hours_figures.hours_at_a_glance,
    people_figures.active_users,
    people_figures.signups,
]
every_figure = pytest.mark.parametrize("figure", COMPARED, ids=lambda figure: figure.__name__)


@pytest.mark.parametrize("zone", ZONES)
def test_the_oldest_records_are_those_of_the_tables(began, books_of, demo_file, zone):
    books = books_of(demo_file, zone)
    stored = {
        "time_entry": "SELECT started_at FROM time_entries",
        "ai_usage": "SELECT created_at FROM ai_cost_tracking",
        "infrastructure_usage": "SELECT usage_date FROM cloudflare_usage",
        "user_session": "SELECT started_at / 1000 FROM user_sessions",
        "ai_conversation": "SELECT started_at FROM ai_conversations",
        "person": "SELECT created_at FROM users",
    }
    for table, sql in stored.items():
        days = [books.day(at) for (at,) in books.rows(sql)]
        assert began(table, zone=zone) == min(day for day in days if day.year >= 2000), table
        assert OLDEST[table] is queries.oldest_records


FEW_COMPARE = {
    "oldest_activity": {"activity": "created_at FROM project_activity"},
    "oldest_deliverables": {"milestone": "completed_at FROM project_milestones"},
    "oldest_requests": {"worker_log": "timestamp / 1000 FROM worker_logs"},
    "oldest_tokens": {"model_usage": "created_at FROM ai_cost_tracking"},
    "oldest_runs": {
        "workflow_run": "started_at / 1000 FROM workflow_runs",
        "workflow_day_cost": "usage_date FROM workflow_cost_daily",
    },
    "oldest_mail": {
        "email_day": "date FROM email_analytics",
        "email_event": "created_at FROM email_events",
        "email_log": "created_at FROM resend_log",
    },
    "oldest_events": {
        "system_event": "created_at FROM system_events",
        "platform_event": "created_at / 1000 FROM platform_events",
        "audit": "created_at FROM audit_log",
        "log_entry": "created_at FROM event_log",
        "error_entry": "created_at FROM error_logs",
    },
}
"""What tells the first record of things that few pages compare, and where these stand."""


@pytest.mark.parametrize("query", FEW_COMPARE)
def test_the_oldest_of_what_few_pages_compare_are_those_of_the_tables(
    began, books_of, demo_file, query
):
    zone = "America/New_York"
    books = books_of(demo_file, zone)
    for table, stored in FEW_COMPARE[query].items():
        times = [at for (at,) in books.rows(f"SELECT {stored}") if at is not None]
        assert began(table, zone=zone) == min(map(books.day, times)), table
        assert OLDEST[table].name == query


def test_the_ledger_begins_with_the_first_of_its_tables(began, young):
    assert began(*SOURCES, source=young) == FIRST
    assert began("ai_usage", source=young) == date(2026, 11, 20)
    assert began("infrastructure_usage", source=young) is None


@every_figure
@pytest.mark.parametrize(
    ("period", "is_compared"),
    [
        (Period(FIRST + 14 * DAY, FIRST + 24 * DAY), True),
        (Period(FIRST + 13 * DAY, FIRST + 23 * DAY), False),
        (Period(FIRST, FIRST + 10 * DAY), False),
        (Period(TODAY - 30 * DAY, TODAY + DAY), False),
    ],
    ids=["begins with the records", "a day before them", "wholly before them", "30 days"],
)
def test_a_figure_is_compared_only_with_days_that_were_recorded(
    met, select, young, figure, period, is_compared
):
    selection = select(period)
    found = met(figure, selection, young)
    assert found.value is not None
    assert (SENTENCE in found.note) == (not is_compared)
    assert (found.before is not None) == is_compared
    assert found.versus == (f"vs {selection.compared}" if is_compared else "")
    if not is_compared:
        assert found.delta is None


ON_FEW_PAGES = {
    projects_figures.activity: queries.oldest_activity,
    people_figures.deliverables: queries.oldest_deliverables,
    workers_figures.requests: queries.oldest_requests,
    workers_figures.error_rate: queries.oldest_requests,
    ai_figures.conversations: queries.oldest_records,
    hours_figures.effective_rate: queries.oldest_records,
    workflows_figures.runs: queries.oldest_runs,
    workflows_figures.success_rate: queries.oldest_runs,
    workflows_figures.failed_runs: queries.oldest_runs,
    email_figures.mail_sent: queries.oldest_mail,
    events_figures.events: queries.oldest_events,
}
"""Each figure with what tells its first record."""


@pytest.mark.parametrize("figure", ON_FEW_PAGES, ids=lambda figure: figure.__name__)
@pytest.mark.parametrize("days_ago", [14, 13], ids=["recorded throughout", "not on its first day"])
def test_a_figure_of_a_page_is_compared_only_with_days_that_were_recorded(
    met, select, young, figure, days_ago
):
    selection = select(Period(FIRST + days_ago * DAY, FIRST + (days_ago + 10) * DAY))
    found = met(figure, selection, young)
    assert ON_FEW_PAGES[figure] in queries_of([figure])
    is_compared = days_ago == 14
    assert found.value is not None
    assert (found.before is not None) == is_compared
    assert (SENTENCE in found.note) == (not is_compared)


def test_a_month_is_not_compared_with_one_that_was_recorded_in_part(met, select, young):
    found = met(money_figures.cost_this_month, select("30d", compare="none"), young)
    assert (found.value, found.before, found.versus) == (22 * 50 + 9, None, "")
    assert SENTENCE in found.note
    later = met(money_figures.cost_this_month, select("30d", today=date(2026, 12, 5)), young)
    assert (later.before, later.versus) == (4 * 50, "vs 1\N{EN DASH}4 Nov 2026")


def test_a_project_is_no_mover_where_the_ledger_had_not_begun(met, young):
    compared = met(rankings.Compared, "30d", young)
    assert compared.frame["cost"].tolist() == [31 * 50 + 9]
    assert compared.frame[["before", "change"]].isna().all(axis=None)
    assert rankings.movers(compared).state == "empty"


def test_what_is_drawn_behind_the_trend_begins_with_the_records(met, select, young):
    def behind(period):
        selection = select(period)
        by_day, first = (met(need, selection, young) for need in (costs.ByDay, costs.FirstLine))
        return costs.backdrop(by_day, first, selection).ghost

    ghost = behind(Period(FIRST + 15 * DAY, FIRST + 35 * DAY))
    assert ghost["actual_day"].dt.date.tolist() == [FIRST + n * DAY for n in range(14)]
    assert ghost["cost"].tolist() == [50] * 14
    assert ghost["day"].iloc[0].date() == FIRST + 21 * DAY
    assert behind(Period(FIRST, FIRST + 10 * DAY)) is None


def test_last_months_line_begins_with_the_records(met, select, young):
    selection = select("30d")
    found = costs.running_totals(met(costs.Recent, selection, young).frame, selection, FIRST)
    last = found[found["month"] == "Last month"]
    assert last["day_of_month"].tolist() == list(range(10, 32))
    assert last["cost"].tolist() == [50 * n for n in range(1, 23)]


@every_figure
def test_where_nobody_knows_the_first_record_a_figure_is_compared(
    met, answer, select, young, figure
):
    selection = select("30d")
    refused = replace(answer(queries.oldest_records, source=young), state="failed")
    found = met(figure, selection, young, instead={queries.oldest_records: refused})
    assert found.before is not None
    assert found.versus == f"vs {selection.compared}"
    assert "No comparison" not in found.note


def test_a_clock_that_was_not_set_makes_no_first_record(began, database_of):
    source = database_of(
        f"{YOUNG} INSERT INTO time_entries VALUES ('1970-01-01T00:00:00Z', 'u1', 'p1', 60, 1),"
        " ('2099-01-01T00:00:00Z', 'u1', 'p1', 60, 1), (NULL, 'u1', 'p1', 60, 1);"
    )
    assert began("time_entry", source=source) == FIRST


def test_a_column_that_mixes_encodings_hides_no_older_record(met, select, database_of):
    """A number sorts before every text, whatever days they mean."""
    source = database_of(
        "CREATE TABLE ai_cost_tracking (created_at, cost_usd REAL);"
        "INSERT INTO ai_cost_tracking VALUES ('2026-09-01T09:00:00Z', 4),"
        " (strftime('%s', '2026-11-20') + 0, 5);"
    )
    figure = met(money_figures.cost, "30d", source)
    assert (figure.value, figure.before) == (5, None)
    assert "No comparison" not in figure.note
    wide = met(money_figures.cost, select("90d", compare="year"), source)
    assert "No comparison" not in wide.note


def first_line(selection, source):
    """The statement that tells since when the ledger has lines."""
    asks = recorded(*SOURCES).asks(Request(selection, Plan(), source.binding))
    [asked] = asks.values()
    return asked.compiled(source.binding).statement


def test_the_first_records_are_found_along_indexes_one_row_of_each(demo_source, select, demo_rows):
    """An ordering that no index serves would say so in the plan."""
    asked = first_line(select("7d"), demo_source)
    steps = [step for *_, step in demo_rows(f"EXPLAIN QUERY PLAN {asked.sql}", *asked.params)]
    searched = [step for step in steps if step.startswith("SEARCH")]
    assert len(searched) == 6
    assert all("INDEX" in step for step in searched)
    assert not any("B-TREE" in step or step.startswith("SCAN main") for step in steps)


def test_whatever_is_chosen_the_first_records_are_asked_for_once(demo_source, select):
    choices = ({}, {"compare": "none"}, {"teams": ("team_lab",)}, {"people": ("usr_zoe",)})
    statements = {
        first_line(select(period, **choice), demo_source)
        for period in ("7d", "30d", "last-month")
        for choice in choices
    }
    assert len(statements) == 1
