"""Which rows there are: one a thing, none that was deleted, the newest of what is written again."""

import pytest
from live_databases import (
    FOURTH,
    NOVEMBER,
    OCTOBER,
    PEOPLE,
    PROJECTS,
    SECOND,
    THIRD,
    TODAY,
    Live,
    entries,
)

from meaux.data.database import Statement
from meaux.query.answers import Ask
from meaux.query.filters import Period, Selection
from meaux.query.queries import QUERIES

TWO = entries(
    ("'a'", "'p1'", "'u1'", SECOND, SECOND + 3600, 3600, 600),
    ("'b'", "'p2'", "'u1'", THIRD, THIRD + 3600, 3600, 300),
)
REPEATED = {
    "a view that joins deployments": """
        CREATE TABLE raw (id TEXT PRIMARY KEY, name TEXT);
        INSERT INTO raw VALUES ('p1', 'Alpha'), ('p2', 'Beta');
        CREATE TABLE deploys (project_id TEXT, url TEXT);
        INSERT INTO deploys VALUES ('p1', 'https://a.example'), ('p1', 'https://b.example');
        CREATE VIEW projects AS SELECT raw.*, deploys.url FROM raw
        LEFT JOIN deploys ON deploys.project_id = raw.id;
    """,
    "a table without a key": """
        CREATE TABLE projects (id TEXT, name TEXT, updated_at TEXT);
        INSERT INTO projects VALUES ('p1', 'Alpha', '2026-02-02'), ('p1', 'Old', '2026-01-01'),
        ('p2', 'Beta', NULL);
    """,
    "a key of two columns, of which one is the version": """
        CREATE TABLE projects (id TEXT, version INTEGER, name TEXT, PRIMARY KEY (id, version));
        INSERT INTO projects VALUES ('p1', 1, 'Alpha'), ('p1', 2, 'Alpha'), ('p2', 1, 'Beta');
    """,
}


@pytest.mark.parametrize("projects", REPEATED.values(), ids=REPEATED)
def test_a_project_that_is_met_twice_multiplies_nothing(live, projects):
    found = live(projects + PEOPLE + TWO)
    assert found.costs() == {"Alpha": 600, "Beta": 300}
    assert found.frame("hours_by_project")["hours"].sum() == 2
    assert list(found.frame("project_list")["name"]) == ["Alpha", "Beta"]
    assert found.frame("cost_tree")["cost"].sum() == 900


@pytest.mark.parametrize(
    ("status", "outcome"), [(500, "'ok'"), ("NULL", "'exception'"), (200, "'exceededCpu'")]
)
def test_a_request_that_failed_in_no_time_is_no_fast_answer(live, status, outcome):
    found = live(f"""
        CREATE TABLE worker_logs (worker_id TEXT, timestamp INTEGER, status INTEGER, outcome TEXT,
        duration_ms REAL);
        INSERT INTO worker_logs VALUES ('w', {SECOND}, {status}, {outcome}, 0),
        ('w', {SECOND}, 200, 'ok', 0), ('w', {SECOND}, NULL, NULL, 0);
    """)
    for query in ("requests_over_time", "requests_by_duration", "requests_by_worker"):
        counted = found.frame(query).sort_values("bucket")
        assert counted["bucket"].tolist()[:1] == [-178], query
        assert counted["bucket"].isna().tolist() == [False, True], query
        assert counted["requests"].tolist() == [2, 1], query
        assert counted["errors"].tolist() == [0, 1], query
        assert counted["untold"].tolist() == [1, 0], query


def test_of_a_person_that_is_met_twice_the_newest_row_counts(live):
    people = """
        CREATE TABLE users (id TEXT, name TEXT, hourly_rate REAL, created_at TEXT);
        INSERT INTO users VALUES ('u1', 'Ann', 50, '2026-01-01'), ('u1', 'Anna', 80, '2026-02-01');
    """
    worked = entries(("'a'", "'u1'", SECOND, 3600), columns="id, user_id, started_at, seconds")
    found = live(people + worked)
    assert found.costs("person") == {"Anna": 80}
    assert len(found.frame("person_choices")) == 1


def test_a_worker_that_is_met_twice_is_shown_once(live):
    found = live("""
        CREATE TABLE cloudflare_workers (id TEXT, name TEXT, modified_on TEXT);
        INSERT INTO cloudflare_workers VALUES ('w', 'new', '2026-02-01'),
        ('w', 'old', '2026-01-01');
    """)
    assert list(found.frame("known_workers")["name"]) == ["new"]


def test_projects_of_one_name_are_told_apart_by_their_ids(live):
    projects = PROJECTS.replace("'Alpha'", "'Website'").replace("'Beta'", "'Website'")
    found = live(projects + PEOPLE + TWO)
    assert found.costs() == {"Website (p1)": 600, "Website (p2)": 300}
    assert set(found.frame("cost_tree")["branch"]) == {"Website (p1)", "Website (p2)"}
    assert set(found.frame("top_projects_by_cost")["name"]) == {"Website (p1)", "Website (p2)"}


DELETIONS = {
    "deleted_at in seconds": ("deleted_at INTEGER", "NULL", FOURTH),
    "deleted_at as text": ("deleted_at TEXT", "''", "'2026-11-04 09:00:00'"),
    "deleted_at with a zero time": ("deleted_at TEXT", "'0001-01-01T00:00:00Z'", "'2026-11-04'"),
    "a flag": ("is_deleted INTEGER DEFAULT 0", 0, 1),
    "a flag in words": ("deleted TEXT", "'no'", "'Yes'"),
    "deleted_at in milliseconds": ("deleted_at INTEGER", 253402300799000, f"{FOURTH}000"),
    "deleted_at as the number of a day": ("deleted_at INTEGER", 99991231, 20261104),
    "deleted_at never": ("deleted_at TEXT", "'9999-12-31 23:59:59'", "'2026-11-04'"),
    "deleted_at never in seconds": ("deleted_at INTEGER", 253402300799, FOURTH),
    "deleted_at in the year 1 in seconds": ("deleted_at INTEGER", -62135596800, 1),
    "a time in a column of flags": ("deleted TEXT", "'9999-12-31'", "'2026-11-04'"),
    "removed_at": ("removed_at REAL", 0, FOURTH),
    "a soft deletion": ("soft_deleted INTEGER DEFAULT 0", 0, 1),
    "a void": ("is_void BOOLEAN", "'false'", "'true'"),
}


