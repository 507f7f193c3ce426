"""Every alert rule finds what it is for, says it with the numbers, and is quiet otherwise."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from meaux.data.categories import NAMES
from meaux.data.plan import Plan
from meaux.data.settings import PROJECT
from meaux.data.thresholds import Allowances, Thresholds
from meaux.query.filters import Selection, month_to_date
from meaux.subjects.alerts import cards
from meaux.subjects.alerts import rules as alerts
from meaux.subjects.alerts.rules import RULES, SEVERITIES, Evidence, Finding
from meaux.subjects.money.anomalies import Unusual
from meaux.subjects.money.budgets import Budget, BudgetStatus
from meaux.subjects.money.parts import Part
from meaux.subjects.workers.unusual import UnusualWorker

TODAY = date(2026, 11, 22)
BUDGET = Budget("Models", "category", "AI", 1_000.0, "meaux.toml")
NOW = Selection(month_to_date(TODAY), TODAY)


def budget(status, used, forecast=None, **more):
    return BudgetStatus(
        BUDGET,
        TODAY,
        status,
        actual=used * 1_000,
        used=used,
        pace=used - 22 / 30,
        remaining=1_000 - used * 1_000,
        forecast=forecast,
        **more,
    )


def unusual(day, cost=900.0, usual=100.0):
    cause = Part("AI", "p1")
    return (Unusual(date.fromisoformat(day), Part("AI"), cost, usual, cause, 790.0, {"p1": "Bot"}),)


def newest(at, category="AI"):
    return pd.DataFrame({"category": [category], "at": pd.to_datetime([at], utc=True)})


QUIET = Evidence(
    budgets=(budget("on track", 0.4), BudgetStatus(BUDGET, TODAY, "unknown")),
    unusual=(),
    workers=(),
    requests=10_000.0,
    errors=100.0,
    stored_bytes=5e9,
    tokens=1_000.0,
    newest=newest("2026-11-21T12:00:00Z"),
    selection=NOW,
    plan=Plan(allowances=Allowances(r2_storage_gb=10.0, ai_tokens=50_000.0)),
)
BLIND = replace(
    QUIET,
    budgets=(BudgetStatus(BUDGET, TODAY, "unknown"),),
    requests=None,
    errors=None,
    stored_bytes=None,
    tokens=None,
    newest=newest(None),
)

TELLING = {
    "budget over": ({"budgets": (budget("over", 1.1),)}, "Critical", 1.1, 1.0),
    "budget at risk": ({"budgets": (budget("at risk", 0.85),)}, "Warning", 0.85, 0.8),
    "forecast over budget": (
        {"budgets": (budget("at risk", 0.6, forecast=1_200.0),)},
        "Warning",
        1.2,
        1.0,
    ),
    "budget to watch": ({"budgets": (budget("watch", 0.75),)}, "Info", 0.75, 0.5),
    "unusual day": ({"unusual": unusual("2026-11-20")}, "Warning", 900.0, 100.0),
    "unusual Worker": (
        {"workers": (UnusualWorker(date(2026, 11, 20), "api", "errors", 90.0, 2.0, ("w1",)),)},
        "Warning",
        90.0,
        2.0,
    ),
    "error rate": ({"errors": 600.0}, "Warning", 0.06, 0.05),
    "storage allowance": ({"stored_bytes": 8.5e9}, "Warning", 8.5, 10.0),
    "token allowance": ({"tokens": 60_000.0}, "Error", 60_000.0, 50_000.0),
    "stale data": ({"newest": newest("2026-11-10T00:00:00Z")}, "Warning", 13.0, 7.0),
}
by_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)


def find(name, seen):
    return list(next(rule for rule in RULES if rule.name == name).find(seen))


@by_rule
def test_a_rule_finds_what_it_is_for_and_nothing_in_what_is_innocent(rule):
    change, severity, value, threshold = TELLING[rule.name]
    [found] = rule.find(replace(QUIET, **change))
    assert (found.rule, found.severity) == (rule.name, severity)
    assert found.value == pytest.approx(value)
    assert found.threshold == pytest.approx(threshold)
    assert found.sentence.endswith(".")
    assert list(rule.find(QUIET)) == []
    assert list(rule.find(BLIND)) == []


@by_rule
def test_a_rule_finds_only_its_own(rule):
    change, *_ = TELLING[rule.name]
    assert [found.rule for found in alerts.evaluate(replace(QUIET, **change))] == [rule.name]


@by_rule
def test_a_rule_is_documented_and_named_once(rule):
    assert rule.about.endswith(".")
    told = rule.told(Thresholds())
    assert f"| `{rule.name}` | {told} |" in (PROJECT / "docs" / "alerts.md").read_text()
    assert [other.name for other in RULES].count(rule.name) == 1


def test_the_most_severe_findings_come_first():
    everything = {name: value for change, *_ in TELLING.values() for name, value in change.items()}
    budgets = tuple(s for change, *_ in TELLING.values() for s in change.get("budgets", ()))
    found = alerts.evaluate(replace(QUIET, **{**everything, "budgets": budgets}))
    order = [SEVERITIES.index(finding.severity) for finding in found]
    assert order == sorted(order)
    assert {finding.rule for finding in found} == {rule.name for rule in RULES}


@pytest.mark.parametrize(
    ("rule", "thresholds", "change"),
    [
        ("error rate", {"error_rate": 0.5}, {}),
        ("storage allowance", {"at_risk": 0.9}, {}),
        ("stale data", {"stale_days": 30.0}, {}),
        ("forecast over budget", {"at_risk": 0.5, "watch": 0.4}, {}),
    ],
)
def test_a_threshold_of_the_plan_is_the_one_that_counts(rule, thresholds, change):
    seen = replace(QUIET, **TELLING[rule][0], **change)
    plan = replace(QUIET.plan, thresholds=Thresholds(**thresholds))
    assert find(rule, seen)
    assert find(rule, replace(seen, plan=plan)) == []


def test_a_finding_names_the_threshold_that_was_declared():
    plan = Plan(thresholds=Thresholds(over=0.9, at_risk=0.7))
    over = replace(QUIET, budgets=(budget("over", 0.95),), plan=plan)
    assert find("budget over", over)[0].threshold == 0.9
    ahead = replace(QUIET, budgets=(budget("at risk", 0.6, forecast=950.0),), plan=plan)
    [found] = find("forecast over budget", ahead)
    assert (found.value, found.threshold) == (0.95, 0.9)


def test_twice_the_error_rate_is_an_error_and_not_a_warning():
    [found] = find("error rate", replace(QUIET, errors=1_000.0))
    assert found == Finding(
        "error rate",
        "Error",
        "10.0% of 10,000 Worker requests failed in the last 7 days and today; the threshold is 5%.",
        0.1,
        0.05,
    )
    assert find("error rate", replace(QUIET, requests=0.0, errors=0.0)) == []


def test_a_day_that_cost_far_less_is_only_worth_knowing():
    [found] = find("unusual day", replace(QUIET, unusual=unusual("2026-11-20", 1.0, 100.0)))
    assert found.severity == "Info"


def test_an_unusual_day_says_who_and_keeps_its_key_if_its_numbers_change():
    [found] = find("unusual day", replace(QUIET, unusual=unusual("2026-11-20")))
    assert found.sentence == (
        "Cost on 20 Nov, AI: $900.00, 9.0\N{MULTIPLICATION SIGN} a usual Friday; "
        "Bot: $790.00 more than usual."
    )
    assert (found.key, found.projects) == ("unusual day/2026-11-20/AI/p1", ("p1", "Bot"))
    [later] = find("unusual day", replace(QUIET, unusual=unusual("2026-11-20", 950.0)))
    assert later.key == found.key


@pytest.mark.parametrize(("day", "count"), [("2026-11-15", 1), ("2026-11-14", 0)])
def test_a_day_is_news_for_a_week(day, count):
    assert len(find("unusual day", replace(QUIET, unusual=unusual(day)))) == count


@pytest.mark.parametrize("allowances", [Allowances(), Allowances(r2_storage_gb=100.0)])
def test_an_allowance_that_nobody_declared_is_never_used_up(allowances):
    seen = replace(QUIET, stored_bytes=1e10, tokens=1e12, plan=Plan(allowances=allowances))
    assert alerts.evaluate(seen) == []


def test_a_source_of_cost_that_was_never_there_is_not_stale():
    nothing = newest(None)
    assert find("stale data", replace(QUIET, newest=nothing)) == []


def test_what_the_rules_see_on_the_demo_is_what_stands_in_its_tables(met, select, demo_rows):
    seen = met(alerts.Seen, select("7d", teams=("team_lab",)))
    [(requests, errors)] = demo_rows(
        "SELECT count(*), sum(status >= 500 OR lower(outcome) IN ('exception',"
        " 'scriptthrewexception', 'exceededcpu', 'exceededmemory', 'exceededresources',"
        " 'internalerror')) FROM worker_logs WHERE"
        " timestamp / 1000 BETWEEN unixepoch('2026-11-15') AND unixepoch('2026-11-23') - 1"
    )
    assert (seen.requests, seen.errors) == (requests, errors)
    [(tokens,)] = demo_rows(
        "SELECT sum(input_tokens + output_tokens) FROM ai_cost_tracking"
        " WHERE created_at >= '2026-11-01' AND created_at < '2026-11-23'"
    )
    assert seen.tokens == tokens
    assert seen.stored_bytes > 0
    assert set(seen.newest["category"]) == set(NAMES)


def test_on_the_first_of_a_month_the_storage_of_the_last_days_still_counts(met, select):
    selection = select("today", today=date(2026, 11, 1))
    assert met(alerts.Watched, selection).stored_bytes.state == "ready"


def test_the_filters_change_nothing_that_the_rules_see(met, select):
    whole, narrow = (
        alerts.evaluate(met(alerts.Seen, selection))
        for selection in (select("30d"), select("7d", teams=("team_lab",), people=("usr_zoe",)))
    )
    assert whole == narrow
    assert whole


def test_a_recorded_alert_says_in_which_table_and_on_which_local_day(met, select, database_of):
    source = database_of(
        "CREATE TABLE openai_spending_alerts (message, created_at);"
        "INSERT INTO openai_spending_alerts VALUES ('Too much', '2026-11-20 23:30:00');"
    )
    strip = met(cards.strip, select("30d", zone="Europe/Paris"), source)
    assert [line.sentence for line in strip.lines] == [
        "Recorded in openai_spending_alerts on 21 Nov 2026: Too much"
    ]


def test_a_database_without_a_table_raises_nothing(met, database_of):
    seen = met(alerts.Seen, "30d", database_of(""))
    assert isinstance(seen, Evidence)
    assert alerts.evaluate(seen) == []


@pytest.mark.parametrize(
    ("period", "said"), [("30d", ""), ("last-month", "Alerts are as of today, 22 Nov 2026.")]
)
def test_beside_a_period_that_is_over_alerts_say_that_they_are_of_today(met, period, said):
    assert met(cards.strip, period).note == said
