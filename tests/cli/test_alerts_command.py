"""`alerts` says what the rules find, and tells a scheduler by its exit code."""

import json

import pytest

from meaux.data import plan, source
from meaux.data.budgeting import Budget
from meaux.data.plan import Plan, read_plan_file
from meaux.data.thresholds import Allowances
from meaux.errors import RateLimited
from meaux.subjects.alerts.rules import RULES, SEVERITIES

LEDGER = """
CREATE TABLE time_entries (id INTEGER, started_at TEXT, project_id TEXT, cost_usd REAL);
INSERT INTO time_entries VALUES (1, '2026-11-20T09:00:00Z', 'p', 900);
"""
RECORDED = """
CREATE TABLE openai_spending_alerts (severity TEXT, message TEXT, created_at TEXT, status TEXT);
INSERT INTO openai_spending_alerts VALUES
  ('critical', 'Models are over their limit', '2026-11-19T08:00:00Z', 'open'),
  ('warning', 'An old one', '2026-10-01T08:00:00Z', 'resolved');
"""


@pytest.fixture(autouse=True)
def declare(environment):
    """Declare a plan; without a word there is none."""

    def declare(*budgets, **tables):
        declared = Plan(
            tuple(Budget(name, "total", "", limit, "meaux.toml") for name, limit in budgets),
            **tables,
        )
        environment.setattr(plan, "read_plan_file", lambda: declared)

    declare()
    return declare


@pytest.fixture
def written(database_of, tmp_path):
    """A database that a script writes, by its path."""

    def written(script):
        database_of(script)
        return tmp_path / "database.db"

    return written


def test_findings_come_the_most_severe_first_with_recorded_ones_beside_them(
    meaux, declare, demo_file
):
    declare(("Everything", 100.0))
    result = meaux("alerts", MEAUX_DATABASE=demo_file)
    assert result.exit_code == 1
    assert not result.stderr
    lines = result.stdout.splitlines()
    severities = [line.split()[0] for line in lines]
    assert severities == sorted(severities, key=SEVERITIES.index)
    assert any("Everything budget: $" in line and "over budget since " in line for line in lines)
    assert any("Recorded 2026-" in line for line in lines)


def test_as_json_each_alert_has_its_rule_and_its_numbers(meaux, declare, demo_file):
    declare(("Everything", 100.0))
    result = meaux("alerts", "--json", MEAUX_DATABASE=demo_file)
    assert result.exit_code == 1
    entries = json.loads(result.stdout)
    keys = {"rule", "severity", "sentence", "value", "threshold", "recorded"}
    assert all(entry.keys() == keys for entry in entries)
    names = {rule.name for rule in RULES}
    for entry in entries:
        assert entry["severity"] in SEVERITIES
        assert entry["rule"] in names or entry["recorded"]
    over = next(entry for entry in entries if entry["sentence"].startswith("Everything"))
    assert (over["rule"], over["severity"], over["threshold"]) == ("budget over", "Critical", 1.0)
    assert over["value"] > 1


def test_a_quiet_database_has_nothing_to_report_and_is_told_what_it_lacks(meaux, declare, written):
    declare(("Everything", 10_000.0))
    result = meaux("alerts", MEAUX_DATABASE=written(LEDGER))
    assert result.exit_code == 0
    assert result.stdout == "Nothing to report in the available data.\n"
    assert "Not checked, worker_errors: Needs the table worker_logs" in result.stderr
    assert "Not checked, cost_by_day:" not in result.stderr


def test_where_all_can_be_looked_at_nothing_to_report_means_just_that(meaux, tmp_path, database_of):
    schema = source.PROJECT / "meaux" / "demo" / "schema.sql"
    database_of(schema.read_text(encoding="utf-8"))
    result = meaux("alerts", MEAUX_DATABASE=tmp_path / "database.db")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "Nothing to report.\n", "")
    as_json = meaux("alerts", "--json", MEAUX_DATABASE=tmp_path / "database.db")
    assert json.loads(as_json.stdout) == []


def test_a_recorded_alert_is_marked_and_is_no_finding_of_the_rules(meaux, written):
    path = written(LEDGER + RECORDED)
    result = meaux("alerts", MEAUX_DATABASE=path)
    assert result.exit_code == 0
    assert result.stdout == "Critical  Recorded 2026-11-19: Models are over their limit\n"
    [entry] = json.loads(meaux("alerts", "--json", MEAUX_DATABASE=path).stdout)
    assert entry["rule"] is None
    assert entry["recorded"] == "2026-11-19T08:00:00Z"


