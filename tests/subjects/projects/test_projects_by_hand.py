"""The list of projects: what stands on each tile is what plain SQL finds."""

from datetime import timedelta

import pandas as pd
import pytest

from meaux.data.plan import Plan
from meaux.data.thresholds import Thresholds
from meaux.subjects.projects import frames as projects
from meaux.subjects.projects.frames import Choice

SHOP = """
CREATE TABLE projects (id TEXT, name TEXT, status TEXT, priority TEXT, created_at TEXT);
INSERT INTO projects VALUES
  ('a', 'alpha', 'active', '95', '2026-01-01'), ('b', 'Beta', 'LIVE', 'urgent', '2026-03-01'),
  ('c', 'gamma', 'archived', NULL, '2026-02-01'), ('d', 'delta', 'planning', 'someday', NULL);
"""
PROGRESS = """
CREATE TABLE project_progress (project_id TEXT, progress REAL, recorded_at TEXT);
INSERT INTO project_progress VALUES
  ('a', 80, '2026-05-01 00:00:00'), ('a', 60, '2026-06-01 00:00:00'),
  ('a', NULL, '2026-07-01 00:00:00'), ('b', 130, '2026-06-01 00:00:00');
"""
MILESTONES = """
CREATE TABLE project_milestones (project_id TEXT, status TEXT, completed_at TEXT);
INSERT INTO project_milestones VALUES
  ('a', 'open', NULL), ('c', 'Done', NULL), ('c', 'open', '2026-06-01 00:00:00'),
  ('c', 'open', NULL), ('c', NULL, NULL);
"""
TIME = """
CREATE TABLE time_entries (project_id TEXT, started_at TEXT, seconds INTEGER, cost_usd REAL);
INSERT INTO time_entries VALUES
  ('a', '2026-11-20 09:00:00', 3600, 50), ('a', '2026-11-21 09:00:00', 3600, NULL),
  ('b', '2026-11-20 09:00:00', 3600, NULL), ('c', '2026-01-20 09:00:00', 3600, 70);
"""


@pytest.fixture
def listing(met):
    """The list of projects in a source, by id."""

    def listing(source, selection="30d"):
        return met(projects.listed, selection, source).frame.set_index("project")

    return listing


@pytest.mark.parametrize("period", ["30d", "12m"])
def test_each_project_costs_what_its_lines_in_the_ledger_come_to(
    listing, demo_source, select, by_hand, within, period
):
    selection = select(period)
    lines = within(by_hand.ledger(), selection.period)
    spent = lines.groupby("project")["cost"].sum(min_count=1)
    found = listing(demo_source, selection)["cost"]
    for project, cost in found.items():
        assert cost == pytest.approx(spent.get(project, 0.0), nan_ok=True)


def test_each_project_has_the_activity_of_the_period_and_its_newest(
    listing, demo_source, select, demo_rows
):
    start, end = (f"{day}T00:00:00Z" for day in (select("30d").period.start, "2026-11-23"))
    counted = demo_rows(
        "SELECT project_id, count(*), max(created_at) FROM project_activity"
        " WHERE created_at >= ? AND created_at < ? GROUP BY project_id",
        *(start, end),
    )
    found = listing(demo_source)
    assert {p: n for p, n in found["activity"].items() if n} == {p: n for p, n, _ in counted}
    for project, _, newest in counted:
        assert found.loc[project, "last_activity"] == pd.Timestamp(newest)


def test_progress_is_the_newest_that_was_recorded(listing, demo_source, demo_rows):
    newest = demo_rows(
        "SELECT p.id, (SELECT progress FROM project_progress WHERE project_id = p.id"
        " AND progress IS NOT NULL ORDER BY recorded_at DESC LIMIT 1) FROM projects AS p"
    )
    found = listing(demo_source)["progress"]
    recorded = {project: percent / 100 for project, percent in newest if percent is not None}
    assert recorded
    assert found[list(recorded)].to_dict() == pytest.approx(recorded)


