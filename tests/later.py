"""A later database of the same family: its tables as they are declared, with made-up rows."""

import random
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path

COLUMNS = Path(__file__).with_name("later.tsv")
LAST = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)
DAYS = 60
ROWS = 240

FEW = {"users": 9, "memberships": 14, "agent_workspace": 5, "cms_themes": 4, "agent_tools": 30}
"""How many rows a table has that is no log."""

WORDS = {
    "status": ("completed", "failed", "running", "success"),
    "provider": ("openai", "anthropic", "workers_ai"),
    "provider_slug": ("openai", "anthropic", "workers_ai"),
    "model": ("gpt-4.1", "claude-sonnet", "llama-3.3"),
    "model_key": ("gpt-4.1", "claude-sonnet", "llama-3.3"),
    "model_used": ("gpt-4.1", "claude-sonnet", "llama-3.3"),
    "model_id": ("gpt-4.1", "claude-sonnet", "llama-3.3"),
    "worker_name": ("api", "site", "mailer"),
    "service_name": ("api", "site", "mailer"),
    "service": ("workers", "d1", "r2"),
    "category": ("infrastructure", "ai", "tools"),
    "environment": ("production", "staging"),
    "workflow_key": ("nightly-import", "weekly-report"),
    "workflow_id": ("nightly-import", "weekly-report"),
    "event_type": ("push", "deployment", "comment"),
    "role": ("owner", "member"),
    "bucket": ("assets", "backups"),
    "bucket_name": ("assets", "backups"),
    "content_type": ("image/png", "text/css"),
    "tool_name": ("search", "deploy", "query"),
    "error_message": (None, None, "time-out after 30 s"),
}
"""What a column of words holds, by its name."""

NUMBERS = {
    "cost_usd": 0.4,
    "amount_usd": 2.5,
    "neuron_cost_usd": 0.01,
    "input_tokens": 4_000,
    "output_tokens": 900,
    "tokens_in": 4_000,
    "tokens_out": 900,
    "total_tokens": 4_900,
    "duration_ms": 5_000,
    "size_bytes": 80_000,
    "response_time_ms": 300,
    "latency_ms": 900,
}
"""How large a number is at most, by its column's name."""


def tables():
    """Every table with the names of its columns and their types."""
    lines = [line.split("\t") for line in COLUMNS.read_text(encoding="utf-8").splitlines()[1:]]
    return {
        table: [(name, type_) for _, name, type_ in columns]
        for table, columns in groupby(lines, key=lambda line: line[0])
    }


def write(path, *, without=()):
    """Write the database to a file, but for the rows of some tables."""
    chance = random.Random(7)  # noqa: S311  rows, not secrets
    with closing(sqlite3.connect(path)) as database:
        for table, columns in tables().items():
            declared = ", ".join(f'"{name}" {type_}' for name, type_ in columns)
            database.execute(f'CREATE TABLE "{table}" ({declared})')
            if table in without:
                continue
            count = FEW.get(table, ROWS)
            marks = ", ".join("?" * len(columns))
            rows = [_row(table, columns, n, count, chance) for n in range(count)]
            database.executemany(f'INSERT INTO "{table}" VALUES ({marks})', rows)
        database.commit()
    return path


def _row(table, columns, number, count, chance):
    began = LAST - timedelta(
        days=DAYS * (count - 1 - number) / count, seconds=chance.randrange(900)
    )
    row = {name: _cell(name, type_, table, number, began, chance) for name, type_ in columns}
    if "total_tokens" in row:
        row |= {"total_tokens": row["tokens_in"] + row["tokens_out"]}
    if table == "spend_ledger" and number % 3 == 0:
        row |= {"model_key": None, "tokens_in": None, "tokens_out": None}
    elif table == "spend_ledger":
        row |= {"service": "inference", "category": "ai"}
    if table == "otlp_traces":
        start = int(began.timestamp() * 1e9)
        row |= {"start_time_unix_nano": start, "end_time_unix_nano": start + 45_000_000}
        row |= {"status_code": "STATUS_CODE_OK"}
    return [row[name] for name, _ in columns]


def _cell(name, type_, table, number, began, chance):
    """What stands in a column: by its name, else by its type."""
    fixed = {
        "id": f"{table[:3]}_{number:05}",
        "user_id": f"use_{number % 9:05}",
        "project_id": f"project-{number % 4}",
        **dict.fromkeys(("day", "date", "snapshot_date", "week_start"), str(began.date())),
        **dict.fromkeys(("http_status", "http_status_code"), (200, 200, 404, 500)[number % 4]),
        "status_code": 500,
    }
    if name in fixed:
        return fixed[name]
    if name in WORDS:
        return chance.choice(WORDS[name])
    if name in NUMBERS:
        most = NUMBERS[name]
        return chance.randrange(most) if type_ == "INTEGER" else round(chance.random() * most, 4)
    if name.endswith(("_at", "_at_unix", "timestamp", "timestamp_unix")):
        late = name.startswith(("completed", "ended", "closed", "updated", "processed"))
        return _instant(began + timedelta(seconds=40 * late), type_)
    return _filling(name, type_, number, chance)


def _filling(name, type_, number, chance):
    if name.startswith(("is_", "can_")) or name in ("timed_out", "sla_breach"):
        return number % 2
    if name.endswith("email"):
        return f"person{number % 9}@example.com"
    if type_ in ("INTEGER", "REAL", "BOOLEAN"):
        return chance.randrange(5)
    return f"{name} {number % 7}"


def _instant(at, type_):
    return int(at.timestamp()) if type_ == "INTEGER" else f"{at:%Y-%m-%d %H:%M:%S}"
