"""`doctor` says what works and what doesn't, and its exit code says how well."""

import json
import shutil
import socket
import sqlite3
from contextlib import closing
from dataclasses import asdict

import pytest

from meaux.data import plan
from meaux.data.database import fetch_each
from meaux.data.plan import read_plan_file
from meaux.data.schema import read_model
from meaux.data.settings import PROJECT
from meaux.query.queries import QUERIES
from meaux.subjects import health
from meaux.subjects.page import all_pages

SCHEMA = PROJECT / "meaux" / "demo" / "schema.sql"
TOKEN = "tok-3f9a0c-never-to-be-seen"  # noqa: S105


@pytest.fixture
def closed_port():
    """A port of this machine on which nothing listens."""
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@pytest.fixture
def without_teams(demo_file, tmp_path):
    """The demo without one of its tables."""
    path = tmp_path / "without-teams.db"
    shutil.copy(demo_file, path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE teams")
        connection.execute("DROP TABLE cloudflare_usage")
        connection.execute("DROP TABLE billing_usage")
        connection.execute("DROP TABLE cost_breakdown")
    return path


def test_finds_everything_in_the_demo(told, demo_file):
    result = told("doctor", MEAUX_DATABASE=demo_file)
    assert result.exit_code == 0, result.output
    assert "SQLite file: File meauxos.db" in result.stdout
    assert "All tables and queries are available." in result.stdout
    for name in [*read_model().tables, *QUERIES]:
        assert f"  {name} " in result.stdout
    assert not result.stderr


def test_names_the_time_zone_and_the_day(meaux, demo_file):
    result = meaux("doctor", MEAUX_DATABASE=demo_file, MEAUX_TIMEZONE="Asia/Kolkata")
    assert "Asia/Kolkata" in result.stdout
    assert "2026-11-22, a fixed date" in result.stdout


def test_says_what_is_missing_and_exits_with_one(meaux, without_teams):
    result = meaux("doctor", MEAUX_DATABASE=without_teams)
    assert result.exit_code == 1
    assert "missing; needs the table teams" in result.stdout
    assert "no source; needs the table cloudflare_usage" in result.stdout
    assert "the rest works" in result.stdout


def test_gives_the_same_findings_as_json(meaux, without_teams):
    result = meaux("doctor", "--json", MEAUX_DATABASE=without_teams)
    assert result.exit_code == 1
    found = json.loads(result.stdout)
    assert found["state"] == "incomplete"
    assert found["database"]["kind"] == "file"
    assert {table["name"] for table in found["logical"]} == set(read_model().tables)
    assert {table["name"] for table in found["tables"]} == set(read_model().candidates())
    assert {query["name"] for query in found["queries"]} == set(QUERIES)
    sources = {cost["category"]: cost["source"] for cost in found["costs"]}
    assert sources == {"Time": "time_entries", "AI": "ai_cost_tracking", "Infrastructure": None}
    choices = next(query for query in found["queries"] if query["name"] == "team_choices")
    assert not choices["answerable"]
    assert "the table teams" in choices["reason"]


def test_tells_of_each_table_its_rows_and_the_newest(told, demo_file, demo_rows):
    result = told("doctor", "--json", MEAUX_DATABASE=demo_file)
    tables = {table["name"]: table for table in json.loads(result.stdout)["tables"]}
    [(projects,)] = demo_rows("SELECT count(*) FROM projects")
    [(newest,)] = demo_rows(
        "SELECT strftime('%Y-%m-%d %H:%M', max(started_at), 'unixepoch') FROM time_entries"
    )
    assert tables["projects"]["size"]["rows"] == projects
    assert tables["projects"]["size"]["precision"] == "exactly"
    assert tables["time_entries"]["newest"] == newest
    assert "Home" in tables["projects"]["pages"]


def test_says_the_same_as_the_page(told, demo_file, demo_source, select, today):
    asks = health.asks(demo_source, today)
    outcomes = dict(zip(asks, fetch_each(demo_source.database, list(asks.values())), strict=True))
    found = health.examine(demo_source, select("30d"), outcomes)
    said = json.loads(told("doctor", "--json", MEAUX_DATABASE=demo_file).stdout)
    same = json.loads(json.dumps(asdict(found)))
    for part in ("tables", "logical", "costs", "indexes", "notes", "mapping"):
        assert said[part] == same[part], part


def without_an_index(demo_file, folder):
    path = folder / "without-index.db"
    shutil.copy(demo_file, path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP INDEX worker_logs_time")
    return path


def test_writes_the_missing_indexes_as_sql_that_makes_them(meaux, demo_file, tmp_path):
    path = without_an_index(demo_file, tmp_path)
    result = meaux("doctor", "--sql", MEAUX_DATABASE=path)
    assert result.exit_code == 0
    statement = "CREATE INDEX `worker_logs_timestamp` ON `worker_logs` (`timestamp`);"
    assert result.stdout == f"{statement}\n"
    assert statement in meaux("doctor", MEAUX_DATABASE=path).stdout
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(result.stdout)
    assert meaux("doctor", "--sql", MEAUX_DATABASE=path).stdout == ""


@pytest.fixture(scope="module")
def without_rows(tmp_path_factory):
    """The tables of the demo and one index less, without a row: quickly read, by every query."""
    path = tmp_path_factory.mktemp("empty") / "empty.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(SCHEMA.read_text(encoding="utf-8"))
        connection.execute("DROP INDEX worker_logs_time")
    return path


def test_changes_nothing_whatever_it_is_asked(told, without_rows):
    before = without_rows.read_bytes()
    for options in (("--json", "--pages"), ("--pages",), ("--json",), ("--sql",)):
        assert told("doctor", *options, MEAUX_DATABASE=without_rows).exit_code in (0, 1)
    assert without_rows.read_bytes() == before


def test_measures_what_each_page_costs(told, without_rows):
    said = json.loads(told("doctor", "--json", "--pages", MEAUX_DATABASE=without_rows).stdout)
    pages = {page["title"]: page for page in said["pages"]}
    assert set(pages) == {page.title for page in all_pages()}
    for page in pages.values():
        assert page["calls"] == 1
        assert page["rows_read"] is None
        assert page["milliseconds"] > 0
    assert "pages" not in json.loads(told("doctor", "--json", MEAUX_DATABASE=without_rows).stdout)
    words = told("doctor", "--pages", MEAUX_DATABASE=without_rows).stdout
    assert f"{pages['Home']['queries']} queries, 1 call, rows read unknown" in words


def test_writes_a_mapping_to_fill_in_where_something_is_missing(meaux, without_teams, tmp_path):
    result = meaux("doctor", "--mapping", MEAUX_DATABASE=without_teams)
    assert result.exit_code == 1
    assert '[team]\n# A team. Needs the table teams.\n# tables = ["…"]' in result.stdout
    file = tmp_path / "schema.toml"
    file.write_text(result.stdout, encoding="utf-8")
    assert read_model(file).tables == read_model().tables


def test_exits_with_one_on_an_empty_database(meaux, tmp_path):
    path = tmp_path / "empty.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE unrelated (id)")
    result = meaux("doctor", MEAUX_DATABASE=path)
    assert result.exit_code == 1
    assert "nothing can be shown" in result.stdout


def test_works_round_a_view_that_is_broken(meaux, without_teams):
    with closing(sqlite3.connect(without_teams)) as connection:
        connection.execute("CREATE VIEW teams AS SELECT id, nothing_such AS name FROM users")
    result = meaux("doctor", MEAUX_DATABASE=without_teams)
    assert result.exit_code == 1
    assert "missing; needs the table teams" in result.stdout


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_exits_with_two_when_the_file_is_no_database(meaux, tmp_path, options):
    path = tmp_path / "words.db"
    path.write_text("These are words, and no pages of a database. " * 50)
    result = meaux("doctor", *options, MEAUX_DATABASE=path)
    assert result.exit_code == 2
    assert "not a readable SQLite database" in result.stderr
    if options:
        assert json.loads(result.stdout)["state"] == "closed"


def test_exits_with_two_when_the_file_is_missing(meaux, tmp_path):
    result = meaux("doctor", MEAUX_DATABASE=tmp_path / "nowhere.db")
    assert result.exit_code == 2
    assert "the file doesn't exist" in result.stderr
    assert not result.stdout


def test_exits_with_two_when_the_host_does_not_answer(meaux, closed_port, monkeypatch):
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    result = meaux(
        "doctor",
        CLOUDFLARE_DATABASE_ID="d8261777",
        CLOUDFLARE_API_TOKEN=TOKEN,
        CLOUDFLARE_API_BASE_URL=f"http://127.0.0.1:{closed_port}",
    )
    assert result.exit_code == 2
    assert f"Can't connect to 127.0.0.1:{closed_port}" in result.stderr
    assert TOKEN not in result.output


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"MEAUX_TIMEZONE": "Europe/Pariss"}, "did you mean Europe/Paris?"),
        ({"MEAUX_TODAY": "yesterday"}, "MEAUX_TODAY"),
        ({"CLOUDFLARE_API_BASE_URL": "ftp://there"}, "CLOUDFLARE_API_BASE_URL"),
        ({"CLOUDFLARE_API_TOKEN": TOKEN}, "CLOUDFLARE_DATABASE_ID"),
        ({"CLOUDFLARE_DATABASE_ID": "d8", "CLOUDFLARE_ACCOUNT_ID": "a1"}, "CLOUDFLARE_API_TOKEN"),
    ],
)
def test_names_the_setting_that_is_wrong_in_one_line(meaux, variables, words):
    result = meaux("doctor", **variables)
    assert result.exit_code == 2
    assert words in result.stderr
    assert result.stderr.count("\n") == 1
    assert TOKEN not in result.output


def test_an_entry_that_cannot_be_used_is_listed_and_is_no_success(
    meaux, environment, demo_file, tmp_path
):
    path = tmp_path / "meaux.toml"
    path.write_text("[thresholds]\nat_risk = 'high'\n")
    environment.setattr(plan, "read_plan_file", lambda: read_plan_file(path))
    result = meaux("doctor", MEAUX_DATABASE=demo_file)
    assert result.exit_code == 1
    assert "Invalid entries" in result.stdout
    assert "[thresholds], at_risk: 'high' is not a number" in result.stdout
    assert "Invalid: 1 entry in meaux.toml." in result.stdout
    assert "All tables and queries are available." not in result.stdout
    told = json.loads(meaux("doctor", "--json", MEAUX_DATABASE=demo_file).stdout)
    assert told["state"] == "incomplete"
    [fault] = told["faults"]
    assert (fault["file"], fault["entry"]) == ("meaux.toml", "[thresholds], at_risk")
    assert fault["effect"] == "The default (0.8) applies until corrected."