def test_a_value_that_is_none_is_no_progress_and_more_than_all_is_all(listing, database_of):
    found = listing(database_of(SHOP + PROGRESS))["progress"]
    assert found["a"] == 0.6
    assert found["b"] == 1.0


def test_without_recorded_progress_it_is_completed_by_all_milestones(listing, database_of):
    found = listing(database_of(SHOP + PROGRESS + MILESTONES))["progress"]
    assert found["a"] == 0.6
    assert found["c"] == 0.5


def test_without_milestones_either_progress_is_unknown(listing, database_of):
    assert listing(database_of(SHOP))["progress"].isna().all()


def test_deployments_milestones_and_the_reported_cost_are_those_of_their_tables(
    listing, demo_source, demo_rows
):
    found = listing(demo_source)
    for project, deployed, times in demo_rows(
        "SELECT project_id, last_deployed_at, deployment_count FROM project_stats"
    ):
        counted = found.loc[project, "deployments"]
        assert pd.isna(counted) if times is None else counted == times
        at = found.loc[project, "deployed"]
        assert pd.isna(at) if deployed is None else at.timestamp() == deployed
    for project, number, cost in demo_rows(
        "SELECT p.id, (SELECT count(*) FROM project_milestones WHERE project_id = p.id),"
        " (SELECT total_cost FROM project_costs WHERE project_id = p.id) FROM projects AS p"
    ):
        assert (0 if pd.isna(n := found.loc[project, "milestones"]) else n) == number
        assert found.loc[project, "lifetime"] == pytest.approx(cost or float("nan"), nan_ok=True)


def test_a_project_without_a_line_cost_nothing_and_one_without_a_price_is_unknown(
    listing, database_of
):
    found = listing(database_of(SHOP + TIME))["cost"]
    assert found["a"] == 50
    assert pd.isna(found["b"])
    assert found["c"] == 0


def test_where_nobody_can_say_what_was_spent_or_done_both_are_unknown(listing, database_of):
    found = listing(database_of(SHOP))
    assert found["cost"].isna().all()
    assert found["activity"].isna().all()


def test_words_of_the_database_become_those_of_the_product(listing, database_of):
    found = listing(database_of(SHOP))
    assert found["status"].to_dict() == {
        "a": "Active", "b": "Active", "c": "Archived", "d": "Other"
    }  # fmt: skip
    assert found["priority"].dropna().to_dict() == {"a": "Critical", "b": "Critical", "d": "Other"}
    assert found.loc["d", "spelling"] == "planning"


@pytest.mark.parametrize(
    ("order", "ids"),
    [
        ("Highest cost", ["a", "d", "c", "b"]),
        ("Lowest cost", ["d", "c", "a", "b"]),
        ("Name, A to Z", ["a", "b", "d", "c"]),
        ("Name, Z to A", ["c", "d", "b", "a"]),
        ("Newest", ["b", "c", "a", "d"]),
        ("Oldest", ["a", "c", "b", "d"]),
        ("Most activity", ["a", "b", "d", "c"]),
    ],
)
def test_the_list_is_sorted_and_what_is_unknown_comes_last(database_of, met, order, ids):
    listed = met(projects.listed, source=database_of(SHOP + TIME))
    found = projects.chosen(listed, Choice(sort=order)).frame["project"].tolist()
    assert found == ids


@pytest.mark.parametrize(
    ("choice", "ids"),
    [
        (Choice(statuses=("Active",)), {"a", "b"}),
        (Choice(statuses=("Active", "Archived")), {"a", "b", "c"}),
        (Choice(priorities=("Critical",)), {"a", "b"}),
        (Choice(priorities=(projects.NOT_SAID,)), {"c"}),
        (Choice(text="BET"), {"b"}),
        (Choice(text="  archived "), {"c"}),
        (Choice(text="[a"), set()),
        (Choice(statuses=("Active",), text="alpha"), {"a"}),
        (Choice(), {"a", "b", "c", "d"}),
    ],
)
def test_the_list_holds_what_every_filter_leaves(database_of, met, choice, ids):
    listed = met(projects.listed, source=database_of(SHOP))
    assert set(projects.chosen(listed, choice).frame["project"]) == ids