@pytest.mark.parametrize(("column", "kept", "gone"), DELETIONS.values(), ids=DELETIONS)
def test_a_row_that_says_that_it_is_deleted_is_in_nothing(live, column, kept, gone):
    name, declared = column.split(" ", 1)
    worked = entries(
        ("'a'", "'p1'", "'u1'", SECOND, 3600, 100, kept),
        ("'b'", "'p1'", "'u1'", THIRD, 3600, 100, gone),
        columns=f"id, project_id, user_id, started_at, seconds, cost_usd, {name}",
        **{name: declared},
    )
    found = live(PROJECTS + PEOPLE + worked)
    assert (found.hours(), found.cost()) == (1, 100)


def test_a_row_whose_status_means_deleted_is_in_nothing_and_an_archived_project_is_something(live):
    found = live("""
        CREATE TABLE projects (id TEXT PRIMARY KEY, name TEXT, status TEXT);
        INSERT INTO projects VALUES ('p1', 'Alpha', 'Deleted '), ('p2', 'Beta', 'archived');
    """)
    assert list(found.frame("project_list")["name"]) == ["Beta"]


def test_a_mapping_can_undo_what_leaves_rows_out(database_of, answer, tmp_path):
    mapping = tmp_path / "schema.toml"
    mapping.write_text("[time_entry]\ndeleted = []\n")
    columns = "id, started_at, seconds, deleted_at"
    script = entries(("'a'", SECOND, 3600, THIRD), ("'b'", SECOND, 3600, "NULL"), columns=columns)
    assert Live(database_of(script, mapping), answer).hours() == 2


def test_a_counter_that_grows_is_read_by_its_newest_row(live):
    found = live(f"""
        CREATE TABLE worker_stats
        (worker_id TEXT, worker_name TEXT, total_requests INTEGER, last_request_at INTEGER);
        INSERT INTO worker_stats VALUES ('w', 'api', 100, {SECOND}), ('w', 'api', 250, {THIRD});
    """)
    assert list(found.frame("known_workers")["lifetime_requests"]) == [250]


def test_a_lifetime_that_is_written_daily_is_read_by_its_newest_row(live):
    costs = """
        CREATE TABLE project_costs (project_id TEXT, total_cost REAL, updated_at TEXT);
        INSERT INTO project_costs VALUES
        ('p1', 500, '2026-11-09'), ('p1', 600, '2026-11-10'), ('p2', 7, '2026-11-10');
    """
    lifetimes = live(PROJECTS + costs).frame("project_list").set_index("name")["lifetime"]
    assert lifetimes.to_dict() == {"Alpha": 600, "Beta": 7}


def test_a_lifetime_in_parts_is_the_sum_of_the_newest_row_of_each(live):
    costs = """
        CREATE TABLE project_costs (project_id TEXT, month TEXT, total_cost REAL, updated_at TEXT);
        INSERT INTO project_costs VALUES ('p1', '2026-09', 10, '2026-10-01'),
        ('p1', '2026-10', 15, '2026-10-20'), ('p1', '2026-10', 20, '2026-11-01');
    """
    lifetimes = live(PROJECTS + costs).frame("project_list").set_index("name")["lifetime"]
    assert lifetimes["Alpha"] == 30


def test_a_name_that_a_deleted_row_has_too_means_the_row_that_is_left(live):
    projects = """
        CREATE TABLE projects (id INTEGER PRIMARY KEY, name TEXT, deleted_at TEXT);
        INSERT INTO projects VALUES (1, 'Website', '2026-01-01'), (2, 'Website', NULL);
    """
    columns = "id, project, started_at, seconds, cost_usd"
    found = live(projects + entries(("'a'", "'website '", SECOND, 3600, 100), columns=columns))
    costs = found.frame("cost_by_project")
    assert list(zip(costs["project"], costs["name"], costs["cost"], strict=True)) == [
        ("2", "Website", 100)
    ]


def test_a_day_that_was_reported_twice_is_read_by_its_newest_report(live):
    found = live("""
        CREATE TABLE daily_spend (date TEXT, total_cost REAL, created_at TEXT);
        INSERT INTO daily_spend VALUES ('2026-11-02', 10.0, '2026-11-03 01:00:00'),
        ('2026-11-02', 12.5, '2026-11-04 01:00:00'), ('2026-11-03', 5.0, '2026-11-04 01:00:00');
    """)
    reported = found.frame("reported_by_day")
    assert reported.filter(like="cost").max(axis=1).sum() == 17.5 or reported["total"].sum() == 17.5


def test_a_category_is_read_whatever_its_case_and_the_space_around_it(live):
    found = live("""
        CREATE TABLE cost_breakdown (date TEXT, category TEXT, cost_usd REAL);
        INSERT INTO cost_breakdown VALUES ('2026-11-02', 'infrastructure', 10),
        ('2026-11-02', ' Infrastructure
', 20), ('2026-11-02', 'ai', 5), ('2026-11-02', NULL, 1);
    """)
    assert found.cost() == 30


def test_a_line_that_adds_up_others_is_no_line(live):
    found = live("""
        CREATE TABLE cloudflare_usage (usage_date TEXT, service TEXT, cost_usd REAL);
        INSERT INTO cloudflare_usage VALUES
        ('2026-11-02', 'Workers', 3), ('2026-11-02', 'R2', 4), ('2026-11-02', ' Total', 7);
    """)
    assert found.cost() == 7


