"""The breakdown of costs adds up to the ledger, and says what a sunburst can't draw."""

import pytest

from meaux.query import queries
from meaux.subjects.money import breakdown


@pytest.mark.parametrize("period", ["30d", "12m"])
def test_the_parts_add_up_to_the_whole_ledger(answer, select, by_hand, within, period):
    selection = select(period)
    lines = within(by_hand.ledger(), selection.period)
    tree = breakdown.tree(answer(queries.cost_tree, selection)).frame
    assert tree["cost"].sum() == pytest.approx(lines["cost"].sum())
    by_category = lines.groupby("category")["cost"].sum().to_dict()
    assert tree.groupby("category")["cost"].sum().to_dict() == pytest.approx(by_category)


def test_time_and_ai_are_broken_down_by_project(answer, select, by_hand, within, demo_rows):
    names = dict(demo_rows("SELECT id, name FROM projects"))
    lines = within(by_hand.ledger(), select("12m").period).dropna(subset="cost")
    tree = breakdown.tree(answer(queries.cost_tree, "12m")).frame
    for category in ("Time", "AI"):
        own = lines[(lines["category"] == category) & lines["project"].isin(names)]
        spent = own.groupby(own["project"].map(names))["cost"].sum()
        found = tree[tree["category"] == category].groupby("branch")["cost"].sum()
        assert found[spent.index].to_dict() == pytest.approx(spent.to_dict())


def test_infrastructure_is_broken_down_by_service_and_resource(answer, demo_rows):
    spent = demo_rows(
        "SELECT service, coalesce(resource, 'No resource'), sum(cost_usd)"
        " FROM cloudflare_usage WHERE currency = 'USD' AND usage_date >= '2025-11-23'"
        " GROUP BY 1, 2"
    )
    tree = breakdown.tree(answer(queries.cost_tree, "12m")).frame
    found = tree[tree["category"] == "Infrastructure"].set_index(["branch", "leaf"])["cost"]
    assert found.to_dict() == pytest.approx({(one, two): cost for one, two, cost in spent})


def test_every_level_has_a_name(answer):
    tree = breakdown.tree(answer(queries.cost_tree, "12m")).frame
    assert tree.notna().all(axis=None)
    assert "Unassigned" in set(tree["branch"])


def test_credits_are_said_with_their_sum(database_of, answer):
    source = database_of(
        "CREATE TABLE cloudflare_usage (usage_date TEXT, service TEXT, cost_usd REAL);"
        "INSERT INTO cloudflare_usage VALUES ('2026-11-20', 'R2', 9), ('2026-11-20', 'Credit', -4),"
        " ('2026-11-19', 'Refund', -1.5), ('2026-11-19', NULL, 2);"
    )
    tree = breakdown.tree(answer(queries.cost_tree, "30d", source=source))
    assert breakdown.credits_in_words(tree) == "Not drawn: 2 credits (-$5.50 in total)."
    assert "Other services" in set(tree.frame["branch"])


def test_where_nothing_is_below_zero_nothing_is_said(database_of, answer):
    source = database_of(
        "CREATE TABLE cloudflare_usage (usage_date TEXT, service TEXT, cost_usd REAL);"
        "INSERT INTO cloudflare_usage VALUES ('2026-11-20', 'R2', 9);"
    )
    tree = breakdown.tree(answer(queries.cost_tree, "30d", source=source))
    assert breakdown.credits_in_words(tree) == ""
