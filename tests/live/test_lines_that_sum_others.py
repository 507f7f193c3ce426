"""A line that names nothing and has what the others of its day come to is no line."""

import pytest
from live_databases import NOVEMBER, SECOND, TODAY

from meaux.data.database import Statement
from meaux.query.answers import Ask
from meaux.query.filters import Selection
from meaux.query.queries import QUERIES

USAGE = "CREATE TABLE cloudflare_usage (usage_date TEXT, service TEXT, cost_usd REAL);"
SERVICES = "('2026-11-02', 'Workers', 3), ('2026-11-02', 'R2', 4.004)"


def used(*lines):
    return f"{USAGE} INSERT INTO cloudflare_usage VALUES {', '.join(lines)};"


@pytest.mark.parametrize("name", ["NULL", "''", "'  '"])
def test_a_line_without_a_service_that_sums_the_others_of_its_day_is_no_line(live, name):
    found = live(used(SERVICES, f"('2026-11-02', {name}, 7)", "('2026-11-03', 'R2', 1)"))
    assert found.cost() == pytest.approx(8.004)
    assert found.frame("cost_by_service")["cost"].sum() == pytest.approx(8.004)


@pytest.mark.parametrize(
    "line",
    [
        "('2026-11-02', NULL, 7.1)",
        "('2026-11-02', NULL, 6)",
        "('2026-11-03', NULL, 7)",
        "('2026-11-02', 'Images', 7)",
    ],
    ids=["it has more", "it has less", "it is of another day", "it names a service"],
)
def test_a_line_that_does_not_sum_the_others_counts(live, line):
    amount = float(line.rsplit(",", 1)[1].rstrip(")"))
    assert live(used(SERVICES, line)).cost() == pytest.approx(7.004 + amount)


def test_small_amounts_are_compared_by_what_they_are_and_not_by_a_cent(live):
    lines = ["('2026-11-02', 'a', 0.002)", "('2026-11-02', 'b', 0.003)"]
    assert live(used(*lines, "('2026-11-02', NULL, 0.009)")).cost() == pytest.approx(0.014)
    assert live(used(*lines, "('2026-11-02', NULL, 0.005)")).cost() == pytest.approx(0.005)


SCOPED = """
    CREATE TABLE billing_usage (usage_date TEXT, project_id TEXT, provider TEXT, service TEXT,
    cost_usd REAL, currency TEXT);
    INSERT INTO billing_usage VALUES
    ('2026-11-02', 'p1', 'x', 'a', 3, 'USD'), ('2026-11-02', 'p1', 'x', 'b', 4, 'usd'),
    ('2026-11-02', 'p2', 'x', 'a', 5, NULL), ('2026-11-02', 'p2', 'y', 'a', 6, NULL),
    ('2026-11-02', 'p2', 'y', 'a', 100, 'EUR'),
"""


@pytest.mark.parametrize(
    ("line", "is_one"),
    [
        ("('2026-11-02', 'P1 ', 'X', NULL, 7, NULL)", False),
        ("('2026-11-02', 'p2', 'y', NULL, 6, 'USD')", False),
        ("('2026-11-02', NULL, NULL, NULL, 18, 'USD')", False),
        ("('2026-11-02', 'p2', 'x', NULL, 7, NULL)", True),
        ("('2026-11-02', 'p3', NULL, NULL, 18, NULL)", True),
    ],
    ids=["a project's", "a provider's", "the whole day's", "another project's", "nobody's"],
)
def test_a_sum_is_of_the_same_project_and_provider_and_currency_or_of_the_whole_day(
    live, line, is_one
):
    amount = float(line.split(", ")[4])
    assert live(f"{SCOPED} {line};").cost() == 18 + amount * is_one


def test_a_sum_of_a_day_of_times_is_of_the_local_day(live):
    table = "CREATE TABLE cloudflare_usage (created_at INTEGER, service TEXT, cost_usd REAL);"
    rows = f"({SECOND}, 'a', 3), ({SECOND} + 3600, 'b', 4), ({SECOND} + 7200, NULL, 7)"
    found = live(f"{table} INSERT INTO cloudflare_usage VALUES {rows};")
    assert found.cost() == 7


