"""What is newest comes first, also where a column mixes encodings."""

import pytest

from meaux.query import queries
from meaux.query.queries import QUERIES, VIEWS

# Text sorts behind numbers, and milliseconds behind seconds, whatever point in time they say.
MIXED = {
    "2026-11-01": "'2026-11-01 09:00:00'",
    "2026-11-05": "1793869200000",
    "2026-11-09": "1794214800",
    "2026-11-10": "'2026-11-10T09:00:00Z'",
    "2026-11-20": "1795165200",
}
DAYS = sorted(MIXED, reverse=True)


def rows(table, columns, *values):
    """A table with a row for each stored time; `values` stand behind it."""
    inserted = ", ".join(f"({', '.join([at, *values])})" for at in MIXED.values())
    return (
        f"CREATE TABLE {table} ({columns}); INSERT INTO {table} VALUES {inserted};"
        f"CREATE INDEX {table}_time ON {table} ({columns.split(',')[0]});"
    )


SOURCES = {
    "latest_activity": rows("project_activity", "created_at, project_id", "'p'"),
    "signups": rows("users", "created_at, id INTEGER PRIMARY KEY", "NULL"),
    "open_spend_alerts": rows("openai_spending_alerts", "created_at, message", "'m'"),
    "newest_objects": rows("r2_objects", "uploaded_at, bucket, key, size", "'b'", "'k'", "1")
    + "CREATE TABLE r2_buckets (name); INSERT INTO r2_buckets VALUES ('b');",
    "timeline": rows("openai_spending_alerts", "created_at, message", "'m'"),
}


@pytest.mark.parametrize(("query", "script"), SOURCES.items(), ids=SOURCES)
@pytest.mark.parametrize("limit", [2, 5])
def test_the_newest_rows_come_first_however_they_are_stored(
    database_of, answer, query, script, limit
):
    found = answer(QUERIES[query], "30d", limit, source=database_of(script)).frame
    at = "uploaded" if "uploaded" in found else "at"
    assert list(found[at].dt.strftime("%Y-%m-%d")) == DAYS[:limit]


@pytest.mark.parametrize(
    ("category", "script"),
    [
        ("Time", rows("time_entries", "started_at, seconds", "60")),
        ("AI", rows("ai_cost_tracking", "created_at, cost_usd", "1")),
        ("Infrastructure", rows("cloudflare_usage", "usage_date, cost_usd", "1")),
    ],
)
def test_the_newest_line_is_the_newest_however_it_is_stored(database_of, answer, category, script):
    found = answer(queries.newest_lines, "30d", source=database_of(script)).frame
    at = found.set_index("category").loc[category, "at"]
    assert at.strftime("%Y-%m-%d %H:%M") == "2026-11-20 09:00"


def test_no_query_orders_its_rows_by_what_is_stored():
    """But for those that know whether that is in order, and two that ask for no row by it."""
    ordered = {
        name
        for name, block in {**QUERIES, **VIEWS}.items()
        if "_stored" in block.sql.partition("ORDER BY")[2] and "oldest(" not in block.written
    }
    assert ordered == {"newest_lines", "tracked_name"}
