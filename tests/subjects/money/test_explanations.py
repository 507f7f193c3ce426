"""An unusual day is explained by the category that moved most."""

import pytest

from meaux.query import queries
from meaux.subjects.money import anomalies
from meaux.subjects.money import frames as costs
from meaux.subjects.money.ledger import Ledger

USAGE = """
CREATE TABLE cloudflare_usage (usage_date TEXT, service TEXT, cost_usd REAL);
CREATE TABLE ai_cost_tracking (created_at TEXT, cost_usd REAL, model TEXT);
WITH RECURSIVE d (day) AS (
  SELECT '2026-08-01' UNION ALL SELECT date(day, '+1 day') FROM d WHERE day < '2026-11-22')
INSERT INTO cloudflare_usage SELECT day, 'R2', 10 FROM d;
INSERT INTO ai_cost_tracking SELECT usage_date || 'T12:00:00Z', 20, 'm' FROM cloudflare_usage;
"""


@pytest.fixture
def explained(database_of, answer, select):
    def explained(script=""):
        selection = select("30d")
        source = database_of(USAGE + script)
        found = answer(queries.cost_by_day, costs.window(selection), source=source)
        return anomalies.with_causes(Ledger(found, selection.period), selection, 50)

    return explained


def test_days_like_all_others_are_none(explained):
    assert explained().state == "empty"


def test_a_day_of_dear_ai_says_so(explained):
    found = explained(
        "UPDATE ai_cost_tracking SET cost_usd = 220 WHERE created_at LIKE '2026-11-18%';"
    )
    [row] = found.frame.to_dict("records")
    assert str(row["day"].date()) == "2026-11-18"
    assert row["cost"] == pytest.approx(230)
    assert row["usual"] == pytest.approx(30)
    assert row["text"] == "$230.00, 7.7× a usual Wednesday"
    assert row["cause"] == "AI: $200.00 more than usual"


def test_a_credit_is_a_category_that_cost_less(explained):
    found = explained(
        "INSERT INTO cloudflare_usage VALUES ('2026-11-17', 'Credit', -100),"
        " ('2026-11-10', 'R2', 500);"
    )
    causes = dict(zip(found.frame["day"].dt.strftime("%d"), found.frame["cause"], strict=True))
    assert causes["17"] == "Infrastructure: $100.00 less than usual"
    assert causes["10"] == "Infrastructure: $500.00 more than usual"
    assert found.frame["day"].is_monotonic_decreasing
