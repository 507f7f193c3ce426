"""Rules of the user's own: every metric can be used or says why not, and the numbers are right."""

from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from meaux.data.alerting import CONDITIONS, EACH, TABLE, OwnRule, Window
from meaux.data.database import fetch_each
from meaux.data.notifying import SEVERITIES
from meaux.data.plan import Plan, read_plan
from meaux.query.metrics import DEFINITIONS
from meaux.query.needs import Request, meet
from meaux.query.rollups import rolled_up
from meaux.subjects.alerts import cards, own
from meaux.subjects.alerts.measures import OF_HEALTH, OF_PARTS, figures
from meaux.subjects.alerts.own import own_findings

TODAY = date(2026, 11, 22)


@pytest.fixture
def check(met, select, demo_source):
    """What rules find, as written in the file."""

    def check(*rules, source=demo_source, zone="UTC", **choices):
        plan = read_plan({TABLE: [{"name": f"Rule {n}"} | rule for n, rule in enumerate(rules)]})
        assert plan.faults == ()
        return met(own_findings, select("30d", zone=zone, **choices), source, plan=plan)

    return check


def parts_of(found):
    return {one.key.rpartition("/")[2]: one.value for one in found.found}


@pytest.mark.parametrize("name", DEFINITIONS)
def test_every_metric_can_be_used_or_says_why_not(check, name):
    for each in EACH:
        is_usable = (name, each) in OF_PARTS or (each == "company" and name in figures())
        found = check({"metric": name, "each": each, "above": -1e15, "over": "7d"})
        if is_usable and name not in OF_HEALTH:
            assert found.problems == ()
            assert found.found or found.unchecked
        else:
            [problem] = found.problems
            assert found.found == ()
            assert problem.reason.startswith(name)


@pytest.mark.parametrize("name", [name for name in figures() if name not in OF_HEALTH])
def test_the_value_of_the_company_is_that_of_the_pages(check, met, select, name):
    found = check({"metric": name, "above": -1e15, "over": "month"})
    scenario = own.Scenario(0, 0, TODAY)
    shown = met(figures()[name], select("mtd", compare="none"), controls=[scenario])
    assert [one.value for one in found.found] == [v for v in [shown.value] if v is not None]


def test_the_requests_of_each_worker_are_those_of_the_table(check, demo_rows):
    found = check({"metric": "requests", "each": "worker", "above": 0, "over": "7d"})
    rows = demo_rows(
        "SELECT worker_id, count(*) FROM worker_logs WHERE timestamp / 1000 "
        "BETWEEN unixepoch('2026-11-15') AND unixepoch('2026-11-22') - 1 GROUP BY 1"
    )
    assert parts_of(found) == dict(rows)


def test_the_ai_cost_of_each_project_is_that_of_the_table(check, demo_rows):
    found = check({"metric": "model_cost", "each": "project", "above": 0, "over": "7d"})
    rows = demo_rows(
        "SELECT project_id, sum(cost_usd) FROM ai_cost_tracking WHERE project_id IS NOT NULL AND "
        "created_at >= '2026-11-15' AND created_at < '2026-11-22' GROUP BY 1"
    )
    assert parts_of(found) == pytest.approx(dict(rows))


@pytest.mark.parametrize("metric", ["cost", "hours"])
def test_the_values_of_projects_add_up_to_those_of_teams(check, metric):
    of_teams = parts_of(check({"metric": metric, "each": "team", "above": 0, "over": "6d"}))
    projects = parts_of(check({"metric": metric, "each": "project", "above": 0, "over": "6d"}))
    assert 0 < sum(of_teams.values()) <= sum(projects.values()) + 1e-6


TIME = """
CREATE TABLE time_entries (
    id INTEGER, started_at TEXT, seconds INTEGER, project_id TEXT, user_id TEXT
);
INSERT INTO time_entries VALUES (1, '{day}T09:00:00Z', 3600, 'p', 'anna'),
    (2, '2026-11-01T09:00:00Z', 3600, 'q', 'ben');
"""
NOTHING = {"metric": "hours", "no_data": "3d"}


@pytest.mark.parametrize(
    ("day", "is_raised"),
    [("2026-11-22", False), ("2026-11-19", False), ("2026-11-18", True), ("2026-08-01", True)],
)
def test_no_time_logged_for_three_days(check, database_of, day, is_raised):
    found = check(NOTHING, source=database_of(TIME.format(day=day)))
    assert bool(found.found) is is_raised
    if is_raised:
        assert found.found[0].sentence == "Rule 0: Total time logged has had no data for 3 days."
        assert found.found[0].key == "alerts/rule 0"


def test_who_logged_time_before_and_no_longer_is_named_once(check, database_of):
    source = database_of(TIME.format(day="2026-11-21"))
    found = check(NOTHING | {"each": "person"}, source=source)
    assert [one.key for one in found.found] == ["alerts/rule 0/ben"]


