"""Hours, people and projects: the product's numbers are those that plain SQL finds."""

from collections import Counter
from dataclasses import replace

import pandas as pd
import pytest

from meaux.query import queries
from meaux.subjects.hours import figures as hours_figures
from meaux.subjects.people import cards as people_cards
from meaux.subjects.projects import figures as projects_figures
from meaux.subjects.projects import frames as projects

PROJECTS_WITH_STATS = """
SELECT p.id, p.name, p.slug, p.status, p.priority, p.color, t.name as team_name,
  pc.total_cost, pc.total_time_seconds, ps.last_deployed_at
FROM projects p
LEFT JOIN teams t ON p.team_id = t.id
LEFT JOIN project_costs pc ON p.id = pc.project_id
LEFT JOIN project_stats ps ON p.id = ps.project_id
ORDER BY p.updated_at DESC;
"""
COST_SUMMARY = """
SELECT SUM(total_cost) as total_cost, SUM(total_time_cost) as time_cost,
  SUM(total_ai_cost) as ai_cost, COUNT(DISTINCT project_id) as project_count
FROM project_costs;
"""
TIME_BY_PROJECT = """
SELECT project_id, SUM(seconds) as total_seconds, SUM(cost_usd) as total_cost,
  COUNT(*) as entry_count
FROM time_entries GROUP BY project_id ORDER BY total_cost DESC;
"""


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Kolkata"])
@pytest.mark.parametrize("period", ["30d", "all"])
def test_every_day_has_the_hours_of_the_entries_that_started_on_it(
    answer, select, by_hand, within, zone, period
):
    selection = select(period, zone=zone)
    entries = within(by_hand.entries(zone), selection.period)
    counted = entries[entries["seconds"] >= 0]
    found = answer(queries.hours_by_day, selection).frame
    logged = found[found["entries"] > 0].groupby("day")["hours"].sum()
    hours = {day.date(): value for day, value in logged.items()}
    assert hours == pytest.approx((counted.groupby("day")["seconds"].sum() / 3600).to_dict())
    assert found["entries"].sum() == len(counted)
    assert found["running"].sum() == entries["seconds"].isna().sum()
    assert found["negative"].sum() == (entries["seconds"] < 0).sum()


def test_running_timers_are_counted_and_in_no_total(met, demo_rows):
    [(running,)] = demo_rows(
        "SELECT count(*) FROM time_entries WHERE ended_at IS NULL AND seconds IS NULL"
    )
    assert running == 3
    assert met(hours_figures.total_hours, "today").note == (
        "No comparison: today is not complete. 3 running timers left out."
    )


def test_a_note_counts_each_entry_that_the_hours_leave_out(met, select, demo_rows):
    selection = select("30d")
    start, end = selection.bounds
    [(every, running, negative)] = demo_rows(
        "SELECT count(*), sum(ended_at IS NULL AND seconds IS NULL), sum(seconds < 0)"
        f" FROM time_entries WHERE started_at >= {start} AND started_at < {end}"
    )
    assert (running, negative) == (3, 1)
    assert met(hours_figures.entries, selection).value == every - running - negative
    assert met(hours_figures.total_hours, selection).note == (
        "3 running timers and 1 entry with a negative duration left out."
    )


def test_negative_entries_are_in_no_total(answer, demo_rows):
    [(positive, negative)] = demo_rows(
        "SELECT sum(s) FILTER (WHERE s >= 0), sum(s) FILTER (WHERE s < 0)"
        " FROM (SELECT coalesce(seconds, ended_at - started_at) AS s FROM time_entries)"
    )
    assert negative < 0
    hours = answer(queries.hours_by_day, "all").frame["hours"].sum()
    assert hours == pytest.approx(positive / 3600)


def test_total_time_is_compared_with_the_period_before(met, select, by_hand, within):
    selection = select("30d")
    before = selection.over(selection.compared)
    figure = met(hours_figures.total_hours, selection)
    entries = by_hand.entries()
    counted = entries[entries["seconds"] >= 0]
    assert figure.value == pytest.approx(within(counted, selection.period)["seconds"].sum() / 3600)
    assert figure.before == pytest.approx(within(counted, before.period)["seconds"].sum() / 3600)
    assert figure.versus == f"vs {before.period}"
    assert len(figure.trend) == selection.period.days
    assert sum(figure.trend) == pytest.approx(figure.value)


