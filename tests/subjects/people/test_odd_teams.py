"""Teams and people of databases that are small, odd, or lack what it takes."""

import math
from functools import partial

import pandas as pd
import pytest

from meaux.data.schema.vocabulary import NO_TEAM, NOBODY
from meaux.query import queries
from meaux.subjects.hours import frames as hours
from meaux.subjects.hours.frames import WorkingTime
from meaux.subjects.people import figures, teams
from meaux.subjects.people import frames as people

ODD = """
CREATE TABLE teams (id INTEGER PRIMARY KEY, name TEXT, color TEXT, created_at TEXT);
CREATE TABLE team_members (team_id INTEGER, user_id INTEGER, left_at TEXT);
CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE projects (id INTEGER PRIMARY KEY, name TEXT, team_id INTEGER, status TEXT);
CREATE TABLE project_members (project_id INTEGER, user_id INTEGER, role TEXT);
CREATE TABLE project_milestones (
  project_id INTEGER, title TEXT, status TEXT, due_date TEXT, completed_at TEXT, owner_id INTEGER);
CREATE TABLE time_entries (
  project_id INTEGER, user_id INTEGER, started_at TEXT, ended_at TEXT, seconds INTEGER,
  cost_usd REAL, billable INTEGER);

INSERT INTO teams VALUES
  (1, 'red', 'javascript:alert(1)', '2020-01-01'), (2, 'Empty', NULL, '2026-11-20'),
  (3, 'Blue', '#0000ff', NULL), (4, 'Blue', NULL, NULL);
INSERT INTO team_members VALUES
  (1, 1, NULL), (1, 2, NULL), (1, 2, NULL), (3, 2, NULL), (1, 3, '2026-11-01'), (9, 4, NULL),
  (3, 77, NULL), (NULL, 1, NULL), (1, NULL, NULL);
INSERT INTO users VALUES (1, 'Ann'), (2, 'ben'), (3, 'Cid'), (4, 'Ann'), (5, 'Eve');
INSERT INTO projects VALUES
  (1, 'Door', 1, 'active'), (2, 'Wall', 3, 'active'), (3, 'Free', NULL, 'active'),
  (4, 'Old', 1, 'archived'), (5, 'Lost', 8, 'active'), (6, NULL, 1, NULL);
INSERT INTO project_members VALUES
  (1, 1, 'lead'), (2, 1, NULL), (4, 1, 'lead'), (4, 2, 'reviewer'), (99, 5, 'guest'),
  (NULL, 1, 'x'), (1, NULL, 'x');
INSERT INTO project_milestones VALUES
  (1, 'yesterday', NULL, '2026-11-21', NULL, 1), (1, 'today', 'open', '2026-11-22', NULL, 1),
  (1, 'some day', 'open', NULL, NULL, NULL), (1, 'done, when?', 'done', '2026-11-01', NULL, 1),
  (1, 'given up', 'cancelled', '2026-11-01', NULL, 1), (4, 'buried', 'open', '2026-11-01', NULL, 1),
  (4, 'late finish', 'done', '2026-11-01', '2026-11-03', 3),
  (3, 'first', 'done', NULL, '2026-11-20T10:00:00Z', 1),
  (99, 'orphan', 'done', '2026-11-01', '2026-11-02', 88),
  (1, 'ages ago', 'done', '2025-01-01', '2025-01-02', 1);
INSERT INTO time_entries VALUES
  (1, 1, '2026-11-20T09:00:00Z', NULL, 7200, 100, 1),
  (1, 1, '2026-11-16T09:00:00Z', NULL, 3600, 50, 0),
  (1, 2, '2026-11-20T09:00:00Z', NULL, 3600, NULL, NULL),
  (1, 3, '2026-11-19T09:00:00Z', NULL, 3600, 30, 1),
  (2, 1, '2026-11-20T09:00:00Z', NULL, 1800, 20, 1),
  (3, 5, '2026-11-20T09:00:00Z', NULL, 5400, 60, NULL),
  (NULL, 5, '2026-11-20T09:00:00Z', NULL, 1800, 5, 1),
  (99, 88, '2026-11-20T09:00:00Z', NULL, 3600, 7, 1),
  (1, NULL, '2026-11-20T09:00:00Z', NULL, 3600, 9, 1),
  (4, 2, '2026-11-20T09:00:00Z', NULL, 900, 11, 1),
  (1, 1, '2026-11-20T12:00:00Z', NULL, -900, -12.5, 1),
  (1, 1, '2026-11-22T08:00:00Z', NULL, NULL, NULL, 1);
"""
"""Two teams of one name and one that is only in a membership; a member twice, one who left, one
without an account; entries of nobody, in nothing, in a project that is gone, negative, running."""