ERRORS = """
CREATE TABLE worker_logs (id INTEGER, timestamp INTEGER, worker_name TEXT, status INTEGER);
WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 99)
INSERT INTO worker_logs
SELECT i, (unixepoch('2026-11-22 13:00:00') + 36 * i) * 1000, 'shop', iif(i < 3, 500, 200) FROM n
UNION ALL
SELECT i, (unixepoch('2026-11-22 13:00:00') + 36 * i) * 1000, 'blog', iif(i < 2, 500, 200) FROM n
UNION ALL
SELECT i, (unixepoch('2026-11-22 12:00:00') + 36 * i) * 1000, 'blog', 500 FROM n;
"""
RATE = {"metric": "error_rate", "each": "worker", "over": "1h", "above": 0.02}


def test_the_error_rate_of_any_worker_over_2_percent_for_an_hour(check, database_of, monkeypatch):
    end = datetime(2026, 11, 22, 15, tzinfo=ZoneInfo("Europe/Paris"))
    monkeypatch.setattr(own, "clock", lambda _: end)
    source = database_of(ERRORS)
    found = check(RATE, source=source, zone="Europe/Paris")
    assert parts_of(found) == {"shop": 0.03}
    assert found.found[0].sentence == (
        "Rule 0: Error rate of shop is 3.0% (22 Nov 2026, 14:00 to 15:00), above 2.0%."
    )
    both = check(RATE | {"over": "2h"}, source=source, zone="Europe/Paris")
    assert parts_of(both) == {"blog": 102 / 200, "shop": 0.03}
    company = check(RATE | {"each": "company"}, source=source, zone="Europe/Paris")
    assert [one.value for one in company.found] == [5 / 200]


AI = """
CREATE TABLE ai_cost_tracking (created_at TEXT, cost_usd REAL, project_id TEXT, model TEXT);
INSERT INTO ai_cost_tracking VALUES
    ('2026-11-10T09:00:00Z', 10, 'up', 'm'), ('2026-11-20T09:00:00Z', 15, 'up', 'm'),
    ('2026-11-10T09:00:00Z', 10, 'same', 'm'), ('2026-11-20T09:00:00Z', 14.99, 'same', 'm'),
    ('2026-11-20T09:00:00Z', 90, 'new', 'm'), ('2026-11-22T09:00:00Z', 90, 'same', 'm'),
    ('2026-11-10T09:00:00Z', 10, 'gone', 'm');
CREATE TABLE projects (id TEXT, name TEXT);
INSERT INTO projects VALUES ('up', 'Apollo');
"""
RISES = {"metric": "model_cost", "each": "project", "over": "7d", "rises_by": 0.5}


def test_the_ai_cost_of_a_project_up_50_percent_on_last_week(check, database_of):
    [found] = check(RISES, source=database_of(AI)).found
    assert found.key == "alerts/rule 0/up"
    assert found.projects == ("up", "Apollo")
    assert found.sentence == (
        "Rule 0: AI cost of Apollo rose by at least 50%: $15.00, $10.00 before "
        "(15\N{EN DASH}21 Nov 2026)."
    )


@pytest.mark.parametrize(("least", "is_raised"), [(15, True), (15.01, False)])
def test_a_change_of_a_small_amount_does_not_count(check, database_of, least, is_raised):
    found = check(RISES | {"at_least": least}, source=database_of(AI))
    assert bool(found.found) is is_raised


def test_what_fell_by_a_share_is_found_too(check, database_of):
    rule = RISES | {"falls_by": 0.9}
    del rule["rises_by"]
    found = check(rule, source=database_of(AI))
    assert [one.key for one in found.found] == ["alerts/rule 0/gone"]
    assert "$0.00, $10.00 before" in found.found[0].sentence


def test_a_sentence_of_ones_own_has_the_name_the_value_and_the_limit(check, database_of):
    rule = RISES | {"sentence": "{name} costs more: {value}; {limit} is too much"}
    [found] = check(rule, source=database_of(AI)).found
    assert found.sentence == "Apollo costs more: $15.00, $10.00 before; 50% is too much"


@pytest.mark.parametrize("severity", SEVERITIES)
def test_the_severity_is_that_of_the_rule(check, severity):
    [found] = check({"metric": "cost", "above": 0, "over": "7d", "severity": severity}).found
    assert found.severity == severity


def test_a_rule_below_finds_what_is_below_and_not_what_is_unknown(check, database_of):
    assert check({"metric": "hours", "below": 1e9, "over": "7d"}).found
    source = database_of("CREATE TABLE ai_cost_tracking (created_at TEXT, model TEXT, cost_usd);")
    found = check({"metric": "model_cost", "below": 10, "over": "7d"}, source=source)
    assert found.found == ()
    assert found.unchecked == ("alerts/rule 0",)


PROBLEMS = {
    "a typo": ({"metric": "hurs"}, "there is no metric hurs; did you mean hours?"),
    "parts only": (
        {"metric": "tokens"},
        "no value for the company; it has one for model",
    ),
    "no such part": ({"metric": "cost", "each": "worker"}, "cost has no value for each worker"),
    "of the database": ({"metric": "tables_found"}, "`python -m meaux doctor` reports it"),
    "no hours": ({"metric": "month_end", "over": "1h"}, "month_end is counted by day"),
    "a filter that it ignores": (
        {"metric": "budgets_in_danger", "projects": ["p"]},
        "always covers the whole company",
    ),
    "an unknown project": (
        {"metric": "hours", "projects": ["p"]},
        "no project with the ID p",
    ),
}