def test_an_invoice_that_is_void_or_refunded_is_no_cost(live):
    found = live("""
        CREATE TABLE billing_usage (date TEXT, service TEXT, cost_usd REAL, status TEXT);
        INSERT INTO billing_usage VALUES ('2026-11-02', 'a', 3, 'paid'),
        ('2026-11-02', 'b', 4, 'Void'),
        ('2026-11-03', 'c', 5, 'refunded'), ('2026-11-03', 'd', 6, 'draft'),
        ('2026-11-03', 'e', 1, NULL);
    """)
    assert found.cost(NOVEMBER) == 4


def test_a_table_of_which_no_row_counts_feeds_no_category_where_another_would(live):
    found = live("""
        CREATE TABLE cloudflare_usage (
            usage_date TEXT, service TEXT, cost_usd REAL, deleted_at TEXT);
        INSERT INTO cloudflare_usage VALUES ('2026-11-02', 'w', 5, '2026-11-03');
        CREATE TABLE billing_usage (usage_date TEXT, service TEXT, cost_usd REAL, status TEXT);
        INSERT INTO billing_usage VALUES ('2026-11-02', 'w', 7, 'void');
        CREATE TABLE cost_breakdown (date TEXT, category TEXT, cost_usd REAL);
        INSERT INTO cost_breakdown VALUES ('2026-11-02', 'hosting', 20), ('2026-11-02', 'ai', 3);
    """)
    assert found.cost() == 20


def test_test_messages_and_test_runs_are_none(live):
    found = live(f"""
        CREATE TABLE workflow_runs (
            id TEXT PRIMARY KEY, started_at INTEGER, status TEXT, is_test INTEGER);
        INSERT INTO workflow_runs VALUES ('a', {SECOND}, 'failed', 1), ('b', {SECOND}, 'ok', 0);
    """)
    assert list(found.frame("runs_by_day")["outcome"]) == ["Succeeded"]


def test_a_key_of_two_columns_is_matched_by_both_where_both_are_there(live):
    projects = """
        CREATE TABLE projects (org_id TEXT, id INTEGER, name TEXT, PRIMARY KEY (org_id, id));
        INSERT INTO projects VALUES ('a', 1, 'Alpha'), ('b', 1, 'Beta'), ('b', 2, 'Gamma');
    """
    rows = [("'A'", 1, SECOND, 3600, 10), ("'b'", 1, SECOND, 3600, 20), ("'b'", 2, THIRD, 3600, 5)]
    columns = "org_id, project_id, started_at, seconds, cost_usd"
    found = live(projects + entries(*rows, columns=columns))
    assert found.costs() == {"Alpha": 10, "Beta": 20, "Gamma": 5}
    assert len(found.frame("project_list")) == 3


def test_an_id_alone_means_the_only_row_that_has_it(live):
    projects = """
        CREATE TABLE projects (org_id TEXT, id INTEGER, name TEXT, PRIMARY KEY (org_id, id));
        INSERT INTO projects VALUES ('a', 1, 'Alpha'), ('b', 1, 'Beta'), ('b', 2, 'Gamma');
    """
    columns = "project_id, started_at, seconds, cost_usd"
    rows = (1, SECOND, 3600, 10), (2, SECOND, 3600, 20)
    assert live(projects + entries(*rows, columns=columns)).costs() == {"1": 10, "Gamma": 20}


def test_of_what_was_listed_and_what_was_paid_the_cost_is_what_was_paid(live):
    found = live("""
        CREATE TABLE cloudflare_usage (
            usage_date TEXT, service TEXT, cost_usd REAL, billed_cost_usd REAL);
        INSERT INTO cloudflare_usage VALUES ('2026-11-02', 'a', 10, 8), ('2026-11-02', 'b', 10, 0);
    """)
    assert found.cost() == 8


def test_where_nothing_else_was_paid_the_cost_is_what_was_listed(live):
    found = live("""
        CREATE TABLE ai_cost_tracking (
            usage_date TEXT, model TEXT, cost_usd REAL, net_cost_usd REAL DEFAULT 0);
        INSERT INTO ai_cost_tracking VALUES ('2026-11-02', 'm', 100, NULL),
        ('2026-11-03', 'm', 100, 50), ('2026-11-03', 'm', 100, 0);
    """)
    assert (found.cost(), found.unpriced()) == (150, 0)


def test_old_and_new_columns_of_a_cost_are_followed_in_ai_use(live):
    found = live("""
        CREATE TABLE ai_cost_tracking (
            usage_date TEXT, model TEXT, cost_usd REAL, cost_cents INTEGER);
        INSERT INTO ai_cost_tracking VALUES
        ('2026-11-02', 'm', 10, NULL), ('2026-11-03', 'm', NULL, 2000);
    """)
    assert (found.cost(), found.unpriced()) == (30, 0)


def test_an_error_that_says_how_often_it_happened_counts_as_often(live):
    found = live(f"""
        CREATE TABLE error_logs (
            id INTEGER PRIMARY KEY, message TEXT, times_seen INTEGER, created_at INTEGER);
        INSERT INTO error_logs VALUES (1, 'x', 40, {SECOND}),
        (2, 'y', NULL, {SECOND}), (3, 'z', 0, {SECOND});
    """)
    assert found.frame("events_by_day")["events"].sum() == 42
    assert list(found.frame("top_errors")["events"]) == [40, 1, 1]


def test_a_break_is_no_working_time(live):
    columns = "started_at, ended_at, seconds, break_minutes"
    rows = [
        (SECOND, SECOND + 7200, "NULL", 30),
        (SECOND, SECOND + 7200, 7200, 30),
        (SECOND, SECOND + 7200, 5400, 30),
        (SECOND, SECOND + 7200, "NULL", "NULL"),
    ]
    assert live(entries(*rows, columns=columns)).hours() == 1.5 + 1.5 + 1.5 + 2


