"""Rollups: what is added up is what the database itself would have said, from fewer rows."""

from datetime import date

import pandas as pd
import pytest

from meaux.errors import DatabaseError
from meaux.query import queries
from meaux.query.answers import Ask, ask
from meaux.query.filters import Period
from meaux.subjects.money import frames as costs
from meaux.subjects.money.rollups import ADD_UP, MOST_DAYS, rolled_up

LEDGER = """
CREATE TABLE ai_cost_tracking (created_at TEXT, project_id TEXT, model TEXT, cost_usd REAL);
INSERT INTO ai_cost_tracking VALUES
  ('2026-11-02T09:00:00Z', 'p1', 'm', 10), ('2026-11-02T11:00:00Z', 'p1', 'n', 2.5),
  ('2026-11-02T09:00:00Z', 'gone', 'm', 20), ('2026-11-03T09:00:00Z', NULL, 'm', 30),
  ('2026-11-04T09:00:00Z', 'p2', 'm', NULL), ('2026-11-05T09:00:00Z', 'P2', 'm', -4),
  ('2026-10-05T09:00:00Z', 'p3', 'm', 7), ('2026-09-05T09:00:00Z', 'p1', 'm', 90);
"""
PROJECTS = """
CREATE TABLE projects (id TEXT, name TEXT, team_id TEXT, color TEXT, monthly_budget_usd REAL);
INSERT INTO projects VALUES
  ('p1', 'One', 't1', '#112233', 100), ('p2', NULL, 't1', NULL, NULL), ('p3', 'Three', NULL, '', 5);
CREATE TABLE teams (id TEXT, name TEXT);
INSERT INTO teams VALUES ('t1', 'Red');
"""
DATABASES = {"projects and teams": LEDGER + PROJECTS, "costs alone": LEDGER}
CHOICES = {
    "everything": {},
    "in another zone": {"zone": "Pacific/Auckland"},
    "a team": {"teams": ("team_studio",)},
    "projects": {"projects": ("prj_bolt", "prj_magnolia")},
    "a person": {"people": ("usr_remy",)},
    "without comparison": {"compare": "none"},
}


class Counted:
    """Reads as the product does, and notes the statements."""

    def __init__(self, source, reading):
        self.source = source
        self.fetch, self.call = reading(source)
        self.statements = []

    def __call__(self, asks, **how):
        answers = ask(asks, self.source.binding, self._noted, self.call, **how)
        return dict(zip(asks, answers, strict=True))

    def _noted(self, statements):
        self.statements += statements
        return self.fetch(statements)


@pytest.fixture
def reader(reading):
    return lambda source: Counted(source, reading)


def asked(selection):
    """What Home, the executive overview and the financial page ask of costs."""
    then = [selection.over(selection.compared)] if selection.compared else []
    return [
        Ask(queries.cost_by_day, costs.window(selection)),
        *(Ask(queries.cost_by_project, over) for over in [selection, *then]),
        Ask(queries.top_projects_by_cost, selection, limit=3),
        Ask(queries.cost_of_budgets, selection, names=("One", "prj_bolt")),
    ]


def same(found, alone):
    assert found.keys() == alone.keys()
    for entry, answer in found.items():
        assert (answer.state, answer.reason) == (alone[entry].state, alone[entry].reason), entry
        pd.testing.assert_frame_equal(answer.frame, alone[entry].frame, rtol=1e-12)
        assert answer.statement == alone[entry].statement


@pytest.mark.parametrize("period", ["today", "7d", "30d"])
@pytest.mark.parametrize("choice", CHOICES)
def test_added_up_costs_are_those_that_the_database_adds_up(
    reader, demo_source, select, choice, period
):
    read, asks = reader(demo_source), asked(select(period, **CHOICES[choice]))
    assert rolled_up(asks).keys() == set(asks)
    same(read(asks, roll_up=rolled_up), read(asks))


@pytest.mark.parametrize("tables", DATABASES)
def test_rows_without_a_project_a_price_or_a_name_are_added_up_too(
    reader, database_of, select, tables
):
    read, asks = reader(database_of(DATABASES[tables])), asked(select("30d"))
    found = read(asks, roll_up=rolled_up)
    same(found, read(asks))
    assert found[asks[0]].frame["cost"].sum() == 58.5 + 7 + 90


def test_every_query_that_can_be_added_up_is_asked_here(select):
    assert {entry.query.name for entry in asked(select())} == set(ADD_UP)


def test_costs_at_several_grains_take_one_statement_and_one_for_the_projects(
    reader, demo_source, select
):
    read = reader(demo_source)
    read(asked(select()), roll_up=rolled_up)
    assert len(read.statements) == 2
    assert sum("cost_line" in statement.sql for statement in read.statements) == 1


def test_days_that_are_part_of_others_are_read_once(reader, demo_source, select):
    year = select(Period(date(2026, 1, 1), date(2026, 11, 23)))
    asks = [Ask(queries.cost_by_day, over) for over in (year, costs.recent(year))]
    read = reader(demo_source)
    found = read(asks, roll_up=rolled_up)
    assert len(read.statements) == 1
    same(found, read(asks))


def test_days_apart_and_long_periods_are_read_as_they_are_asked(select):
    days = [
        Period(date(2026, 5, 1), date(2026, 5, 8)),
        Period(date(2026, 11, 1), date(2026, 11, 8)),
    ]
    assert rolled_up([Ask(queries.cost_by_day, select(over)) for over in days]) == {}
    long = select(Period(date(2026, 11, 22) - pd.Timedelta(days=MOST_DAYS), date(2026, 11, 23)))
    assert rolled_up([Ask(q, long) for q in (queries.cost_by_day, queries.cost_by_project)]) == {}


def test_other_filters_and_budgets_of_long_periods_are_read_apart(select):
    mine, all_ = select(teams=("team_studio",)), select()
    assert rolled_up([Ask(queries.cost_by_day, mine), Ask(queries.cost_by_project, all_)]) == {}
    before = [Ask(queries.cost_by_day, all_, spans=("year",)), Ask(queries.cost_by_project, all_)]
    assert rolled_up(before) == {}


def test_a_failure_is_that_of_everything_that_is_added_up(demo_source, select):
    def refuse(statements):
        return [DatabaseError("The database is busy.") for _ in statements]

    asks = asked(select())
    answers = ask(asks, demo_source.binding, refuse, roll_up=rolled_up)
    assert {(answer.state, answer.reason) for answer in answers} == {
        ("failed", "The database is busy.")
    }
