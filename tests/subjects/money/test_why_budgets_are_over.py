"""A budget says when it was used up and because of what; it may be of a model or a person."""

from datetime import date
from functools import partial

import pytest

from meaux.data.budgeting import Budget
from meaux.data.database import fetch_each
from meaux.data.plan import Plan
from meaux.data.thresholds import Thresholds
from meaux.query.answers import ask, plainly
from meaux.subjects.money import budget_status
from meaux.subjects.money.cards.budgets import over
from meaux.subjects.money.spent import Spent

USAGE = """
CREATE TABLE teams (id TEXT, name TEXT);
INSERT INTO teams VALUES ('t1', 'Red');
CREATE TABLE projects (id TEXT, name TEXT, team_id TEXT);
INSERT INTO projects VALUES ('p1', 'Bot', 't1'), ('p2', 'Shop', 't1'), ('p3', 'Site', NULL);
CREATE TABLE users (id TEXT, name TEXT, hourly_rate REAL);
INSERT INTO users VALUES ('u1', 'Ann', 100), ('u2', 'Bo', 50);
CREATE TABLE time_entries (id TEXT, started_at TEXT, seconds, project_id TEXT, user_id TEXT);
INSERT INTO time_entries VALUES
  ('a', '2026-11-02T09:00:00Z', 3600, 'p1', 'u1'), ('b', '2026-10-20T09:00:00Z', 7200, 'p2', 'u1'),
  ('c', '2026-02-03T09:00:00Z', 3600, 'p2', 'u1'), ('d', '2026-11-09T09:00:00Z', 3600, 'p1', 'u2');
CREATE TABLE ai_cost_tracking (
  created_at TEXT, cost_usd REAL, model TEXT, project_id TEXT, user_id TEXT);
INSERT INTO ai_cost_tracking VALUES
  ('2026-11-03T09:00:00Z', 20, 'gpt', 'p1', 'u1'), ('2026-11-04T09:00:00Z', 10, 'gpt', 'p2', 'u2'),
  ('2026-11-05T09:00:00Z', 20, 'GPT', 'p3', 'u2'), ('2026-11-13T09:00:00Z', 300, 'gpt', 'p1', 'u1'),
  ('2026-11-13T10:00:00Z', 40, 'claude', 'p2', 'u2'),
  ('2026-11-20T09:00:00Z', 20, 'gpt', NULL, NULL),
  ('2026-03-01T09:00:00Z', 1000, 'claude', 'p1', 'u1');
"""
BUDGETS = """
CREATE TABLE openai_budgets (
  name TEXT, project_id TEXT, team_id TEXT, model TEXT, user_id TEXT, limit_usd REAL, period TEXT);
"""


@pytest.fixture
def status_of(database_of, met):
    """The status of one declared budget: of $100, unless told."""

    def status_of(scope, of="", amount=100.0, span="month", script="", **limits):
        budget = Budget("mine", scope, of, amount, "meaux.toml", span)
        plan = Plan(budgets=(budget,), thresholds=Thresholds(**limits))
        [found] = met(budget_status.Statuses, source=database_of(USAGE + script), plan=plan)
        return found

    return status_of


@pytest.mark.parametrize(
    ("scope", "of", "amount", "used_up", "because"),
    [
        ("category", "AI", 350, 13, "13 Nov alone was $340.00, $300.00 of it Bot"),
        ("team", "Red", 350, 13, "13 Nov alone was $340.00, $300.00 of it Bot"),
        ("project", "Bot", 400, 13, "13 Nov alone was $300.00, all of it AI"),
        ("model", "gpt", 340, 13, "13 Nov alone was $300.00, all of it Bot"),
        ("person", "Ann", 300, 13, "$320.00 of it AI"),
        ("total", "", 540, 13, "13 Nov alone was $340.00, $300.00 of it Bot"),
    ],
)
def test_a_budget_that_is_used_up_says_when_and_because_of_what(
    status_of, scope, of, amount, used_up, because
):
    found = status_of(scope, of, float(amount))
    assert found.exhausted_on == found.over_since == date(2026, 11, used_up)
    assert found.because == because
    assert found.sentence.endswith(f"; over budget since {used_up} Nov; {because}.")


