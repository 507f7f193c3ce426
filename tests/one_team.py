"""The demo with a mark in every row that isn't of one team, and the demo with that team's rows."""

import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

OWN = "team_lab"
GIVEN = (" L'ATELIER d'idées\t", "Team of nobody")
"""The team as somebody may write it in the settings, and one that isn't in the database."""
MARK = "zzMARKzz"
NUMBER = 7_654_321
"""The cost, the hours or the count of every row of another team."""
TIMES = re.compile(r"(^|_)(at|date|timestamp)$|^(start|end)_time$|^(week|period)_(start|end)$")
OF_DAYS = re.compile(r"_(day|hour|month|week)$|^(day|month|week|hour|year|currency|period|type)$")
PROJECTS = f"(SELECT id FROM projects WHERE team_id = '{OWN}')"
MEMBERS = f"(SELECT user_id FROM team_members WHERE team_id = '{OWN}')"
PAID = f"(SELECT user_id FROM time_entries WHERE project_id IN {PROJECTS})"
OF_BOTH = f"project_id IN {PROJECTS} OR user_id IN {MEMBERS}"
"""Rows that are of a project or, in a count of active people, of a member."""

OWNED = {
    "teams": f"id = '{OWN}'",
    "team_members": f"team_id = '{OWN}'",
    "projects": f"team_id = '{OWN}'",
    "openai_budgets": f"team_id = '{OWN}'",
    "users": f"id IN {MEMBERS}",
    "user_sessions": f"user_id IN {MEMBERS}",
    "project_cost_summary": f"project_slug IN (SELECT slug FROM projects WHERE team_id = '{OWN}')",
}
"""The rows of the team, as SQL; those of any other table are of its projects, or nobody's."""
OF_MEMBERS = ("time_entries", "ai_conversations")
NAMES = ("project", "project_name", "project_slug")


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def tables(database: sqlite3.Connection) -> list[str]:
    found = database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
    return [name for (name,) in found.fetchall()]


def columns(database: sqlite3.Connection, table: str) -> list[str]:
    return [name for _, name, *_ in database.execute(f"PRAGMA table_info({quoted(table)})")]


def owned(database: sqlite3.Connection, table: str) -> str:
    """SQL for the rows of the team."""
    if table in OWNED:
        return OWNED[table]
    return f"project_id IN {PROJECTS}" if "project_id" in columns(database, table) else "0"


def changed(file: Path, change: Callable[[sqlite3.Connection], None], path: Path) -> Path:
    """Copy a database, and change the copy."""
    shutil.copyfile(file, path)
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("PRAGMA synchronous = OFF")
        database.execute("BEGIN")
        change(database)
        database.execute("COMMIT")
    return path


def keep_the_team_alone(database: sqlite3.Connection) -> None:
    """Delete every other team's rows, but not the price of the hours on the team's projects."""
    kept = {table: owned(database, table) for table in tables(database)}
    kept |= dict.fromkeys(OF_MEMBERS, OF_BOTH)
    kept["users"] += f" OR id IN {PAID}"
    ids = {
        table: [
            row for (row,) in database.execute(f"SELECT rowid FROM {quoted(table)} WHERE {own}")
        ]
        for table, own in kept.items()
    }
    for table, rows in ids.items():
        listed = ",".join(map(str, rows)) or "NULL"
        database.execute(f"DELETE FROM {quoted(table)} WHERE rowid NOT IN ({listed})")


def mark_the_others(database: sqlite3.Connection) -> None:
    """Write the mark into every text of another team's rows, and the number into the others."""
    strange = {
        *_ids(database, "projects", f"team_id IS NOT '{OWN}'"),
        *_ids(database, "teams", f"id <> '{OWN}'"),
        *_ids(database, "users", f"id NOT IN {MEMBERS}"),
    }
    others = {table: f"NOT coalesce(({owned(database, table)}), 0)" for table in tables(database)}
    rows = {
        table: [
            row for (row,) in database.execute(f"SELECT rowid FROM {quoted(table)} WHERE {sql}")
        ]
        for table, sql in others.items()
    }
    for table, listed in rows.items():
        for _, column, kind, *_ in database.execute(f"PRAGMA table_info({quoted(table)})"):
            name, at = quoted(column), f"rowid IN ({','.join(map(str, listed)) or 'NULL'})"
            if column.endswith("_id") or column in {"id", *NAMES}:
                _marked_ids(database, table, name, strange)
            elif TIMES.search(column) or OF_DAYS.search(column) or column.endswith("rate"):
                continue
            elif kind == "TEXT":
                database.execute(
                    f"UPDATE {quoted(table)} SET {name} = {name} || '{MARK}' "
                    f"WHERE {at} AND {name} IS NOT NULL"
                )
            elif column not in {"billable", "seconds", "attempt"}:
                database.execute(f"UPDATE {quoted(table)} SET {name} = {NUMBER} WHERE {at}")


def name_them(database: sqlite3.Connection) -> None:
    """Have rows name their team, project and person by another identifier than the id."""
    for table, column, other, by in (
        ("projects", "team_id", "teams", "slug"),
        ("team_members", "team_id", "teams", "upper(name)"),
        ("team_members", "user_id", "users", "email"),
        ("time_entries", "project_id", "projects", "slug"),
        ("ai_cost_tracking", "project_id", "projects", "name"),
    ):
        database.execute(
            f"UPDATE {table} SET {column} = (SELECT {by} FROM {other} WHERE id = {column}) "
            f"WHERE {column} IN (SELECT id FROM {other})"
        )


def _rows(database, table, where):
    return [row for (row,) in database.execute(f"SELECT rowid FROM {quoted(table)} WHERE {where}")]


def _ids(database, table, where):
    return {row for (row,) in database.execute(f"SELECT id FROM {quoted(table)} WHERE {where}")}


def _marked_ids(database, table, name, strange):
    """Mark the ids of other teams, projects and people wherever they are."""
    listed = ",".join(f"'{one}'" for one in strange)
    database.execute(
        f"UPDATE {quoted(table)} SET {name} = {name} || '{MARK}' WHERE {name} IN ({listed})"
    )