def test_a_warning_alone_does_not_wake_anybody(meaux, declare, written):
    declare(("Everything", 1_000.0))
    result = meaux("alerts", MEAUX_DATABASE=written(LEDGER))
    assert result.exit_code == 0
    assert result.stdout.startswith("Warning   Everything budget: $900.00 of $1,000.00 used (90%)")


def test_allowances_of_the_plan_are_watched(meaux, declare, demo_file):
    declare(allowances=Allowances(ai_tokens=1.0))
    entries = json.loads(meaux("alerts", "--json", MEAUX_DATABASE=demo_file).stdout)
    assert "token allowance" in {entry["rule"] for entry in entries}


@pytest.mark.parametrize(("limit", "code"), [(10_000, 2), (100, 1)])
def test_a_budget_that_cannot_be_used_is_named_and_never_all_well(
    meaux, environment, written, tmp_path, limit, code
):
    path = tmp_path / "meaux.toml"
    path.write_text(
        '[[budgets]]\nname = "A"\nmonthly = -5\nscope = "total"\n'
        f'[[budgets]]\nname = "B"\nmonthly = {limit}\nscope = "total"\n'
    )
    environment.setattr(plan, "read_plan_file", lambda: read_plan_file(path))
    result = meaux("alerts", MEAUX_DATABASE=written(LEDGER))
    assert result.exit_code == code
    assert result.stderr.startswith(
        "meaux.toml, [[budgets]] number 1 (“A”), monthly: -5 must be above 0. "
        "This budget is ignored until corrected.\n"
    )
    assert "Nothing to report.\n" not in result.stdout
    assert ("B budget" in result.stdout) == (limit == 100)


def test_a_plan_that_is_no_toml_is_named_and_the_rest_is_looked_at(
    meaux, environment, written, tmp_path
):
    path = tmp_path / "meaux.toml"
    path.write_text("[[budgets")
    environment.setattr(plan, "read_plan_file", lambda: read_plan_file(path))
    result = meaux("alerts", MEAUX_DATABASE=written(LEDGER + RECORDED))
    assert result.exit_code == 2
    assert result.stderr.startswith("meaux.toml: it is not valid TOML")
    assert "Recorded 2026-11-19" in result.stdout


def test_a_mapping_entry_that_cannot_be_used_is_named(meaux, environment, written, tmp_path):
    override = tmp_path / "schema.toml"
    override.write_text("[ai_usage]\ntables = 'x'\n")
    environment.setattr(source, "SCHEMA_OVERRIDE", override)
    result = meaux("alerts", MEAUX_DATABASE=written(LEDGER))
    assert result.exit_code == 2
    assert "schema.toml, [ai_usage]: tables must be a list of table names." in result.stderr


LIMITS = """
CREATE TABLE openai_budgets (name TEXT, project_id TEXT, team_id TEXT, monthly_limit_usd);
INSERT INTO openai_budgets VALUES
  ('Written out', 'a', NULL, 'two hundred'), ('Below', 'b', NULL, -5), ('None', 'c', NULL, NULL),
  ('Twice', 'd', NULL, 300), ('twice', 'd', NULL, 200), ('Good', 'e', NULL, '400');
"""


def test_budgets_of_the_database_that_cannot_be_used_are_named(meaux, written):
    result = meaux("alerts", MEAUX_DATABASE=written(LEDGER + LIMITS))
    assert result.exit_code == 2
    said = [line for line in result.stderr.splitlines() if line.startswith("openai_budgets")]
    assert [line.partition(": ")[0] for line in said] == [
        "openai_budgets, “Below”",
        "openai_budgets, “Written out”",
        "openai_budgets, “Twice”",
    ]
    assert "-5 is not an amount above 0" in said[0]
    assert "'two hundred' is not an amount above 0" in said[1]
    assert "$300.00 is ignored: another budget with this name is lower or equal" in said[2]


def test_a_database_that_cannot_be_opened_is_one_sentence(meaux, tmp_path):
    result = meaux("alerts", MEAUX_DATABASE=tmp_path / "nowhere.db")
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert not result.stdout


@pytest.mark.parametrize(("limit", "code"), [(10_000.0, 2), (100.0, 2)])
def test_a_database_that_stops_answering_is_never_all_well(
    meaux, declare, environment, written, limit, code
):
    declare(("Everything", limit))
    opened = source.open_source

    def silenced(database, *args, **kwargs):
        found = opened(database, *args, **kwargs)

        def refuse(_statements):
            raise RateLimited(60)

        environment.setattr(type(database), "fetch", lambda _self, asked: refuse(asked))
        return found

    environment.setattr(source, "open_source", silenced)
    result = meaux("alerts", MEAUX_DATABASE=written(LEDGER))
    assert result.exit_code == code
    assert "Not checked, cost_by_day: Cloudflare rate limit reached" in result.stderr
    assert "Nothing to report.\n" not in result.stdout


