"""Teams and people of the demo: every number is found again in another way."""

import csv
import io
from datetime import date, timedelta

import pandas as pd
import pytest

from meaux.data.plan import Plan
from meaux.data.schema.vocabulary import NO_TEAM, NOBODY, UNASSIGNED
from meaux.data.thresholds import Capacity
from meaux.query import export, queries
from meaux.subjects.hours import frames as hours
from meaux.subjects.people import figures, teams
from meaux.subjects.people import frames as people
from meaux.subjects.projects import frames as projects

TODAY = date(2026, 11, 22)
PRESENT = """
SELECT user_id FROM user_sessions WHERE started_at >= :low * 1000 AND started_at < :high * 1000
UNION SELECT user_id FROM time_entries WHERE started_at >= :low AND started_at < :high
UNION SELECT user_id FROM ai_conversations
  WHERE unixepoch(started_at) >= :low AND unixepoch(started_at) < :high
"""

every_period = pytest.mark.parametrize("period", ["today", "30d", "last-month", "all"])
every_zone = pytest.mark.parametrize("zone", ["UTC", "Asia/Kolkata", "America/New_York"])


@pytest.fixture(scope="session")
def team_of(demo_rows):
    """The team of each project, by its name; what is not listed has none."""
    named = demo_rows("SELECT p.id, t.name FROM projects p JOIN teams t ON t.id = p.team_id")
    return dict(named)


@pytest.fixture(scope="session")
def members(demo_rows):
    """The people who belong to each team today, by its name."""
    found = {}
    for team, person in demo_rows(
        "SELECT t.name, m.user_id FROM team_members m JOIN teams t ON t.id = m.team_id"
        " WHERE m.left_at IS NULL"
    ):
        found.setdefault(team, set()).add(person)
    return found


@pytest.fixture(scope="session")
def names(demo_rows):
    """The name of a person or project; its id where it is gone, nothing of nothing."""
    known = dict(demo_rows("SELECT id, name FROM users UNION SELECT id, name FROM projects"))
    return lambda key: known.get(key, key)


@pytest.fixture(scope="session")
def present(demo_rows):
    """Who was there in a period."""

    def present(selection):
        low, high = selection.bounds
        sql = PRESENT.replace(":low", str(low)).replace(":high", str(high))
        return {person for (person,) in demo_rows(sql) if person}

    return present


@pytest.fixture(scope="session")
def worked(by_hand, within):
    """The entries that count, of a period: day, project, person, hours."""

    def worked(selection):
        entries = within(by_hand.entries(selection.zone), selection.period)
        counted = entries[entries["seconds"] >= 0]
        return counted.assign(hours=counted["seconds"] / 3600)

    return worked


def sums(frame, by, value="hours"):
    """The sums above zero by a key; what has none is an empty text."""
    return frame.groupby(by.fillna(""))[value].sum().to_dict()


def column(answer, value, key="name"):
    return dict(zip(answer.frame[key], answer.frame[value], strict=True))


def by_team(frame, team_of):
    return frame["project"].map(team_of).fillna(NO_TEAM)


@every_period
@every_zone
def test_the_hours_of_a_team_are_those_of_its_projects(met, select, worked, team_of, period, zone):
    selection = select(period, zone=zone)
    found = column(met(teams.measured, selection), "team_hours")
    entries = worked(selection)
    expected = dict.fromkeys(found, 0) | sums(entries, by_team(entries, team_of))
    assert found == pytest.approx(expected)
    assert sum(found.values()) == pytest.approx(entries["hours"].sum())


@every_period
def test_the_cost_of_a_team_is_that_of_its_projects_and_all_add_up_to_the_ledger(
    met, select, by_hand, within, team_of, period
):
    selection = select(period)
    found = column(met(teams.measured, selection), "team_cost")
    lines = within(by_hand.ledger(), selection.period)
    expected = dict.fromkeys(found, 0) | sums(lines, by_team(lines, team_of), "cost")
    assert found == pytest.approx(expected)
    assert sum(found.values()) == pytest.approx(lines["cost"].sum())


@every_period
def test_the_deliverables_of_a_team_are_the_milestones_of_its_projects(
    met, select, demo_rows, team_of, period
):
    selection = select(period)
    found = column(met(teams.measured, selection), "team_deliverables")
    done = demo_rows(
        "SELECT project_id FROM project_milestones"
        " WHERE date(completed_at) >= ? AND date(completed_at) < ?",
        str(selection.period.start),
        str(selection.period.end),
    )
    expected = pd.Series([team_of.get(project, NO_TEAM) for (project,) in done]).value_counts()
    assert found == dict.fromkeys(found, 0) | expected.to_dict()
    figure = met(figures.deliverables, selection)
    assert figure.value == sum(figure.trend) == len(done)