ROUNDED = {
    "rounded, with the break": (8.33, 30, 8.33 - 0.5),
    "rounded, without the break": (7.83, 30, 7.83),
    "without a break of a minute": (8 + 19 / 60, 1, 8 + 19 / 60),
    "an hour less, for another reason": (7, 30, 7),
    "0 where nothing was written": (0, 30, 8 + 1 / 3 - 0.5),
}


@pytest.mark.parametrize(("hours", "pause", "worked"), ROUNDED.values(), ids=ROUNDED)
def test_a_break_is_subtracted_from_hours_that_are_rounded_too(live, hours, pause, worked):
    columns = "started_at, ended_at, hours, break_minutes"
    row = ("'2026-11-02 09:00:00'", "'2026-11-02 17:20:00'", hours, pause)
    assert live(entries(row, columns=columns)).hours() == pytest.approx(worked)


def test_a_break_is_not_subtracted_from_no_seconds_without_an_end(live):
    found = live(entries((SECOND, 0, 30), columns="started_at, seconds, break_minutes"))
    assert found.hours() == 0


def test_seconds_that_were_never_written_beside_an_end_lie_between_start_and_end(live):
    columns = "started_at, ended_at, seconds"
    rows = (SECOND, SECOND + 3600, 0), (THIRD, THIRD + 3600, 0), (THIRD, THIRD, 0)
    found = live(entries(*rows, columns=columns))
    assert (found.hours(), found.counted("entries")) == (2, 3)


def test_a_date_is_no_end_of_what_began_at_a_time_of_day(live):
    columns = "started_at, ended_at, seconds"
    rows = (
        ("'2026-11-02 09:00:00'", "'2026-11-02'", "NULL"),
        ("'2026-11-03 09:00:00'", "'2026-11-03'", 3600),
        ("'2026-11-04 09:00:00'", "'2026-11-04 11:00:00'", "NULL"),
    )
    found = live(entries(*rows, columns=columns))
    assert [found.counted(c) for c in ("entries", "running", "unread")] == [2, 0, 1]
    assert found.hours() == 3


def test_a_run_that_was_tried_again_is_one_run_with_its_last_outcome(live):
    found = live(f"""
        CREATE TABLE workflow_runs (id TEXT PRIMARY KEY, run_id TEXT, attempt INTEGER, status TEXT,
        started_at INTEGER, duration_ms INTEGER);
        INSERT INTO workflow_runs VALUES ('1', 'a', 1, 'failed', {SECOND}, 0),
        ('2', 'a', 2, 'TIMED_OUT', {SECOND} + 60, 5), ('3', 'a', 3, 'success', {SECOND} + 120, 7),
        ('4', 'b', 1, 'upstream_failed', {SECOND}, 0);
    """)
    runs = found.frame("runs_by_workflow")
    assert runs.groupby("outcome")["runs"].sum().to_dict() == {"Succeeded": 1, "Failed": 1}
    assert runs.set_index("outcome")["bucket"].isna()["Failed"]


RETRIES = {
    "a chain, numbered": ("'r1', 2", "'r2', 3"),
    "a chain, not numbered": ("'r1', NULL", "'r2', NULL"),
    "all of the first, numbered": ("'r1', 2", "'r1', 3"),
    "all of the first, not numbered": ("'r1', NULL", "'r1', NULL"),
}


@pytest.mark.parametrize(("second", "third"), RETRIES.values(), ids=RETRIES)
@pytest.mark.parametrize("first", ["NULL", "'r1'"])
def test_a_run_and_its_retries_are_one_run_with_the_last_outcome(live, first, second, third):
    found = live(f"""
        CREATE TABLE workflow_runs (id TEXT PRIMARY KEY, workflow_name TEXT, status TEXT,
        started_at INTEGER, retry_of TEXT, attempt INTEGER);
        INSERT INTO workflow_runs VALUES ('r1', 'w', 'failed', {SECOND}, {first}, 1),
        ('r2', 'w', 'failed', {SECOND} + 60, {second}), ('r3', 'w', 'success', {THIRD}, {third}),
        ('other', 'w', 'failed', {SECOND}, NULL, 1);
    """)
    outcomes = found.frame("runs_by_day").groupby("outcome")["runs"].sum()
    assert outcomes.to_dict() == {"Succeeded": 1, "Failed": 1}


@pytest.mark.parametrize("first", ["NULL", 0, 1])
def test_a_first_attempt_counts_once_with_its_retry_whether_or_not_it_has_a_number(live, first):
    found = live(f"""
        CREATE TABLE workflow_runs (id TEXT PRIMARY KEY, run_id TEXT, attempt INTEGER, status TEXT,
        started_at INTEGER);
        INSERT INTO workflow_runs VALUES ('1', 'a', {first}, 'failed', {SECOND}),
        ('2', 'a', 2, 'success', {SECOND} + 60), ('3', 'b', {first}, 'failed', {SECOND});
    """)
    outcomes = found.frame("runs_by_day").groupby("outcome")["runs"].sum()
    assert outcomes.to_dict() == {"Succeeded": 1, "Failed": 1}


ATTEMPTS = f"""
    CREATE TABLE projects (id TEXT PRIMARY KEY, name TEXT);
    INSERT INTO projects VALUES ('p1', 'Alpha'), ('p2', 'Beta');
    CREATE TABLE workflow_runs (run_id TEXT, attempt INTEGER, workflow_name TEXT, project_id TEXT,
    status TEXT, started_at INTEGER);
    CREATE INDEX by_run ON workflow_runs (run_id);
    CREATE INDEX by_start ON workflow_runs (started_at);
    INSERT INTO workflow_runs VALUES ('a', 1, 'w', 'p1', 'failed', {SECOND}),
    ('a', 2, 'w', 'p1', 'success', {SECOND} + 60), ('b', 1, 'v', 'p2', 'success', {SECOND});
    CREATE TABLE workflow_steps (run_id TEXT, step_name TEXT, status TEXT, started_at INTEGER,
    duration_ms INTEGER);
    INSERT INTO workflow_steps VALUES ('a', 's', 'success', {SECOND}, 5),
    ('b', 's', 'success', {SECOND}, 5), ('gone', 's', 'success', {SECOND}, 5);
    CREATE INDEX by_step_start ON workflow_steps (started_at);
    CREATE TABLE workflow_events (run_id TEXT, event_type TEXT, message TEXT, created_at INTEGER);
    INSERT INTO workflow_events VALUES ('a', 'x', 'one', {SECOND}), ('b', 'x', 'two', {THIRD}),
    ('gone', 'x', 'three', {FOURTH});
    CREATE INDEX by_writing ON workflow_events (created_at);
"""
"""A run whose attempts share its id, one of another project, and what lost its run."""


