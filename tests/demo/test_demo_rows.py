"""The rows of the demo database."""

import re
from datetime import UTC, datetime

import pytest

TEXT_TIME = re.compile(r"^\d{4}-\d\d(-\d\d([T ]\d\d:\d\d:\d\dZ?)?)?$")
NUMBER_TIMES = re.compile(r"(_at|_time|^timestamp|^period_(start|end))$")
SOME_MILLISECONDS = 100_000_000_000


def every_column(rows):
    return rows(
        "SELECT m.name, c.name FROM sqlite_master AS m, pragma_table_info(m.name) AS c "
        "WHERE m.type = 'table'"
    )


def newest(rows, table, column):
    """The newest moment in a column as ISO text, or nothing where it holds no moments."""
    [(value,)] = rows(f"SELECT max({column}) FROM {table}")
    if isinstance(value, str) and TEXT_TIME.match(value):
        return value.replace(" ", "T").removesuffix("Z")
    if isinstance(value, int) and NUMBER_TIMES.search(column):
        seconds = value / 1_000 if value > SOME_MILLISECONDS else value
        return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")[:23]
    return None


def test_nothing_lies_after_now_but_due_dates(rows, now):
    moments = {
        f"{table}.{column}": newest(rows, table, column)
        for table, column in every_column(rows)
        if column != "due_date"
    }
    dated = {name: moment for name, moment in moments.items() if moment}
    limit = now.strftime("%Y-%m-%dT%H:%M:%S.000")
    assert len(dated) > 60
    assert {name: m for name, m in dated.items() if m > limit[: len(m)]} == {}


def test_some_milestones_are_due_in_the_future(rows):
    assert rows("SELECT 1 FROM project_milestones WHERE due_date > '2026-11-22'")


@pytest.mark.parametrize(("table", "count"), [("projects", 25), ("teams", 4), ("users", 15)])
def test_there_are_as_many_as_the_mission_counts(rows, table, count):
    assert rows(f"SELECT count(*) FROM {table}") == [(count,)]


def test_about_a_dozen_workers_are_deployed(rows):
    assert rows("SELECT count(*) FROM cloudflare_workers") == [(12,)]


@pytest.mark.parametrize(
    ("table", "day"),
    [
        ("time_entries", "date(started_at, 'unixepoch')"),
        ("cloudflare_usage", "usage_date"),
        ("r2_usage", "usage_date"),
        ("worker_logs", "date(timestamp / 1000, 'unixepoch')"),
    ],
)
def test_the_last_day_has_rows(rows, table, day):
    assert rows(f"SELECT max({day}) FROM {table}") == [("2026-11-22",)]


def test_the_data_begin_eighteen_months_before_now(rows):
    assert rows("SELECT min(usage_date) FROM cloudflare_usage") == [("2025-05-22",)]