@every_period
@every_zone
def test_active_members_of_a_team_are_its_members_who_did_something(
    met, select, members, present, period, zone
):
    selection = select(period, zone=zone)
    measured = met(teams.measured, selection)
    there = present(selection)
    found = column(measured, "active_members")
    assert pd.isna(found.pop(NO_TEAM, float("nan")))
    assert found == {team: len(theirs & there) for team, theirs in members.items()}
    counted = column(measured, "members")
    assert {team: counted[team] for team in members} == {t: len(m) for t, m in members.items()}


@every_period
def test_the_company_counts_a_member_of_two_teams_once(met, select, members, present, period):
    selection = select(period)
    everybody = set().union(*members.values())
    figure = met(figures.active_members, selection)
    assert figure.value == len(everybody & present(selection))
    assert figure.note.endswith(f"Of {len(everybody)} members.")
    assert sum(len(theirs) for theirs in members.values()) > len(everybody)


def test_active_members_are_compared_with_the_period_before(met, select, members, present):
    selection = select("7d")
    figure = met(figures.active_members, selection)
    everybody = set().union(*members.values())
    assert figure.before == len(everybody & present(selection.over(selection.compared)))
    assert figure.compared == len(everybody & present(selection.over(selection.comparable)))
    assert figure.versus == f"vs {selection.compared}"


def test_deliverables_are_compared_with_the_period_before(met, select, demo_rows):
    selection = select("90d")
    then = selection.compared
    [(before,)] = demo_rows(
        "SELECT count(*) FROM project_milestones WHERE date(completed_at) BETWEEN ? AND ?",
        str(then.start),
        str(then.last),
    )
    assert before > 0
    assert met(figures.deliverables, selection).before == before


@pytest.mark.parametrize(("period", "added"), [("30d", 0), ("12m", 0), ("all", None)])
def test_teams_are_counted_and_compared_with_the_day_before_the_period(
    met, select, demo_rows, period, added
):
    selection = select(period)
    figure = met(figures.teams, selection)
    [(count,)] = demo_rows("SELECT count(*) FROM teams")
    [(memberships,)] = demo_rows("SELECT count(*) FROM team_members WHERE left_at IS NULL")
    assert figure.value == count
    assert figure.before == (None if added is None else count - added)
    assert figure.note == f"{memberships} memberships, {memberships / count:.1f} per team."


def test_the_projects_of_a_team_are_those_of_home(met, answer):
    home = projects.by_team(answer(queries.projects_by_team)).frame
    found = column(met(teams.measured), "standing_projects")
    assert found == dict.fromkeys(found, 0) | column_of(home, "team", "standing_projects")


def column_of(frame, key, value):
    return dict(zip(frame[key], frame[value], strict=True))


def test_a_team_chosen_in_the_sidebar_has_the_numbers_that_it_has_beside_the_others(
    met, select, demo_rows
):
    beside = met(teams.measured).frame.set_index("team")
    for (team,) in demo_rows("SELECT id FROM teams"):
        alone = met(teams.measured, select("30d", teams=(team,))).frame.set_index("team")
        pd.testing.assert_frame_equal(alone, beside.loc[[team]])


def test_a_person_chosen_in_the_sidebar_has_the_numbers_that_they_have_beside_the_others(
    met, select
):
    beside = met(people.contributions).frame.set_index("person")
    for person in ("usr_priya", "usr_yuki", "usr_ignatius"):
        alone = met(people.contributions, select("30d", people=(person,))).frame.set_index("person")
        expected = beside.loc[[person], alone.columns]
        pd.testing.assert_frame_equal(alone, expected, check_dtype=False)


def test_teams_stand_by_name_and_what_has_none_is_last(met):
    names = list(met(teams.measured).frame["name"])
    assert names[-1] == NO_TEAM
    assert names[:-1] == sorted(names[:-1], key=str.casefold)


def test_what_teams_are_compared_by_is_what_their_tiles_say(met):
    measured = met(teams.measured)
    compared = met(teams.compared)
    assert list(compared) == ["Time", "Cost", "Deliverables", "Members", "Projects"]
    for answer, metric in compared.values():
        tiles = measured.frame.dropna(subset=metric.name)
        assert column(answer, metric.name) == column_of(tiles, "name", metric.name)


