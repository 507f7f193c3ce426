"""What somebody sees who may see one team only: its rows, of every query, and no other name."""

from functools import partial
from pathlib import Path

import one_team
import pandas as pd
import pytest

from meaux.data.database import SQLiteFile, fetch_each
from meaux.data.source import open_source
from meaux.query import queries
from meaux.query.answers import Ask, ask
from meaux.query.queries import QUERIES, visible

NO_OVERRIDE = Path("no-such-file.toml")
A_FEW = 20
GIVEN = one_team.GIVEN
NOT_FOR_TEAMS = {
    *("oldest_requests", "open_spend_alerts", "worker_errors", "stored_bytes", "reported_mail"),
    *("counted_mail", "distinct_mail", "mail_queue", "system_page", "audit_page", "general_page"),
    *("error_page", "reported_by_day", "weekly_reports", "reported_by_month", "bucket_levels"),
    *("bucket_peaks", "bucket_operations", "storage_levels", "storage_peaks", "newest_objects"),
    *("storage_operations", "requests_by_worker_day"),
    *("requests_over_time", "requests_by_duration", "requests_by_worker", "worker_use", "steps"),
    *("workflow_costs", "reported_runs", "workflow_lifetimes", "workflow_events"),
    *("optimizations", "recommendations", "request_sums", "message_rows", "message_row_sums"),
    *("reported_mail_rows", "reported_mail_sums", "level_rows", "level_row_sums"),
    *("request_log_rows", "request_hour_rows", "request_track_rows", "request_row_sums"),
    *("step_rows", "step_row_sums", "workflow_cost_rows", "workflow_cost_sums"),
}
"""Every query of whose rows nobody can tell the team."""

SECONDS = "coalesce(nullif(seconds, 0), ended_at - started_at)"
OF_THE_PRODUCT = ["category"]
"""The columns that hold the product's own words."""
OF_TEAM = f"coalesce(team_id = '{one_team.OWN}', 0)"

every_query = pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)


@pytest.fixture(scope="module")
def marked(marked_file):
    """The database with a mark in every other team's row."""
    return open_source(SQLiteFile(marked_file), override=NO_OVERRIDE)


@pytest.fixture(scope="module")
def alone(alone_file):
    """The database without any other team's row."""
    return open_source(SQLiteFile(alone_file), override=NO_OVERRIDE)


@pytest.fixture(scope="module")
def spelt(demo_file, tmp_path_factory):
    """The database whose rows name teams by slug or name, and projects by slug or user by email."""
    path = tmp_path_factory.mktemp("s") / "spelt.db"
    spelt_file = one_team.changed(demo_file, one_team.name_them, path)
    return open_source(SQLiteFile(spelt_file), override=NO_OVERRIDE)


@pytest.fixture(scope="module")
def asked(select):
    def asked(source, query, period="90d", only=one_team.GIVEN, **choices):
        chosen = select(period, only=only, **choices)
        fetch = partial(fetch_each, source.database)
        return ask([Ask(query, chosen, A_FEW)], source.binding, fetch)[0]

    return asked


@every_query
def test_a_query_shows_no_other_team_and_counts_its_own_rows_alone(marked, alone, asked, query):
    found, expected = asked(marked, query), asked(alone, query)
    assert found.state != "failed", found.reason
    assert one_team.MARK not in f"{found.frame.to_csv()} {found.reason} {found.unread}"
    assert (found.state == "unavailable") == (query.name in NOT_FOR_TEAMS)
    pd.testing.assert_frame_equal(in_order(found.frame), in_order(expected.frame))


@every_query
def test_however_rows_name_their_team_and_project_the_same_is_seen(
    demo_source, spelt, asked, query
):
    found, expected = (asked(source, query, only=("team_lab",)) for source in (spelt, demo_source))
    assert found.state == expected.state
    assert len(found.frame) == len(expected.frame)
    numbers = [frame.select_dtypes("number").sum() for frame in (found.frame, expected.frame)]
    pd.testing.assert_series_equal(*numbers)


def test_a_reason_quotes_no_value_of_another_team(demo_file, tmp_path, asked):
    def unreadable(database):
        database.execute(f"UPDATE worker_logs SET timestamp = '{one_team.MARK}'")
        database.execute(f"UPDATE time_entries SET started_at = '{one_team.MARK}'")
        database.execute(f"UPDATE ai_cost_tracking SET cost_usd = '{one_team.MARK}'")

    file = one_team.changed(demo_file, unreadable, tmp_path / "unreadable.db")
    source = open_source(SQLiteFile(file), override=NO_OVERRIDE)
    told = {only: [asked(source, q, only=only) for q in QUERIES.values()] for only in (None, GIVEN)}
    quoting = {
        only: [one.query.name for one in found if one_team.MARK in f"{one.reason} {one.unread}"]
        for only, found in told.items()
    }
    assert quoting[None]
    assert quoting[GIVEN] == []


def test_without_a_limit_the_marks_are_seen(marked, select):
    asks = [Ask(query, select("90d"), A_FEW) for query in QUERIES.values()]
    answers = ask(asks, marked.binding, partial(fetch_each, marked.database))
    shown = [one.query.name for one in answers if one_team.MARK in one.frame.to_csv()]
    assert len(shown) >= 50


def test_hours_are_those_of_the_teams_projects_and_strangers_are_one_row(asked, marked, demo_rows):
    entries = pd.DataFrame(
        demo_rows(f"SELECT project_id, user_id, max({SECONDS}, 0) / 3600.0 FROM time_entries"),
        columns=["project", "person", "hours"],
    )
    projects = {id_ for (id_,) in demo_rows(f"SELECT id FROM projects WHERE {OF_TEAM}")}
    members = {id_ for (id_,) in demo_rows(f"SELECT user_id FROM team_members WHERE {OF_TEAM}")}
    own = entries[entries["project"].isin(projects)]
    person = own["person"].where(own["person"].isin(members), visible.OTHERS["person"])
    expected = own["hours"].groupby(person).sum()
    found = asked(marked, queries.hours_by_person_day, "all").frame
    hours = found["hours"].groupby(found["person"]).sum()
    assert hours.to_dict() == pytest.approx(expected[expected > 0].to_dict())


def test_filters_choose_within_what_is_visible(asked, marked, demo_rows):
    [(foreign,)] = demo_rows(f"SELECT id FROM projects WHERE NOT {OF_TEAM} LIMIT 1")
    strange = f"{foreign}{one_team.MARK}"
    for choice in ({"projects": (strange,)}, {"teams": ("team_client" + one_team.MARK,)}):
        assert asked(marked, queries.cost_by_project, **choice).state == "empty"


@pytest.mark.parametrize("only", [(), ("nobody", "", "%", "' OR 1 --", "team_", "team_lab/")])
def test_who_names_no_team_of_the_database_sees_nothing(marked, asked, only):
    for query in QUERIES.values():
        frame = asked(marked, query, only=only).frame.drop(columns=OF_THE_PRODUCT, errors="ignore")
        assert frame.notna().sum().sum() == (frame == 0).sum().sum(), query.name


def test_no_method_of_a_selection_drops_the_limit(select):
    chosen = select("30d", only=("a",), teams=("b",))
    made = (chosen.unnarrowed, chosen.over(chosen.period), chosen.drawn_by("week"))
    assert [one.only for one in made] == [("a",)] * 3
    assert chosen != select("30d", teams=("b",))


def in_order(frame):
    """The rows in an order that doesn't depend on the ids of other teams."""
    return frame.sort_values(list(frame.columns), key=lambda c: c.astype(str), ignore_index=True)