@pytest.mark.parametrize(
    ("table", "column", "pattern"),
    [
        ("projects", "updated_at", r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"),
        ("project_activity", "created_at", r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"),
        ("users", "created_at", r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"),
        ("ai_cost_tracking", "created_at", r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"),
        ("cloudflare_usage", "usage_date", r"\d{4}-\d\d-\d\d"),
        ("cost_analytics", "month", r"\d{4}-\d\d"),
        ("time_entries", "started_at", r"\d{10}"),
        ("project_stats", "last_deployed_at", r"\d{10}"),
        ("token_usage", "created_at", r"\d{10}"),
        ("worker_logs", "timestamp", r"\d{13}"),
        ("user_sessions", "started_at", r"\d{13}"),
        ("time_sessions", "start_time", r"\d{13}"),
        ("work_sessions", "person", r"user_usr_\w+"),
        ("time_logs", "user_email", r"\w+@meaux\.example"),
        ("time_logs", "billable", r"true|false"),
        ("openai_spending", "amount_cents", r"\d+"),
    ],
)
def test_a_column_keeps_its_own_convention(rows, table, column, pattern):
    values = rows(f"SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL")
    assert values
    assert all(re.fullmatch(pattern, str(value)) for (value,) in values)


def test_statuses_come_in_many_spellings(rows):
    statuses = {status for (status,) in rows("SELECT DISTINCT status FROM projects")}
    expected = {"active", "in-progress", "In Progress", "on_hold", "archived", "completed"}
    assert expected <= statuses


def test_one_priority_is_a_number(rows):
    assert rows("SELECT count(*) FROM projects WHERE priority GLOB '[0-9]*'") == [(1,)]


@pytest.mark.parametrize("mark", ["'", '"', "&", "*", "<b>", "É", "="])
def test_a_name_holds_a_character_that_must_be_escaped(rows, mark):
    assert rows("SELECT 1 FROM projects WHERE instr(name, ?)", mark)


def test_a_day_of_ai_spend_stands_out(rows):
    days = rows("SELECT substr(created_at, 1, 10), sum(cost_usd) FROM ai_cost_tracking GROUP BY 1")
    usual = sorted(cost for _, cost in days)[len(days) // 2]
    assert dict(days)["2026-11-10"] > 4 * usual


def test_a_project_is_over_its_monthly_budget_at_full_scale(rows):
    [(cost, budget)] = rows(
        "SELECT sum(t.cost_usd), max(p.monthly_budget_usd) "
        "FROM time_entries AS t JOIN projects AS p ON p.id = t.project_id "
        "WHERE p.id = 'prj_pelican' AND t.started_at >= unixepoch('2026-10-01') "
        "AND t.started_at < unixepoch('2026-11-01')"
    )
    assert cost / 0.05 > budget


@pytest.mark.parametrize(
    ("what", "sql"),
    [
        (
            "a running timer",
            "SELECT 1 FROM time_entries WHERE ended_at IS NULL AND seconds IS NULL",
        ),
        ("seconds left out", "SELECT 1 FROM time_entries WHERE seconds IS NULL AND ended_at > 0"),
        ("negative seconds", "SELECT 1 FROM time_entries WHERE seconds < 0"),
        ("thirty hours", "SELECT 1 FROM time_entries WHERE seconds = 108000"),
        (
            "a price to work out",
            "SELECT 1 FROM time_entries WHERE cost_usd IS NULL AND hourly_rate",
        ),
        ("billable unsaid", "SELECT 1 FROM time_entries WHERE billable IS NULL"),
        ("unassigned time", "SELECT 1 FROM time_entries WHERE project_id IS NULL"),
        ("unassigned AI", "SELECT 1 FROM ai_cost_tracking WHERE project_id IS NULL"),
        ("unassigned infrastructure", "SELECT 1 FROM cloudflare_usage WHERE project_id IS NULL"),
        ("a credit", "SELECT 1 FROM cloudflare_usage WHERE cost_usd < 0"),
        ("another currency", "SELECT 1 FROM cloudflare_usage WHERE currency = 'EUR'"),
        ("a project without a team", "SELECT 1 FROM projects WHERE team_id IS NULL"),
        ("a member who left", "SELECT 1 FROM team_members WHERE left_at IS NOT NULL"),
        (
            "a person in two teams",
            "SELECT user_id FROM team_members GROUP BY 1 HAVING count(*) > 1",
        ),
        ("a running workflow", "SELECT 1 FROM workflow_runs WHERE status = 'running'"),
        ("an open alert", "SELECT 1 FROM openai_spending_alerts WHERE status = 'open'"),
        (
            "a project that is gone",
            "SELECT 1 FROM time_entries WHERE project_id NOT IN (SELECT id FROM projects)",
        ),
        (
            "a person who is gone",
            "SELECT 1 FROM time_entries WHERE user_id NOT IN (SELECT id FROM users)",
        ),
        (
            "unpriced hours",
            """
            SELECT 1 FROM time_entries AS t
            JOIN users AS u ON u.id = t.user_id
            JOIN projects AS p ON p.id = t.project_id
            WHERE t.seconds > 0 AND t.cost_usd IS NULL
              AND coalesce(t.hourly_rate, u.hourly_rate, p.hourly_rate) IS NULL
            """,
        ),
        (
            "overlapping entries",
            """
            SELECT 1 FROM time_entries AS a
            JOIN time_entries AS b ON b.user_id = a.user_id
              AND b.started_at > a.started_at AND b.started_at < a.ended_at
            """,
        ),
        (
            "a project without progress",
            "SELECT 1 FROM projects WHERE id NOT IN (SELECT project_id FROM project_progress)",
        ),
        (
            "a stale total",
            "SELECT 1 FROM project_costs WHERE date(updated_at) < '2026-11-22'",
        ),
    ],
)
def test_the_rows_that_make_a_dashboard_stumble_are_there(rows, what, sql):
    assert rows(sql), what


def test_running_timers_were_started_today(rows):
    days = rows("SELECT date(started_at, 'unixepoch') FROM time_entries WHERE ended_at IS NULL")
    assert days == [("2026-11-22",)] * 3


def test_people_sleep(rows):
    [(longest,)] = rows(
        "SELECT max(h) FROM (SELECT sum(seconds) / 3600.0 AS h FROM time_entries "
        "WHERE id <> 'te_thirty_hours' GROUP BY user_id, started_at / 86400)"
    )
    assert longest < 24


def test_the_days_of_a_complete_week_add_up_to_its_report(rows):
    differing = rows(
        "SELECT 1 FROM weekly_spend_reports AS w WHERE abs(total_cost - (SELECT sum(total_cost) "
        "FROM daily_spend WHERE date BETWEEN w.week_start AND w.week_end)) > 0.01"
    )
    assert differing == []