@pytest.fixture
def odd(database_of, met, select):
    """What comes of the odd database, changed by a script, over a selection."""

    def odd(script="", **choices):
        selection, source = select("30d", **choices), database_of(ODD + script)
        return partial(met, selection=selection, source=source)

    return odd


def of(frame, value, key="name"):
    return dict(zip(frame[key], frame[value], strict=True))


def without(*tables):
    return "".join(f"DROP TABLE {table};" for table in tables)


def test_every_team_is_there_and_two_of_one_name_are_told_apart(odd):
    names = list(odd()(teams.measured).frame["name"])
    assert names == ["8", "9", "Blue (3)", "Blue (4)", "Empty", "red", NO_TEAM]


def test_what_each_team_has_and_does(odd):
    frame = odd()(teams.measured).frame
    nothing = dict.fromkeys(frame["name"], 0)
    hours = {"red": 6.25, "Blue (3)": 0.5, NO_TEAM: 1.5 + 0.5 + 1}
    cost = {"red": 100 + 50 + 30 + 9 + 11 - 12.5, "Blue (3)": 20, NO_TEAM: 60 + 5 + 7}
    assert of(frame, "team_hours") == pytest.approx(nothing | hours)
    assert of(frame, "team_cost") == pytest.approx(nothing | cost)
    assert of(frame, "team_deliverables") == nothing | {"red": 1, NO_TEAM: 2}
    assert of(frame, "standing_projects") == nothing | {"red": 2, "Blue (3)": 1, "8": 1, NO_TEAM: 1}
    own = frame[frame["name"] != NO_TEAM]
    nothing.pop(NO_TEAM)
    assert of(own, "members") == nothing | {"red": 2, "Blue (3)": 2, "9": 1}
    assert of(own, "active_members") == nothing | {"red": 2, "Blue (3)": 1}
    assert frame[frame["name"] == NO_TEAM][["members", "active_members"]].isna().all(axis=None)


def test_a_member_of_two_teams_counts_once_and_a_departed_one_not_at_all(odd):
    figure = odd()(figures.active_members)
    note = "No comparison: no data before 16 Nov 2026. Of 4 members."
    assert (figure.value, figure.note) == (2, note)


def test_a_team_that_was_made_in_the_period_was_not_there_before(odd):
    figure = odd()(figures.teams)
    assert (figure.value, figure.before, figure.versus) == (5, 4, "vs 22 Oct 2026")
    assert figure.note == "5 memberships, 1.0 per team."


def test_the_deliverables_of_projects_that_are_gone_or_archived_are_counted(odd):
    figure = odd()(figures.deliverables)
    assert (figure.value, figure.before) == (3, 0)
    assert sum(figure.trend) == 3


def test_how_each_deliverable_stands(odd):
    found = odd()(teams.delivery).frame
    assert list(zip(found["state"], found["deliverable"], strict=True)) == [
        ("Overdue", "yesterday"),
        ("Open", "today"),
        ("Open", "some day"),
        ("Completed", "first"),
        ("Completed", "late finish"),
        ("Completed", "orphan"),
    ]
    assert of(found, "team", "deliverable")["orphan"] == NO_TEAM
    assert of(found, "owner", "deliverable")["orphan"] == "88"
    counted = teams.delivery_by_team(odd()(teams.delivery)).frame
    assert list(zip(*(counted[c] for c in ("name", "state", "delivery")), strict=True)) == [
        ("red", "Completed", 1),
        ("red", "Open", 2),
        ("red", "Overdue", 1),
        (NO_TEAM, "Completed", 2),
    ]


