"""Odd databases: each is the demo after a few statements, and a sentence says what is odd."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from typing import NamedTuple

from meaux.data.schema import read_model

MILLISECONDS_FROM = 100_000_000_000
"""A point in time of this size is written in milliseconds."""

TIMES = re.compile(r"(^|_)(at|date|timestamp)$|^(start|end)_time$|^(week|period)_(start|end)$")
"""The columns that hold points in time or days, by their names."""

COSTS = re.compile(r"^(cost|amount)|_(cost|amount)(_usd)?$|^hourly_rate$|^rate_cents$|^savings")
"""The columns that hold money that was spent, and the rates that would tell it."""

MISSION = {
    "projects": ("id", "org_id", "team_id", "name", "slug", "status", "priority", "color"),
    "project_stats": (
        "project_id",
        "project_name",
        "url",
        "status",
        "type",
        "category",
        "last_deployed_at",
    ),
    "project_costs": (
        "project_id",
        "total_time_seconds",
        "total_time_cost",
        "total_ai_tokens",
        "total_ai_cost",
        "total_cost",
    ),
    "worker_stats": (
        "worker_id",
        "worker_name",
        "url",
        "status",
        "category",
        "total_requests",
        "last_request_at",
    ),
    "time_entries": ("id", "started_at", "ended_at", "seconds", "cost_usd", "note"),
}
"""The five tables whose fields are given."""

FORMULA = "=1+"
CHUNKS = (
    " <script>alert(1)</script>",
    " **bold** [link](javascript:alert(1))",
    ' it\'s "quoted" `code`',
    " \N{RIGHT-TO-LEFT OVERRIDE}desrever\N{POP DIRECTIONAL FORMATTING}",
    " \N{SHRIMP} :red[shouts] :material/home:",
    " $\\frac{1}{0}$ \\ %s {x}",
    " first\nsecond | third",
    " " + "long " * 60,
)
"""What hostile names end in; `FORMULA` is what they begin with."""


class Column(NamedTuple):
    """A column as it is or is to be: its name, its declared type, and SQL of its values."""

    name: str
    declared: str
    value: str


Change = Callable[[str, Column], Column | None]


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def tables(database: sqlite3.Connection) -> list[str]:
    found = database.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    return [name for (name,) in found.fetchall()]


def columns(database: sqlite3.Connection, table: str) -> list[str]:
    return [name for _, name, *_ in database.execute(f"PRAGMA table_info({quoted(table)})")]


def every_column(database: sqlite3.Connection, fitting: re.Pattern) -> Iterator[tuple[str, str]]:
    """Each table and column whose name fits."""
    for table in tables(database):
        for column in columns(database, table):
            if fitting.search(column):
                yield table, column


def rebuild(database: sqlite3.Connection, change: Change) -> None:
    """Make every table anew with its columns changed; one that becomes None is dropped."""
    for table in tables(database):
        indexes = _indexes(database, table)
        declared = database.execute(f"PRAGMA table_info({quoted(table)})").fetchall()
        new = {
            name: change(table, Column(name, kind, quoted(name))) for _, name, kind, *_ in declared
        }
        kept = [column for column in new.values() if column]
        database.execute(f"ALTER TABLE {quoted(table)} RENAME TO old")
        if kept:
            keys = sorted((place, new[name]) for _, name, *_, place in declared if place)
            _create(database, table, kept, [column for _, column in keys])
            values = ", ".join(column.value for column in kept)
            database.execute(f"INSERT INTO {quoted(table)} SELECT {values} FROM old ORDER BY rowid")
        database.execute("DROP TABLE old")
        for name, indexed in indexes.items():
            there = [new[column] for column in indexed]
            if all(there):
                named = ", ".join(quoted(column.name) for column in there)
                database.execute(f"CREATE INDEX {quoted(name)} ON {quoted(table)} ({named})")


def _create(
    database: sqlite3.Connection, table: str, kept: list[Column], keys: list[Column | None]
) -> None:
    parts = [f"{quoted(column.name)} {column.declared}" for column in kept]
    if keys and all(keys):
        parts.append(f"PRIMARY KEY ({', '.join(quoted(column.name) for column in keys)})")
    database.execute(f"CREATE TABLE {quoted(table)} ({', '.join(parts)})")


def _indexes(database: sqlite3.Connection, table: str) -> dict[str, list[str]]:
    """The columns of each index that was made by a statement and holds all rows."""
    found = database.execute(f"PRAGMA index_list({quoted(table)})").fetchall()
    return {
        name: [c for _, _, c in database.execute(f"PRAGMA index_info({quoted(name)})")]
        for _, name, _, origin, partial in found
        if origin == "c" and not partial
    }


def in_seconds(value: str) -> str:
    """SQL for the point in time that a value means, in whole seconds."""
    return (
        f"CASE WHEN typeof({value}) = 'text' THEN unixepoch({value}) "
        f"WHEN {value} >= {MILLISECONDS_FROM} THEN {value} / 1000 ELSE {value} END"
    )


def as_text(value: str) -> str:
    return f"strftime('%Y-%m-%d %H:%M:%S', {in_seconds(value)}, 'unixepoch')"


def as_iso(value: str) -> str:
    return f"strftime('%Y-%m-%dT%H:%M:%SZ', {in_seconds(value)}, 'unixepoch')"


def as_milliseconds(value: str) -> str:
    return f"({in_seconds(value)}) * 1000"


def retimed(declared: str, written: Callable[[str], str]) -> Change:
    """Every point in time written in another way."""

    def change(_: str, column: Column) -> Column:
        if not TIMES.search(column.name):
            return column
        return Column(column.name, declared, written(column.value))

    return change


def plain(database: sqlite3.Connection) -> None:
    """The demo, with its points in time in whole seconds, so that all encodings can tell them."""
    for table, column in every_column(database, TIMES):
        name = quoted(column)
        database.execute(
            f"UPDATE {quoted(table)} SET {name} = {name} / 1000 * 1000 "
            f"WHERE {name} >= {MILLISECONDS_FROM} AND typeof({name}) = 'integer'"
        )


def only_the_five_tables(database: sqlite3.Connection) -> None:
    """The five tables whose fields are given, with these fields and no other."""
    for table in tables(database):
        if table not in MISSION:
            database.execute(f"DROP TABLE {quoted(table)}")
    rebuild(database, lambda table, column: column if column.name in MISSION[table] else None)


def all_tables_empty(database: sqlite3.Connection) -> None:
    """The sixty tables without a row."""
    for table in tables(database):
        database.execute(f"DELETE FROM {quoted(table)}")


def times_as_text(database: sqlite3.Connection) -> None:
    """Every point in time as SQLite's text."""
    rebuild(database, retimed("TEXT", as_text))