PRESENT = """
SELECT user_id FROM user_sessions WHERE started_at >= :low * 1000 AND started_at < :high * 1000
UNION SELECT user_id FROM time_entries WHERE started_at >= :low AND started_at < :high
UNION SELECT user_id FROM ai_conversations
  WHERE unixepoch(started_at) >= :low AND unixepoch(started_at) < :high
"""


@pytest.mark.parametrize("period", ["today", "7d", "30d", "90d"])
def test_hours_at_a_glance_are_the_hours_and_are_compared_with_the_same(met, select, period):
    whole = met(hours_figures.total_hours, select(period))
    glance = met(hours_figures.hours_at_a_glance, select(period))
    assert glance.before == (None if whole.before is None else pytest.approx(whole.before))
    assert replace(glance, before=None) == replace(whole, before=None)


@pytest.mark.parametrize("period", ["today", "7d", "30d", "all"])
@pytest.mark.parametrize("zone", ["UTC", "Asia/Kolkata"])
def test_active_users_are_the_distinct_people_who_did_something(
    answer, select, demo_rows, period, zone
):
    selection = select(period, zone=zone)
    low, high = selection.bounds
    sql = PRESENT.replace(":low", str(low)).replace(":high", str(high))
    people = {person for (person,) in demo_rows(sql) if person}
    found = answer(queries.active_people, selection).frame
    assert found["active_users"].iloc[0] == len(people) > 0
    by_day = answer(queries.active_people_by_day, selection).frame
    assert by_day["first_seen"].sum() == len(people)


def test_the_active_users_of_a_team_are_its_present_members(answer, select, demo_rows):
    low, high = select("30d").bounds
    sql = PRESENT.replace(":low", str(low)).replace(":high", str(high))
    present = {person for (person,) in demo_rows(sql)}
    for (team,) in demo_rows("SELECT id FROM teams"):
        members = {
            person
            for (person,) in demo_rows(
                "SELECT user_id FROM team_members WHERE team_id = ? AND left_at IS NULL", team
            )
        }
        found = answer(queries.active_people, select("30d", teams=(team,))).frame
        assert found["active_users"].iloc[0] == len(present & members)


def test_people_seen_first_up_to_a_day_are_the_distinct_people_until_then(
    answer, select, demo_rows
):
    selection = select("7d")
    by_day = answer(queries.active_people_by_day, selection).frame.set_index("day")
    assert list(by_day.index.date) == list(selection.period)
    low, _ = selection.bounds
    for number, seen in enumerate(by_day["first_seen"].cumsum(), 1):
        sql = PRESENT.replace(":low", str(low)).replace(":high", str(low + number * 86_400))
        assert seen == len({person for (person,) in demo_rows(sql) if person})
    assert by_day["first_seen"].iloc[1:].sum() > 0


def test_no_day_has_more_active_users_than_the_period(answer):
    whole = answer(queries.active_people, "30d").frame["active_users"].iloc[0]
    days = answer(queries.active_people_by_day, "30d").frame["active_users"]
    assert 0 < days.max() <= whole <= days.sum()


def test_every_project_has_one_status_and_the_donut_shows_them_all(answer, demo_rows):
    counted = projects.by_status(answer(queries.projects_by_status)).frame
    spelled = Counter(status for (status,) in demo_rows("SELECT status FROM projects"))
    assert counted["projects"].sum() == sum(spelled.values()) == 25
    assert set(counted["status"]) >= {"Active", "In progress", "Paused", "Archived"}


def test_total_projects_are_all_but_the_archived_ones(met, select, demo_rows):
    selection = select("30d")
    figure = met(projects_figures.total_projects, selection)
    standing = demo_rows("SELECT date(created_at) FROM projects WHERE lower(status) <> 'archived'")
    start = str(selection.period.start)
    assert figure.value == len(standing)
    assert figure.before == sum(day < start for (day,) in standing)
    assert figure.trend[-1] == figure.value
    assert len(figure.trend) == selection.period.days


def test_the_teams_have_all_projects_but_the_archived_ones(answer, demo_rows):
    found = projects.by_team(answer(queries.projects_by_team)).frame
    expected = dict(
        demo_rows(
            "SELECT coalesce(t.name, 'No team'), count(*) FROM projects AS p"
            " LEFT JOIN teams AS t ON t.id = p.team_id"
            " WHERE lower(p.status) <> 'archived' GROUP BY 1"
        )
    )
    assert dict(zip(found["team"], found["standing_projects"], strict=True)) == expected


