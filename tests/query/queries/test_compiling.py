"""From a named query to one statement: clauses, names, parameters, and what is lacking."""

import json
import math
import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meaux.data.database import limits
from meaux.query import queries
from meaux.query.answers import Ask
from meaux.query.filters import Period, Selection
from meaux.query.queries import QUERIES, Unanswerable, compile_query
from meaux.query.queries.reader import read_files

HOSTILE = (
    "it's",
    'a "b"',
    "?1",
    ":teams",
    "[[ x ]]",
    "]]",
    "'; DROP TABLE projects; --",
    "\\",
    "🦐",
)

SCRIPT = """
CREATE TABLE projects (id TEXT, team_id TEXT, name TEXT, status TEXT, created_at TEXT);
CREATE TABLE time_entries (
  project_id TEXT, user_id TEXT, started_at INTEGER, seconds INTEGER, cost_usd REAL
);
"""


def compiled(source, selection, name="cost_by_day"):
    return compile_query(QUERIES[name], source.binding, selection, {"limit": 5})


def test_a_query_is_an_attribute_of_its_module():
    assert queries.cost_by_day is QUERIES["cost_by_day"]
    with pytest.raises(AttributeError, match="there is no query 'cost_by_hour'"):
        _ = queries.cost_by_hour


@pytest.mark.parametrize("name", ["teams", "projects", "people"])
def test_a_clause_stands_only_where_its_parameter_is_set(demo_source, select, name):
    plain = compiled(demo_source, select())
    narrowed = compiled(demo_source, select(**{name: ("x",)}))
    assert "json_each" not in plain.statement.sql
    assert narrowed.statement.sql.count("json_each") == 1
    assert json.dumps(["x"]) in narrowed.statement.params


@pytest.mark.parametrize("period", ["today", "30d", "all"])
@pytest.mark.parametrize("zone", ["UTC", "Africa/Casablanca", "Australia/Lord_Howe"])
def test_a_statement_is_within_the_limits_of_d1(demo_source, select, period, zone):
    everything = {name: tuple(f"id_{n}" for n in range(500)) for name in ("teams", "projects")}
    for name in QUERIES:
        statement = compiled(demo_source, select(period, zone=zone, **everything), name).statement
        assert len(statement.params) <= limits.PARAMETERS
        assert len(statement.sql.encode()) <= limits.SQL_BYTES
        assert all(isinstance(param, str) for param in statement.params)


def test_placeholders_are_numbered_from_one_without_a_gap(demo_source, select):
    statement = compiled(demo_source, select(projects=("x",)), "top_projects_by_cost").statement
    used = {int(number) for number in re.findall(r"\?(\d+)", statement.sql)}
    assert used == set(range(1, len(statement.params) + 1))
    assert not re.search(r"[^:]:[a-z]", statement.sql)


def test_a_number_of_the_page_is_cast_because_d1_binds_text(demo_source, select):
    statement = compiled(demo_source, select(), "top_projects_by_cost").statement
    assert re.search(r"LIMIT CAST\(\?\d+ AS INTEGER\)", statement.sql)


def test_the_same_question_is_the_same_statement(demo_source, select):
    assert compiled(demo_source, select()).statement == compiled(demo_source, select()).statement


@pytest.mark.parametrize("ids", [HOSTILE, *((one,) for one in HOSTILE)])
@pytest.mark.parametrize("name", ["teams", "projects", "people"])
def test_no_text_in_a_choice_is_read_as_sql(answer, select, name, ids):
    found = answer(queries.cost_by_day, select(**{name: ids}))
    assert found.state == "empty"
    for one in ids:
        assert one not in found.statement.sql or one in ("?1", "]]", "\\")