def mixed_times(database: sqlite3.Connection) -> None:
    """Every point in time in one of four ways, from one row to the next."""
    rebuild(database, retimed("", lambda value: _by_row(value, "rowid % 4")))


def times_mixed_inside(database: sqlite3.Connection) -> None:
    """Times in milliseconds, but for the middle third of each table, where every way occurs."""

    def change(table: str, column: Column) -> Column:
        middle = (
            "CASE WHEN rowid * 3 BETWEEN (SELECT count(*) FROM old) "
            "AND (SELECT count(*) * 2 FROM old) THEN rowid % 4 ELSE 0 END"
        )
        return retimed("", lambda value: _by_row(value, middle))(table, column)

    rebuild(database, change)


def _by_row(value: str, kind: str) -> str:
    return (
        f"CASE {kind} WHEN 0 THEN {as_milliseconds(value)} WHEN 1 THEN {as_text(value)} "
        f"WHEN 2 THEN {as_iso(value)} ELSE {in_seconds(value)} END"
    )


def without_optional_columns(database: sqlite3.Connection) -> None:
    """Every table with the columns that the product can't do without, and no other."""
    needed = {
        (table, next(c for c in column.candidates if c in columns(database, table)))
        for logical in read_model().tables.values()
        for table in logical.candidates[:1]
        for column in logical.columns.values()
        if column.required
    }
    rebuild(database, lambda table, column: column if (table, column.name) in needed else None)


