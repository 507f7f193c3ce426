"""A rule of one's own is tried on the past 90 days, in one call, before it is switched on."""

from datetime import date, timedelta

import pytest

from meaux.data.alerting import OwnRule, Window
from meaux.data.plan import Plan
from meaux.query.needs import Request
from meaux.subjects.alerts.history import tried

ABOVE = 1.5
BY_DAY = """
CREATE TABLE ai_cost_tracking (created_at TEXT, cost_usd REAL, project_id TEXT, model TEXT);
INSERT INTO ai_cost_tracking VALUES
    ('2026-09-01T09:00:00Z', 2, 'a', 'm'), ('2026-09-02T09:00:00Z', 2, 'a', 'm'),
    ('2026-10-01T09:00:00Z', 2, 'a', 'm'), ('2026-10-01T09:00:00Z', 2, 'b', 'm'),
    ('2026-10-03T09:00:00Z', 1, 'b', 'm'), ('2026-08-01T09:00:00Z', 9, 'a', 'm');
"""


@pytest.fixture
def on_the_past(select, reading):
    calls = []

    def on_the_past(rule, source):
        fetch, call = reading(source)

        def counted(statements):
            calls.append(len(statements))
            return fetch(statements)

        request = Request(select("30d"), Plan(alerts=(rule,)), source.binding)
        return tried(rule, request, counted, call), calls

    return on_the_past


def test_each_project_is_counted_each_time_that_it_opens(on_the_past, database_of):
    rule = OwnRule("A", "model_cost", Window("days"), above=ABOVE, each="project")
    found, calls = on_the_past(rule, database_of(BY_DAY))
    days = [date(2026, 9, 2), date(2026, 9, 3), date(2026, 10, 2)]
    assert (list(found.raised), found.opened) == (days, 3)
    assert found.sentence == "It would have fired 3 times in the past 90 days."
    assert len(calls) == 1


def test_of_the_company_the_days_are_those_of_the_table(on_the_past, demo_source, demo_rows):
    rule = OwnRule("A", "model_cost", Window("days"), above=ABOVE)
    found, calls = on_the_past(rule, demo_source)
    rows = demo_rows(
        "SELECT date(created_at, '+1 day') FROM ai_cost_tracking "
        "WHERE date(created_at) BETWEEN '2026-08-24' AND '2026-11-21' "
        "GROUP BY 1 HAVING sum(cost_usd) > ? ORDER BY 1",
        ABOVE,
    )
    assert [str(day) for day in found.raised] == [day for (day,) in rows]
    starts = [day for day in found.raised if day - timedelta(days=1) not in found.raised]
    assert found.opened == len(starts)
    assert 0 < len(found.raised) < 90
    assert len(calls) == 1


def test_a_rule_over_hours_cannot_be_tried(on_the_past, demo_source):
    rule = OwnRule("A", "error_rate", Window("hours"), above=0.02, each="worker")
    found, calls = on_the_past(rule, demo_source)
    assert found.sentence == (
        "It can't be tried: a rule over hours can't be tried on the past; days can."
    )
    assert calls == []


def test_a_rule_that_cannot_be_answered_says_why(on_the_past, database_of):
    found, _ = on_the_past(OwnRule("A", "requests", above=1), database_of(BY_DAY))
    assert "worker_logs" in found.sentence