def test_what_is_used_up_below_the_threshold_says_so_too(status_of):
    found = status_of("model", "gpt", 340.0, over=1.5)
    assert (found.status, found.over_since, found.exhausted_on) == (
        "at risk", None, date(2026, 11, 13),
    )  # fmt: skip
    assert found.sentence.endswith("; used up on 13 Nov; 13 Nov alone was $300.00, all of it Bot.")


def test_a_budget_that_is_not_used_up_gives_no_reason(status_of):
    assert status_of("category", "AI", 2_000.0).because == ""


def test_the_table_and_its_file_say_it(status_of):
    [row] = budget_status.frame([status_of("category", "AI", 350.0)]).to_dict("records")
    assert row["exhausted_on"].date() == row["over_since"].date() == date(2026, 11, 13)
    assert row["because"] == "13 Nov alone was $340.00, $300.00 of it Bot"


@pytest.mark.parametrize(
    ("scope", "of", "span", "actual"),
    [
        ("model", "gpt", "month", 20 + 10 + 20 + 300 + 20),
        ("model", "Claude", "month", 40),
        ("model", "claude", "year", 1_040),
        ("person", "u1", "month", 100 + 20 + 300),
        ("person", "ann", "quarter", 100 + 200 + 320),
        ("person", "Ann", "year", 200 + 200 + 320 + 1_000),
        ("person", "Bo", "week", 0),
        ("person", "Bo", "month", 50 + 10 + 20 + 40),
    ],
)
def test_a_budget_of_a_model_or_a_person_covers_its_entries(status_of, scope, of, span, actual):
    assert status_of(scope, of, 5_000.0, span).actual == actual


@pytest.mark.parametrize(("scope", "of"), [("model", "gtp"), ("person", "Cy")])
def test_what_nobody_knows_has_no_spend_instead_of_none(status_of, scope, of):
    found = status_of(scope, of)
    assert (found.status, found.actual) == ("unknown", None)


def test_entries_that_name_no_person_leave_the_budget_of_one_unknown(database_of, met):
    source = database_of(
        "CREATE TABLE ai_cost_tracking (created_at TEXT, cost_usd REAL);"
        "INSERT INTO ai_cost_tracking VALUES ('2026-11-03T09:00:00Z', 20);"
    )
    plan = Plan(budgets=(Budget("Ann", "person", "u1", 10.0, "meaux.toml"),))
    [found] = met(budget_status.Statuses, source=source, plan=plan)
    assert found.status == "unknown"


def test_budgets_of_the_database_may_be_of_a_model_or_a_person(database_of, met):
    source = database_of(
        f"{USAGE}{BUDGETS} INSERT INTO openai_budgets VALUES"
        " ('model', NULL, NULL, 'gpt', NULL, 1000, NULL),"
        " ('person', NULL, NULL, NULL, 'u1', 1000, NULL),"
        " ('member', NULL, 't1', NULL, 'u2', 1000, NULL),"
        " ('both', 'p1', NULL, 'gpt', NULL, 1000, NULL),"
        " ('year', NULL, NULL, 'claude', NULL, 1000, 'yearly'),"
        " ('all', NULL, NULL, NULL, NULL, 1000, NULL);"
    )
    found = {one.budget.name: one.actual for one in met(budget_status.Statuses, source=source)}
    assert found == {
        "model": 370, "person": 320, "member": 70, "both": None, "year": 1_040, "all": 410,
    }  # fmt: skip


def test_without_such_a_budget_nothing_more_is_asked(database_of, met):
    def asked(spent: Spent) -> bool:
        return bool(spent.by_model or spent.by_person)

    assert met(asked, source=database_of(USAGE)) is False


@pytest.mark.parametrize(
    ("scope", "of", "items"),
    [("model", "GPT", {"gpt", "GPT"}), ("person", "Ann", {"gpt", "Time tracking"})],
)
def test_the_items_of_a_budget_that_is_over_are_its_own(database_of, met, scope, of, items):
    source = database_of(USAGE)
    plan = Plan(budgets=(Budget("mine", scope, of, 100.0, "meaux.toml"),))
    asks = met(over, source=source, plan=plan).asks
    [lines] = ask(
        list(asks.values()), source.binding, partial(fetch_each, source.database), plainly
    )
    assert set(lines.frame["service"]) == items