def test_a_step_counts_once_however_many_attempts_share_the_id_of_its_run(live):
    found = live(ATTEMPTS)
    counted = found.frame("steps").fillna({"workflow": "none"}).set_index("workflow")["steps"]
    assert counted.to_dict() == {"w": 1, "v": 1, "none": 1}
    assert found.frame("steps", projects=("p1",))["steps"].tolist() == [1]


def test_an_event_is_told_once_however_many_attempts_share_the_id_of_its_run(live):
    found = live(ATTEMPTS)
    assert found.frame("workflow_events")["message"].tolist() == ["three", "two", "one"]
    assert found.frame("workflow_events", projects=("p1",))["message"].tolist() == ["one"]


@pytest.mark.parametrize(
    ("query", "range_", "indexed"),
    [
        ("steps", "workflow_steps USING INDEX by_step_start", "started_at"),
        ("workflow_events", "workflow_events USING INDEX by_writing", "created_at"),
    ],
)
@pytest.mark.parametrize("choice", [{}, {"projects": ("p1",)}], ids=["all", "project"])
def test_the_run_of_a_step_or_event_is_found_by_its_index(live, query, range_, indexed, choice):
    found = live(ATTEMPTS).source
    asked = Ask(QUERIES[query], Selection(NOVEMBER, TODAY, **choice), 5)
    statement = asked.compiled(found.binding).statement
    explained = Statement(f"EXPLAIN QUERY PLAN {statement.sql}", statement.params)
    [rows] = found.database.fetch([explained])
    steps = "\n".join(str(row[-1]) for row in rows.rows)
    assert f"{range_} ({indexed}>? AND {indexed}<?)" in steps
    assert "workflow_runs USING INDEX by_run (run_id=?)" in steps
    assert "SCAN workflow" not in steps


@pytest.mark.parametrize("caller", ["parent_run_id", "root_run_id"])
def test_a_run_that_another_one_calls_is_no_retry_of_it(live, caller):
    found = live(f"""
        CREATE TABLE workflow_runs (id TEXT PRIMARY KEY, workflow_name TEXT, status TEXT,
        started_at INTEGER, {caller} TEXT, attempt INTEGER);
        INSERT INTO workflow_runs VALUES ('p', 'w', 'success', {SECOND}, NULL, 1),
        ('c1', 'w2', 'success', {SECOND}, 'p', 1), ('c2', 'w3', 'success', {SECOND}, 'p', 2);
    """)
    assert found.frame("runs_by_day")["runs"].sum() == 3


def test_a_row_of_the_future_makes_no_source_fresh(live):
    columns = "started_at, seconds"
    future = SECOND + 400 * 86400
    found = live(entries((SECOND, 3600), (future, 3600), columns=columns))
    assert found.frame("newest_lines")["at"].iloc[0].timestamp() == SECOND


PARTS = {
    "the parts of a day, by category": (
        "reported_by_day",
        """
        CREATE TABLE daily_spend (date TEXT, category TEXT, total_cost REAL, created_at TEXT);
        INSERT INTO daily_spend VALUES ('2026-11-02', 'ai', 8, '2026-11-03 01:00:00'),
        ('2026-11-02', 'ai', 10, '2026-11-03 02:00:00'),
        ('2026-11-02', 'time', 20, '2026-11-03 01:00:00'),
        ('2026-11-02', 'infra', 30, '2026-11-03 01:00:00'),
        ('2026-11-02', 'Total', 60, '2026-11-03 03:00:00');
        """,
        60,
    ),
    "the parts of a week, by project": (
        "weekly_reports",
        """
        CREATE TABLE weekly_spend_reports
        (week_start TEXT, project_id TEXT, total_cost REAL, created_at TEXT);
        INSERT INTO weekly_spend_reports VALUES
        ('2026-11-02', 'a', 20, '2026-11-09'), ('2026-11-02', 'b', 30, '2026-11-09');
        """,
        50,
    ),
    "the parts of a project's cost, by month and category": (
        "reported_by_project",
        """
        CREATE TABLE project_costs (
            project_id TEXT, month TEXT, category TEXT, total_cost_usd REAL, updated_at TEXT);
        INSERT INTO project_costs VALUES ('p1', '2026-10', 'ai', 10, '2026-11-01'),
        ('p1', '2026-10', 'time', 20, '2026-11-01'), ('p1', '2026-11', 'time', 30, '2026-11-01');
        """,
        60,
    ),
    "a month's categories, one of them written twice, and their sum": (
        "reported_by_month",
        """
        CREATE TABLE cost_analytics (month TEXT, category TEXT, cost_usd REAL, updated_at TEXT);
        INSERT INTO cost_analytics VALUES ('2026-11', 'ai', 8, '2026-11-10'),
        ('2026-11', 'ai', 10, '2026-11-20'), ('2026-11', 'time', 20, '2026-11-10'),
        ('2026-11', 'Total', 30, '2026-11-20');
        """,
        30,
    ),
    "a project's month that was written twice": (
        "reported_by_project_month",
        """
        CREATE TABLE project_cost_summary (
            project_id TEXT, month TEXT, total_cost_usd REAL, calculated_at TEXT);
        INSERT INTO project_cost_summary VALUES ('a', '2026-11', 8, '2026-11-10'),
        ('a', '2026-11', 10, '2026-11-20'), ('b', '2026-11', 20, '2026-11-10');
        """,
        30,
    ),
}


