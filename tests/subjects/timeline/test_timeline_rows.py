"""The timeline holds what its tables hold of the period, at most so many rows of each lane."""

import pytest

from meaux.query import queries

START, END = "2026-10-23", "2026-11-23"


def test_each_lane_has_what_its_table_has_in_the_period(answer, demo_rows):
    found = answer(queries.timeline, "30d", limit=1000).frame["lane"].value_counts()
    counted = {
        "Events": "SELECT count(*) FROM system_events WHERE lower(severity) <> 'info'"
        " AND created_at >= ? AND created_at < ?",
        "Deployments": "SELECT count(*) FROM project_activity WHERE action = 'deploy'"
        " AND created_at >= ? AND created_at < ?",
        "Milestones": "SELECT count(*) FROM project_milestones"
        " WHERE completed_at >= ? AND completed_at < ?",
        "Spend alerts": "SELECT count(*) FROM openai_spending_alerts"
        " WHERE created_at >= ? AND created_at < ?",
    }
    for lane, sql in counted.items():
        [(number,)] = demo_rows(sql, START, END)
        assert found.get(lane, 0) == number, lane


def test_an_action_that_begins_with_deploy_is_a_deployment_in_any_case(database_of, answer):
    actions = ("deploy", "Deployed", "DEPLOYMENT", "commented", "undeploy")
    rows = ", ".join(f"('p', '{action}', '{action}', '2026-11-20')" for action in actions)
    source = database_of(
        "CREATE TABLE project_activity (project_id, action, description, created_at);"
        f"INSERT INTO project_activity VALUES {rows};"
    )
    found = answer(queries.timeline, "30d", limit=10, source=source).frame
    assert set(found["lane"]) == {"Deployments"}
    assert sorted(found["title"]) == ["DEPLOYMENT", "Deployed", "deploy"]


def test_of_each_lane_the_newest_rows_are_kept(answer):
    every = answer(queries.timeline, "30d", limit=1000).frame
    few = answer(queries.timeline, "30d", limit=3).frame
    for lane, rows in few.groupby("lane"):
        newest = every[every["lane"] == lane].head(3)
        assert rows["at"].tolist() == newest["at"].tolist()


def test_it_is_in_order_newest_first(answer):
    at = answer(queries.timeline, "90d", limit=50).frame["at"]
    assert at.is_monotonic_decreasing


def test_a_project_narrows_what_belongs_to_projects(answer, select):
    selection = select("12m", projects=("prj_cafe_etoile",))
    found = answer(queries.timeline, selection, limit=1000).frame
    of_projects = found[found["lane"].isin(["Deployments", "Milestones"])]
    assert set(of_projects["project"]) == {"Café Étoile storefront"}


@pytest.mark.parametrize("table", ["system_events", "project_milestones", "openai_spending_alerts"])
def test_one_table_is_enough(database_of, answer, table):
    scripts = {
        "system_events": "(event_type TEXT, severity TEXT, created_at TEXT);"
        "INSERT INTO system_events VALUES ('x', 'error', '2026-11-20 10:00:00')",
        "project_milestones": "(project_id TEXT, title TEXT, completed_at TEXT);"
        "INSERT INTO project_milestones VALUES ('p', 'x', '2026-11-20')",
        "openai_spending_alerts": "(message TEXT, created_at TEXT);"
        "INSERT INTO openai_spending_alerts VALUES ('x', '2026-11-20 10:00:00')",
    }
    source = database_of(f"CREATE TABLE {table} {scripts[table]};")
    found = answer(queries.timeline, "30d", limit=10, source=source)
    assert found.state == "ready"
    assert found.frame["title"].tolist() == ["x"]
