"""Rollups: what is added up is what the database itself would have said, from fewer rows."""

from datetime import date

import pandas as pd
import pytest

from meaux.errors import DatabaseError
from meaux.query import queries
from meaux.query.answers import Ask, ask
from meaux.query.filters import Period
from meaux.query.rollups import ADD_UP, MOST_DAYS, rolled_up
from meaux.subjects.money import frames as costs

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
ENTRIES = """
CREATE TABLE time_entries (
  id TEXT, user_id TEXT, project_id TEXT, started_at TEXT, ended_at TEXT, seconds, is_billable,
  cost_usd, hourly_rate
);
INSERT INTO time_entries VALUES
  ('a', 'u1', 'p1', '2026-11-02T09:00:00Z', '2026-11-02T10:00:00Z', 3600, 1, 50, NULL),
  ('b', 'u1', 'p1', '2026-11-02T11:00:00Z', NULL, NULL, 1, NULL, 80),
  ('c', 'u1', 'gone', '2026-11-02T12:00:00Z', '2026-11-02T12:30:00Z', NULL, 0, NULL, 80),
  ('d', 'U2 ', NULL, '2026-11-03T09:00:00Z', '2026-11-03T08:00:00Z', -3600, NULL, 7, NULL),
  ('e', NULL, 'p2', '2026-11-03 09:00:00', '2026-11-03 09:20:00', '1,200', NULL, NULL, NULL),
  ('f', 'u2', 'p2', '1793869200', NULL, 'long', NULL, NULL, NULL),
  ('g', 'u2', 'p3', 1793955600, 1793959200, 0, 0, 'much', 90),
  ('h', 'u2', 'p1', '2026-11-08T23:30:00Z', '2026-11-09T00:30:00Z', NULL, 1, 0, NULL),
  ('i', 'u2', 'p1', '2026-11-09T23:30:00Z', '2026-11-10T00:30:00Z', NULL, 1, NULL, NULL),
  ('j', 'u1', 'p1', '2026-10-05T09:00:00Z', '2026-10-05T12:00:00Z', NULL, 1, 20, NULL);
"""
PEOPLE = """
CREATE TABLE users (id TEXT, name TEXT, hourly_rate REAL);
INSERT INTO users VALUES ('u1', 'Ann', 100), ('u2', NULL, NULL);
"""
DATED = """
CREATE TABLE time_entries (started_at TEXT, seconds INTEGER, user_id TEXT, project_id TEXT);
INSERT INTO time_entries VALUES
  ('2026-11-02', 3600, 'u1', 'p1'), ('2026-11-02', 1800, NULL, 'p1'), ('2026-11-08', 60, 'u1', '');
"""
TIMES = {
    "mixed encodings": ENTRIES + PEOPLE + PROJECTS,
    "time entries alone": ENTRIES,
    "days without a cost": DATED,
    "no project and no person": DATED.replace(", user_id TEXT, project_id TEXT", "")
    .replace(", 'u1', 'p1'", "").replace(", NULL, 'p1'", "").replace(", 'u1', ''", ""),
    "time and costs": ENTRIES + PEOPLE + LEDGER + PROJECTS,
}  # fmt: skip
LOG = """
CREATE TABLE worker_logs (
  worker_id TEXT, timestamp INTEGER, status INTEGER, duration_ms REAL, cpu_ms REAL,
  sample_interval INTEGER
);
INSERT INTO worker_logs VALUES
  ('a', 1793869200, NULL, 10, 1, 10), ('a', 1793869300, NULL, 10, NULL, 1),
  ('b', 1793869200, 500, 0, 2, 1), ('b', 1793955600, 200, 12.5, 3, NULL),
  (NULL, 1794000000, NULL, NULL, NULL, 1), ('a', 1795347000, 503, 10, 4, 1),
  ('b', 1795347000, NULL, 10, 4, 1);
"""
HOURS = """
CREATE TABLE tracked_hourly (
  worker TEXT NOT NULL, hour INTEGER NOT NULL, status TEXT NOT NULL, requests INTEGER NOT NULL,
  errors INTEGER, durations TEXT, source TEXT NOT NULL, project TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (worker, hour, status, source, project)
);
INSERT INTO tracked_hourly VALUES
  ('a', 1793865600, '200', 20, 0, '{"70":12,"71":8}', 'track', ''),
  ('a', 1793869200, '200', 10, 0, '{ "-178": 1, "70": 3, "1001": 2, "-179": 2 }', 'track', ''),
  ('a', 1793869200, '500', 4, 4, '{"71":5,"72":4,"73":1.5,"74":0,"75":"1","x":1}', 'track', ''),
  ('a', 1793872800, '200', 3, 0, '[1, 2]', 'track', ''),
  ('a', 1793876400, '200', 3, 0, 'no JSON {"70":1}', 'track', ''),
  ('b', 1793869200, 'unknown', 7, NULL, NULL, 'track', 'p1'),
  ('b', 1791200000, '200', 9, 1, '{"60":9}', 'track', '');
CREATE TABLE worker_hourly (worker_id TEXT, hour TEXT, requests, errors, wall_p50_ms, wall_p75_ms,
  wall_p90_ms, wall_p95_ms, wall_p99_ms);
INSERT INTO worker_hourly VALUES ('c', '2026-11-10T10:00:00Z', 400, 3, 10, 20, 30, 40, 90);
"""
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


def of_time(selection):
    """What pages ask of time entries."""
    then = [selection.over(selection.compared)] if selection.compared else []
    of_days = [
        queries.hours_by_day,
        queries.hours_by_project,
        queries.hours_by_person_day,
        queries.hours_by_person_week,
        queries.hours_recorded,
        queries.unpriced_time,
        queries.weekly_work,
        queries.hours_by_weekday_hour,
    ]
    before = [queries.hours_by_day, queries.hours_recorded]
    return [
        *(Ask(query, selection) for query in of_days),
        *(Ask(query, over) for query in before for over in then),
    ]