def test_what_each_person_contributes(odd):
    frame = odd()(people.contributions).frame
    assert list(frame["name"]) == ["77", "88", "Ann (1)", "Ann (4)", "ben", "Cid", "Eve", NOBODY]
    nothing = dict.fromkeys(frame["name"], 0)
    hours = {"Ann (1)": 3.5, "ben": 1.25, "Cid": 1, "Eve": 2, "88": 1, NOBODY: 1}
    assert of(frame, "hours") == pytest.approx(nothing | hours)
    said = {"Ann (1)": 3.5, "ben": 0.25, "Cid": 1, "Eve": 0.5, "88": 1, NOBODY: 1}
    assert of(frame, "classified_hours") == pytest.approx(nothing | said)
    ratios = of(frame.dropna(subset="billable_ratio"), "billable_ratio")
    assert ratios == pytest.approx(dict.fromkeys(said, 1) | {"Ann (1)": 2.5 / 3.5})
    cost = {"Ann (1)": 157.5, "ben": 11, "Cid": 30, "Eve": 65, "88": 7, NOBODY: 9}
    assert of(frame, "person_cost") == pytest.approx(nothing | cost)
    assert of(frame, "deliverables") == nothing | {"Ann (1)": 1, "Cid": 1, "88": 1}
    worked = {"Ann (1)": 2, "ben": 2, "Cid": 1, "Eve": 1, "88": 1, NOBODY: 1}
    assert of(frame, "projects_worked") == nothing | worked
    named = of(frame.dropna(subset="teams"), "teams")
    assert named == {"Ann (1)": "red", "ben": "Blue (3), red", "77": "Blue (3)", "Ann (4)": "9"}
    weeks = [name for name in frame if name.startswith(people.WEEK)]
    assert weeks[0] == "Hours, week of 2026-10-19 (h)"
    assert weeks[-1] == "Hours, week of 2026-11-16 (h)"


def test_an_hour_without_a_price_is_not_an_hour_for_nothing(odd):
    company = odd("DELETE FROM time_entries WHERE user_id = 2 AND cost_usd IS NOT NULL;")
    assert math.isnan(of(company(people.contributions).frame, "person_cost")["ben"])
    company = odd("UPDATE time_entries SET cost_usd = NULL;")
    frame = company(teams.measured).frame
    assert math.isnan(of(frame, "team_cost")["red"])
    assert math.isnan(of(frame, "team_cost")["Empty"])


def test_the_balance_leaves_out_who_is_no_member_and_teams_of_one(odd):
    found = odd()(teams.balance).frame
    assert list(zip(found["team"], found["name"], strict=True)) == [
        ("red", "Ann (1)"), ("red", "ben"),
    ]  # fmt: skip
    assert found["member_share"].tolist() == pytest.approx([3 / 4.25, 1.25 / 4.25])
    assert found["even"].tolist() == [0.5, 0.5]
    assert teams.least_even(odd()(teams.balance)) == (
        "In red: Ann (1) logged 71% and ben 29% of the 4.2 h that its 2 members logged on its "
        "projects; an even share is 50%."
    )


def test_without_hours_nothing_is_out_of_balance(odd):
    balanced = odd("DELETE FROM time_entries;")(teams.balance)
    assert balanced.state == "empty"
    assert teams.least_even(balanced) == ""


def test_the_matrix_names_roles_and_leaves_out_archived_projects_without_hours(odd):
    found = odd()(people.assignments).frame
    lines = zip(*(found[c] for c in ("name", "project", "role", "hours")), strict=True)
    assert sorted(lines) == [
        ("88", "99", "not assigned", 1.0),
        ("Ann (1)", "Door", "lead", 3.0),
        ("Ann (1)", "Wall", "assigned", 0.5),
        ("Cid", "Door", "not assigned", 1.0),
        ("Eve", "99", "guest", 0.0),
        ("Eve", "Free", "not assigned", 1.5),
        ("ben", "Door", "not assigned", 1.0),
        ("ben", "Old", "reviewer", 0.25),
    ]


def test_hours_that_the_matrix_leaves_out_are_said(odd):
    company = odd()
    work = company(teams.WeeklyWork).frame
    inside = work[work["project"].notna() & work["person"].notna()]["hours"].sum()
    left_out = work["hours"].sum() - inside
    assert left_out > 0
    assert company(people.unplaced) == f"Left out: {left_out:,.1f} h without a project or a person."
    assert company(people.assignments).frame["hours"].sum() == pytest.approx(inside)