def orphans(database: sqlite3.Connection) -> None:
    """Every second project, team and user is gone, and what belonged to them is still there."""
    for table in ("projects", "teams", "users"):
        database.execute(f"DELETE FROM {table} WHERE rowid % 2 = 0")


def unpriced(database: sqlite3.Connection) -> None:
    """Nobody ever filled a column of costs, or of rates."""
    for table, column in every_column(database, COSTS):
        database.execute(f"UPDATE {quoted(table)} SET {quoted(column)} = NULL")


NAMED = (
    ("projects", "name"),
    ("project_stats", "project_name"),
    ("user_time_tracking", "project_name"),
    ("teams", "name"),
    ("users", "name"),
    ("cloudflare_workers", "name"),
    ("worker_stats", "worker_name"),
    ("r2_buckets", "name"),
    ("r2_objects", "bucket"),
    ("r2_usage", "bucket"),
    ("ai_cost_tracking", "model"),
    ("cloudflare_usage", "service"),
    ("project_activity", "description"),
    ("time_entries", "note"),
    ("project_milestones", "title"),
    ("cost_optimization", "title"),
    ("error_logs", "message"),
    ("system_events", "message"),
    ("openai_budgets", "name"),
)
"""Columns of names and other free text."""


def hostile(name: str | None) -> str | None:
    """The name with something in it that another language would obey; the same for the same."""
    return name and f"{FORMULA}{name}{CHUNKS[sum(map(ord, name)) % len(CHUNKS)]}"


def hostile_names(database: sqlite3.Connection) -> None:
    """Names of HTML, Markdown, formulas and worse, scripts for sites, and colours that are none."""
    database.create_function("hostile", 1, hostile, deterministic=True)
    for table, column in NAMED:
        database.execute(f"UPDATE {table} SET {column} = hostile({column})")
    database.execute("UPDATE projects SET url = 'javascript:alert(1)', color = 'red;}<b>'")
    database.execute("UPDATE project_stats SET url = ' JavaScript:alert(1)'")
    database.execute("UPDATE teams SET color = 'url(javascript:alert(1))'")


def among_foreign_tables(database: sqlite3.Connection) -> None:
    """550 other tables stand around, among them full-text indexes, copies and D1's own."""
    for number in range(500):
        database.execute(f"CREATE TABLE foreign_{number} (id TEXT, project_id TEXT, created_at)")
    for number in range(8):
        database.execute(f"CREATE VIRTUAL TABLE search_{number} USING fts5 (title, body)")
    for name in ("projects_backup", "old_users", "time_entries_2024"):
        database.execute(f"CREATE TABLE {name} AS SELECT * FROM projects")
    database.execute("CREATE TABLE _cf_KV (key TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID")
    database.execute("CREATE TABLE _cf_METADATA (key INTEGER PRIMARY KEY)")