def test_the_most_active_projects_are_those_with_most_rows_in_the_log(answer, select, demo_rows):
    selection = select("30d")
    start, end = selection.period.start, selection.period.end
    counts = demo_rows(
        "SELECT project_id, count(*) FROM project_activity WHERE project_id IS NOT NULL"
        " AND date(created_at) >= ? AND date(created_at) < ? GROUP BY 1",
        str(start),
        str(end),
    )
    found = answer(queries.top_projects_by_activity, selection, limit=5).frame
    assert list(found["activity"]) == sorted((n for _, n in counts), reverse=True)[:5]
    assert set(zip(found["project"], found["activity"], strict=True)) <= set(counts)


def test_the_latest_activity_comes_newest_first(answer, demo_rows):
    found = answer(queries.latest_activity, "30d", limit=10).frame
    newest = demo_rows(
        "SELECT unixepoch(created_at) FROM project_activity ORDER BY created_at DESC LIMIT 10"
    )
    assert [int(at.timestamp()) for at in found["at"]] == [at for (at,) in newest]


def test_cost_of_each_project_is_that_of_the_missions_query(answer, demo_rows):
    """But for what the mission's plain sum leaves out: it knows no rates."""
    no_rate = (
        "SELECT e.project_id, sum(coalesce(e.seconds, e.ended_at - e.started_at) / 3600.0"
        " * coalesce(e.hourly_rate, u.hourly_rate, p.hourly_rate)) FROM time_entries AS e"
        " LEFT JOIN users AS u ON u.id = e.user_id LEFT JOIN projects AS p ON p.id = e.project_id"
        " WHERE e.cost_usd IS NULL GROUP BY 1"
    )
    rated = dict(demo_rows(no_rate))
    stored = {project: cost for project, _, cost, _ in demo_rows(TIME_BY_PROJECT)}
    assert sum(filter(None, rated.values())) > 0
    found = answer(queries.cost_by_project, "all").frame
    time = found[found["category"] == "Time"].astype(object)
    product = {
        None if pd.isna(p) else p: c for p, c in zip(time["project"], time["cost"], strict=True)
    }
    assert product == pytest.approx(
        {project: (cost or 0) + (rated.get(project) or 0) for project, cost in stored.items()}
    )


def test_hours_of_each_project_are_those_of_the_missions_query(answer, select, demo_rows, by_hand):
    """But for what its plain sum leaves out or takes in: entries that say only when they began
    and ended, and entries of negative length."""
    entries = by_hand.entries()
    for project, seconds, _, _ in demo_rows(TIME_BY_PROJECT):
        if project is None:
            continue
        own = entries[entries["project"] == project]
        not_stored = own[own["stored"].isna()]["seconds"].sum()
        negative = own[own["seconds"] < 0]["seconds"].sum()
        hours = answer(queries.hours_by_day, select("all", projects=(project,))).frame["hours"]
        assert hours.sum() * 3600 == pytest.approx((seconds or 0) + not_stored - negative)


def test_the_reported_totals_are_those_of_the_missions_query(answer, demo_rows):
    [(total, time, ai, count)] = demo_rows(COST_SUMMARY)
    found = answer(queries.reported_by_project, "all").frame
    assert len(found) == count
    assert found["cost"].sum() == pytest.approx(total)
    assert found["time_cost"].sum() == pytest.approx(time)
    assert found["ai_cost"].sum() == pytest.approx(ai)


def test_the_projects_are_those_of_the_missions_query(answer, demo_rows):
    rows = demo_rows(PROJECTS_WITH_STATS)
    found = answer(queries.project_choices).frame
    assert sorted(found["id"]) == sorted(row[0] for row in rows)
    assert sorted(found["name"]) == sorted(row[1] for row in rows)


def test_a_signup_on_a_date_is_listed_on_it_in_every_time_zone(database_of, met, select):
    source = database_of(
        "CREATE TABLE users (id TEXT, name TEXT, created_at TEXT);"
        "INSERT INTO users VALUES ('a', 'Ann', '2026-11-05'), ('b', 'Bob', '2026-11-04');"
    )
    table = met(people_cards.signups, select("30d", zone="America/New_York"), source)
    listed = table.answer.frame
    assert listed["day"].astype("str").tolist() == ["2026-11-05", "2026-11-04"]
    assert listed["at"].isna().all()


def test_signups_with_a_time_of_day_need_no_column_for_the_day(met):
    assert "day" not in met(people_cards.signups, "all").answer.frame