def test_the_hours_of_a_team_by_week_add_up_to_its_hours(met):
    weekly = teams.weekly(met(teams.WeeklyWork), "team")
    measured = met(teams.measured).frame.set_index("team")["team_hours"]
    assert all(monday.day_name() == "Monday" for monday in weekly.columns)
    assert weekly.sum(axis="columns").to_dict() == pytest.approx(measured.to_dict())


# What each person contributes.


@every_period
@every_zone
def test_a_person_has_the_hours_of_their_entries_week_by_week(met, select, worked, period, zone):
    selection = select(period, zone=zone)
    table = met(people.contributions, selection).frame
    entries = worked(selection)
    expected = dict.fromkeys(table["person"], 0) | sums(entries, entries["person"])
    assert column_of(table, "person", "hours") == pytest.approx(expected)
    mondays = entries["day"].map(lambda day: day - timedelta(day.weekday()))
    for monday, week in entries.groupby(mondays):
        theirs = dict.fromkeys(table["person"], 0) | sums(week, week["person"])
        assert column_of(table, "person", f"Hours, week of {monday} (h)") == pytest.approx(theirs)
    weeks = [name for name in table if name.startswith(people.WEEK)]
    assert table[weeks].sum(axis="columns").tolist() == pytest.approx(table["hours"].tolist())


def test_the_billable_ratio_is_of_the_hours_that_say_whether_they_are_billable(
    met, select, demo_rows
):
    low, high = select("30d").bounds
    stored = demo_rows(
        "SELECT user_id, sum(s) FILTER (WHERE billable = 1), sum(s) FROM (SELECT user_id, billable,"
        " coalesce(seconds, ended_at - started_at) AS s FROM time_entries"
        " WHERE started_at >= ? AND started_at < ?) WHERE s >= 0 AND billable IS NOT NULL"
        " GROUP BY 1",
        low,
        high,
    )
    table = met(people.contributions).frame.set_index("person")
    assert len(stored) > 10
    for person, billable, said in stored:
        assert table["billable_ratio"][person] == pytest.approx(billable / said)
        assert table["classified_hours"][person] == pytest.approx(said / 3600)
    assert table.loc[~table.index.isin([p for p, *_ in stored]), "billable_ratio"].isna().all()


@every_period
def test_a_person_has_the_cost_of_their_time_and_their_ai_use(met, select, by_hand, within, period):
    selection = select(period)
    table = met(people.contributions, selection).frame
    lines = within(by_hand.ledger(), selection.period)
    own = lines[lines["category"] != "Infrastructure"].dropna(subset="cost")
    ai = own[own["category"] == "AI"]
    for name, part in (("person_cost", own), ("person_ai_cost", ai)):
        found = column_of(table.dropna(subset=name), "person", name)
        assert found == pytest.approx(dict.fromkeys(found, 0) | sums(part, part["person"], "cost"))


def test_a_person_has_the_milestones_that_they_own_and_the_projects_that_they_worked_in(
    met, select, demo_rows, worked
):
    selection = select("90d")
    table = met(people.contributions, selection).frame
    owned = demo_rows(
        "SELECT owner_id, count(*) FROM project_milestones WHERE date(completed_at) BETWEEN ? AND ?"
        " GROUP BY 1",
        str(selection.period.start),
        str(selection.period.last),
    )
    expected = dict.fromkeys(table["person"], 0) | {p or "": n for p, n in owned}
    assert column_of(table, "person", "deliverables") == expected
    entries = worked(selection).dropna(subset="project")
    counted = entries.groupby(entries["person"].fillna(""))["project"].nunique().to_dict()
    expected = dict.fromkeys(table["person"], 0) | counted
    assert column_of(table, "person", "projects_worked") == expected


def test_people_stand_by_name_and_never_by_their_hours(met):
    names = list(met(people.contributions, "all").frame["name"])
    known = [name for name in names if name != NOBODY]
    assert known == sorted(known, key=str.casefold)
    assert names == [*known, *[NOBODY] * (len(names) - len(known))]


