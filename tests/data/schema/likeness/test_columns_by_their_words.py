"""A column is known by a spelling, else by the words of its name or by its values, and its unit."""

import pytest

from meaux.data.schema.likeness import stems

CALL = "model TEXT, tokens_in INTEGER, tokens_out INTEGER"


@pytest.fixture
def fits(database_of, suggested):
    """What would be read of a table of AI calls with these columns and rows, by logical column."""

    def fits(columns, *rows, logical="model_usage", table="llm_calls"):
        written = "".join(f"INSERT INTO {table} VALUES ({row});" for row in rows)
        found = suggested(database_of(f"CREATE TABLE {table} ({columns}); {written}"))
        one = next((one for one in found if one.logical == logical), None)
        return one and {name: (one.reads[name], one.found_by[name]) for name in one.reads}

    return fits


@pytest.mark.parametrize(
    ("column", "read"),
    [
        ("started INTEGER", ("started", "values")),
        ("ts INTEGER", ("ts", "spelling")),
        ("createdUnix INTEGER", ("createdUnix", "words")),
        ("call_created_at TEXT", ("call_created_at", "words")),
    ],
)
def test_a_point_in_time_goes_by_many_names(fits, column, read):
    value = "'2026-11-20 10:00:00'" if "TEXT" in column else "1795300000"
    found = fits(f"{CALL}, cost_usd REAL, {column}", f"'m', 1, 2, 0.1, {value}")
    assert found["at"] == read


def test_a_column_of_no_points_in_time_is_none_whatever_its_name(fits):
    assert fits(f"{CALL}, cost_usd REAL, created_at TEXT", "'m', 1, 2, 0.1, 'never'") is None


def test_nanoseconds_are_read_as_microseconds(fits):
    found = fits(
        f"{CALL}, cost_usd REAL, start_unix_nano INTEGER", "'m', 1, 2, 0.1, 1795300000" + "0" * 9
    )
    assert found["at"] == ("{start_unix_nano} / 1000", "values")


@pytest.mark.parametrize(
    ("column", "read"),
    [
        ("cost_micros INTEGER", "{cost_micros} / 1000000.0"),
        ("price_usd REAL", "price_usd"),
        ("llm_cost_cents INTEGER", "{llm_cost_cents} / 100.0"),
    ],
)
def test_a_cost_names_its_unit(fits, column, read):
    found = fits(f"{CALL}, created_at INTEGER, {column}", "'m', 1, 2, 1795300000, 5")
    assert found["cost"][0] == read


@pytest.mark.parametrize(
    "column",
    ["price INTEGER", "cost_limit_usd REAL", "cost_per_call_usd REAL", "neuron_cost_usd REAL"],
)
def test_a_cost_that_may_be_cents_or_of_something_else_is_none(fits, column):
    found = fits(f"{CALL}, created_at INTEGER, {column}", "'m', 1, 2, 1795300000, 5")
    assert "cost" not in found
    assert fits(f"{CALL}, created_at INTEGER, {column}", logical="ai_usage") is None


def test_of_two_spellings_the_one_that_has_values_is_read_and_the_mapping_says_so(
    database_of, suggested
):
    source = database_of(
        f"CREATE TABLE llm_calls ({CALL}, created_at INTEGER, occurred_at INTEGER, cost_usd REAL);"
        "INSERT INTO llm_calls VALUES ('m', 1, 2, 1795300000, NULL, 0.1);"
    )
    usage = next(one for one in suggested(source) if one.logical == "ai_usage")
    assert usage.reads["at"] == "created_at"
    assert 'at = "created_at"' in usage.mapping


def test_a_required_column_that_nobody_fills_makes_a_table_unfit(fits):
    rows = ["'m', 1, 2, 1795300000, NULL"] * 3
    assert fits(f"{CALL}, created_at INTEGER, cost_usd REAL", *rows, logical="ai_usage") is None


def test_a_status_is_known_by_its_words(fits):
    columns = (
        "id, job TEXT, phase TEXT, started_at INTEGER, completed_at INTEGER, duration_ms INTEGER"
    )
    rows = [
        f"{n}, 'j', '{word}', 1795300000, 1795300009, 9" for n, word in enumerate(("ok", "failed"))
    ]
    found = fits(columns, *rows, logical="workflow_run", table="workflow_runs_2")
    assert found is None or found["status"] == ("phase", "values")


def test_an_empty_table_is_not_named(fits):
    assert fits(f"{CALL}, created_at INTEGER, cost_usd REAL") is None


def test_a_table_is_called_by_its_last_word():
    assert stems.is_called("agent_workflow_runs", "workflow run")
    assert not stems.is_called("project_files", "project")
    assert not stems.is_called("workflow_run_settings", "workflow run")


FILLED = (
    "CREATE TABLE llm_calls (model TEXT, tokens_in INTEGER, cost_usd REAL, created_at INTEGER);"
    "INSERT INTO llm_calls VALUES ('m', 5, 0.1, 1795300000);"
)


def test_a_table_that_is_found_but_empty_is_missed_as_one_that_is_not_there(database_of, suggested):
    source = database_of(
        f"CREATE TABLE ai_cost_tracking (model TEXT, cost_usd REAL, created_at TEXT); {FILLED}"
    )
    assert source.binding.tables["ai_usage"].physical == "ai_cost_tracking"
    assert {one.table for one in suggested(source)} == {"llm_calls"}


def test_a_table_that_is_found_and_has_rows_is_enough(database_of, suggested):
    source = database_of(
        "CREATE TABLE ai_cost_tracking (model TEXT, cost_usd REAL, created_at TEXT);"
        f"INSERT INTO ai_cost_tracking VALUES ('m', 0.2, '2026-11-20 10:00:00'); {FILLED}"
    )
    assert "ai_usage" not in {one.logical for one in suggested(source)}


def test_a_known_table_that_lacks_a_column_by_its_name_is_suggested_with_another(
    database_of, suggested
):
    source = database_of(
        "CREATE TABLE ai_cost_tracking (model TEXT, price_usd REAL, created_at TEXT);"
        "INSERT INTO ai_cost_tracking VALUES ('m', 0.2, '2026-11-20 10:00:00');"
    )
    assert source.binding.passed_over.keys() >= {"ai_usage"}
    [usage] = [one for one in suggested(source) if one.logical == "ai_usage"]
    assert usage.table == "ai_cost_tracking"
    assert usage.mapping.endswith('[ai_usage.columns]\ncost = "price_usd"\n')