def test_a_sum_of_models_is_neither_cost_nor_tokens(live):
    found = live("""
        CREATE TABLE ai_model_usage (
            usage_date TEXT, model TEXT, input_tokens INTEGER, cost_usd REAL, user_id TEXT);
        INSERT INTO ai_model_usage VALUES ('2026-11-02', 'a', 10, 1.5, 'u1'),
        ('2026-11-02', 'b', 20, 2.5, 'u1'), ('2026-11-02', NULL, 30, 4, 'u1'),
        ('2026-11-02', NULL, 5, 3, 'u1'), ('2026-11-02', 'Total', 30, 4, 'u1');
    """)
    assert found.cost() == 7
    assert found.frame("tokens_by_day")["tokens"].sum() == 35


def test_a_line_that_is_deleted_or_void_is_in_no_sum(live):
    found = live("""
        CREATE TABLE cloudflare_usage (date TEXT, service TEXT, cost_usd REAL, is_deleted INTEGER);
        INSERT INTO cloudflare_usage VALUES ('2026-11-02', 'a', 3, 0), ('2026-11-02', 'b', 4, 1),
        ('2026-11-02', NULL, 3, 0), ('2026-11-02', NULL, 7, 0);
    """)
    assert found.cost() == 10


def test_other_lines_are_only_looked_at_in_the_period(live):
    found = live(used(SERVICES, "('2026-11-02', NULL, 7)", "('2026-10-02', 'Workers', 9)"))
    asked = Ask(QUERIES["cost_by_day"], Selection(NOVEMBER, TODAY)).compiled(found.source.binding)
    indexed = live(
        used(SERVICES, "('2026-11-02', NULL, 7)")
        + "CREATE INDEX by_day ON cloudflare_usage (usage_date);"
    )
    explained = Statement(f"EXPLAIN QUERY PLAN {asked.statement.sql}", asked.statement.params)
    [rows] = indexed.source.database.fetch([explained])
    steps = [row[-1] for row in rows.rows if "cloudflare_usage" in row[-1]]
    assert steps
    assert all(step.startswith("SEARCH") and "usage_date>? AND" in step for step in steps)
    assert found.cost() == indexed.cost() == pytest.approx(7.004)


BILLED = (
    "CREATE TABLE billing_usage (day TEXT, service TEXT, {} REAL, currency TEXT, cost_usd REAL);"
)


@pytest.mark.parametrize("name", ["amount", "net_amount"])
@pytest.mark.parametrize("total", ["'USD'", "NULL"])
def test_a_sum_in_dollars_is_of_what_others_cost_in_dollars_whatever_was_billed(live, name, total):
    lines = "('2026-11-02', 'R2', 10, 'EUR', 11), ('2026-11-02', 'D1', 5, 'USD', 5)"
    summed = f"('2026-11-02', NULL, 16, {total}, 16)"
    found = live(f"{BILLED.format(name)} INSERT INTO billing_usage VALUES {lines}, {summed};")
    assert found.cost() == 16


def test_a_sum_in_another_currency_is_of_the_lines_in_it(live):
    found = live("""
        CREATE TABLE billing_usage (day TEXT, service TEXT, amount REAL, currency TEXT);
        INSERT INTO billing_usage VALUES ('2026-11-02', 'a', 3, 'EUR'),
        ('2026-11-02', 'b', 4, 'EUR'), ('2026-11-02', NULL, 7, 'EUR'),
        ('2026-11-02', 'c', 1, 'USD');
    """)
    assert found.cost() == 1
    assert list(found.frame("other_currencies")["amount"]) == [7]


UNNAMED = {
    "a real line as large as the one that has a name": ([5], [5, 10], 10),
    "a real line smaller than that": ([5], [2, 7], 7),
    "two real lines": ([3, 4], [2, 1, 10], 10),
    "a sum of one line": ([5], [5], 5),
    "a sum that is there twice": ([3, 4], [7, 7], 7),
    "a sum of credits": ([-3, -4], [-2, -9], -9),
    "two lines beside one that is free": ([0], [5, 5], 10),
    "no line has a name": ([], [5, 5, 10], 20),
}


@pytest.mark.parametrize(("named", "unnamed", "cost"), UNNAMED.values(), ids=UNNAMED)
@pytest.mark.parametrize("provider", ["NULL", "'x'"])
def test_a_sum_may_be_of_lines_without_a_name_too(live, named, unnamed, cost, provider):
    lines = [f"('2026-11-02', 'a{n}', {cost}, {provider})" for n, cost in enumerate(named)]
    lines += [f"('2026-11-02', NULL, {cost}, {provider})" for cost in unnamed]
    table = USAGE.replace("cost_usd REAL", "cost_usd REAL, provider TEXT")
    found = live(f"{table} INSERT INTO cloudflare_usage VALUES {', '.join(lines)};")
    assert found.cost() == cost