RENAMED = {
    "project_id": "project",
    "user_id": "employee_id",
    "created_at": "timestamp",
    "started_at": "start_time",
    "ended_at": "end_time",
    "seconds": "duration_seconds",
    "cost_usd": "amount",
    "billable": "is_billable",
    "color": "colour",
    "hourly_rate": "hourly_rate_usd",
    "updated_at": "modified_at",
    "usage_date": "date",
    "project_slug": "project",
    "input_tokens": "prompt_tokens",
    "output_tokens": "completion_tokens",
    "model": "model_name",
    "workflow_name": "name",
    "completed_at": "finished_at",
    "bucket": "bucket_name",
    "event_type": "type",
    "severity": "level",
    "message_id": "email_id",
    "last_deployed_at": "deployed_at",
    "deployment_count": "deployments",
    "estimated_savings_usd": "estimated_savings",
    "average_duration_ms": "avg_duration_ms",
    "due_date": "due_at",
    "owner_id": "assignee_id",
    "left_at": "removed_at",
    "week_start": "period_start",
    "week_end": "period_end",
    "objects": "object_count",
    "outcome": "Outcome",
    "priority": "PRIORITY",
    "projects.name": "title",
    "projects.url": "website",
    "projects.created_at": "created_on",
    "projects.monthly_budget_usd": "budget",
    "project_costs.updated_at": "calculated_at",
    "project_activity.action": "activity_type",
    "project_activity.description": "details",
    "project_milestones.title": "name",
    "project_milestones.completed_at": "completed_on",
    "project_milestones.created_at": "created_at",
    "cloudflare_workers.created_at": "created_at",
    "worker_logs.timestamp": "logged_at",
    "worker_logs.status": "status_code",
    "cloudflare_usage.service": "product",
    "time_entries.note": "description",
    "ai_conversations.started_at": "created_at",
    "ai_cost_tracking.cost_usd": "total_cost",
    "ai_model_usage.cost_usd": "total_cost",
    "openai_budgets.created_at": "created_at",
    "openai_spending_alerts.created_at": "triggered_at",
    "workflow_runs.started_at": "created_at",
    "workflow_runs.cost_usd": "cost",
    "workflow_steps.started_at": "created_at",
    "workflow_steps.step_name": "name",
    "workflow_cost_daily.cost_usd": "cost",
    "workflow_cost_daily.workflow_name": "workflow_id",
    "workflow_daily.workflow_name": "workflow_id",
    "workflow_optimizations.workflow_name": "workflow_id",
    "workflow_optimizations.created_at": "created_at",
    "workflow_recommendations.workflow_name": "workflow_id",
    "workflow_recommendations.created_at": "created_at",
    "teams.name": "team_name",
    "teams.created_at": "created",
    "users.name": "full_name",
    "users.created_at": "signed_up_at",
    "user_sessions.started_at": "created_at",
    "cost_analytics.cost_usd": "cost",
    "cost_optimization.created_at": "created_at",
    "weekly_spend_reports.total_cost": "total_spend",
    "daily_spend.date": "day",
    "r2_buckets.created_at": "created_at",
    "r2_objects.uploaded_at": "created_at",
    "cloudflare_images.uploaded_at": "created_at",
    "resend_log.created_at": "sent_at",
    "event_log.category": "event_type",
    "error_logs.message": "error_message",
    "projects.status": "lifecycle",
    "project_progress.progress": "done",
    "r2_usage.bytes": "stored",
    "worker_logs.duration_ms": "took",
    "openai_budgets.monthly_limit_usd": "cap",
}
"""Other spellings of columns, wherever they stand or in one table; the last five are unheard of."""

MAPPING = """\
project.columns.status = "lifecycle"
progress.columns.percent = "done"
bucket_usage.columns.bytes = "stored"
worker_log.columns.duration_ms = "took"
ai_budget.columns.monthly_limit = "cap"
"""
"""The lines of `.streamlit/schema.toml` that tell what the unheard-of columns are."""


def renamed(database: sqlite3.Connection) -> None:
    """Every column that may have another name has it, and times are in milliseconds."""
    in_milliseconds = retimed("INTEGER", as_milliseconds)

    def change(table: str, column: Column) -> Column:
        named = RENAMED.get(f"{table}.{column.name}", RENAMED.get(column.name, column.name))
        return in_milliseconds(table, column)._replace(name=named)

    rebuild(database, change)


DATABASES = {
    make.__name__: make
    for make in (
        plain,
        only_the_five_tables,
        all_tables_empty,
        times_as_text,
        mixed_times,
        times_mixed_inside,
        without_optional_columns,
        orphans,
        unpriced,
        hostile_names,
        among_foreign_tables,
        renamed,
    )
}