def test_people_and_projects_of_one_name_are_told_apart(odd):
    company = odd(
        "UPDATE users SET name = 'Ann'; UPDATE projects SET name = 'Same';"
        "INSERT INTO project_members VALUES (2, 2, 'lead');"
    )
    found = company(people.allocation).frame
    assert of(found[found["name"] == "Ann (1)"], "hours", "project") == {
        "Same (1)": 3.0,
        "Same (2)": 0.5,
    }
    found = company(people.assignments).frame
    assert of(found[found["name"] == "Ann (2)"], "role", "project") == {
        "Same (1)": "not assigned",
        "Same (2)": "lead",
        "Same (4)": "reviewer",
    }


def test_of_many_people_those_with_most_hours_are_drawn_and_a_sentence_says_so(odd):
    many = (
        "WITH RECURSIVE n(i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 139)"
        " INSERT INTO {} FROM n;"
    )
    company = odd(
        many.format("users SELECT i, 'P' || i")
        + many.format("team_members SELECT 2, i, NULL")
        + many.format(
            "time_entries SELECT 1, i, '2026-11-19T09:00:00Z', NULL, i * 3600, NULL, NULL"
        )
    )
    everybody = company(people.contributions)
    drawn = [f"P{n}" for n in range(110, 140)]
    for found in (company(people.allocation), people.workload(everybody, WorkingTime(1, 8))):
        assert list(hours.busiest(found).frame["name"]) == drawn
        assert hours.left_out(found).startswith("Top 30 of ")
    assert hours.left_out(odd()(people.allocation)) == ""


def test_a_team_narrows_people_to_its_members_and_hours_to_its_projects(odd):
    company = odd(teams=("3",))
    frame = company(teams.measured).frame
    assert list(frame["team"]) == ["3"]
    assert frame["team_hours"].tolist() == [0.5]
    assert frame["members"].tolist() == [2]
    hours = of(company(people.contributions).frame, "hours")
    assert hours == pytest.approx({"77": 0, "ben": 0, "Ann (1)": 0.5})


def test_a_project_narrows_hours_and_leaves_the_teams(odd):
    frame = odd(projects=("3",))(teams.measured).frame
    assert of(frame, "team_hours") == pytest.approx(
        dict.fromkeys(frame["name"], 0) | {NO_TEAM: 1.5}
    )
    assert of(frame, "members")["red"] == 2


# What is missing is said, and is never a zero.

OF_TEAMS = ["team_hours", "team_cost", "team_deliverables", "standing_projects"]


def reasons(company):
    """Why teams can't be compared by what they can't be compared by."""
    compared = company(teams.compared)
    return {word: answer.reason for word, (answer, _) in compared.items() if not answer.answered}


def test_without_a_table_of_teams_they_go_by_id(odd):
    company = odd(without("teams"))
    assert list(company(teams.measured).frame["name"]) == ["1", "3", "8", "9", NO_TEAM]
    assert reasons(company) == {}
    figure = company(figures.teams)
    assert (figure.value, figure.before) == (3, None)


def test_without_memberships_who_is_a_member_is_unknown(odd):
    company = odd(without("team_members"))
    frame = company(teams.measured).frame
    assert frame[["members", "active_members"]].isna().all(axis=None)
    assert frame[OF_TEAMS].notna().all(axis=None)
    assert reasons(company) == {"Members": "Needs the table team_members."}
    assert company(teams.balance).reason == "Needs the table team_members."
    assert company(figures.active_members).note == "Needs the table team_members."
    assert company(figures.teams).value == 4
    table = company(people.contributions).frame
    assert table["teams"].isna().all()
    assert set(people.workload(company(people.contributions), WorkingTime(1, 8)).frame["name"]) == {
        "88", "Ann (1)", "ben", "Cid", "Eve",
    }  # fmt: skip


def test_without_milestones_deliverables_are_unknown(odd):
    company = odd(without("project_milestones"))
    frame = company(teams.measured).frame
    assert frame["team_deliverables"].isna().all()
    assert frame["team_hours"].notna().all()
    assert reasons(company) == {"Deliverables": "Needs the table project_milestones."}
    assert company(people.contributions).frame["deliverables"].isna().all()
    assert company(figures.deliverables).value is None
    assert company(teams.delivery).state == "unavailable"