def test_a_project_of_a_hostile_name_can_be_chosen(database_of, select):
    rows = "".join(
        f"INSERT INTO time_entries VALUES ('{one.replace(chr(39), chr(39) * 2)}', 'u', "
        "CAST(strftime('%s', '2026-11-20') AS INTEGER), 3600, 10);"
        for one in HOSTILE
    )
    source = database_of(SCRIPT + rows)
    for one in HOSTILE:
        statement = compiled(source, select(projects=(one,))).statement
        [(day, category, cost, unpriced)] = source.database.fetch([statement])[0].rows
        assert (day, category, cost, unpriced) == ("2026-11-20", "Time", 10.0, 0)


def test_a_list_may_have_any_length(answer, select):
    ids = tuple(f"prj_{n}" for n in range(5_000))
    narrowed = answer(queries.cost_by_day, select(projects=(*ids, "prj_cafe_etoile")))
    alone = answer(queries.cost_by_day, select(projects=("prj_cafe_etoile",)))
    assert narrowed.state == "ready"
    assert narrowed.frame.equals(alone.frame)


def test_what_a_query_can_do_without_is_told(database_of, select):
    found = compiled(database_of(SCRIPT), select())
    assert found.without["ai_usage"].startswith("the table ai_cost_tracking")
    assert found.without["infrastructure_usage"].startswith("the table cloudflare_usage")
    assert "time_entry.project" not in found.without


@pytest.mark.parametrize("choice", [{}, {"teams": ("x",), "people": ("y",)}])
def test_what_is_missing_is_told_alike_with_and_without_a_statement(database_of, select, choice):
    binding = database_of(SCRIPT).binding
    asks = [Ask(query, select(**choice), limit=1, names=("x",)) for query in QUERIES.values()]
    told = [outcome(ask.missing, binding) for ask in asks]
    assert told == [outcome(lambda b, ask=ask: ask.compiled(b).without, binding) for ask in asks]
    assert {type(one) for one in told} == {dict, str}


def outcome(of, binding):
    """What is returned, or the sentence on what is lacking."""
    try:
        return of(binding)
    except Unanswerable as reason:
        return str(reason)


def test_an_optional_table_that_is_missing_has_no_rows(database_of, select):
    source = database_of(
        SCRIPT + "INSERT INTO time_entries VALUES ('p', 'u', strftime('%s', '2026-11-20'), 60, 2);"
    )
    statement = compiled(source, select()).statement
    assert source.database.fetch([statement])[0].rows == [("2026-11-20", "Time", 2.0, 0)]


LACKING = {
    "projects_by_status": "Needs the table projects.",
    "team_choices": "Needs the table teams.",
    "active_people": (
        "Needs the table user_sessions or the table time_entries or the table time_logs"
    ),
    "cost_by_day": "Needs the table time_entries or the table time_logs or",
}


@pytest.mark.parametrize(("name", "words"), LACKING.items())
def test_on_an_empty_database_a_query_says_what_it_needs(database_of, select, name, words):
    with pytest.raises(Unanswerable) as caught:
        compiled(database_of(""), select(), name)
    assert str(caught.value).startswith(words)


@pytest.mark.parametrize("name", QUERIES)
def test_no_query_is_answered_from_nothing(database_of, select, name):
    with pytest.raises(Unanswerable, match=r"Needs .*the table"):
        compiled(database_of(""), select(), name)


def test_a_missing_column_that_is_needed_is_named_in_physical_words(database_of, select):
    source = database_of("CREATE TABLE projects (id TEXT, name TEXT);")
    with pytest.raises(Unanswerable) as caught:
        compiled(source, select(), "projects_by_status")
    assert caught.value.lacking == ("projects.status or projects.state or projects.status_name",)


def test_a_missing_column_never_becomes_a_text(database_of, select):
    source = database_of(
        "CREATE TABLE projects (id TEXT); INSERT INTO projects VALUES ('p1');"
        "CREATE TABLE time_entries (project_id TEXT, started_at INTEGER);"
        "INSERT INTO time_entries VALUES ('p1', strftime('%s', '2026-11-20'));"
    )
    for name in ("project_choices", "top_projects_by_activity", "latest_activity"):
        rows = source.database.fetch([compiled(source, select(), name).statement])[0].rows
        cells = {cell for row in rows for cell in row if isinstance(cell, str)}
        assert cells == {"p1"}