def test_a_member_is_listed_without_an_hour_and_a_departed_one_only_with_hours(met):
    month = met(people.contributions).frame.set_index("person")
    assert month["hours"]["usr_ignatius"] == 0
    assert "usr_bram" not in month.index
    year = met(people.contributions, "12m").frame.set_index("person")
    assert year["hours"]["usr_bram"] > 0
    assert pd.isna(year["teams"]["usr_bram"])
    assert year["teams"]["usr_priya"] == "L'atelier d'idées, Platform & data"


def test_who_has_no_account_any_more_is_listed_by_id(met):
    table = met(people.contributions, "all").frame
    assert column_of(table, "person", "name")["usr_departed"] == "usr_departed"


def test_a_file_has_the_weeks_as_columns_of_their_own(met):
    table = met(people.contributions).frame
    [heads, *lines] = csv.reader(io.StringIO(export.csv(table).decode("utf-8-sig")))
    weeks = [head for head in heads if head.startswith("Hours, week of ")]
    assert weeks == [
        f"Hours, week of {date(2026, 10, 19) + timedelta(7 * n)} (h)" for n in range(5)
    ]
    assert {"Billable ratio", "Classified hours (h)"} <= set(heads)
    assert len(lines) == len(table)
    for line in lines:
        row = dict(zip(heads, line, strict=True))
        whole = sum(float(row[week]) for week in weeks)
        assert whole == pytest.approx(float(row["Total time logged (h)"]), abs=5 * 0.00005)


# How evenly the work is spread.


def test_the_shares_of_a_team_are_of_what_its_members_logged_in_its_projects(
    met, select, worked, team_of, members, demo_rows
):
    found = met(teams.balance).frame
    entries = worked(select("30d"))
    entries = entries.assign(team=by_team(entries, team_of))
    names = dict(demo_rows("SELECT id, name FROM users"))
    assert set(found["team"]) == set(members)
    for team, theirs in members.items():
        own = entries[(entries["team"] == team) & entries["person"].isin(theirs)]
        whole = own["hours"].sum()
        shares = {names[p]: own.loc[own["person"] == p, "hours"].sum() / whole for p in theirs}
        part = found[found["team"] == team]
        assert column_of(part, "name", "member_share") == pytest.approx(shares)
        assert part["member_share"].sum() == pytest.approx(1)
        assert part["even"].tolist() == pytest.approx([1 / len(theirs)] * len(theirs))


def test_a_sentence_names_the_busiest_and_the_idlest_member_of_the_least_even_team(met):
    balanced = met(teams.balance)
    uneven = {}
    for team, part in balanced.frame.groupby("team"):
        off = (part["member_share"] - part["even"]).abs().sum() / 2
        uneven[team] = off / (1 - part["even"].iloc[0])
    team = max(uneven, key=uneven.get)
    shares = balanced.frame[balanced.frame["team"] == team].set_index("name")["member_share"]
    said = teams.least_even(balanced)
    assert said.startswith(
        f"The least even team is {team}: {shares.idxmax()} logged {shares.max():.0%} and "
    )
    assert f" {shares.min():.0%} of " in said


@pytest.mark.parametrize(
    ("shares", "begins"),
    [
        (
            {"pair": (1.0, 0.0), "five": (0.41, 0.2, 0.2, 0.1, 0.09)},
            "The least even team is pair: pair 0 logged 100% and pair 1 0% of ",
        ),
        # nobody does much more than an even part, and one does nothing:
        # 3 * (1/3 - 1/4) of the hours are above it, of the other team (34 - 25) %
        (
            {"busy": (0.34, 0.22, 0.22, 0.22), "idle": (1 / 3, 1 / 3, 1 / 3, 0.0)},
            "The least even team is idle: idle 0 logged 33% and idle 3 0% of ",
        ),
    ],
)
def test_the_least_even_team_is_that_of_which_most_hours_would_change_hands(met, shares, begins):
    lines = [
        {
            "team": team,
            "name": f"{team} {n}",
            "hours": part,
            "member_share": part,
            "even": 1 / len(of),
        }
        for team, of in shares.items()
        for n, part in enumerate(of)
    ]
    balanced = met(teams.balance).map(lambda _: pd.DataFrame(lines))
    assert teams.least_even(balanced).startswith(begins)


