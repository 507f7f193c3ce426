"""What Workers, buckets and models did, asked of the demo or of a database that a test writes."""

import pytest

REQUEST_COLUMNS = "worker_id, timestamp, status, outcome, duration_ms, cpu_ms"
NOON = "2026-11-20T12:00:00Z"


def literal(value):
    """A value as SQL."""
    if value is None:
        return "NULL"
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else repr(value)


def inserted(table, rows):
    """A statement that writes rows."""
    values = ", ".join(f"({', '.join(map(literal, row))})" for row in rows)
    return f"INSERT INTO {table} VALUES {values};" if rows else ""


@pytest.fixture(scope="session")
def logged():
    """A script of a log with such requests: worker, when, status, outcome, duration, CPU."""

    def logged(*rows):
        return f"CREATE TABLE worker_logs ({REQUEST_COLUMNS});" + inserted("worker_logs", rows)

    return logged


@pytest.fixture(scope="session")
def ended():
    """A request of a Worker that ended so."""

    def ended(status=200, outcome="ok", worker="w", at=NOON, duration=10.0):
        return (worker, at, status, outcome, duration, 1.0)

    return ended


@pytest.fixture(scope="session")
def rows_of():
    """A script of a table with such columns and rows."""

    def rows_of(table, columns, *rows):
        return f"CREATE TABLE {table} ({columns});" + inserted(table, rows)

    return rows_of