BARE = """
CREATE TABLE time_entries (started_at INTEGER, seconds INTEGER);
INSERT INTO time_entries VALUES (strftime('%s', '2026-11-20'), 60);
CREATE TABLE projects (id TEXT PRIMARY KEY, name TEXT, status TEXT);
CREATE TABLE project_milestones (project_id TEXT, title TEXT, completed_at TEXT);
CREATE TABLE ai_cost_tracking (created_at TEXT, model TEXT, cost_usd REAL);
"""
CHOICES = {
    "project": {"projects": ("p1",)},
    "team": {"teams": ("t1",)},
    "user": {"people": ("u1",)},
}


@pytest.mark.parametrize(
    ("name", "choice", "needed"),
    [
        ("hours_by_day", "project", "time_entries.project_id"),
        ("hours_by_day", "user", "time_entries.user_id"),
        ("odd_entries", "user", "time_entries.user_id"),
        ("model_cost_by_day", "user", "ai_cost_tracking.user_id"),
        ("deliverables", "user", "project_milestones.owner_id"),
        ("deliverables", "team", "projects.team_id"),
        ("projects_by_status", "team", "projects.team_id"),
    ],
)
def test_what_the_filters_choose_by_is_needed_where_they_do(
    database_of, select, name, choice, needed
):
    source = database_of(BARE)
    assert compiled(source, select(), name)
    with pytest.raises(Unanswerable, match=f"Needs .*{re.escape(needed)}"):
        compiled(source, select(**CHOICES[choice]), name)


ZONES = """
-- name: zones
-- The zone as it is known, and the offset at an instant.
-- returns: since number, until number, seconds integer, at integer
SELECT
    zone_offset.since AS since,
    zone_offset.until AS until,
    zone_offset.seconds AS seconds,
    offset_at({at} + 0) AS at
FROM zone_offset
"""


def zone_rows(source, selection, tmp_path, at):
    """Every row of the zone, with the offset that holds at an instant."""
    file = tmp_path / "zones.sql"
    file.write_text(ZONES.replace("{at}", str(at)), encoding="utf-8")
    query = read_files([file], source.binding.model)[0]["zones"]
    statement = compile_query(query, source.binding, selection).statement
    return source.database.fetch([statement])[0].rows


@pytest.mark.parametrize("zone", ["UTC", "Europe/Paris", "Asia/Kolkata", "Australia/Lord_Howe"])
@settings(max_examples=30)
@given(days=st.integers(0, 9_000), hours=st.integers(0, 24 * 400))
def test_the_zone_is_known_at_every_instant_until_a_year_after_the_period(
    demo_source, tmp_path_factory, zone, days, hours
):
    start = date(2000, 1, 1) + timedelta(days=days)
    selection = Selection(Period(start, start + timedelta(days=31)), start, zone)
    at = selection.bounds[0] + hours * 3_600
    rows = zone_rows(demo_source, selection, tmp_path_factory.mktemp("zone"), at)
    right = datetime.fromtimestamp(at, ZoneInfo(zone)).utcoffset().total_seconds()
    assert {found for *_, found in rows} == {right}
    assert [seconds for since, until, seconds, _ in rows if since <= at < until] == [right]
    assert rows[0][0] == -math.inf
    assert rows[-1][1] == math.inf
    assert [until for _, until, *_ in rows[:-1]] == [since for since, *_ in rows[1:]]


