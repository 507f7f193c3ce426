"""Which table feeds which category of cost: said with each cost, and set by hand."""

import pytest

from meaux.query import queries
from meaux.subjects.money import figures
from meaux.subjects.money.ledger import Ledger

TWO_TABLES = """
CREATE TABLE ai_cost_tracking (created_at TEXT, cost_usd REAL);
CREATE TABLE openai_spending (spend_date TEXT, amount_usd REAL);
CREATE TABLE cloud_invoices (day TEXT, eur_cents INTEGER);
INSERT INTO ai_cost_tracking VALUES ('2026-11-20T09:00:00Z', 10);
INSERT INTO openai_spending VALUES ('2026-11-20', 300), ('2026-11-21', 4000);
INSERT INTO cloud_invoices VALUES ('2026-11-20', 5000000);
"""
MAPPING = """
[ai_usage]
tables = ["openai_spending"]

[infrastructure_usage]
tables = ["cloud_invoices"]
[infrastructure_usage.columns]
cost = "{eur_cents} / 100.0"
"""


@pytest.fixture
def cost(met, select):
    """The cost of a source's last thirty days."""

    def cost(source):
        return met(figures.cost, select("30d", compare="none"), source)

    return cost


def test_each_cost_says_which_table_feeds_each_category(met, answer):
    for query in (queries.cost_by_day, queries.cost_by_project, queries.cost_by_person):
        assert Ledger(answer(query)).origin == (
            "Cost sources: Time from time_entries, AI from ai_cost_tracking, "
            "Infrastructure from cloudflare_usage."
        )
    for figure in (figures.cost, figures.daily_burn, figures.month_end):
        assert met(figure).origin == Ledger(answer(queries.cost_by_day)).origin


def test_hours_and_people_are_no_cost_and_say_nothing_of_it(answer):
    for query in (queries.hours_by_day, queries.active_people, queries.reported_by_day):
        assert Ledger(answer(query)).origin == ""


def test_without_a_mapping_the_first_table_that_has_rows_feeds_a_category(cost, database_of):
    found = cost(database_of(TWO_TABLES))
    assert (found.value, found.origin) == (10, "Cost sources: AI from ai_cost_tracking.")


def test_the_source_of_a_category_is_set_by_hand(cost, database_of, tmp_path):
    file = tmp_path / "schema.toml"
    file.write_text(MAPPING, encoding="utf-8")
    found = cost(database_of(TWO_TABLES, file))
    assert found.value == 300 + 4000 + 50_000
    assert found.origin == (
        "Cost sources: AI from openai_spending, Infrastructure from cloud_invoices."
    )