def test_the_zone_of_the_settings_says_which_month_it_is(meaux, declare, written):
    declare(("Everything", 100.0))
    path = written(
        "CREATE TABLE time_entries (started_at TEXT, cost_usd REAL);"
        "INSERT INTO time_entries VALUES ('2026-11-01T02:00:00Z', 900);"
    )
    assert meaux("alerts", MEAUX_DATABASE=path, MEAUX_TIMEZONE="UTC").exit_code == 1
    assert meaux("alerts", MEAUX_TIMEZONE="America/New_York").exit_code == 0


YEAR = """
CREATE TABLE openai_budgets (name TEXT, limit_usd REAL, period TEXT, end_date TEXT);
CREATE TABLE ai_cost_tracking (created_at TEXT, cost_usd REAL);
INSERT INTO ai_cost_tracking VALUES
  ('2025-12-31T09:00:00Z', 7000), ('2026-01-01T09:00:00Z', 600), ('2026-11-20T09:00:00Z', 500);
"""


@pytest.mark.parametrize(
    ("budget", "said"),
    [
        ("1100, 'yearly', NULL", "AI budget: $1,100.00 of $1,100.00 used (100%)"),
        ("500, 'quarterly', NULL", "AI budget: $500.00 of $500.00 used (100%)"),
        ("500, 'week', '2026-11-22'", "AI budget: $500.00 of $500.00 used (100%)"),
        ("500, 'week', '2026-11-21'", ""),
        ("1101, 'year', '2026-11-21'", ""),
    ],
)
def test_a_budget_raises_by_its_own_period_and_only_within_its_days(meaux, written, budget, said):
    script = f"{YEAR} INSERT INTO openai_budgets VALUES ('AI', {budget});"
    result = meaux("alerts", MEAUX_DATABASE=written(script))
    raised = [line for line in result.stdout.splitlines() if "AI budget" in line]
    assert len(raised) == bool(said)
    assert said in "".join(raised)


@pytest.mark.parametrize("command", ["alerts", "doctor"])
def test_a_budget_of_an_unknown_period_is_named(meaux, written, command):
    script = f"{YEAR} INSERT INTO openai_budgets VALUES ('AI', 1, 'fortnight', NULL);"
    result = meaux(command, MEAUX_DATABASE=written(script))
    assert result.exit_code != 0
    assert ("“AI”: unknown period 'fortnight'; use week, month, quarter or year.") in " ".join(
        result.output.split()
    )


@pytest.fixture
def own_rules(environment):
    """Rules of the user's own."""

    def own_rules(*rules):
        declared = plan.read_plan({"alerts": list(rules)})
        environment.setattr(plan, "read_plan_file", lambda: declared)

    return own_rules


SPENT = {"name": "Spent", "metric": "cost", "over": "7d", "above": 100}


def test_rules_of_ones_own_are_checked_with_the_others(meaux, own_rules, written):
    own_rules(SPENT | {"severity": "Critical"})
    result = meaux("alerts", MEAUX_DATABASE=written(LEDGER))
    assert result.exit_code == 1
    assert result.stdout == (
        "Critical  Spent: Cost is $900.00 (15\N{EN DASH}21 Nov 2026), above $100.00.\n"
    )


def test_a_rule_that_cannot_be_answered_is_named_and_never_all_well(meaux, own_rules, written):
    own_rules({"name": "Odd", "metric": "csot", "above": 1}, {"name": "No", "metric": "cost"})
    result = meaux("alerts", MEAUX_DATABASE=written(LEDGER))
    assert result.exit_code == 2
    assert "[[alerts]] “Odd”: there is no metric csot; did you mean cost?" in result.stderr
    assert "[[alerts]] number 2 (“No”): set exactly one of above, below," in result.stderr


def test_a_rule_is_tried_on_the_past(meaux, own_rules, written):
    own_rules(SPENT)
    result = meaux("alerts", "try", "spent", MEAUX_DATABASE=written(LEDGER))
    assert result.exit_code == 0
    assert result.stdout.startswith("It would have fired 1 time in the past 90 days")
    assert "It holds on 2 of these days, latest first: 22 Nov 2026, 21 Nov 2026." in result.stdout
    typo = meaux("alerts", "try", "Spnt")
    assert typo.exit_code == 2
    assert "There is no valid rule Spnt under [[alerts]]; did you mean Spent?" in typo.stderr
