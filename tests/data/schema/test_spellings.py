"""Columns are found by the spellings that one meets, in their unit, and never by a doubtful one."""

import pytest

from meaux.data.database import Statement

TIME = "started_at INTEGER, project_id TEXT"
HOUR = {
    "seconds INTEGER": 3600,
    "duration_seconds": 3600,
    "durationSeconds": 3600,
    "totalSeconds REAL": 3600,
    "tracked_seconds TEXT": "3600",
    "duration_ms INTEGER": 3_600_000,
    "durationMs INTEGER": 3_600_000,
    "elapsed_ms": 3_600_000,
    "duration_minutes INTEGER": 60,
    "durationMinutes": 60,
    "minutes TEXT": "60",
    "minutes_spent REAL": 60,
    "hours REAL": 1,
    "Hours TEXT": "1.0",
    "hours_worked": 1,
    "loggedHours REAL": 1,
    '"Duration Hours" REAL': 1,
}
SIXTY_DOLLARS = {
    "cost_usd REAL": 60,
    "costUsd REAL": 60,
    "cost_usd INTEGER": 60,
    "total_cost REAL": 60,
    "totalCost DECIMAL(10, 2)": 60,
    "cost": 60,
    "cost NUMERIC": 60,
    "cost TEXT": "60.00",
    "amount REAL": 60,
    "amount_usd": 60,
    "cost_cents INTEGER": 6000,
    "costCents INTEGER": 6000,
    "total_cost_cents INTEGER": 6000,
    "amountInCents INTEGER": 6000,
    "cost_micros INTEGER": 60_000_000,
    "cost_cents INTEGER, cost INTEGER": 6000,
}
MEGABYTE = {
    "bytes": 1_000_000,
    "sizeBytes INTEGER": 1_000_000,
    "size INTEGER": 1_000_000,
    "file_size": 1_000_000,
    "size_kb REAL": 1000,
    "sizeMb REAL": 1,
    "size_gb REAL": 0.001,
    "size_kib REAL": 976.5625,
    "size_mib REAL": 0.95367431640625,
}
TWO_SECONDS = {
    "duration_ms INTEGER": 2000,
    "durationMs": 2000,
    "duration_millis": 2000,
    "execution_time_ms": 2000,
    "duration_us INTEGER": 2_000_000,
    "duration_seconds REAL": 2,
    "elapsedSeconds REAL": 2,
    "duration_minutes REAL": 2 / 60,
}


def value(source, table, column):
    """The one value that is read of a logical column."""
    bound = source.binding.tables[table]
    sql = f"SELECT {bound.columns[column].value()} FROM {bound.physical}"
    return source.database.fetch([Statement(sql)])[0].rows[0][0]


@pytest.mark.parametrize(("declared", "stored"), HOUR.items(), ids=HOUR)
def test_an_hour_is_one_however_its_length_is_stored(database_of, declared, stored):
    source = database_of(f"""
        CREATE TABLE time_entries ({TIME}, {declared});
        INSERT INTO time_entries VALUES (1700000000, 'p1', {stored!r});
    """)
    assert value(source, "time_entry", "seconds") == 3600


@pytest.mark.parametrize(("declared", "stored"), SIXTY_DOLLARS.items(), ids=SIXTY_DOLLARS)
@pytest.mark.parametrize(
    ("physical", "table"),
    [
        ("time_entries", "time_entry"),
        ("ai_cost_tracking", "ai_usage"),
        ("cloudflare_usage", "infrastructure_usage"),
        ("cost_analytics", "reported_month"),
    ],
)
def test_a_cost_is_in_dollars_however_it_is_stored(database_of, physical, table, declared, stored):
    first = declared.split(",")[0].split()[0]
    source = database_of(f"""
        CREATE TABLE {physical} (created_at INTEGER, started_at, month, {declared});
        INSERT INTO {physical} (created_at, {first}) VALUES (1700000000, {stored!r});
    """)
    assert value(source, table, "cost") == 60


@pytest.mark.parametrize(("declared", "stored"), MEGABYTE.items(), ids=MEGABYTE)
def test_a_size_is_in_bytes_however_it_is_stored(database_of, declared, stored):
    source = database_of(f"""
        CREATE TABLE r2_objects (bucket, {declared}); INSERT INTO r2_objects VALUES ('b', {stored});
    """)
    assert value(source, "stored_object", "bytes") == pytest.approx(1_000_000)


@pytest.mark.parametrize(("declared", "stored"), TWO_SECONDS.items(), ids=TWO_SECONDS)
@pytest.mark.parametrize(
    ("physical", "table"),
    [
        ("workflow_runs", "workflow_run"),
        ("workflow_steps", "workflow_step"),
        ("worker_logs", "worker_log"),
    ],
)
def test_a_duration_is_in_milliseconds_however_it_is_stored(
    database_of, physical, table, declared, stored
):
    source = database_of(f"""
        CREATE TABLE {physical} (id, run_id, worker_id, created_at, {declared});
        INSERT INTO {physical} VALUES (1, 1, 1, 1700000000, {stored});
    """)
    assert value(source, table, "duration_ms") == pytest.approx(2000)