def test_a_milestone_that_does_not_say_when_it_was_completed_counts_in_no_period(odd):
    company = odd("ALTER TABLE project_milestones DROP COLUMN completed_at;")
    figure = company(figures.deliverables)
    assert figure.value is None
    assert figure.note.startswith("Needs project_milestones.completed_at")
    found = company(teams.delivery).frame
    assert list(found["deliverable"]) == ["yesterday", "today", "some day"]


def test_without_project_members_nobody_is_known_to_be_assigned(odd):
    answer = odd(without("project_members"))(people.assignments)
    assert (answer.state, answer.reason) == (
        "unavailable",
        "Needs the table project_members.",
    )


def test_without_projects_nothing_is_a_teams_and_members_still_are(odd):
    company = odd(without("projects"))
    frame = company(teams.measured).frame
    assert frame[OF_TEAMS].isna().all(axis=None)
    assert of(frame, "members")["red"] == 2
    assert set(reasons(company)) == {"Time", "Cost", "Deliverables", "Projects"}
    assert company(people.contributions).frame["hours"].sum() == pytest.approx(9.75)


def test_entries_that_name_no_project_are_no_teams_hours(odd):
    company = odd("ALTER TABLE time_entries DROP COLUMN project_id;")
    assert company(teams.measured).frame["team_hours"].isna().all()
    assert reasons(company)["Time"].startswith("Needs time_entries.project_id")
    assert company(people.contributions).frame["projects_worked"].isna().all()
    assert not company(people.allocation).answered


def test_entries_that_name_nobody_are_no_persons_hours(odd):
    company = odd("ALTER TABLE time_entries DROP COLUMN user_id;")
    frame = company(people.contributions).frame
    assert frame[["hours", "projects_worked"]].isna().all(axis=None)
    assert not [name for name in frame if name.startswith(people.WEEK)]
    assert of(company(teams.measured).frame, "team_hours")["red"] == pytest.approx(6.25)
    assert not company(teams.balance).answered
    assert company(people.assignments).frame["hours"].isna().all()


def test_without_any_ai_table_the_ai_cost_is_unknown_and_time_still_costs(odd):
    frame = odd()(people.contributions).frame
    assert frame["person_ai_cost"].isna().all()
    assert frame["person_cost"].sum() == pytest.approx(279.5)


def test_a_database_without_a_table_has_no_teams_and_says_what_it_needs(database_of, met):
    company = partial(met, source=database_of("CREATE TABLE other (x);"))
    for answer in (
        company(teams.measured),
        company(teams.balance),
        company(teams.delivery),
        company(people.contributions),
        company(people.allocation),
        company(people.assignments),
    ):
        assert answer.state == "unavailable"
        assert answer.reason.startswith("Needs the table ")
        assert answer.frame.empty


def test_tables_without_a_row_have_no_teams(odd):
    tables = ("teams", "team_members", "users", "projects", "project_members",
              "project_milestones", "time_entries")  # fmt: skip
    company = odd("".join(f"DELETE FROM {table};" for table in tables))
    for answer in (
        company(teams.measured),
        company(teams.balance),
        company(teams.delivery),
        company(people.contributions),
        company(people.allocation),
        company(people.assignments),
        people.workload(company(people.contributions), WorkingTime(1, 8)),
    ):
        assert answer.state == "empty"
    assert isinstance(company(teams.measured).frame, pd.DataFrame)


def test_an_id_that_stands_for_a_name_is_said_to_be_of_no_user(odd, answer, select, database_of):
    choices = answer(queries.person_choices, select("30d"), source=database_of(ODD))
    contributed = odd()(people.contributions)
    assert hours.unlisted(choices, contributed) == ("77 and 88 not found in users.")
    listed = contributed.map(lambda frame: frame[~frame["person"].isin(["77", "88"])])
    assert hours.unlisted(choices, listed) == ""


def test_who_logged_time_and_is_in_no_team_is_counted_beside_the_members(odd):
    contributed = odd()(people.contributions)
    # Cid left the team, Eve never was in one, 88 is no user
    assert people.beyond_members(contributed) == ("Not shown: 3 people with hours but no team.")