@pytest.mark.parametrize(("query", "script", "cost"), PARTS.values(), ids=PARTS)
def test_the_parts_of_a_report_add_up_and_none_is_taken_for_another(live, query, script, cost):
    assert live(script).frame(query)["cost"].sum() == cost


def test_the_parts_of_a_day_of_mail_add_up(live):
    found = live("""
        CREATE TABLE email_analytics (
            date TEXT, domain TEXT, template TEXT, sent INTEGER, delivered INTEGER, updated_at TEXT
        );
        INSERT INTO email_analytics VALUES
        ('2026-11-02', 'x.example', 'welcome', 40, 39, '2026-11-03'),
        ('2026-11-02', 'x.example', 'invoice', 60, 58, '2026-11-03'),
        ('2026-11-02', 'x.example', 'invoice', 50, 50, '2026-11-02');
    """)
    assert found.frame("reported_mail")[["sent", "delivered"]].to_numpy().tolist() == [[100, 97]]


def test_a_month_that_stands_as_its_first_day_is_that_month(live):
    found = live("""
        CREATE TABLE project_cost_summary (project_id TEXT, month TEXT, total_cost_usd REAL);
        INSERT INTO project_cost_summary VALUES
        ('a', '2026-11', 10), ('b', '2026-11-01', 20),
        ('b', '2026-12-01', 40), ('b', '2026-10', 80);
        CREATE TABLE cost_analytics (month TEXT, category TEXT, cost_usd REAL);
        INSERT INTO cost_analytics VALUES ('2026-11-01 00:00:00', 'ai', 5), ('2026-11', 'ai', 1);
    """)
    for query, cost in {"reported_by_project_month": 30, "reported_by_month": 6}.items():
        assert found.frame(query)[["month", "cost"]].to_numpy().tolist() == [["2026-11", cost]]


@pytest.mark.parametrize("dated", ["date", "snapshot_date", "as_of", "updated_at", "created_at"])
def test_a_growing_total_is_read_by_its_newest_row_whatever_column_dates_it(live, dated):
    found = live(f"""
        CREATE TABLE worker_stats (worker_id TEXT, {dated} TEXT, total_requests INTEGER);
        INSERT INTO worker_stats VALUES ('w', '2026-11-01', 100), ('w', '2026-11-03', 250),
        ('w', '2026-11-02', 150);
        CREATE TABLE project_costs (project_id TEXT, {dated} TEXT, total_cost_usd REAL);
        INSERT INTO project_costs VALUES ('p1', '2026-11-02', 600), ('p1', '2026-11-01', 500);
        CREATE TABLE workflow_analytics (workflow_name TEXT, {dated} TEXT, total_runs INTEGER);
        INSERT INTO workflow_analytics VALUES ('f', '2026-11-02', 9), ('f', '2026-11-01', 7);
    """)
    assert list(found.frame("known_workers")["lifetime_requests"]) == [250]
    assert list(found.frame("reported_by_project")["cost"]) == [600]
    assert list(found.frame("workflow_lifetimes")["runs"]) == [9]


@pytest.mark.parametrize(
    ("table", "query"), [("users", "person_choices"), ("teams", "team_choices")]
)
def test_of_two_rows_of_one_id_the_one_that_was_changed_last_counts(live, table, query):
    found = live(f"""
        CREATE TABLE {table} (id TEXT, name TEXT, created_at TEXT, updated_at TEXT);
        INSERT INTO {table} VALUES ('1', 'Old', '2025-01-01', '2025-01-01'),
        ('1', 'New', '2025-01-01', '2026-01-01');
    """)
    assert list(found.frame(query)["name"]) == ["New"]


def test_a_line_of_tokens_that_adds_up_others_or_was_refunded_is_no_line(live):
    found = live("""
        CREATE TABLE token_usage (
            usage_date TEXT, model TEXT, input_tokens INTEGER, output_tokens INTEGER, status TEXT);
        INSERT INTO token_usage VALUES ('2026-11-02', 'a', 50, 50, 'ok'),
        ('2026-11-02', 'b', 100, 100, NULL), ('2026-11-02', 'Total', 150, 150, 'ok'),
        ('2026-11-02', 'c', 7, 7, 'refunded');
    """)
    assert list(found.frame("tokens_used")["tokens"]) == [300]


def test_tokens_are_read_from_the_table_that_has_them_and_not_from_that_of_their_cost(live):
    found = live("""
        CREATE TABLE ai_cost_tracking (usage_date TEXT, model TEXT, cost_usd REAL);
        INSERT INTO ai_cost_tracking VALUES ('2026-11-02', 'm', 1);
        CREATE TABLE token_usage (usage_date TEXT, model TEXT, input_tokens INTEGER);
        INSERT INTO token_usage VALUES ('2026-11-02', 'm', 50);
    """)
    assert (found.cost(), list(found.frame("tokens_used")["tokens"])) == (1, [50])


def test_a_payment_back_below_zero_counts_beside_the_charge_that_it_undoes(live):
    found = live("""
        CREATE TABLE billing_usage (date TEXT, service TEXT, cost_usd TEXT, status TEXT);
        INSERT INTO billing_usage VALUES ('2026-11-02', 'a', '100.00', 'paid'),
        ('2026-11-03', 'a', '-100.00', 'Refunded'), ('2026-11-03', 'b', '7', 'refunded'),
        ('2026-11-03', 'c', '-5', 'void');
    """)
    assert found.cost() == 0


DONE = ("declined", "Closed", "accepted", "resolved", "ignored", "done", "fixed", "acknowledged")