@pytest.mark.parametrize(
    ("period", "capacity", "days"),
    [
        ("30d", Capacity(), 21),
        ("today", Capacity(), 0),
        ("7d", Capacity(6.0, ("Sat", "Sun")), 3),
        ("last-month", Capacity(7.5), 22),
    ],
)
def test_capacity_is_working_days_up_to_today_times_hours_a_day(met, period, capacity, days):
    assert met(hours.Working, period, plan=Plan(capacity=capacity)).days == days
    working = hours.WorkingTime(days, capacity.hours_per_day)
    found = people.workload(met(people.contributions, period), working).frame
    expected = days * capacity.hours_per_day or float("nan")
    assert found["capacity"].unique() == pytest.approx([expected], nan_ok=True)


def test_days_to_come_are_no_capacity_yet(met, select):
    whole = select("30d").period
    ahead = select(type(whole)(date(2026, 11, 16), date(2026, 12, 31)))
    assert met(hours.Working, ahead).days == 5


def test_a_week_that_is_not_over_or_not_wholly_in_the_period_is_no_whole_one(met):
    work = met(teams.WeeklyWork, "30d")
    mondays = [f"{day:%Y-%m-%d}" for day in teams.weekly(work, "team").columns]
    assert len(mondays) == 5
    assert hours.partial_weeks(work) == [mondays[0], mondays[-1]] == ["2026-10-19", "2026-11-16"]


def test_capacity_of_all_time_begins_with_the_first_entry(met, demo_rows):
    [(first,)] = demo_rows("SELECT date(min(started_at), 'unixepoch') FROM time_entries")
    days = pd.bdate_range(first, TODAY)
    assert met(hours.Working, "all").days == len(days)


def test_the_workload_is_of_the_members_of_today(met, members):
    table = met(people.contributions, "12m").frame.set_index("person")
    found = people.workload(met(people.contributions, "12m"), hours.WorkingTime(10, 10.0)).frame
    ids = found["name"].map({name: person for person, name in table["name"].items()})
    assert set(ids) == set().union(*members.values())
    assert found["hours"].tolist() == table["hours"][ids].tolist()


# What people work in.


@every_period
def test_the_parts_of_everybodys_time_are_their_hours_in_each_project(
    met, select, worked, names, period
):
    selection = select(period)
    found = met(people.allocation, selection).frame
    entries = worked(selection)
    person = entries["person"].map(names).fillna(NOBODY)
    project = entries["project"].map(names).fillna(UNASSIGNED)
    expected = entries.groupby([person, project])["hours"].sum()
    assert found.groupby(["name", "project"])["hours"].sum().to_dict() == pytest.approx(
        expected[expected > 0].to_dict()
    )


def test_the_matrix_has_every_member_of_a_standing_project_and_everybody_with_hours(
    met, select, demo_rows, worked, names
):
    found = met(people.assignments).frame
    assigned = {
        (names(person), names(project)): role
        for person, project, role in demo_rows(
            "SELECT m.user_id, m.project_id, m.role FROM project_members m JOIN projects p"
            " ON p.id = m.project_id WHERE lower(p.status) <> 'archived'"
        )
    }
    entries = worked(select("30d")).dropna(subset=["person", "project"])
    by_pair = [entries["person"].map(names), entries["project"].map(names)]
    hours = entries.groupby(by_pair)["hours"].sum().to_dict()
    pairs = list(zip(found["name"], found["project"], strict=True))
    assert len(pairs) == len(set(pairs))
    assert dict(zip(pairs, found["hours"], strict=True)) == pytest.approx(
        dict.fromkeys(assigned, 0) | hours
    )
    roles = dict.fromkeys(hours, "not assigned") | assigned
    assert dict(zip(pairs, found["role"], strict=True)) == roles


# What is delivered.


@pytest.mark.parametrize("period", ["30d", "90d", "all"])
def test_every_deliverable_stands_as_the_milestones_say(met, select, demo_rows, period):
    selection = select(period)
    found = met(teams.delivery, selection).frame
    rows = demo_rows(
        "SELECT m.title, date(m.completed_at), m.due_date, lower(m.status), lower(p.status)"
        " FROM project_milestones m LEFT JOIN projects p ON p.id = m.project_id"
    )
    expected = {}
    for title, completed, due, _status, project in rows:
        if completed:
            if date.fromisoformat(completed) in selection.period:
                expected[title] = "Completed"
        elif project != "archived":
            expected[title] = "Overdue" if due < str(TODAY) else "Open"
    assert column_of(found, "deliverable", "state") == expected
    assert list(found["state"]) == sorted(found["state"], key=teams.STATES.index)
    counted = teams.delivery_by_team(met(teams.delivery, selection)).frame
    assert counted["delivery"].sum() == len(expected)
