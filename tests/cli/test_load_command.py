"""`load clickhouse`: what it prints, its exit codes, and what it needs."""

import json
import sqlite3
from contextlib import closing

import pytest
from copies import changed
from messy import MESSY
from typer.testing import CliRunner

from meaux.cli import app
from meaux.cli.load import within

WAREHOUSE = "clickhouse+chdb://FOLDER?database={}"


@pytest.fixture
def run(environment, chdb_folder, tmp_path):
    """Load a file of one's own into the engine in this process, with more settings."""
    file = tmp_path / "source.db"
    with closing(sqlite3.connect(file)) as database:
        database.executescript(f"PRAGMA synchronous = OFF; {MESSY}")

    def run(*options, command=("load", "clickhouse"), **settings):
        given = {
            "MEAUX_DATABASE": str(file),
            "MEAUX_MIRROR": str(tmp_path / "mirror.db"),
            "MEAUX_WAREHOUSE": WAREHOUSE.format("commanded"),
        }
        for name, value in (given | settings).items():
            environment.setenv(name, value.replace("FOLDER", chdb_folder))
        return CliRunner().invoke(app, [*command, *options])

    return run


def test_it_says_what_it_has_loaded_and_then_that_nothing_has_changed(run):
    first, second = run(), run()
    assert first.exit_code == second.exit_code == 0
    assert "\nClickHouse commanded: " in first.output
    assert "time_entry: 9 rows\n" in first.output
    assert second.output.startswith("Nothing has changed; ClickHouse commanded is up to date")
    told = run("--json", command=("doctor",))
    assert json.loads(told.output)["copied_rows"] > 20


def test_the_doctor_names_the_tables_whose_newest_row_is_not_in_the_copy(run, tmp_path):
    file, warehouse = tmp_path / "source.db", {"MEAUX_WAREHOUSE": WAREHOUSE.format("lagging")}
    changed(
        file,
        "CREATE INDEX by_time ON time_entries (started_at)",
        "ALTER TABLE cloudflare_usage RENAME TO usage_rows",
        "CREATE VIEW cloudflare_usage AS SELECT * FROM usage_rows",
    )
    run(**warehouse)
    record = json.loads(run("--json", command=("doctor",), **warehouse).output)
    assert (record["lagging"], record["lag_unknown"]) == ({}, ["infrastructure_usage"])
    changed(
        file,
        "INSERT INTO time_entries (id, started_at) VALUES (11, 1795341600)",
        "INSERT INTO ai_cost_tracking (id, created_at, cost_usd) VALUES (9, '2026-11-22', 1)",
    )
    told = " ".join(run(command=("doctor",), **warehouse).output.split())
    newest = "a row of 22 Nov 2026 10:00 UTC, the copy none after 21 Nov 2026 19:00 UTC"
    assert f"time_entry: the source has {newest}" in told
    assert "not known of infrastructure_usage: no index sorts them by time" in told
    record = json.loads(run("--json", command=("doctor",), **warehouse).output)
    assert record["lagging"].keys() == {"time_entry", "activity", "ai_usage", "model_usage"}
    assert record["still_to_load"] == []
    run(**warehouse)
    record = json.loads(run("--json", command=("doctor",), **warehouse).output)
    assert record["lagging"] == {}


@pytest.mark.parametrize(
    ("options", "settings", "said"),
    [
        ((), {"MEAUX_WAREHOUSE": ""}, "Set MEAUX_WAREHOUSE to the database to fill"),
        ((), {"MEAUX_WAREHOUSE": "loader:sesam@host/x"}, "it isn't an address; write it as"),
        ((), {"MEAUX_WAREHOUSE": "clickhouse://u:sesam@h/x?tls=1"}, "an unknown option, tls;"),
        ((), {"MEAUX_WAREHOUSE": "clickhouse://u:sesam@h/a.b"}, "its database must be letters"),
        ((), {"MEAUX_WAREHOUSE": "clickhouse://u:sesam@127.0.0.1:9/x"}, "Can't connect to"),
        (("--hours", "night"), {}, "Invalid --hours: 'night' must be two hours such as 22-6."),
        ((), {"MEAUX_DATABASE": "clickhouse://u:sesam@h/x"}, "MEAUX_DATABASE is the copy."),
    ],
)
def test_what_is_missing_or_wrong_is_said_without_the_password(run, options, settings, said):
    ran = run(*options, **settings)
    assert ran.exit_code == 2
    assert said in ran.output
    assert "sesam" not in ran.output


@pytest.mark.parametrize(
    ("hours", "expected"),
    [("22-6", [22, 23, 0, 5]), ("9-17", [9, 16]), ("0-24", [0, 5, 6, 9, 16, 17, 22, 23])],
)
def test_hours_may_go_over_midnight(hours, expected):
    asked = [22, 23, 0, 5, 6, 9, 16, 17]
    assert sorted(filter(within(hours), asked)) == sorted(expected)