@pytest.mark.parametrize("word", DONE)
def test_what_is_done_with_is_open_nowhere(live, word):
    found = live(f"""
        CREATE TABLE cost_optimization (title TEXT, savings_usd REAL, status TEXT);
        INSERT INTO cost_optimization VALUES ('A', 10, 'open'), ('B', 20, '{word} ');
        CREATE TABLE openai_spending_alerts (message TEXT, created_at TEXT, status TEXT);
        INSERT INTO openai_spending_alerts VALUES ('A', '2026-11-02', NULL),
        ('B', '2026-11-02', '{word} ');
    """)
    assert list(found.frame("savings")["title"]) == ["A"]
    assert list(found.frame("open_spend_alerts")["message"]) == ["A"]


@pytest.mark.parametrize("flag", ["is_resolved", "resolved", "acknowledged", "is_dismissed"])
def test_an_alert_that_a_flag_says_is_done_with_is_not_open(live, flag):
    found = live(f"""
        CREATE TABLE openai_spending_alerts (message TEXT, created_at TEXT, {flag} TEXT);
        INSERT INTO openai_spending_alerts VALUES ('A', '2026-11-02', 0), ('B', '2026-11-02', 1),
        ('C', '2026-11-02', 'yes'), ('D', '2026-11-02', NULL);
    """)
    assert sorted(found.frame("open_spend_alerts")["message"]) == ["A", "D"]


SPELLINGS = {
    "case": ("TEXT", "'Run-A'", "TEXT", "'run-a'"),
    "upper case and space": ("TEXT", "' RUN-A '", "TEXT", "'run-a'"),
    "a number and a text": ("INTEGER", "1", "TEXT", "'1.0'"),
    "a fraction and a number": ("REAL", "1.0", "", "1"),
    "a text and a fraction": ("TEXT", "'1'", "", "1.0"),
}


@pytest.mark.parametrize(("of_run", "run", "of_step", "step"), SPELLINGS.values(), ids=SPELLINGS)
@pytest.mark.parametrize("id_", ["id", "run_id"])
def test_the_run_of_a_step_or_event_is_met_however_its_id_is_written(
    live, id_, of_run, run, of_step, step
):
    number = "id INTEGER PRIMARY KEY, " if id_ == "run_id" else ""
    found = live(f"""
        CREATE TABLE workflow_runs ({number}{id_} {of_run}, workflow_name TEXT, status TEXT,
        started_at INTEGER);
        INSERT INTO workflow_runs ({id_}, workflow_name, status, started_at) VALUES
        ({run}, 'w', 'success', {SECOND}), ('other', 'v', 'success', {SECOND});
        CREATE TABLE workflow_steps (run_id {of_step}, step_name TEXT, status TEXT,
        started_at INTEGER);
        INSERT INTO workflow_steps VALUES ({step}, 's', 'success', {SECOND}),
        ({step}, 's', 'success', {SECOND}), ('gone', 's', 'success', {SECOND});
        CREATE TABLE workflow_events (run_id {of_step}, event_type TEXT, created_at INTEGER);
        INSERT INTO workflow_events VALUES ({step}, 'x', {SECOND}), ('gone', 'x', {THIRD});
    """)
    counted = found.frame("steps").fillna({"workflow": "none"}).set_index("workflow")["steps"]
    assert counted.to_dict() == {"w": 2, "none": 1}
    assert found.frame("workflow_events")["workflow"].fillna("none").tolist() == ["none", "w"]


def test_ids_of_runs_that_differ_in_case_are_met_as_they_are_written(live):
    found = live(f"""
        CREATE TABLE workflow_runs (id TEXT PRIMARY KEY, workflow_name TEXT, started_at INTEGER);
        INSERT INTO workflow_runs VALUES ('aB', 'w', {SECOND}), ('Ab', 'v', {SECOND});
        CREATE TABLE workflow_steps (run_id TEXT, step_name TEXT, status TEXT, started_at INTEGER);
        INSERT INTO workflow_steps VALUES ('aB', 's', 'success', {SECOND}),
        ('Ab', 's', 'success', {SECOND}), ('Ab', 's', 'success', {SECOND});
    """)
    counted = found.frame("steps").set_index("workflow")["steps"]
    assert counted.to_dict() == {"w": 1, "v": 2}


@pytest.mark.parametrize("key", ["TEXT PRIMARY KEY", "TEXT"])
def test_rows_without_an_id_are_neither_folded_into_one_nor_multiplied(live, key):
    projects = f"""
        CREATE TABLE projects (id {key}, name TEXT, updated_at TEXT);
        INSERT INTO projects VALUES (NULL, 'Beta', '2026-01-01'), (NULL, 'Gamma', '2026-01-02'),
        (NULL, 'Gamma', NULL), ('p1', 'Alpha', NULL);
        INSERT INTO projects VALUES ('p2', 'Beta', NULL);
        CREATE TABLE users (id {key}, name TEXT);
        INSERT INTO users VALUES (NULL, 'Bob'), (NULL, 'Cid'), ('u1', 'Ann');
    """
    rows = (
        ("'a'", "'p1'", "'u1'", SECOND, SECOND + 3600, 3600, 600),
        ("'b'", "NULL", "NULL", THIRD, THIRD + 3600, 3600, 300),
        ("NULL", "NULL", "NULL", THIRD, THIRD + 3600, 3600, 20),
        ("NULL", "''", "NULL", THIRD, THIRD + 3600, 3600, 20),
    )
    found = live(projects + entries(*rows))
    listed = ["Alpha", "Beta", "Beta (p2)", "Gamma", "Gamma"]
    assert sorted(found.frame("project_list")["name"]) == listed
    assert sorted(found.frame("person_choices")["name"].fillna("")) == ["Ann", "Bob", "Cid"]
    costs = found.frame("cost_by_project").fillna({"name": "none"}).set_index("name")["cost"]
    assert costs.to_dict() == {"Alpha": 600, "none": 340}
    assert (found.cost(), found.hours()) == (940, 4)
    assert found.frame("cost_by_person")["cost"].sum() == 940


