"""The tables of the demo database."""

import re
import sqlite3
from contextlib import closing

import pytest

from meaux.demo.book import HERE

TABLES = [
    "projects",
    "project_stats",
    "project_costs",
    "project_cost_summary",
    "project_activity",
    "project_members",
    "project_progress",
    "project_milestones",
    "worker_stats",
    "worker_logs",
    "worker_hourly",
    "tracked_hourly",
    "cloudflare_workers",
    "cloudflare_usage",
    "time_entries",
    "time_logs",
    "time_sessions",
    "work_sessions",
    "work_time_sessions",
    "user_time_tracking",
    "ai_conversations",
    "ai_cost_tracking",
    "ai_model_usage",
    "token_usage",
    "openai_spending",
    "openai_model_usage",
    "openai_budgets",
    "openai_spending_alerts",
    "workflow_analytics",
    "workflow_runs",
    "workflow_steps",
    "workflow_events",
    "workflow_cost_daily",
    "workflow_daily",
    "workflow_optimizations",
    "workflow_recommendations",
    "teams",
    "team_members",
    "users",
    "user_sessions",
    "user_profiles",
    "user_preferences",
    "billing_usage",
    "cost_analytics",
    "cost_breakdown",
    "cost_optimization",
    "weekly_spend_reports",
    "daily_spend",
    "r2_buckets",
    "r2_objects",
    "r2_usage",
    "storage_usage",
    "cloudflare_images",
    "email_analytics",
    "email_events",
    "resend_log",
    "resend_queue",
    "system_events",
    "platform_events",
    "audit_log",
    "event_log",
    "error_logs",
]

KEY_FIELDS = {
    "projects": "id org_id team_id name slug status priority color updated_at",
    "project_stats": "project_id project_name url status type category last_deployed_at",
    "project_costs": (
        "project_id total_time_seconds total_time_cost total_ai_tokens total_ai_cost total_cost"
    ),
    "worker_stats": "worker_id worker_name url status category total_requests last_request_at",
    "time_entries": "id project_id started_at ended_at seconds cost_usd note",
}

TIME_OF_A_FACT = {
    "time_entries": "started_at",
    "ai_cost_tracking": "created_at",
    "cloudflare_usage": "usage_date",
    "worker_logs": "timestamp",
    "project_activity": "created_at",
    "workflow_runs": "started_at",
    "email_events": "created_at",
    "r2_usage": "usage_date",
    "user_sessions": "started_at",
    "system_events": "created_at",
}

PROJECTS_WITH_STATS = """
SELECT p.id, p.name, p.slug, p.status, p.priority, p.color, t.name as team_name,
  pc.total_cost, pc.total_time_seconds, ps.last_deployed_at
FROM projects p
LEFT JOIN teams t ON p.team_id = t.id
LEFT JOIN project_costs pc ON p.id = pc.project_id
LEFT JOIN project_stats ps ON p.id = ps.project_id
ORDER BY p.updated_at DESC
"""

COST_SUMMARY = """
SELECT SUM(total_cost) as total_cost, SUM(total_time_cost) as time_cost,
  SUM(total_ai_cost) as ai_cost, COUNT(DISTINCT project_id) as project_count
FROM project_costs
"""

TIME_BY_PROJECT = """
SELECT project_id, SUM(seconds) as total_seconds, SUM(cost_usd) as total_cost,
  COUNT(*) as entry_count
FROM time_entries
GROUP BY project_id
ORDER BY total_cost DESC
"""


def columns(rows, table):
    return [row[1] for row in rows(f"PRAGMA table_info({table})")]


def test_the_sixty_tables_of_the_mission_and_two_of_the_hours_of_workers_are_there_and_no_other(
    rows,
):
    names = rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    assert len(TABLES) == 62
    assert sorted(name for (name,) in names) == sorted(TABLES)


@pytest.mark.parametrize("table", TABLES)
def test_a_table_has_rows_unless_it_is_for_tracked_workers(rows, table):
    assert (rows(f"SELECT count(*) FROM {table}")[0][0] == 0) == (table == "tracked_hourly")


@pytest.mark.parametrize("table", TABLES)
def test_a_table_has_fewer_columns_than_d1_allows(rows, table):
    assert 0 < len(columns(rows, table)) < 100


@pytest.mark.parametrize("table", TABLES)
def test_a_table_says_in_one_line_what_a_row_is(table):
    schema = (HERE / "schema.sql").read_text(encoding="utf-8")
    assert re.search(rf"\n\n-- [^\n]+\.\nCREATE TABLE {table} \(", schema)


@pytest.mark.parametrize(("table", "fields"), KEY_FIELDS.items())
def test_the_key_fields_of_the_mission_have_their_names(rows, table, fields):
    assert set(fields.split()) <= set(columns(rows, table))


@pytest.mark.parametrize(("table", "column"), TIME_OF_A_FACT.items())
def test_a_range_of_a_fact_table_is_served_by_an_index(rows, table, column):
    plan = rows(f"EXPLAIN QUERY PLAN SELECT * FROM {table} WHERE {column} >= ?", 0)
    assert "USING INDEX" in plan[0][-1]


def test_the_schema_runs_as_one_script_within_the_limits_of_d1():
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.setlimit(sqlite3.SQLITE_LIMIT_COLUMN, 100)
        connection.setlimit(sqlite3.SQLITE_LIMIT_EXPR_DEPTH, 100)
        connection.setlimit(sqlite3.SQLITE_LIMIT_SQL_LENGTH, 100_000)
        connection.executescript((HERE / "schema.sql").read_text(encoding="utf-8"))


def test_projects_with_their_stats_are_25_rows(rows):
    assert len(rows(PROJECTS_WITH_STATS)) == 25


def test_the_cost_summary_covers_every_project(rows):
    [(total, time, ai, projects)] = rows(COST_SUMMARY)
    assert projects == 25
    assert total == pytest.approx(time + ai)
    assert min(time, ai) > 0


def test_time_entries_by_project_have_seconds_and_costs(rows):
    found = {project: (seconds, cost) for project, seconds, cost, _ in rows(TIME_BY_PROJECT)}
    seconds, cost = found["prj_cafe_etoile"]
    assert seconds > 0
    assert cost > 0
