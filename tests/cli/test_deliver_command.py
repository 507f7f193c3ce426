"""`alerts --deliver` tells real receivers what is new; `--dry-run` says what it would do."""

import logging
import sqlite3
from contextlib import closing
from importlib import import_module

import pytest
from ports import free_port
from receivers import PASSWORD, Web

from meaux.data import plan, settings
from meaux.data.plan import read_plan
from meaux.errors import QueryTimeout

command = import_module("meaux.cli.alerts")

LEDGER = """
CREATE TABLE time_entries (id INTEGER, started_at TEXT, project_id TEXT, cost_usd REAL);
INSERT INTO time_entries VALUES (1, '2026-11-20T09:00:00Z', 'p', 900);
CREATE TABLE projects (id TEXT, name TEXT, team_id TEXT);
INSERT INTO projects VALUES ('p', 'Apollo', 't');
CREATE TABLE teams (id TEXT, name TEXT);
INSERT INTO teams VALUES ('t', 'Platform');
"""
OPS = {"name": "Ops", "address": "ops"}
OVER = {"name": "Everything", "monthly": 100, "scope": "total"}
APOLLO = {"name": "Moon", "monthly": 1000, "scope": "project", "of": "Apollo"}


@pytest.fixture(scope="module")
def web():
    receiver = Web()
    yield receiver
    receiver.stop()


@pytest.fixture
def tell(meaux, environment, database_of, tmp_path, web):
    """Run the command on a small database; what is declared can change between two runs."""
    database_of(LEDGER)
    environment.setenv("MEAUX_STATE", str(tmp_path / "state.db"))
    environment.setenv("MEAUX_NOTIFY_OPS", web.url())
    environment.setattr(settings, "read_section", lambda *_: {})
    web.messages.clear()
    web.answer = ""

    def tell(option="--deliver", *, notify=(OPS,), budgets=(OVER,), **variables):
        declared = read_plan({"notify": list(notify), "budgets": list(budgets)})
        environment.setattr(plan, "read_plan_file", lambda: declared)
        path = variables.pop("MEAUX_DATABASE", tmp_path / "database.db")
        return meaux("alerts", option, MEAUX_DATABASE=path, **variables)

    return tell


def test_what_is_new_is_sent_once_and_its_end_too(tell, web):
    result = tell()
    assert (result.exit_code, result.stdout) == (0, "Ops got 1 alert: 1 new.\n")
    [text] = web.texts
    assert text.startswith("Critical: budget over\nNew\n\nCritical: Everything budget: $900.00 of")
    assert "Look at what it was spent on; spend less, or raise the budget." in text
    assert tell().stdout == "Ops: nothing to send.\n"
    assert tell(budgets=[OVER | {"monthly": 10_000}]).stdout == "Ops got 1 alert: 1 resolved.\n"
    assert web.texts[1].startswith("Resolved: budget over\nResolved\n\nResolved: Everything budget")


def test_a_budget_that_gets_worse_is_one_finding(tell, web):
    assert "1 new" in tell(budgets=[OVER | {"monthly": 1_000}]).stdout
    assert "1 worse" in tell().stdout
    assert "Worse\n\nCritical: Everything budget" in web.texts[1]
    assert len(web.messages) == 2


def test_a_trial_says_what_would_go_where_and_changes_nothing(tell, web, tmp_path):
    quiet = {"name": "Boss", "address": "ops", "quiet": "00:00-23:59"}
    errors = {"name": "Team", "address": "ops", "teams": ["Sales"]}
    result = tell("--dry-run", notify=[OPS, quiet, errors])
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == "Ops would get 1 alert: 1 new."
    assert lines[1].startswith("  new, Critical: Everything budget: $900.00 of $100.00")
    assert lines[2].startswith("Boss: 1 alert waits until ")
    assert lines[2].endswith(", 23:59.")
    assert lines[3] == "Team: nothing to send."
    assert lines[4].startswith("Not to Team (it is not about its teams or projects): Everything")
    assert not web.messages
    assert not (tmp_path / "state.db").exists()


def test_a_team_is_told_of_the_budgets_of_its_projects(tell, web):
    result = tell(notify=[OPS | {"teams": ["platform"]}], budgets=[OVER, APOLLO])
    assert "1 new" in result.stdout
    assert "Moon budget" in web.texts[0]
    assert "Everything" not in web.texts[0]


def test_a_destination_that_fails_is_named_now_and_in_the_next_run(tell):
    other = {"name": "Boss", "address": "boss"}
    result = tell(notify=[OPS, other], MEAUX_NOTIFY_BOSS=f"json://127.0.0.1:{free_port()}")
    assert result.exit_code == 1
    assert result.stdout == "Ops got 1 alert: 1 new.\n"
    assert result.stderr.startswith("Not checked,")
    assert "Boss has failed since " in result.stderr
    assert "(connection refused; 1 try). The next try is after " in result.stderr
    again = tell(notify=[OPS, other])
    assert again.exit_code == 1
    assert "Boss has failed since " in again.stderr


@pytest.mark.parametrize("how", ["ok", "error"])
def test_an_address_is_nowhere_in_clear(tell, web, tmp_path, caplog, how):
    web.answer = how
    with caplog.at_level(logging.DEBUG):
        results = [tell(), tell("--dry-run"), tell(), tell(notify=[OPS | {"rules": ["no"]}])]
    written = b"".join(path.read_bytes() for path in tmp_path.glob("state.db*"))
    said = "".join(result.output for result in results) + caplog.text
    for secret in (PASSWORD, str(web.port), "anna:"):
        assert secret not in said
        assert secret.encode() not in written
    assert b"Everything" in written


def test_without_anybody_to_tell_it_says_how(tell):
    result = tell(notify=[])
    assert result.exit_code == 2
    assert "there is no [[notify]] in .streamlit/meaux.toml" in result.stderr


def test_a_wrong_entry_is_named_and_the_others_are_told(tell, web):
    wrong = [{"name": "Boss"}, {"name": "Team", "address": "team"}, OPS]
    result = tell(notify=wrong)
    assert result.exit_code == 2
    assert len(web.messages) == 1
    assert "[[notify]] number 1 (“Boss”): address is missing" in result.stderr
    assert "[[notify]] “Team”: there is no address" in result.stderr


def test_if_the_database_cannot_be_opened_that_is_told_and_what_is_due_too(tell, web, tmp_path):
    web.answer = "error"
    assert tell().exit_code == 1
    web.answer = ""
    (tmp_path / "database.db").rename(tmp_path / "elsewhere.db")
    with closing(sqlite3.connect(tmp_path / "state.db", isolation_level=None)) as connection:
        connection.execute("UPDATE destinations SET next_try = 0")
    result = tell()
    assert result.exit_code == 2
    assert "MEAUX_DATABASE points to database.db, but the file doesn't exist." in result.stderr
    assert result.stdout == "Ops got 2 alerts: 2 new.\n"
    assert "Error: Alerts can't be checked: MEAUX_DATABASE points to database.db" in web.texts[0]
    (tmp_path / "elsewhere.db").rename(tmp_path / "database.db")
    assert tell().stdout == "Ops got 1 alert: 1 resolved.\n"


def test_if_a_query_fails_nothing_is_said_to_be_resolved(tell, environment, web):
    assert "1 new" in tell().stdout

    def refused(_database, statements):
        return [QueryTimeout() for _ in statements]

    environment.setattr(command, "fetch_each", refused)
    result = tell()
    assert result.exit_code == 2
    assert result.stdout == "Ops got 1 alert: 1 new.\n"
    assert "Error: Alerts can't be checked: The query timed out." in web.texts[-1]