@pytest.mark.parametrize(("rule", "said"), PROBLEMS.values(), ids=PROBLEMS)
def test_a_rule_that_cannot_be_answered_says_why_and_the_others_still_work(check, rule, said):
    found = check({"over": "7d", "above": 0} | rule, {"metric": "cost", "above": 0, "over": "7d"})
    [problem] = found.problems
    assert said in problem.reason
    assert [one.rule for one in found.found] == ["Rule 1"]


def test_a_missing_table_is_named(check, database_of):
    found = check({"metric": "requests", "above": 1}, source=database_of(AI))
    assert "worker_logs" in found.problems[0].reason
    assert found.unchecked == ("alerts/rule 0",)


def test_days_without_a_time_have_no_hours(check, database_of):
    source = database_of(
        "CREATE TABLE worker_logs (timestamp TEXT, worker_name TEXT, status INTEGER);"
        "INSERT INTO worker_logs VALUES ('2026-11-22', 'shop', 500);"
    )
    found = check(RATE, source=source)
    assert "has days without a time; use days, such as 1d" in found.problems[0].reason


def test_a_rule_for_one_project_counts_only_that(check, demo_rows):
    [(project, seconds)] = demo_rows(
        "SELECT project_id, sum(seconds) FROM time_entries WHERE started_at >= "
        "unixepoch('2026-11-15') AND started_at < unixepoch('2026-11-22') AND "
        "project_id IS NOT NULL AND ended_at IS NOT NULL "
        "GROUP BY 1 ORDER BY 2 DESC LIMIT 1"
    )
    found = check({"metric": "hours", "above": 0, "over": "7d", "projects": [project]})
    assert found.problems == ()
    assert found.found[0].value == pytest.approx(seconds / 3600)
    assert found.found[0].projects == (project,)


def test_all_rules_are_asked_in_the_one_call_of_the_strip(select, demo_source, monkeypatch):
    calls = []
    fetch = demo_source.database.fetch
    monkeypatch.setattr(
        type(demo_source.database), "fetch", lambda _, s: calls.append(len(s)) or fetch(s)
    )
    rules = [
        OwnRule(f"{name} {each}", name, Window("days", 7), above=0.0, each=each)
        for name, each in OF_PARTS
    ]
    request = Request(select("30d"), Plan(alerts=tuple(rules)), demo_source.binding)
    fetch_all = partial(fetch_each, demo_source.database)
    strip = meet([cards.strip], request, fetch_all, roll_up=rolled_up).of(cards.strip)
    assert len(calls) == 1
    assert len(strip.lines) > len(rules)


WRONG = {
    "no metric": ({"above": 1}, "metric is missing"),
    "no condition": ({"metric": "cost"}, f"set exactly one of {', '.join(CONDITIONS)}"),
    "two conditions": ({"metric": "cost", "above": 1, "below": 2}, "set exactly one of"),
    "a window": ({"metric": "cost", "above": 1, "over": "week"}, "is not a window"),
    "too long": ({"metric": "cost", "above": 1, "over": "100h"}, "is not a window"),
    "a share": ({"metric": "cost", "rises_by": 0}, "must be above 0; 50% is 0.5"),
    "a text": ({"metric": "cost", "above": "1"}, "'1' is not a number"),
    "nan": ({"metric": "cost", "above": float("nan")}, "is not a number"),
    "hours of change": ({"metric": "cost", "rises_by": 1, "over": "1h"}, "a change needs days"),
    "hours of no data": ({"metric": "hours", "no_data": "3h"}, "write the days of no_data as 3d"),
    "a placeholder": (
        {"metric": "cost", "above": 1, "sentence": "{name.__class__}"},
        "unknown placeholder {name.__class__}; use {name}, {value}, {limit}",
    ),
    "a floor": ({"metric": "cost", "above": 1, "at_least": 1}, "only a change has it"),
    "a part": ({"metric": "cost", "above": 1, "each": "planet"}, "unknown value 'planet'"),
}


@pytest.mark.parametrize(("rule", "said"), WRONG.values(), ids=WRONG)
def test_a_wrong_rule_is_named_and_not_checked(rule, said):
    plan = read_plan({TABLE: [{"name": "A"} | rule, {"name": "B", "metric": "cost", "above": 1}]})
    assert [one.name for one in plan.alerts] == ["B"]
    [fault] = plan.faults
    assert said in fault.sentence
    assert fault.sentence.startswith("meaux.toml, [[alerts]] number 1 (“A”)")


def test_somebody_with_teams_has_no_rules_of_others(check):
    rule = {"metric": "cost", "above": 0, "over": "7d"}
    assert check(rule, only=("team_lab",)).found == ()


def test_a_rule_that_is_off_asks_and_finds_nothing(check):
    always = {"metric": "hours", "above": 0, "over": "30d"}
    assert len(check(always).found) == 1
    assert check(always | {"on": False}).found == ()