def test_a_query_may_be_asked_of_another_table_than_the_one_in_use(database_of, select):
    source = database_of(
        SCRIPT + "INSERT INTO time_entries VALUES ('p', 'u', strftime('%s', '2026-11-20'), 60, 2);"
        "CREATE TABLE time_logs (log_date TEXT, hours REAL, user_id TEXT);"
        "INSERT INTO time_logs VALUES ('2026-11-20', 2.5, 'u'), ('2026-11-21', 0.5, 'u');"
    )
    asked = Ask(QUERIES["hours_recorded"], select(), on={"time_entry": "time_logs"})
    found = asked.compiled(source.binding)
    assert found.sources["time_entry"] == "time_logs"
    assert source.database.fetch([found.statement])[0].rows == [(3.0, 2)]
    by_project = Ask(QUERIES["hours_by_project"], select(), on={"time_entry": "time_logs"})
    with pytest.raises(Unanswerable, match=r"Needs time_logs\.project_id"):
        by_project.compiled(source.binding)


KNOWN = """
-- name: with_and_without
-- Whether a database says who worked, and on what.
-- returns: person integer, project integer
-- optional: time_entry.person, time_entry.project
SELECT
    known(time_entry.person) AS person,
    known(time_entry.project) AS project
FROM time_entry
"""


def test_a_query_can_tell_a_missing_column_from_one_that_is_empty(database_of, select, tmp_path):
    source = database_of(
        "CREATE TABLE time_entries (started_at INTEGER, user_id TEXT);"
        "INSERT INTO time_entries VALUES (strftime('%s', '2026-11-20'), NULL);"
    )
    file = tmp_path / "known.sql"
    file.write_text(KNOWN, encoding="utf-8")
    query = read_files([file], source.binding.model)[0]["with_and_without"]
    statement = compile_query(query, source.binding, select()).statement
    assert source.database.fetch([statement])[0].rows == [(1, 0)]


LOG = """
CREATE TABLE system_events (created_at TEXT, severity TEXT, message TEXT);
INSERT INTO system_events VALUES
  ('2026-11-20 09:00:00', 'Err-or', 'odd'),
  ('2026-11-20 09:00:00', ' WARN ', 'first'),
  ('2026-11-20 09:00:00', 'warning', 'second'),
  ('2026-11-19 09:00:00', 'fatal', 'older');
"""


def log_rows(source, selection, **page):
    compiled = compile_query(queries.system_page, source.binding, selection, {"limit": 9, **page})
    return [row[4] for row in source.database.fetch([compiled.statement])[0].rows]


def test_the_first_page_of_a_log_is_the_whole_period_and_the_newest_row_comes_first(
    database_of, select
):
    assert log_rows(database_of(LOG), select()) == ["second", "first", "odd", "older"]
    assert log_rows(database_of(LOG), select("today")) == []


def test_a_later_page_begins_after_a_row_though_others_have_its_moment(database_of, select):
    source = database_of(LOG)
    place = {"before": "2026-11-20 09:00:00", "before_key": "2"}
    assert log_rows(source, select(), **place) == ["odd", "older"]
    assert log_rows(source, select("7d"), **place) == ["odd", "older"]


def test_a_later_page_is_bounded_once_from_above_so_that_an_index_leads_to_its_first_row(
    demo_source, select
):
    page = {"limit": 9, "before": "2026-11-20 09:00:00", "before_key": "2"}
    first, later = (
        compile_query(queries.system_page, demo_source.binding, select(), given).statement
        for given in ({"limit": 9}, page)
    )
    assert len(first.params) == len(later.params) - 1
    assert later.params[1:3] == (page["before"], page["before_key"])


@pytest.mark.parametrize(
    ("place", "written"), [(7, "CAST(?2 AS INTEGER)"), (7.5, "CAST(?2 AS REAL)"), ("x", "?2")]
)
def test_a_place_in_an_order_keeps_its_type_because_d1_binds_text(
    demo_source, select, place, written
):
    given = {"limit": 9, "before": place, "before_key": "2"}
    sql = compile_query(queries.system_page, demo_source.binding, select(), given).statement.sql
    assert f"< ({written}, ?3)" in sql


def test_a_word_is_compared_by_what_it_means(database_of, select):
    source = database_of(LOG)
    assert log_rows(source, select(), names='["Warning"]') == ["second", "first"]
    assert log_rows(source, select(), names='["Critical", "Info"]') == ["odd", "older"]