def test_growing_totals_without_an_id_are_told_by_their_names(live):
    found = live("""
        CREATE TABLE worker_stats (
            worker_id TEXT, worker_name TEXT, total_requests INTEGER, updated_at TEXT);
        INSERT INTO worker_stats VALUES (NULL, 'a', 10, '2026-11-01'),
        (NULL, 'a', 20, '2026-11-02'),
        (NULL, 'b', 5, '2026-11-01'), ('w', 'c', 7, '2026-11-01');
    """)
    assert sorted(found.frame("known_workers")["lifetime_requests"]) == [5, 7, 20]


GONE = {
    "deleted_at": ("deleted_at TEXT", "'2026-11-20'", "NULL"),
    "a flag": ("is_deleted INTEGER", "1", "0"),
    "a status": ("status TEXT", "'Deleted '", "'active'"),
}


@pytest.mark.parametrize("key", ["TEXT PRIMARY KEY", "TEXT"])
@pytest.mark.parametrize(("column", "gone", "kept"), GONE.values(), ids=GONE)
def test_money_and_hours_of_a_deleted_project_are_told_by_its_name(live, column, gone, kept, key):
    projects = f"""
        CREATE TABLE projects (id {key}, name TEXT, team_id TEXT, hourly_rate REAL, {column});
        INSERT INTO projects VALUES ('p1', 'Alpha', 't1', 50, {gone}),
        ('p2', 'Beta', 't1', 60, {kept}), ('p3', 'Beta', 't1', 70, {gone}),
        ('p4', 'Beta', 't2', 80, {gone});
        CREATE TABLE users (id {key}, name TEXT, {column});
        INSERT INTO users VALUES ('u1', 'Ann', {gone}), ('u2', 'Bob', {kept});
    """
    rows = [
        ("'a'", "'P1'", "'u1'", SECOND, "NULL", 3600, "NULL"),
        ("'b'", "'p2'", "'u2'", SECOND, "NULL", 3600, "NULL"),
        ("'c'", "'p3'", "'u2'", SECOND, "NULL", 3600, 7),
        ("'d'", "'p4'", "'u2'", SECOND, "NULL", 3600, 8),
    ]
    found = live(projects + entries(*rows))
    told = {"Alpha (deleted)": 50, "Beta": 60, "Beta (p3, deleted)": 7, "Beta (p4, deleted)": 8}
    assert found.costs() == told
    assert found.costs("person") == {"Ann (deleted)": 50, "Bob": 75}
    hours = found.frame("hours_by_project").set_index("name")["hours"]
    assert hours.to_dict() == dict.fromkeys(told, 1)
    for query in ("project_list", "project_choices", "portfolio"):
        assert list(found.frame(query)["name"]) == ["Beta"], query
    assert list(found.frame("person_choices")["name"]) == ["Bob"]
    assert found.frame("cost_by_project", teams=("t1",))["cost"].sum() == 117
    assert (found.cost(), found.unpriced(), found.hours()) == (125, 0, 4)


def test_a_deleted_project_that_is_named_by_its_slug_is_met_unless_another_has_it(live):
    projects = """
        CREATE TABLE projects (id INTEGER PRIMARY KEY, slug TEXT, name TEXT, deleted_at TEXT);
        INSERT INTO projects VALUES (1, 'web', 'Old web', '2026-01-01'), (2, 'web', 'Web', NULL),
        (3, 'shop', 'Shop', '2026-01-01'), (4, 'app', 'App', NULL);
    """
    rows = ("'web'", SECOND, 3600, 1), ("'shop'", SECOND, 3600, 2), ("'app'", SECOND, 3600, 4)
    found = live(projects + entries(*rows, columns="project, started_at, seconds, cost_usd"))
    assert found.costs() == {"Web": 1, "Shop (deleted)": 2, "App": 4}


REFUNDS = {
    "both rows say so": ("(100, 'refunded', '2026-10-30'), (-100, 'refunded', '2026-11-03')", 0),
    "of a part": ("(100, 'refunded', '2026-10-30'), (-30, 'refunded', '2026-11-03')", 70),
    "in two parts": (
        """(100, 'Refunded', '2026-10-30'), (-30, 'refunded', '2026-11-03'),
        (-70, 'refunded', '2026-11-04')""",
        0,
    ),
    "the payment back alone says so": (
        "(100, 'paid', '2026-10-30'), (-100, 'refunded', '2026-11-03')",
        0,
    ),
    "the charge alone says so": ("(100, 'refunded', '2026-10-30'), (5, 'paid', '2026-10-30')", 5),
    "of another charge": (
        """(100, 'refunded', '2026-10-30'), (7, 'paid', '2026-10-30'),
        (-7, 'succeeded', '2026-11-03')""",
        0,
    ),
}


@pytest.mark.parametrize(("rows", "net"), REFUNDS.values(), ids=REFUNDS)
@pytest.mark.parametrize("table", ["billing_usage", "ai_cost_tracking"])
@pytest.mark.parametrize("id_", ["id INTEGER PRIMARY KEY, ", "id INTEGER, "])
def test_of_a_charge_and_its_refund_the_net_is_what_was_paid(live, rows, net, table, id_):
    named = "service" if table == "billing_usage" else "model"
    found = live(f"""
        CREATE TABLE {table} ({id_}cost_usd REAL, status TEXT, date TEXT, {named} TEXT DEFAULT 'a');
        INSERT INTO {table} (cost_usd, status, date) VALUES {rows};
        INSERT INTO {table} VALUES (90, 8, 'refunded', '2026-10-30', 'b'),
        (91, -8, 'refunded', '2026-11-05', 'b'), (92, 9, 'refunded', '2026-10-30', 'c');
    """)
    both = Period(OCTOBER.start, NOVEMBER.end)
    assert found.cost(both) == net
    assert found.cost(OCTOBER) + found.cost(NOVEMBER) == net