def test_what_there_is_to_choose_comes_in_the_products_order_and_what_is_not_said_last(
    database_of, met
):
    listed = met(projects.listed, source=database_of(SHOP))
    assert projects.options(listed, "status", projects.STATUS_ORDER) == [
        "Active", "Archived", "Other"
    ]  # fmt: skip
    assert projects.options(listed, "priority") == ["Critical", "Other", projects.NOT_SAID]


def test_a_project_under_way_without_activity_for_days_is_stale(database_of, met):
    source = database_of(SHOP + TIME)
    assert met(projects.stale, "7d", source).state == "empty"
    source = database_of(SHOP + TIME.replace("('b', '2026-11-20", "('b', '2026-10-01"))
    assert met(projects.stale, "7d", source).frame["name"].tolist() == ["Beta"]


def test_a_project_is_not_stale_because_others_than_the_chosen_worked_in_it(
    database_of, met, select
):
    source = database_of(
        "CREATE TABLE users (id TEXT, name TEXT); INSERT INTO users VALUES ('u', 'Uma');"
        + SHOP
        + TIME
        + "ALTER TABLE time_entries ADD COLUMN user_id TEXT;"
    )
    recent = met(projects.Recent, select("7d", people=("u",)), source)
    assert projects.stale(met(projects.listed, "30d", source), recent).state == "empty"


def test_what_the_listed_projects_did_not_cost_is_said(met, by_hand, within, select):
    selection = select("30d")
    lines = within(by_hand.ledger(), selection.period)
    listed = met(projects.listed, selection).frame
    outside = lines[~lines["project"].isin(listed["project"])]
    nobodys = outside["project"].isna()
    without, others = outside.loc[nobodys, "cost"].sum(), outside.loc[~nobodys, "cost"].sum()
    assert listed["cost"].sum() + without + others == pytest.approx(lines["cost"].sum())
    said = [
        f"${without:,.2f} without a project",
        f"${others:,.2f} from unknown or deleted projects",
    ]
    expected = f"Not in this list: {' and '.join(said if others else said[:1])}."
    assert expected in met(projects.gaps, selection)


def test_costs_of_a_project_that_is_not_listed_stand_beside_those_without_one(database_of, met):
    source = database_of(
        SHOP + "CREATE TABLE ai_cost_tracking (created_at TEXT, cost_usd REAL, project_id TEXT);"
        "INSERT INTO ai_cost_tracking VALUES ('2026-11-20', 5, 'a'), ('2026-11-20', 8.5, NULL),"
        " ('2026-11-20', 2.25, 'gone');"
    )
    said = "Not in this list: $8.50 without a project and $2.25 from unknown or deleted projects."
    assert said in met(projects.gaps, source=source)


def test_a_project_that_is_new_is_not_stale_yet(database_of, met):
    source = database_of(SHOP.replace("2026-03-01", "2026-11-10") + TIME.replace("('b'", "('x'"))
    for days, stale in ((30, []), (7, ["Beta"])):
        plan = Plan(thresholds=Thresholds(stale_project_days=days))
        found = met(projects.stale, "7d", source, plan=plan)
        assert found.frame["name"].tolist() == stale


def test_whether_a_project_is_stale_is_unknown_where_no_activity_is_recorded(database_of, met):
    source = database_of(SHOP)
    assert met(projects.stale, "7d", source).state == "unavailable"


def test_the_last_days_include_today(select, today):
    period = projects.lately(select("7d"), 30).period
    assert period.last == today
    assert today - period.start == timedelta(days=30)


@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Auckland"])
def test_a_project_created_on_a_date_has_it_in_every_zone(database_of, met, select, zone):
    listed = met(projects.listed, select("30d", zone=zone), database_of(SHOP)).frame
    known = listed.dropna(subset="created")
    created = dict(zip(known["project"], known["created"].astype("str"), strict=True))
    assert created == {"a": "2026-01-01", "b": "2026-03-01", "c": "2026-02-01"}