FOUND = [
    ("time_entries", "startTime", "time_entry.started"),
    ("time_entries", "started_at, stopTime", "time_entry.ended"),
    ("time_entries", "started_at, finishedAt", "time_entry.ended"),
    ("time_entries", "started_at, hourlyRate REAL", "time_entry.rate"),
    ("time_entries", "started_at, isBillable", "time_entry.billable"),
    ("time_entries", "started_at, projectId", "time_entry.project"),
    ("time_entries", "started_at, userEmail", "time_entry.person"),
    ("TimeEntries", "startedAt", "time_entry.started"),
    ("project", "id, displayName", "project.name"),
    ("projects", "projectId, hexColor", "project.color"),
    ("projects", "id, dateCreated", "project.created"),
    ("users", "id, fullName", "person.name"),
    ("users", "id, first_name, last_name", "person.name"),
    ("users", "id, emailAddress", "person.email"),
    ("ai_cost_tracking", "ts, costUsd, modelId", "ai_usage.model"),
    ("token_usage", "model, createdAt, tokensIn", "model_usage.input_tokens"),
    ("token_usage", "model, createdAt, completionTokens", "model_usage.output_tokens"),
    ("worker_logs", "scriptName, timestamp, httpStatus", "worker_log.status"),
    ("worker_logs", "scriptName, timestamp, latencyMs", "worker_log.duration_ms"),
    ("r2_usage", "bucketName, usageDay, objectCount", "bucket_usage.objects"),
    ("email_analytics", "reportDate, emailsSent", "email_day.sent"),
    ("audit_logs", "occurredAt, performedBy", "audit.person"),
    ("event_logs", "loggedAt, logLevel", "log_entry.severity"),
    ("error_log", "ts, errorMessage", "error_entry.message"),
    ("project_milestones", "project_id, deadline", "milestone.due"),
    ("workflow_runs", "id, startTime, finishedAt", "workflow_run.completed"),
    ("weekly_spend_reports", "weekStarting, totalCost REAL", "reported_week.total"),
]


@pytest.mark.parametrize(("table", "columns", "logical"), FOUND)
def test_a_column_is_found_by_its_spelling(database_of, table, columns, logical):
    source = database_of(f"CREATE TABLE {table} ({columns});")
    name, column = logical.split(".")
    assert column in source.binding.tables[name].columns


NOT_FOUND = [
    ("time_entries", "started_at, duration INTEGER", "time_entry.seconds"),
    ("time_entries", "started_at, time REAL", "time_entry.seconds"),
    ("time_entries", "started_at, total REAL", "time_entry.cost"),
    ("time_entries", "started_at, price REAL", "time_entry.cost"),
    ("time_entries", "started_at, rate REAL", "time_entry.rate"),
    ("time_entries", "started_at, billable_hours REAL", "time_entry.seconds"),
    ("time_entries", "started_at, updated_at", "time_entry.ended"),
    ("workflow_runs", "id, started_at, duration INTEGER", "workflow_run.duration_ms"),
    ("worker_logs", "worker_id, timestamp, response_time", "worker_log.duration_ms"),
    ("worker_logs", "worker_id, timestamp, duration", "worker_log.duration_ms"),
    ("r2_usage", "bucket, date, size", "bucket_usage.bytes"),
    ("email_analytics", "date, opens", "email_day.opened"),
    ("project_milestones", "project_id, end_date", "milestone.completed"),
    ("projects", "id, owner", "project.team"),
    ("token_usage", "model, created_at, max_tokens", "model_usage.total_tokens"),
]


@pytest.mark.parametrize(("table", "columns", "logical"), NOT_FOUND)
def test_a_spelling_that_may_mean_something_else_is_not_taken(database_of, table, columns, logical):
    source = database_of(f"CREATE TABLE {table} ({columns});")
    name, column = logical.split(".")
    assert column not in source.binding.tables[name].columns
    assert source.binding.lacks(name, column)


@pytest.mark.parametrize("declared", ["INTEGER", "INT", "BIGINT", "bigint unsigned"])
@pytest.mark.parametrize("name", ["cost", "total_cost", "amount", "totalCost"])
def test_whole_numbers_of_no_unit_are_not_taken_for_dollars_nor_for_cents(
    database_of, declared, name
):
    source = database_of(f"CREATE TABLE time_entries ({TIME}, {name} {declared});")
    assert "cost" not in source.binding.tables["time_entry"].columns
    assert source.binding.lacks("time_entry", "cost") == (
        f"a mapping that states whether time_entries.{name} is in dollars or cents"
    )


def test_a_table_whose_only_cost_is_in_doubt_is_passed_over_and_says_why(database_of):
    binding = database_of("CREATE TABLE ai_cost_tracking (created_at, cost INTEGER);").binding
    assert binding.lacks("ai_usage") == (
        "a mapping that states whether ai_cost_tracking.cost is in dollars or cents"
    )


@pytest.mark.parametrize(("entry", "dollars"), [('"cost"', 6000), ('"{cost} / 100.0"', 60)])
def test_a_mapping_ends_the_doubt(database_of, tmp_path, entry, dollars):
    override = tmp_path / "schema.toml"
    override.write_text(f"[time_entry.columns]\ncost = {entry}\n")
    source = database_of(
        f"CREATE TABLE time_entries ({TIME}, cost INTEGER);"
        "INSERT INTO time_entries VALUES (1700000000, 'p1', 6000);",
        override,
    )
    assert value(source, "time_entry", "cost") == dollars


def test_the_rows_that_count_are_the_same_however_the_table_is_spelled(database_of):
    source = database_of("""
        CREATE TABLE CostBreakdowns (Category, usageDate, costUsd);
        INSERT INTO CostBreakdowns VALUES ('ai', '2026-01-01', 1), ('infra', '2026-01-01', 2);
    """)
    bound = source.binding.tables["infrastructure_usage"]
    assert "infra" in bound.only
    assert bound.physical == "CostBreakdowns"
