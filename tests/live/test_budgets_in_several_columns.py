"""A budget is read from each of the columns that may hold it, and what is no amount is told."""

import pytest

from meaux.subjects.money.budgets import faults

AI = "CREATE TABLE openai_budgets (name TEXT, {}); INSERT INTO openai_budgets VALUES ('a', {});"
PROJECT = "CREATE TABLE projects (id TEXT, {}); INSERT INTO projects VALUES ('a', {});"
COLUMNS = {
    "ai_budgets": (AI, "monthly_limit_usd REAL, limit_usd TEXT"),
    "project_budgets": (PROJECT, "monthly_budget_usd REAL, budget_usd TEXT"),
}


@pytest.mark.parametrize(("query", "table"), COLUMNS.items(), ids=COLUMNS)
@pytest.mark.parametrize("cells", ["NULL, 500", "'', '500'", "500, NULL", "500, 20"])
def test_a_budget_is_read_from_the_first_column_that_has_a_value(live, query, table, cells):
    script, columns = table
    found = live(script.format(columns, cells))
    assert list(found.frame(query)["amount"]) == [500]


@pytest.mark.parametrize(("query", "table"), COLUMNS.items(), ids=COLUMNS)
@pytest.mark.parametrize("cells", ["NULL, NULL", "'', ' '"])
def test_where_no_column_has_a_value_there_is_no_budget(live, query, table, cells):
    script, columns = table
    assert live(script.format(columns, cells)).frame(query).empty


@pytest.mark.parametrize(("script", "columns"), COLUMNS.values(), ids=COLUMNS)
@pytest.mark.parametrize("cells", ["NULL, 'a lot'", "'', 'a lot'", "'a lot', NULL"])
def test_what_is_no_amount_is_told_as_it_is_written(live, script, columns, cells):
    found = live(script.format(columns, cells))
    told = faults(found.ask("ai_budgets"), found.ask("project_budgets"))
    assert [fault.reason for fault in told] == ["'a lot' is not an amount above 0"]


def test_a_budget_of_0_is_told_of_ai_and_none_of_a_project(live):
    found = live(AI.format("limit_usd REAL", "0") + PROJECT.format("budget_usd REAL", "0"))
    assert list(found.frame("ai_budgets")["amount"]) == [0]
    assert found.frame("project_budgets").empty


SPANS = {
    "ai_budgets": (AI, "monthly_limit_usd REAL DEFAULT 0, limit_usd REAL, period TEXT"),
    "project_budgets": (
        PROJECT,
        "monthlyBudgetUsd REAL DEFAULT 0, budget_usd REAL, budget_period TEXT",
    ),
}


@pytest.mark.parametrize(("query", "table"), SPANS.items(), ids=SPANS)
@pytest.mark.parametrize(
    ("cells", "amount", "period"),
    [
        ("100, NULL, 'yearly'", 100, "month"),
        ("100, 0, 'Quarterly'", 100, "month"),
        ("NULL, 1200, 'yearly'", 1200, "yearly"),
        ("0, 1200, 'yearly'", 1200, "yearly"),
        ("NULL, 1200, NULL", 1200, "month"),
    ],
)
def test_the_name_of_a_column_says_which_period_its_amount_is_of(
    live, query, table, cells, amount, period
):
    script, columns = table
    found = live(script.format(columns, cells)).frame(query)
    assert found[["amount", "period"]].to_numpy().tolist() == [[amount, period]]