def asked(selection):
    """What Home, the executive overview and the financial page ask of costs."""
    then = [selection.over(selection.compared)] if selection.compared else []
    return [
        Ask(queries.cost_by_day, costs.window(selection)),
        *(Ask(queries.cost_by_project, over) for over in [selection, *then]),
        Ask(queries.top_projects_by_cost, selection, limit=3),
        Ask(queries.cost_of_budgets, selection, names=("One", "prj_bolt")),
        Ask(queries.cost_by_service, selection),
        Ask(queries.cost_by_part, costs.window(selection)),
        Ask(queries.person_cost_by_day, selection),
        Ask(queries.cost_tree, selection),
        Ask(queries.model_cost_by_day, selection),
    ]


def of_people(selection):
    """What the page of teams asks of costs and hours."""
    both = [queries.cost_by_project, queries.cost_by_person, queries.weekly_work]
    return [Ask(query, selection) for query in (*both, queries.hours_by_day)]


def of_requests(selection):
    """What the page of Workers asks."""
    wide = [
        queries.requests_over_time,
        queries.requests_by_worker,
        queries.requests_by_worker_day,
        queries.requests_by_duration,
        queries.worker_use,
    ]
    drawn = [Ask(wide[0], selection.drawn_by(grain)) for grain in ("week", "month")]
    return [*(Ask(query, selection) for query in wide), *drawn]


PAGES = {
    "costs": asked,
    "hours": of_time,
    "costs and hours": lambda selection: asked(selection) + of_time(selection),
    "people": of_people,
    "requests": of_requests,
}


def same(found, alone):
    assert found.keys() == alone.keys()
    for entry, answer in found.items():
        assert (answer.state, answer.reason) == (alone[entry].state, alone[entry].reason), entry
        pd.testing.assert_frame_equal(answer.frame, alone[entry].frame, rtol=1e-12)
        assert answer.statement == alone[entry].statement


@pytest.mark.parametrize(
    ("choice", "period"),
    [("everything", "today"), ("everything", "7d"), *((choice, "30d") for choice in CHOICES)],
)
@pytest.mark.parametrize("page", PAGES)
def test_added_up_rows_are_those_that_the_database_adds_up(
    reader, demo_source, select, page, choice, period
):
    read, asks = reader(demo_source), PAGES[page](select(period, **CHOICES[choice]))
    assert rolled_up(asks)
    same(read(asks, roll_up=rolled_up), read(asks))


@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles"])
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("tables", TIMES)
def test_hours_of_odd_tables_are_added_up_too(reader, database_of, select, tables, page, zone):
    read, asks = reader(database_of(TIMES[tables])), PAGES[page](select("30d", zone=zone))
    same(read(asks, roll_up=rolled_up), read(asks))


def test_requests_of_unknown_outcome_or_length_are_added_up_too(reader, database_of, select):
    read, asks = reader(database_of(LOG)), of_requests(select("30d"))
    found = read(asks, roll_up=rolled_up)
    same(found, read(asks))
    assert found[asks[0]].frame["requests"].sum() == 16


@pytest.mark.parametrize("compare", ["previous", "none"])
def test_tracked_requests_and_their_durations_are_added_up_too(
    reader, database_of, select, compare
):
    read, asks = reader(database_of(LOG + HOURS)), of_requests(select("30d", compare=compare))
    found = read(asks, roll_up=rolled_up)
    statements = len(read.statements)
    same(found, read(asks))
    assert statements == 1
    tracked = found[asks[0]].frame.query("source == 'tracked_hour'")
    counts = tracked.groupby("bucket")["timed"].sum()
    assert counts.to_dict() == {-178: 1, 70: 15, 71: 8, 72: 4}


@pytest.mark.parametrize("tables", DATABASES)
def test_rows_without_a_project_a_price_or_a_name_are_added_up_too(
    reader, database_of, select, tables
):
    read, asks = reader(database_of(DATABASES[tables])), asked(select("30d"))
    found = read(asks, roll_up=rolled_up)
    same(found, read(asks))
    assert found[asks[0]].frame["cost"].sum() == 58.5 + 7 + 90


def test_every_query_that_can_be_added_up_is_asked_here(select):
    everything = [one for page in PAGES.values() for one in page(select())]
    assert {entry.query.name for entry in everything} == set(ADD_UP)


def test_costs_at_several_grains_take_one_statement_beside_those_for_names(
    reader, demo_source, select
):
    read = reader(demo_source)
    read(asked(select()), roll_up=rolled_up)
    assert len(read.statements) == 4
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
    long = select(
        Period(date(2026, 11, 22) - pd.Timedelta(days=MOST_DAYS["project"]), date(2026, 11, 23))
    )
    assert rolled_up([Ask(q, long) for q in (queries.cost_by_day, queries.cost_by_project)]) == {}


def test_a_query_that_reaches_too_far_is_read_apart_and_the_others_share_a_statement(select):
    year, longer = (
        select(Period(date(2026, 11, 22) - pd.Timedelta(days=days), date(2026, 11, 23)))
        for days in (365, 365 + MOST_DAYS["project"])
    )
    asks = [Ask(queries.cost_by_part, year), Ask(queries.cost_by_project, year)]
    far = Ask(queries.cost_by_project, longer)
    assert rolled_up([*asks, far, Ask(queries.cost_by_day, longer)]).keys() >= {*asks}
    assert far not in rolled_up([*asks, far, Ask(queries.cost_by_day, longer)])


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
